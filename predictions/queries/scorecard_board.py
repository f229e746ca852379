"""The score rows and the predictions of a selection as arrays: what every figure of a scorecard is computed from.

Two queries, however much is on record. No row becomes a model instance: a board of 300,000 scores is read in about a
second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.sql.constants import MULTI
from numpy.typing import NDArray

from accounts.models import User
from predictions.models import Dispute, Forecast, Prediction, Resolution
from predictions.models.resolution import FEWEST_INDEPENDENT
from predictions.queries.scorecard_selection import Selection

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

CHUNK = 500  # rows fetched at a time
COLUMNS = (
    *("prediction", "forecaster", "run", "outcome", "known_us"),
    *("brier", "brier_low", "brier_high", "logarithmic", "logarithmic_clipped", "time_coverage"),
    *("peer_brier", "peer_logarithmic", "contested_us", "contested_brier", "crowd_brier", "baseline"),
    *("daily_brier", "daily_median", "daily_accuracy", "spot_half", "spot_7", "spot_30", "spot_90"),
    *("forecast_count", "brier_sum", "logarithmic_sum", "infinite_count", "span_us", "span_brier"),
    *("late_count", "after_close_count", "uncertain_count", "replaced_count"),
    *("is_coded", "is_implied", "is_in_hindsight", "has_one_hand"),
)
INDEPENDENT = Q(resolution__resolver_count__gte=FEWEST_INDEPENDENT) & ~Q(resolution__basis=Resolution.Basis.DIRECT)
"""Condition on decided predictions, as `Resolution.is_independent`."""

FOR_LEAGUE = ("prediction", "forecaster", "brier", "peer_brier", "forecast_count")


def fetched(rows: QuerySet[Any], names: Sequence[str]) -> dict[str, Floats]:
    """The columns `names` of `rows` as float64, null as NaN. Keys and microseconds stay exact: all are below 2**53."""
    chosen = rows.order_by().values_list(*names)
    compiler = chosen.query.get_compiler(chosen.db)
    chunks = compiler.execute_sql(MULTI, chunked_fetch=True, chunk_size=CHUNK) or ()
    parts = [[np.array(column, np.float64) for column in zip(*chunk, strict=True)] for chunk in chunks if chunk]
    if not parts:
        return {name: np.empty(0) for name in names}
    return {name: np.concatenate(column) for name, column in zip(names, zip(*parts, strict=True), strict=True)}


@dataclass(frozen=True)
class Judged:
    """Of `n` predictions that figures rest on: how many were `not_independent`ly resolved, how many are `provisional`.

    Provisional are those whose notice period is not over, and the `disputed` among them.
    """

    n: int
    not_independent: int
    provisional: int
    disputed: int


@dataclass(frozen=True)
class Decisions:
    """What can be remembered of a `Judged` while the clock runs: `with_notice` are keys of those given a notice period.

    Disputed ones are not among these: they are provisional whatever the time.
    """

    n: int
    not_independent: int
    disputed: int
    with_notice: tuple[int, ...]

    def at(self, now: datetime) -> Judged:
        """As they stand `now`; one small query where any had a notice period."""
        running = Prediction.objects.filter(resolution__final_at__gt=now).values_list("pk", flat=True)
        not_final = set(running).intersection(self.with_notice) if self.with_notice else ()
        return Judged(self.n, self.not_independent, self.disputed + len(not_final), self.disputed)


@dataclass(frozen=True, eq=False)
class Predictions:
    """The predictions of a selection that are decided, by key: how, by whom, and whether the scores can be shown."""

    pk: Floats
    event: Floats
    outcome: Floats
    is_scored: Flags
    has_forecast: Flags
    resolver: Floats
    is_independent: Flags
    is_disputed: Flags
    has_notice: Flags

    @property
    def is_annulled(self) -> Flags:
        return np.isnan(self.outcome)

    @property
    def is_resolved(self) -> Flags:
        return ~np.isnan(self.outcome)

    def place(self, prediction: Floats) -> Whole:
        """Where each of these keys stands here."""
        return np.searchsorted(self.pk, prediction)

    def decisions(self, prediction: Floats) -> Decisions:
        """How the outcomes of these, by key, were decided."""
        at = self.place(np.unique(prediction))
        disputed = self.is_disputed[at]
        with_notice = at[self.has_notice[at] & ~disputed]
        return Decisions(
            n=len(at),
            not_independent=int(np.count_nonzero(~self.is_independent[at])),
            disputed=int(np.count_nonzero(disputed)),
            with_notice=tuple(self.pk[with_notice].astype(int).tolist()),
        )


class Board:
    """Score rows by prediction and forecaster, of resolutions that stand; `event` is what settles each.

    A part of a board takes its columns from the whole when they are asked for: most parts need one or two of them.
    """

    def __init__(self, columns: dict[str, Floats], event: Floats, rows: Whole | None = None) -> None:
        self._columns, self._whole_event, self._rows = columns, event, rows
        self._taken: dict[str, Floats] = {}

    def __len__(self) -> int:
        return len(self._whole_event) if self._rows is None else len(self._rows)

    def __getitem__(self, name: str) -> Floats:
        if name not in self._taken:
            self._taken[name] = self._part(self._columns[name])
        return self._taken[name]

    def _part(self, values: Floats) -> Floats:
        return values if self._rows is None else values[self._rows]

    @cached_property
    def event(self) -> Floats:
        return self._part(self._whole_event)

    def only(self, which: Flags) -> "Board":
        if which.all():
            return self
        rows = np.flatnonzero(which)
        return Board(self._columns, self._whole_event, rows if self._rows is None else self._rows[rows])

    def having(self, *names: str) -> "Board":
        """The rows that have all these figures."""
        return self.only(~np.logical_or.reduce([np.isnan(self[name]) for name in names]))

    @cached_property
    def by_prediction(self) -> Whole:
        """A number from 0 for each row's prediction, in the order of the rows."""
        return np.cumsum(np.diff(self["prediction"], prepend=self["prediction"][:1]) != 0)

    @cached_property
    def prediction_count(self) -> int:
        return int(self.by_prediction[-1]) + 1 if len(self) else 0

    def per_prediction(self, values: Floats) -> Floats:
        """Mean of `values`, one for each row, over the forecasters on each prediction."""
        return np.bincount(self.by_prediction, values) / np.bincount(self.by_prediction)

    @cached_property
    def share(self) -> Floats:
        """The weight of each row in a mean over predictions of the mean over forecasters; sums to 1."""
        return 1.0 / (np.bincount(self.by_prediction)[self.by_prediction] * self.prediction_count)

    def mean(self, values: Floats) -> float | None:
        """Mean over predictions of the mean over forecasters; None of nothing."""
        return float((self.share * values).sum()) if len(self) else None


