"""Rows that may change, compared with what is left when every change that was logged of them is done again."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from predictions.models import (
    Assignment,
    Assumption,
    Case,
    CodingRequest,
    Forecast,
    Forecaster,
    Indicator,
    League,
    LedgerEntry,
    Source,
    Team,
    Trigger,
)
from predictions.models.rows import Row
from predictions.queries.verification import kinds
from predictions.queries.verification.findings import Findings
from predictions.queries.verification.leaves import short
from predictions.queries.verification.reading import blocks, spelled, stored
from predictions.queries.verification.rows import NAMES
from predictions.queries.verification.spelling import Spelling, Stored

AT_ONCE = 500
OF_TEXT = "payload__text"
OF_CASES: tuple[type[Row], ...] = (Team, Case, Source, Trigger, Forecaster)
OF_PREDICTIONS: tuple[type[Row], ...] = (Assumption, Indicator, Assignment, CodingRequest)


class Logged(NamedTuple):
    """One entry of a history; `said` is None where it was erased."""

    seq: int
    kind: str
    said: dict[str, Any] | None


def compare_changeable(findings: Findings) -> None:
    for model in (*OF_CASES, *OF_PREDICTIONS):
        spelling = Spelling(model)
        rows: Any = spelling.rows
        if model is Forecaster:
            rows = rows.exclude(kind=Forecaster.Kind.CONSENSUS)  # computed: it stands in no ledger
        for block in blocks(rows, "pk", AT_ONCE):
            _compare_block(spelling, block, findings)
    _compare_league(findings)


def _compare_block(spelling: Spelling, block: list[Stored], findings: Findings) -> None:
    spelling.learn(block)
    subjects = {spelling.whole(row)[0] for row in block}
    histories = logged_of(subjects, _kinds_of(spelling.model))
    for row in block:
        _compare(spelling, row, histories[spelling.whole(row)[0]], findings)


def _kinds_of(model: type[Row]) -> list[str]:
    own = [kind for kind, of in {**kinds.RECORDS, **kinds.CHANGES}.items() if of is model]
    forecasts = [kind for kind, of in kinds.RECORDS.items() if of is Forecast]
    return [*own, *(forecasts if model is CodingRequest else [])]


def logged_of(subjects: Iterable[str | None], of_kinds: Iterable[str]) -> dict[str | None, list[Logged]]:
    """The entries of these kinds in the histories of these subjects, the oldest first."""
    found = LedgerEntry.objects.filter(subject__in=[subject for subject in subjects if subject], kind__in=of_kinds)
    histories: dict[str | None, list[Logged]] = defaultdict(list)
    for seq, kind, subject, text in found.order_by("seq").values_list("seq", "kind", stored("subject"), OF_TEXT):
        histories[subject].append(Logged(seq, kind, read(text)))
    return histories


def read(text: str | None) -> dict[str, Any] | None:
    try:
        said = None if text is None else json.loads(text)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _compare(spelling: Spelling, row: Stored, history: list[Logged], findings: Findings) -> None:
    model, uuid = spelling.model, spelling.uuid(row)[1:-1]
    name = f"{NAMES[model._meta.model_name]} {uuid}"
    if any(each.said is None for each in history):
        return  # what was erased may have begun it, or changed it
    own = [each for each in history if each.said and each.said.get("uuid") == uuid]
    state, told = _replayed(own)
    if state is None:
        findings.add("row", f"no entry tells of the {name}")
        return
    if model is CodingRequest:
        _follow_forecasts(state, history, uuid)
    for field, text in spelling.texts(row).items():
        meant = state[field] if field in state else spelling.default_of(field)
        is_so = json.loads(text) in meant if isinstance(meant, set) else spelled(meant) == text
        if not is_so:
            words = f"{field} is {short(json.loads(text))}, and the ledger says {short(_one(meant))}"
            findings.add("row", f"of the {name} {words}", told.get(field))


def _one(meant: Any) -> Any:
    return ", ".join(sorted(meant)) if isinstance(meant, set) else meant


def _replayed(history: list[Logged]) -> tuple[dict[str, Any] | None, dict[str, int]]:
    """What a row is by its history, and the entry that said so last, by field; None where nothing began it."""
    state: dict[str, Any] | None = None
    told: dict[str, int] = {}
    for seq, kind, said in history:
        if said is None:
            continue
        if kind in kinds.RECORDS:
            state = {**said}
            told = dict.fromkeys(said, seq)
        elif state is not None:
            for field, (_, now) in said.get("changes", {}).items():
                state[field], told[field] = now, seq
    return state, told


def _follow_forecasts(state: dict[str, Any], history: list[Logged], uuid: str) -> None:
    """A coding closes its request, and what replaces the forecast of a request takes its place there."""
    place = {each.said["forecast"]: each.seq for each in history if each.said and each.kind.startswith("forecast.")}
    standing = {state["forecast"]}
    for each in history:
        if each.said is None or kinds.RECORDS.get(each.kind) is not Forecast:
            continue
        if each.said.get("supersedes") in {place[name] for name in standing if name in place}:
            standing.add(each.said["forecast"])
        if any(part.get("request") == uuid for part in each.said.get("parts", ())):
            state |= {"closed_at": each.said["recorded_at"], "closing": str(CodingRequest.Closing.CODED)}
    state["forecast"] = standing


def _compare_league(findings: Findings) -> None:
    """Its one row begins without an entry, as its fields begin."""
    for league in League.objects.all():
        said = LedgerEntry.objects.filter(kind="league.amended").order_by("seq").values_list("seq", OF_TEXT)
        told = [(seq, read(text)) for seq, text in said]
        if any(text is None for _, text in told):
            continue
        meant = League._meta.get_field("names_staff").get_default()
        for _, text in told:
            meant = text["changes"].get("names_staff", [None, meant])[1] if text else meant
        if league.names_staff != meant:
            words = f"of the league table names_staff is {league.names_staff}, and the ledger says {meant}"
            findings.add("row", words, told[-1][0] if told else None)
