"""From rows to scores: reads predictions and forecasts, asks the kernel, replaces score rows."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from predictions.models import Forecast, LogHead, Prediction, PredictionRevision, Score, ScoringRun
from predictions.models.prediction import NEVER
from predictions.models.times import microseconds
from predictions.scoring import KERNEL_VERSION, rules, timeline

CHUNK = 500
NO_PROBABILITY = -1.0
INTERPRETED = [Forecast.Basis.CODED, Forecast.Basis.IMPLIED]
FORECASTS = np.dtype(
    [(name, "i8") for name in ("prediction", "forecaster", "revision", "issued", "until", "recorded")]
    + [(name, "f8") for name in ("probability", "low", "high")]
    + [(name, "?") for name in ("coded", "implied")]
)
PREDICTIONS = np.dtype([(name, "i8") for name in ("id", "opens", "scheduled", "closes", "known")] + [("outcome", "f8")])


def in_silence(done: int, of: int) -> None:
    """The progress report of a run that nobody watches."""


def rescore(
    predictions: QuerySet[Prediction], *, at: datetime, progress: Callable[[int, int], None] = in_silence
) -> int:
    """Replace the score rows of those of `predictions` that are decided, and return how many predictions that were.

    The ledger position is read before the rows, so whatever is recorded meanwhile leaves a prediction stale.
    Where none is decided there is no run: what is decided later is stale until it is scored.
    """
    ids = list(predictions.filter(resolution__isnull=False).order_by("pk").values_list("pk", flat=True))
    if not ids:
        return 0
    head = LogHead.objects.filter(pk=1).first()
    position = head.next_seq - 1 if head else -1
    run = ScoringRun.objects.create(kernel_version=KERNEL_VERSION, ledger_seq=position, started_at=at)
    for first in range(0, len(ids), CHUNK):
        _replace_scores(ids[first : first + CHUNK], run)
        progress(min(first + CHUNK, len(ids)), len(ids))
    return len(ids)


@transaction.atomic
def _replace_scores(ids: list[int], run: ScoringRun) -> None:
    chosen = Prediction.objects.filter(pk__in=ids)
    list(chosen.select_for_update().order_by("pk").values_list("pk"))
    scores = list(_scores(_read_predictions(ids), _read_forecasts(ids), run))
    Score.objects.filter(prediction__in=ids).delete()
    Score.objects.bulk_create(scores)
    chosen.update(scored_seq=run.ledger_seq)


def _read_predictions(ids: list[int]) -> NDArray[Any]:
    """The resolved ones among `ids`, in order of id."""
    known = Prediction.objects.with_close().filter(pk__in=ids).resolved().order_by("pk")
    rows = known.values_list(
        "pk",
        "revision__opens_us",
        Coalesce("revision__closes_us", NEVER),
        "closing_us",
        Coalesce("trigger__occurrence__occurred_us", NEVER),
        "resolution__known_us",
        "resolution__outcome",
    )
    told = ((pk, opens, scheduled, closes, min(a, b), outcome) for pk, opens, scheduled, closes, a, b, outcome in rows)
    return np.fromiter(told, PREDICTIONS)


def _read_forecasts(ids: list[int]) -> NDArray[Any]:
    """Standing forecasts in the order of the index (prediction, forecaster, issued)."""
    read_as = {
        name: Case(When(basis__in=INTERPRETED, then=Coalesce(name, "probability")), default=F("probability"))
        for name in ("low", "high")
    }
    rows = Forecast.objects.standing().filter(prediction__in=ids)
    values = rows.order_by("prediction_id", "forecaster_id", "issued_us", "id").values_list(
        "prediction_id",
        "forecaster_id",
        "revision__number",
        "issued_us",
        Coalesce("issued_until_us", "issued_us"),
        "recorded_us",
        Coalesce("probability", Value(NO_PROBABILITY)),
        Coalesce(read_as["low"], Value(NO_PROBABILITY)),
        Coalesce(read_as["high"], Value(NO_PROBABILITY)),
        Case(When(basis=Forecast.Basis.CODED, then=True), default=False),
        Case(When(basis=Forecast.Basis.IMPLIED, then=True), default=False),
    )
    return np.fromiter(values.iterator(), FORECASTS)


def _scores(predictions: NDArray[Any], forecasts: NDArray[Any], run: ScoringRun) -> Iterator[Score]:
    """One row per pair that put a probability on a resolved prediction before its outcome was known."""
    of_resolved = forecasts[np.isin(forecasts["prediction"], predictions["id"])]
    of = predictions[np.searchsorted(predictions["id"], of_resolved["prediction"])]
    is_in_order = (of_resolved["issued"] < of["known"]) & (of_resolved["until"] <= of["known"])
    rows, of = of_resolved[is_in_order], of[is_in_order]
    if not len(rows):
        return
    pair = _pairs(rows)
    first = timeline.pair_starts(pair)
    stands = rows["probability"] >= 0
    closes = np.minimum(of["closes"], _ends_by_amendment(rows))
    standing = timeline.durations(pair, rows["issued"], opens=of["opens"], closes=closes, stands=stands)
    means = {
        name: _means(rule, rows[column], of["outcome"], standing, first) for name, (rule, column) in MEASURES.items()
    }
    coverage = _coverage(standing, first, of[first])
    counts = np.add.reduceat(stands.astype(int), first)
    in_hindsight = rows["recorded"] >= of["known"]  # a withdrawal too: it ends what stood
    marks = {
        "is_coded": np.logical_or.reduceat(rows["coded"], first),
        "is_implied": np.logical_or.reduceat(rows["implied"], first),
        "is_in_hindsight": np.logical_or.reduceat(in_hindsight, first),
    }
    active = timeline.time_standing(standing, first)
    for k in np.flatnonzero(counts):
        row = rows[first[k]]
        yield Score(
            run=run,
            prediction_id=int(row["prediction"]),
            forecaster_id=int(row["forecaster"]),
            outcome=float(of[first[k]]["outcome"]),
            standing_us=int(active[k]),
            time_coverage=_or_null(coverage[k]),
            forecast_count=int(counts[k]),
            **{name: _or_null(mean[k]) for name, mean in means.items()},
            **{name: bool(mark[k]) for name, mark in marks.items()},
        )


MEASURES: dict[str, tuple[Callable[..., Any], str]] = {
    "brier": (rules.brier, "probability"),
    "brier_low": (rules.brier, "low"),
    "brier_high": (rules.brier, "high"),
    "logarithmic": (rules.logarithmic, "probability"),
}


def _pairs(rows: NDArray[Any]) -> NDArray[np.int64]:
    """A rising number per prediction × forecaster, for rows in the order of the index."""
    is_new = np.ones(len(rows), bool)
    is_new[1:] = (np.diff(rows["prediction"]) != 0) | (np.diff(rows["forecaster"]) != 0)
    return np.cumsum(is_new)


def _means(
    rule: Callable[..., Any], probability: NDArray[Any], occurred: NDArray[Any], standing: Any, first: Any
) -> NDArray[Any]:
    loss = rule(np.maximum(probability, 0.0), occurred)
    return timeline.mean_while_standing(loss, standing, first)


def _coverage(standing: Any, first: Any, of: NDArray[Any]) -> NDArray[Any]:
    """NaN where the horizon makes no sense: imported rows may close before they open, or never."""
    is_whole = (of["scheduled"] > of["opens"]) & (of["scheduled"] < NEVER)
    scheduled = np.where(of["scheduled"] > of["opens"], of["scheduled"], of["opens"] + 1)
    share = timeline.time_coverage(standing, first, opens=of["opens"], scheduled=scheduled)
    return np.where(is_whole, share, np.nan)


def _ends_by_amendment(rows: NDArray[Any]) -> NDArray[np.int64]:
    """When each forecast ended because its prediction was changed in substance; NEVER for most."""
    ends = np.full(len(rows), NEVER)
    changes = PredictionRevision.objects.filter(
        kind=PredictionRevision.Kind.MATERIAL, prediction__in=np.unique(rows["prediction"]).tolist()
    )
    for change in changes:
        earlier = (rows["prediction"] == change.prediction_id) & (rows["revision"] < change.number)
        ends[earlier] = np.minimum(ends[earlier], microseconds(change.recorded_at))
    return ends


def _or_null(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