def read_predictions(selection: Selection, user: User) -> Predictions:
    """The decided predictions of `selection` by key, with or without a forecast; on these no forecast is hidden."""
    forecast = selection.made_by(Forecast.objects.standing().filter(prediction=OuterRef("pk")))
    asked = {
        "pk": F("pk"),
        "trigger": F("trigger"),
        "outcome": F("resolution__outcome"),
        "is_scored": Q(scored_seq__gte=F("resolution__entry_id")),
        "has_forecast": Exists(forecast),
        "resolver": F("resolution__resolved_by"),
        "is_independent": INDEPENDENT,
        "is_disputed": Q(resolution__in=Dispute.objects.unanswered().values("resolution")),
        "has_notice": Q(resolution__final_at__isnull=False),
    }
    named = {f"of_{name}": value for name, value in asked.items()}
    decided = selection.predictions(user).filter(resolution__isnull=False)
    found = fetched(decided.annotate(**named), tuple(named))
    column = {name: found[f"of_{name}"][np.argsort(found["of_pk"])] for name in asked}
    return Predictions(
        pk=column["pk"],
        # A trigger's key and a prediction's may be the same number, so the predictions take the negative ones.
        event=np.where(np.isnan(column["trigger"]), -column["pk"], column["trigger"]),
        outcome=column["outcome"],
        is_scored=(column["is_scored"] == 1) & ~np.isnan(column["outcome"]),
        has_forecast=column["has_forecast"] == 1,
        resolver=column["resolver"],
        **{name: column[name] == 1 for name in ("is_independent", "is_disputed", "has_notice")},
    )


def read_board(selection: Selection, user: User, predictions: Predictions, names: Sequence[str] = COLUMNS) -> Board:
    """The score rows of `selection` whose prediction is among `predictions` and scored since it was resolved.

    The check of the resolution is made here and not in SQL, where it would cost two joins for every row.
    """
    columns = fetched(selection.scores(user), names)
    order = np.lexsort((columns["forecaster"], columns["prediction"]))
    columns = {name: values[order] for name, values in columns.items()}
    known = predictions.pk[predictions.is_scored]
    counting = np.isin(columns["prediction"], known)
    kept = {name: values[counting] for name, values in columns.items()}
    return Board(kept, predictions.event[predictions.place(kept["prediction"])])
