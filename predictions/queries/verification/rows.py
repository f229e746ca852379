"""The rows that entries record, compared with them in both directions, in the order of the ledger."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, cast

from accounts.models import User
from predictions import merkle
from predictions.models import Capture, Erasure, Prediction, Rationale, guards
from predictions.models.erasure import ERASED, FREE_TEXT
from predictions.models.rows import AppendOnly, Row
from predictions.queries.verification import kinds
from predictions.queries.verification.findings import Findings
from predictions.queries.verification.leaves import Entry, short
from predictions.queries.verification.reading import blocks, spelled, spelled_uuid, uuids_of
from predictions.queries.verification.spelling import RATIONALE, UNKNOWN, Spelling, Stored

KEPT = [model for model in guards.guarded_models() if issubclass(model, AppendOnly)]
NEVER_AMENDED = (Prediction, Capture)
"""Changeable rows of which what is logged stays; where it may change, `changes` follows it."""
NO_REASON = '""'
NAMES = {model._meta.model_name: str(model._meta.verbose_name) for model in [*kinds.RECORDS.values(), *KEPT]}
Told = list[tuple[Spelling, Stored]]


class RowStream:
    """The rows of an append-only table, taken up as the ledger comes to them: both were written in the same order."""

    def __init__(self, model: type[Row]) -> None:
        self.spelling = Spelling(model)
        self._blocks, self._waiting = blocks(self.spelling.rows, "pk"), list[Stored]()

    def until(self, stop: int | None) -> Iterator[Stored]:
        """The next rows of entries before `stop`; all that are left where that is None."""
        # What stands among them out of turn comes to light as a row that no entry tells of.
        while self._waiting or self._more():
            beyond = (k for k, row in enumerate(self._waiting) if stop is not None and row[1] >= stop)
            taken = next(beyond, len(self._waiting))
            yield from self._waiting[:taken]
            self._waiting = self._waiting[taken:]
            if self._waiting:
                return

    def _more(self) -> bool:
        self._waiting = next(self._blocks, [])
        self.spelling.learn(self._waiting)
        return bool(self._waiting)


class Rows:
    """Compares block after block of entries with the rows they record."""

    def __init__(self, findings: Findings) -> None:
        self.findings, self.people = findings, uuids_of(User)
        self.streams = [RowStream(model) for model in KEPT]
        self.changeable = {model: Spelling(model) for model in {*kinds.RECORDS.values()} - {*KEPT}}
        self.decoder = json.JSONDecoder(parse_float=_refused, parse_constant=_refused, parse_int=_whole)
        self.encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def compare(self, entries: list[Entry]) -> None:
        first, last = entries[0].seq, entries[-1].seq
        rows = self._rows_until(last + 1)
        reasons = self._rationales(first, last)
        self.people.learn({entry.actor for entry in entries})
        made: dict[type[Row], dict[str, tuple[Entry, dict[str, Any]]]] = defaultdict(dict)
        for entry in entries:
            own, reason = rows.pop(entry.seq, []), reasons.pop(entry.seq, NO_REASON)
            self.findings.rows += len(own)
            if entry.text is None:
                self._require_blank(entry, own, reason)
            elif self._is_plainly_so(entry, own, reason):
                continue
            elif (said := self._said(entry)) is not None:
                self._compare(entry, said, own, reason, made)
        self._tell_strays(told for own in rows.values() for told in own)
        for model, told in made.items():
            self._compare_changeable(model, told)

    def finish(self) -> None:
        """Tell of what lies beyond the end of the ledger."""
        self._tell_strays((stream.spelling, row) for stream in self.streams for row in stream.until(None))

    def _rows_until(self, stop: int) -> dict[int, Told]:
        found: dict[int, Told] = defaultdict(list)
        for stream in self.streams:
            for row in stream.until(stop):
                found[row[1]].append((stream.spelling, row))
        return found

    def _rationales(self, first: int, last: int) -> dict[int, str]:
        """By entry, the digest of the reason that stands beside it, as JSON."""
        found = Rationale.objects.filter(entry__gte=first, entry__lte=last).values_list("entry", "text")
        return {seq: f'"{hashlib.sha256(text.encode()).hexdigest()}"' for seq, text in found.iterator(chunk_size=50)}

    # --- one entry -----------------------------------------------------------------------------------------------

    def _is_plainly_so(self, entry: Entry, own: Told, reason: str) -> bool:
        """Whether the entry says, letter by letter, what is to be said of the one row it records: nearly always."""
        if len(own) != 1 or kinds.RECORDS.get(entry.kind) is not own[0][0].model:
            return False
        (spelling, row), actor = own[0], self.people[entry.actor]
        if reason != NO_REASON and not spelling.is_reasoned:
            return False
        if spelling.payload(row, actor, reason) != entry.text or not spelling.has_actor(row, actor):
            return False
        return spelling.whole(row) == (entry.subject, entry.case)

    def _require_blank(self, entry: Entry, own: Told, reason: str) -> None:
        """What was erased is gone from the rows that the entry recorded, too."""
        left = ["rationale"] if reason != NO_REASON else []
        for spelling, row in own:
            table, texts = spelling.model._meta.model_name, spelling.texts(row)
            columns = FREE_TEXT.get(table or "", ())
            left += [f"{name} of the {_named(table)}" for name in columns if texts[name][1:-1] not in {"", ERASED}]
        if left and Erasure.objects.filter(erased=entry.seq).exists():
            words = f"entry {entry.seq:,} ({entry.kind}): it was erased, and there stand still {', '.join(left)}"
            self.findings.add("erasure", words, entry.seq)

    def _said(self, entry: Entry) -> dict[str, Any] | None:
        text = cast(str, entry.text)
        try:
            said: Any = self.decoder.decode(text)
            if isinstance(said, dict) and self.encoder.encode(said) == text and (text.isascii() or _is_canonical(said)):
                return said
            why = "is not spelled canonically"
        except (ValueError, RecursionError):
            why = "is no canonical JSON"
        self.findings.add("payload", f"entry {entry.seq:,}: its payload {why}", entry.seq)
        return None

    def _compare(self, entry: Entry, said: dict[str, Any], own: Told, reason: str, made: Any) -> None:
        seq, model = entry.seq, kinds.RECORDS.get(entry.kind)
        if entry.kind not in kinds.KNOWN:
            self.findings.add("kind", f"entry {seq:,}: nothing is known of entries “{entry.kind}”", seq)
        if spelled(said.get("actor")) != self.people[entry.actor]:
            self.findings.add("payload", f"entry {seq:,}: who made it is not whom its payload names", seq)
        told = {(part.get("table"), spelled(part.get("uuid"))): part for part in said.get("parts", [])}
        if model is not None:
            name = "forecast" if entry.kind.startswith("forecast.") else "uuid"
            told[model._meta.model_name, spelled(said.get(name))] = said
        for spelling, row in own:
            of_row = told.pop((spelling.model._meta.model_name, spelling.uuid(row)), None)
            self._compare_row(entry, spelling, row, of_row)
        for (table, uuid), missing in told.items():
            if model is not None and missing is said and model in self.changeable:
                made[model][uuid] = entry, said
            else:
                self.findings.add("row", f"entry {seq:,} ({entry.kind}): the {_named(table)} {uuid[1:-1]} is gone", seq)
        if said.get(RATIONALE, "") != reason[1:-1]:
            self.findings.add("text", f"entry {seq:,} ({entry.kind}): {_of_reason(said, reason)}", seq)

    def _compare_row(self, entry: Entry, spelling: Spelling, row: Stored, said: dict[str, Any] | None) -> None:
        if said is None:
            self._tell_strays([(spelling, row)])
            return
        self.tell_differences(spelling, row, said, entry)
        if kinds.RECORDS.get(entry.kind) is spelling.model:
            self._compare_place(entry, spelling.whole(row))

    def _compare_place(self, entry: Entry, whole: tuple[str | None, int | None]) -> None:
        for name, meant, found in zip(("subject", "case"), whole, (entry.subject, entry.case), strict=True):
            if meant != found:
                words = f"entry {entry.seq:,} ({entry.kind}): it is kept with another {name} than its row's"
                self.findings.add("place", words, entry.seq)

    def tell_differences(self, spelling: Spelling, row: Stored, said: dict[str, Any], entry: Entry) -> None:
        for name, text in spelling.texts(row).items():
            told = said[name] if name in said else spelling.default_of(name)
            if text not in {spelled(told), UNKNOWN}:
                words = f"{name} is {short(json.loads(text))}, and the ledger says {short(told)}"
                what = f"entry {entry.seq:,} ({entry.kind}): of the {_named(spelling.model._meta.model_name)}"
                self.findings.add("row", f"{what} {spelling.uuid(row)[1:-1]} {words}", entry.seq)

    def _tell_strays(self, told: Any) -> None:
        for spelling, row in told:
            name = f"the {_named(spelling.model._meta.model_name)} {spelling.uuid(row)[1:-1]}"
            self.findings.add("row", f"entry {row[1]:,} does not tell of {name}, which names it", row[1])

    # --- rows that may change ------------------------------------------------------------------------------------

    def _compare_changeable(self, model: type[Row], told: dict[str, tuple[Entry, dict[str, Any]]]) -> None:
        """That the rows which these entries began are there; and, where nothing of them changes, as they were."""
        spelling = self.changeable[model]
        found = list(spelling.rows.filter(uuid__in=[uuid[1:-1] for uuid in told]))
        spelling.learn(found)
        for row in found:
            entry, said = told.pop(spelling.uuid(row))
            self.findings.rows += 1
            subject, case = spelling.whole(row)
            if model is Capture:
                subject, said = _begun(spelling, row, said, entry)
            self._compare_place(entry, (subject, case))
            if model in NEVER_AMENDED:
                self.tell_differences(spelling, row, said, entry)
        for uuid, (entry, _) in told.items():
            words = f"entry {entry.seq:,} ({entry.kind}): the {_named(model._meta.model_name)} {uuid[1:-1]} is gone"
            self.findings.add("row", words, entry.seq)


def _of_reason(said: dict[str, Any], reason: str) -> str:
    if reason == NO_REASON:
        return "the rationale that it recorded is gone"
    return "its rationale is another" if said.get(RATIONALE) else "it recorded no rationale, and one stands there"


def _begun(spelling: Spelling, row: Stored, said: dict[str, Any], entry: Entry) -> tuple[str | None, dict[str, Any]]:
    """Where a capture belongs, and what it said: one that named no source is given the one that it became."""
    meant = spelled(said.get("source") or said.get("uuid"))
    if said.get("source") is None:
        said = {**said, "source": json.loads(spelling.texts(row)["source"])}
    return entry.subject if spelled_uuid(entry.subject) == meant else meant, said


def _is_canonical(said: Any) -> bool:
    return bool(merkle.canonical(said))


def _whole(digits: str) -> int:
    if abs(int(digits)) > merkle.LARGEST_INTEGER:
        raise ValueError(f"{digits} is too large an integer")
    return int(digits)


def _refused(number: str) -> Any:
    raise ValueError(f"{number} is no integer")


def _named(table: str | None) -> str:
    return NAMES.get(table or "", str(table))
