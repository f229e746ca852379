"""What each kind of notice says, and whether it is still news. No verdict, outcome, probability or count is ever said:
a mail stays where it was sent, whatever its reader may see later."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from accounts.models import User
from predictions.models import (
    Assessment,
    Assignment,
    Dispute,
    DisputeAnswer,
    Notice,
    Prediction,
    Resolution,
    TriggerOccurrence,
)
from predictions.models.times import bound_in_words, in_words
from predictions.queries.histories import display_name

Kind = Notice.Kind
STANDING = ["case", "revision", "trigger__occurrence", "resolution"]


@dataclass(frozen=True)
class Telling:
    """`text` makes a sentence of a row of `model` and the notice; `is_news`: whether it is worth a mail still."""

    model: type[Model]
    text: Callable[[Any, Any, datetime], str]
    is_news: Callable[[Any, datetime], bool]


def subject_of(row: Model) -> Model:
    """What a notice about `row` leads to: a prediction, a trigger or a person."""
    match row:
        case TriggerOccurrence():
            return row.trigger
        case DisputeAnswer():
            return row.dispute.prediction
        case Assignment() | Resolution() | Dispute():
            return row.prediction
    return row


def rows_of(kind: str) -> QuerySet[Any]:
    """The rows that notices of this kind are about, with all that is said of them."""
    model = TELLINGS[kind].model
    rows: QuerySet[Any] = model._default_manager.select_related(*NEEDED[model])
    if model is Assignment:
        rows = rows.annotate(is_answered=Exists(Assessment.objects.filter(assignment=OuterRef("pk"))))
    return rows


def _within(path: str) -> list[str]:
    return [f"{path}__{each}" for each in STANDING]


NEEDED: dict[type[Model], list[str]] = {
    Assignment: _within("prediction"),
    Prediction: STANDING,
    TriggerOccurrence: ["trigger__case", "trigger__occurrence"],
    Resolution: _within("prediction"),
    Dispute: ["answer", *_within("prediction")],
    DisputeAnswer: _within("dispute__prediction"),
    User: [],
}


# --- the sentences ----------------------------------------------------------------------------------------------------


def _assigned(row: Assignment, _: Any, now: datetime) -> str:
    return f"You are asked to assess {_named(row.prediction)}, which {_close(row.prediction, now)}."


def _assess_soon(row: Assignment, _: Any, now: datetime) -> str:
    return f"{_named(row.prediction)} {_close(row.prediction, now)}, and your assessment is asked for."


def _assess_overdue(row: Assignment, _: Any, now: datetime) -> str:
    return f"Your assessment of {_named(row.prediction)}, which {_close(row.prediction, now)}, is overdue."


def _closing(row: Prediction, _: Any, now: datetime) -> str:
    return f"{_named(row)}, which you forecast, {_close(row, now)}."


def _overdue(row: Prediction, _: Any, now: datetime) -> str:
    told = "is decided by now" if row.resolution else "is overdue: it is not decided"
    return f"{_named(row)}, which you posed, {_close(row, now)} and {told}."


def _occurred(row: TriggerOccurrence, *_: Any) -> str:
    if row.is_undone:
        return f"“{row.trigger}” did not occur after all: the record of it was taken back."
    told = f"“{row.trigger}” (case “{row.trigger.case}”) occurred: {row.in_words()}."
    return told if row.pk == row.trigger.occurrence_id else f"{told} That record no longer stands."


def _resolved(row: Resolution, _: Any, now: datetime) -> str:
    named = _named(row.prediction)
    told = f"The decision on {named} was replaced." if row.supersedes_id else f"A decision was made on {named}."
    if row.pk != row.prediction.resolution_id:
        return f"{told} It was replaced since."
    return told if row.final_at is None or row.is_final(now) else f"{told} It is final from {in_words(row.final_at)}."


def _disputed(row: Dispute, *_: Any) -> str:
    return f"The decision on {_named(row.prediction)} {'was' if row.is_answered else 'is'} disputed."


def _answered(row: DisputeAnswer, *_: Any) -> str:
    return f"The dispute about {_named(row.dispute.prediction)} was answered."


def _scored(row: Prediction, notice: Any, _: datetime) -> str:
    return (
        f"Your score on {_named(row)} changed." if notice.is_again else f"Your forecasts on {_named(row)} were scored."
    )


def _granted(row: User, notice: Any, _: datetime) -> str:
    return f"{display_name(row)} gave themselves the role {notice.stamp.split()[0]}."


def _named(prediction: Prediction) -> str:
    return f"“{prediction}” (case “{prediction.case}”)"


def _close(prediction: Prediction, now: datetime) -> str:
    """When it closes or closed, as far as that is known; never by the outcome, of which nothing is said."""
    revision, trigger = prediction.current_revision, prediction.trigger
    occurrence = trigger.occurrence if trigger else None
    if occurrence and (revision.closes_at is None or occurrence.occurred_at < revision.closes_at):
        return "closed when its trigger occurred"
    if revision.closes_at is None:
        return "has no scheduled close"
    verb = "closes" if revision.closes_at > now else "closed"
    return f"{verb} {bound_in_words(revision.closes_at, revision.zone, is_end=True)}"


# --- whether they are news still --------------------------------------------------------------------------------------


def _is_asked(row: Any, _: datetime) -> bool:
    return not row.is_answered and row.prediction.resolution_id is None and not row.prediction.panel


def _is_open(row: Prediction, now: datetime) -> bool:
    closing = row.closing_at
    return row.resolution_id is None and closing is not None and closing > now


def _stands(row: TriggerOccurrence, _: datetime) -> bool:
    return row.trigger.occurrence_id == (None if row.is_undone else row.pk)


def _always(*_: Any) -> bool:
    return True


TELLINGS: dict[str, Telling] = {
    Kind.ASSIGNED: Telling(Assignment, _assigned, _is_asked),
    Kind.ASSESS_SOON: Telling(Assignment, _assess_soon, _is_asked),
    Kind.ASSESS_OVERDUE: Telling(Assignment, _assess_overdue, _is_asked),
    Kind.CLOSING: Telling(Prediction, _closing, _is_open),
    Kind.OVERDUE: Telling(Prediction, _overdue, lambda row, _: row.resolution_id is None),
    Kind.OCCURRED: Telling(TriggerOccurrence, _occurred, _stands),
    Kind.RESOLVED: Telling(Resolution, _resolved, lambda row, _: row.pk == row.prediction.resolution_id),
    Kind.DISPUTED: Telling(Dispute, _disputed, lambda row, _: not row.is_answered),
    Kind.ANSWERED: Telling(DisputeAnswer, _answered, _always),
    Kind.SCORED: Telling(Prediction, _scored, lambda row, _: row.resolution_id is not None),
    Kind.GRANTED: Telling(User, _granted, _always),
}
