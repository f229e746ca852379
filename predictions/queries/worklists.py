"""What awaits a person: shelves of what their roles let them do, what stands, and the latest forecasts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from predictions.models import Case, Forecast, Forecaster, Prediction, Source
from predictions.models.forecast import predictions_hiding_from
from predictions.policy import can
from predictions.queries import worklist_shelves as shelves
from predictions.queries.worklist_shelves import Reader

SHORT = 5
MOST_COUNTED = 10_000
"""A shelf is counted so far; whether it holds more is said, not how many."""


@dataclass(frozen=True)
class Kind:
    """One kind of what awaits people: it concerns who may do any of `verbs`; `rows` finds what one of them sees."""

    verbs: frozenset[str]
    rows: Callable[[Reader], QuerySet[Any]]


MOVING_ON = frozenset({"draw_resolvers", "resolve"})

KINDS: dict[str, Kind] = {
    "to-code": Kind(frozenset({"submit_coding"}), shelves.to_code),
    "to-assess": Kind(frozenset({"assess"}), shelves.to_assess),
    "to-adjudicate": Kind(frozenset({"adjudicate"}), shelves.to_adjudicate),
    "to-answer": Kind(frozenset({"answer_dispute"}), shelves.to_answer),
    "to-confirm": Kind(frozenset({"confirm"}), shelves.to_confirm),
    "to-resolve": Kind(frozenset({"resolve"}), shelves.to_resolve),
    "resolve-or-extend": Kind(frozenset({"record_occurrence"}), shelves.to_extend),
    "overdue": Kind(MOVING_ON, shelves.overdue),
    "to-review": Kind(frozenset({"amend_assumption", "amend_indicator"}), shelves.to_review),
    "orphaned": Kind(frozenset({"settle_quote"}), shelves.orphaned_quotes),
    "stale": Kind(frozenset({"log_forecast"}), shelves.stale_forecasts),
    "closing-soon": Kind(frozenset({"read"}), shelves.closing_soon),
    "due": Kind(frozenset({"read"}), shelves.due),
    "open": Kind(frozenset({"read"}), shelves.open_now),
    "unscored": Kind(frozenset({"read"}), shelves.unscored),
}
"""In the order in which they are shown: what only the reader can do comes first."""


@dataclass(frozen=True)
class Shelf:
    """Rows of one kind: how many there are, up to MOST_COUNTED, and the first few, loaded for show."""

    count: int
    rows: tuple[Any, ...]

    @property
    def count_in_words(self) -> str:
        return f"{self.count:,}" if self.count <= MOST_COUNTED else f"{MOST_COUNTED:,}+"


@dataclass(frozen=True)
class Worklist:
    """What awaits one person, kind by kind, and the latest forecasts that they see.

    `taken` names the kinds of rows (case, source, …) that exist; it is filled only where no forecast is shown.
    `hides_forecasts`: somewhere others' forecasts are hidden from the reader, whether or not there are any.
    """

    shelves: dict[str, Shelf]
    latest_forecasts: tuple[Forecast, ...]
    hides_forecasts: bool
    taken: frozenset[str] = frozenset()


def worklist(user: User, *, now: datetime) -> Worklist:
    reader, forecasts = Reader(user, now), _latest_forecasts(user)
    return Worklist(
        shelves={name: _shelf(kind.rows(reader)) for name, kind in KINDS.items() if concerns(name, user)},
        latest_forecasts=forecasts,
        hides_forecasts=reader.seen.filter(pk__in=predictions_hiding_from(user)).exists(),
        taken=frozenset() if forecasts else _steps_taken(user),
    )


def concerns(name: str, user: Any) -> bool:
    """Whether the roles of `user` let them do anything about rows of the kind `name`."""
    return any(can(user, verb) for verb in KINDS[name].verbs)


def awaiting(name: str, user: User, *, now: datetime) -> QuerySet[Any]:
    """All rows of the kind `name` that await `user`, in order, loaded for show."""
    return KINDS[name].rows(Reader(user, now))


def _shelf(rows: QuerySet[Any]) -> Shelf:
    """What is short is counted as it is read."""
    first = tuple(rows[: SHORT + 1])
    count = len(first) if len(first) <= SHORT else rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return Shelf(count, first[:SHORT])


def _latest_forecasts(user: User) -> tuple[Forecast, ...]:
    """Among the newest on record: however many are hidden from `user`, they are not all gone through."""
    seen = Forecast.objects.visible_to(user).standing().filter(pk__gt=shelves.newest_left_out())
    return tuple(seen.for_show().order_by("-pk")[:SHORT])


def _steps_taken(user: User) -> frozenset[str]:
    seen: dict[str, QuerySet[Any]] = {
        "case": Case.objects.visible_to(user),
        "source": Source.objects.visible_to(user),
        "forecaster": Forecaster.objects.all(),
        "prediction": Prediction.objects.visible_to(user),
    }
    return frozenset(name for name, rows in seen.items() if rows.exists())
