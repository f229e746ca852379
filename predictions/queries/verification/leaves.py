"""The leaves of the ledger: each read as bytes, spelled anew from its row, hashed, and handed on with what it holds."""

import json
from collections.abc import Iterator
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from django.conf import settings

from predictions import merkle
from predictions.models import Erasure, LedgerEntry, LedgerPayload, LogHead
from predictions.queries.verification.findings import Findings
from predictions.queries.verification.reading import blocks, spelled_time, stored


class Entry(NamedTuple):
    """One entry as it is stored, with what it commits to; the last four are None where its payload is gone."""

    seq: int
    leaf_hash: bytes
    leaf: bytes
    at: str
    kind: str
    commit: str
    subject: str | None
    text: str | None
    salt: bytes | None
    actor: int | None
    case: int | None


FAST = ("seq", "leaf_hash", "leaf")
FULL = (*FAST, stored("at"), "kind", "commit", stored("subject"))
OF_PAYLOAD = ("text", "salt", "actor_id", "case_id")
GONE = (None,) * len(OF_PAYLOAD)


class Leaves:
    """Reads the ledger from its beginning to its end, checking each entry by itself and against the one before."""

    def __init__(self, findings: Findings) -> None:
        self.findings, self.place, self.at = findings, 0, ""
        log = encode_basestring(settings.LEDGER_NAME).replace("%", "%%")
        self._form = f'{{"at":%s,"commit":"%s","kind":%s,"log":{log},"seq":%d,"v":1}}'  # as `merkle.leaf` writes it

    def hashes(self) -> Iterator[list[bytes]]:
        """The hashes of the leaves, checked against their bytes. Nothing else is looked at."""
        for block in blocks(LedgerEntry.objects.values_list(*FAST), "seq"):
            self.findings.entries += len(block)
            yield [self._hash(*row) for row in block]

    def entries(self) -> Iterator[tuple[list[Entry], list[bytes]]]:
        """Whole entries, each checked by itself, and the hashes of their leaves as they were made anew."""
        for block in blocks(LedgerEntry.objects.values_list(*FULL), "seq"):
            first, last = block[0][0], block[-1][0]
            # Not by a join: PostgreSQL would read all payloads up to this block for each, to merge them.
            within = LedgerPayload.objects.filter(entry__gte=first, entry__lte=last)
            payloads = {row[0]: row[1:] for row in within.values_list("entry_id", *OF_PAYLOAD)}
            entries = [Entry(*row, *payloads.get(row[0], GONE)) for row in block]
            span = {"erased__gte": first, "erased__lte": last}
            erased = set(Erasure.objects.filter(**span).values_list("erased", flat=True))
            self.findings.entries += len(block)
            yield entries, [self._check(entry, is_erased=entry.seq in erased) for entry in entries]

    def _hash(self, seq: int, leaf_hash: bytes, leaf: bytes) -> bytes:
        if seq != self.place:
            self._tell_gap(seq)
        self.place = seq + 1
        made = merkle.leaf_hash(leaf)
        if made != leaf_hash:
            self.findings.add("leaf hash", f"entry {seq:,}: its hash is not that of its bytes", seq)
        return made

    def finish(self) -> None:
        """Compare the time of the last entry with what the head holds."""
        last = LogHead.objects.filter(pk=1).values_list(stored("last_at"), flat=True).first()
        if last is not None and self.place and last != self.at:
            self.findings.add("head", "the head says another time of the last entry than that has")

    def _tell_gap(self, seq: int) -> None:
        last = seq - 1
        gone = f"entry {last:,} is" if self.place == last else f"entries {self.place:,} to {last:,} are"
        self.findings.add("order", f"{gone} missing: entry {seq:,} follows", self.place)

    def _check(self, entry: Entry, *, is_erased: bool) -> bytes:
        add, seq = self.findings.add, entry.seq
        made = self._hash(seq, entry.leaf_hash, entry.leaf)
        if entry.at < self.at:
            add("order", f"entry {seq:,} is older than the one before it", seq)
        self.at = entry.at
        meant = self._form % (spelled_time(entry.at), entry.commit, encode_basestring(entry.kind), seq)
        if meant.encode() != entry.leaf:
            add("leaf", self._why(entry, meant), seq)
        if entry.text is None or entry.salt is None:
            if not is_erased:
                add("payload", f"entry {seq:,}: its payload is gone, and no erasure is on record", seq)
            self.findings.erased += is_erased
            return made
        if is_erased:
            add("erasure", f"entry {seq:,}: it was erased, and a payload stands there all the same", seq)
        if not _is_committed(entry.commit, entry.text, entry.salt):
            add("commitment", f"entry {seq:,}: payload and salt are not what it committed to", seq)
        return made

    def _why(self, entry: Entry, meant: str) -> str:
        """What in the bytes of a leaf is not as its row has it."""
        try:
            found, row = json.loads(entry.leaf), json.loads(meant)
            wrong = [name for name in sorted({*row, *found}) if found.get(name) != row.get(name)]
        except (ValueError, AttributeError, RecursionError):
            return f"entry {entry.seq:,}: its leaf is no JSON object"
        if not wrong:
            return f"entry {entry.seq:,}: its leaf is not spelled canonically"
        told = "; ".join(f"{name} is {short(found.get(name))} and {short(row.get(name))} in its row" for name in wrong)
        return f"entry {entry.seq:,}: in its leaf {told}"


def _is_committed(commit: str, text: str, salt: bytes) -> bool:
    return len(salt) == merkle.SALT_LENGTH and merkle.commitment(text.encode(), salt) == commit


def short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"“{text}”" if len(text) <= 80 else f"“{text[:79]}…”"
