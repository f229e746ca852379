"""What the ledger says, in words: one sentence per entry, told from what the entry itself recorded."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from accounts.models import User
from predictions.models import (
    Assignment,
    Assumption,
    Capture,
    Case,
    Coding,
    Evidence,
    Forecast,
    Forecaster,
    LedgerEntry,
    NoticeChoice,
    Origin,
    Prediction,
    PredictionRevision,
    Rating,
    Resolution,
    Source,
    Standing,
    Team,
    Trigger,
)
from predictions.models.forecast import as_percent
from predictions.models.ledger import ABOUT_ASSESSMENTS
from predictions.models.live_bounds import kept_beside
from predictions.models.times import in_words
from predictions.policy import seen_by
from predictions.queries.history_sentences import SENTENCES

ERASED = "erased"
LONGEST_VALUE = 80
UNNAMED = "A resolver"  # nobody learns from a history whose verdict is whose
SUBJECTS: tuple[type[Model], ...] = (Case, Capture, Source, Trigger, Prediction, Forecaster, Team, User)


@dataclass(frozen=True)
class HistoryLine:
    """One ledger entry in words; `about` is the row whose history it belongs to, if the reader sees it."""

    at: datetime
    who: str
    sentence: str
    seq: int
    about: Model | None = None


def history(subject_uuids: Iterable[UUID], *, user: User) -> list[HistoryLine]:
    """What happened to these subjects, oldest first, as far as `user` may see it."""
    entries = visible_entries(user).filter(subject__in=list(subject_uuids)).order_by("seq")
    return tell(entries, user=user)


def prediction_history(prediction: Prediction, *, user: User) -> list[HistoryLine]:
    """The history of a prediction and of the trigger it waits for."""
    subjects = [prediction, prediction.trigger]
    return history([subject.uuid for subject in subjects if subject], user=user)


def visible_entries(user: User) -> QuerySet[LedgerEntry]:
    """The entries that `user` may read, with who made them."""
    entries: QuerySet[LedgerEntry] = LedgerEntry.objects.visible_to(user)
    return entries.select_related("payload__actor", "payload__case")


def tell(entries: Iterable[LedgerEntry], *, user: User) -> list[HistoryLine]:
    """The entries in words, in a number of queries that does not depend on how many there are."""
    entries = list(entries)
    rows = _rows_named_in(entries, user)
    return [_line(entry, rows) for entry in entries]


def display_name(user: User) -> str:
    return user.get_full_name() or user.username


def _name(row: Model) -> str:
    return display_name(row) if isinstance(row, User) else str(row)


def _line(entry: LedgerEntry, rows: dict[str, Model]) -> HistoryLine:
    payload, about = getattr(entry, "payload", None), rows.get(str(entry.subject))
    if payload is None:
        return HistoryLine(entry.at, "", ERASED, entry.seq, about)
    who = UNNAMED if entry.kind.startswith(ABOUT_ASSESSMENTS) else display_name(payload.actor)
    told = Telling(json.loads(payload.text), who=who, rows=rows, about=about)
    sentence = SENTENCES.get(entry.kind, f"{{who}} recorded {entry.kind}")
    return HistoryLine(entry.at, told["who"], sentence.format_map(told), entry.seq, about)


UUID_TEXT = re.compile(r'"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"')


def _rows_named_in(entries: list[LedgerEntry], user: User) -> dict[str, Model]:
    """The rows that the entries are about or speak of and that `user` sees, by uuid."""
    texts = [entry.payload.text for entry in entries if hasattr(entry, "payload")]
    named = {uuid for text in texts for uuid in UUID_TEXT.findall(text)}
    wanted = {UUID(uuid) for uuid in named} | {entry.subject for entry in entries if entry.subject}
    return {str(row.uuid): row for model in SUBJECTS for row in _seen(model, user).filter(uuid__in=wanted)}


def _seen(model: type[Model], user: User) -> QuerySet[Any]:
    rows = model._default_manager.all()
    if model is Prediction:
        rows = rows.select_related("revision")
    return seen_by(user, rows)


class Telling(dict[str, Any]):
    """The words that a sentence may ask for: what the entry recorded, and what is made of it."""

    def __init__(self, recorded: dict[str, Any], *, who: str, rows: dict[str, Model], about: Model | None) -> None:
        # Some recorded names (forecast, user) hold a uuid where the sentence wants words.
        super().__init__({name: value for name, value in recorded.items() if name not in DERIVED})
        self.recorded, self.rows, self.about = recorded, rows, about
        self["who"] = who

    def __missing__(self, name: str) -> str:
        derive = DERIVED.get(name)
        return derive(self) if derive else "–"

    def named(self, name: str, otherwise: str) -> str:
        """The row whose uuid was recorded as `name`."""
        row = self.rows.get(self.recorded.get(name) or "")
        return _name(row) if row else otherwise

    def time(self, stem: str) -> str:
        """The time recorded as `…_at`, as exactly as it was known; its days are those of the subject's zone."""
        at, until = self.recorded[f"{stem}_at"], self.recorded[f"{stem}_until"]
        holder = self.about.revision if isinstance(self.about, Prediction) else self.about
        return in_words(
            datetime.fromisoformat(at),
            self.recorded[f"{stem}_precision"],
            datetime.fromisoformat(until) if until else None,
            getattr(holder, "zone", ""),
        )

    def part(self, table: str) -> dict[str, Any]:
        return next((part for part in self.recorded.get("parts", ()) if part["table"] == table), {})


def _forecast(told: Telling) -> str:
    recorded, coding = told.recorded, told.part("coding")
    if recorded["kind"] != Forecast.Kind.PROBABILITY:
        return str(Forecast.Kind(recorded["kind"]).label)
    if not coding:
        return as_percent(float(recorded["p"]))
    return f"{_reading(told)}{kept_beside(float(coding['point']), float(recorded['p']))}"


def _reading(told: Telling) -> str:
    coding = told.part("coding")
    read = {name: float(coding[name]) for name in ("low", "point", "high")}
    return Coding(**read, **{name: coding[name] for name in ("words", "term", "scale_name")}).in_words()


def _decided(told: Telling) -> str:
    outcome = told.recorded["outcome"]
    words = Resolution(outcome=_outcome(told), annulled=told.recorded["annulled"]).in_words()
    return words if outcome is None else f"resolved: {words}"


def _outcome(told: Telling) -> float | None:
    outcome = told.recorded["outcome"]
    return None if outcome is None else float(outcome)


def _known(told: Telling) -> str:
    if told.recorded["known_at"] is None:
        return "since when that was known is not stated"
    return f"known since {told.time('known')}"


def _basis(told: Telling) -> str:
    """What the decision rests on; nothing for entries older than that, and for decisions made elsewhere."""
    basis, count = told.recorded.get("basis"), told.recorded.get("resolver_count", 0)
    if basis is None or told.recorded["origin"] != Origin.ENTERED:
        return ""
    return f"; {Resolution(outcome=_outcome(told), basis=basis, resolver_count=count).basis_in_words()}"


def _withdrawn(told: Telling) -> str:
    return f": {told.recorded['changes']['withdrawn_because'][1]}"


def _asked_for(told: Telling) -> str:
    recorded = told.recorded
    name = recorded["title"] or recorded["file_name"]
    return recorded["address"] or (f"“{name}”" if name else "a pasted text")


def _not_found(told: Telling) -> str:
    """How many quotes a later text left without a place."""
    count = sum(part["table"] == "quotestanding" for part in told.recorded.get("parts", ()))
    return f"; {count} quote{'s' * (count != 1)} not found again" if count else ""


def _changes(told: Telling) -> str:
    changed = told.recorded["changes"].items()
    return "; ".join(dict.fromkeys(_change(name, values, told.rows) for name, values in changed))


def _change(name: str, values: list[Any], rows: dict[str, Model]) -> str:
    if name == "embargoed_until":
        ends = ["none" if each is None else in_words(datetime.fromisoformat(each)) for each in values]
        return f"embargo from {ends[0]} to {ends[1]}"
    for ending in ("_at", "_precision", "_until"):
        if name.endswith(ending):
            return name.removesuffix(ending).replace("_", " ")
    label = name.removeprefix("is_").replace("_", " ")
    return f"{label} from {_value(values[0], rows)} to {_value(values[1], rows)}"


def _value(value: Any, rows: dict[str, Model]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in {None, ""}:
        return "nothing"
    text = _name(rows[value]) if value in rows else str(value)
    return f"“{text}”" if len(text) <= LONGEST_VALUE else f"“{text[:LONGEST_VALUE].rstrip()}…”"


def _because(told: Telling) -> str:
    return f": {told.recorded['reason']}" if told.recorded.get("reason") else ""


DERIVED: dict[str, Callable[[Telling], str]] = {
    "asked_for": _asked_for,
    "answer": lambda told: "upheld" if told.recorded["is_upheld"] else "did not uphold",
    "basis": _basis,
    "because": _because,
    "by_mail_in_words": lambda told: str(NoticeChoice.ByMail(told.recorded["by_mail"]).label),
    "changes": _changes,
    "coder": lambda told: told.named("coder", "an analyst"),
    "decided": _decided,
    "decided_to": lambda told: str(Standing(told.recorded["standing"]).label),
    "digest": lambda told: f"{told.recorded['sha256'][:12]}…",
    "ended": lambda told: f": {told.recorded['changes']['reason'][1]}",
    "forecast": _forecast,
    "forecaster": lambda told: told.named("on_behalf_of", "a forecaster"),
    "how_in_words": lambda told: str(Assignment.How(told.recorded["how"]).label),
    "known": _known,
    "median": lambda told: as_percent(float(told.recorded["p"])),
    "occurred": lambda told: told.time("occurred"),
    "not_found": _not_found,
    "posed": lambda told: told.part("predictionrevision")["statement"],
    "rating": lambda told: Rating(consistency=told.recorded["consistency"]).in_words(),
    "reading": _reading,
    "revised": lambda told: str(PredictionRevision.Kind(told.recorded["kind"]).label),
    "stance_in_words": lambda told: str(Evidence.Stance(told.recorded["stance"]).label),
    "supported": lambda told: str(Assumption.Status(told.recorded["status"]).label),
    "team": lambda told: told.named("team", "of some people"),
    "user": lambda told: told.named("user", "a person"),
    "withdrawn": _withdrawn,
}
