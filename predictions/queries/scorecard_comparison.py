"""Two forecasters side by side: on the predictions that both made, over the times at which both had a forecast up."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from django.db.models import F
from django.db.models.functions import Coalesce, Least

from accounts.models import User
from predictions.models import Forecast, Forecaster, Prediction, PredictionRevision
from predictions.models.prediction import NEVER
from predictions.models.times import microseconds
from predictions.queries.scorecard_board import (
    Board,
    Flags,
    Floats,
    Predictions,
    Whole,
    fetched,
    read_board,
    read_predictions,
)
from predictions.queries.scorecard_calibration import SEED
from predictions.queries.scorecard_league import NO_DIFFERENCE
from predictions.queries.scorecard_selection import KNOWN_US, Selection
from predictions.queries.scorecard_version import remembered, version
from predictions.scoring import comparison as kernel
from predictions.scoring import diagnostics, peer, rules, timeline

COLUMNS = ("prediction", "forecaster", "outcome", "forecast_count", "spot_half")
THRESHOLDS = 101
NOTHING_IN_COMMON = "they never had a forecast up at the same time on the same resolved prediction"
SCHEDULE = {
    "prediction": F("pk"),
    "opens": F("revision__opens_us"),
    "scheduled": Coalesce("revision__closes_us", NEVER),
    "closes": Least(Coalesce("revision__closes_us", NEVER), Coalesce(KNOWN_US, NEVER)),
    "known": Coalesce(KNOWN_US, NEVER),
    "outcome": F("resolution__outcome"),
}
ISSUED = {
    "prediction": F("prediction"),
    "forecaster": F("forecaster"),
    "revision": F("revision__number"),
    "issued": F("issued_us"),
    "until": Coalesce("issued_until_us", "issued_us"),
    "probability": F("probability"),
    "key": F("pk"),
}


@dataclass(frozen=True)
class MurphyPoint:
    """Mean elementary score (0–1, lower is better) of both at one threshold."""

    threshold: float
    first: float
    second: float


@dataclass(frozen=True)
class Comparison:
    """`brier` and `logarithmic`: the first's loss less the second's, over the scheduled open time, below 0 where the
    first did better; with a 95% interval and a paired test over independent events.

    `better`, `worse` and `level` count the `n` predictions by that Brier difference, seen from the first. `first_brier`
    and `second_brier` are mean Brier scores (0–1) at the same instants. `murphy` rests on the `spots` predictions on
    which both had a forecast up half-way through the scheduled open time: a curve that lies below everywhere is better
    under every proper score. Where n is 0, `reason` says why.
    """

    first: str
    second: str
    n: int
    clusters: int
    first_brier: float | None
    second_brier: float | None
    brier: kernel.Comparison | None
    logarithmic: kernel.Comparison | None
    better: int
    worse: int
    level: int
    spots: int
    murphy: tuple[MurphyPoint, ...]
    verdict: str
    reason: str


@dataclass(frozen=True)
class Together:
    """Per prediction on which both stood at once: the differences, both mean Brier scores, and its event."""

    brier: Floats
    logarithmic: Floats
    first_brier: Floats
    second_brier: Floats
    event: Floats


def comparison(first: Forecaster, second: Forecaster, *, within: Selection, user: User) -> Comparison:
    """How `first` did beside `second` on what `user` may see of `within`, whoever that names; remembered."""
    name = f"comparison-{first.pk}-{second.pk}"
    anybody = within.by_anybody
    return remembered(name, anybody, version(user), partial(_comparison, first, second, anybody, user))


def _comparison(first: Forecaster, second: Forecaster, within: Selection, user: User) -> Comparison:
    boards, events = _boards((first, second), within, user)
    common = np.intersect1d(boards[0]["prediction"], boards[1]["prediction"])
    together = _together(common, (first.pk, second.pk), events)
    p, q, outcome = _spots(boards)
    found = {
        name: kernel.paired(values, cluster=together.event, rng=np.random.default_rng(SEED))
        for name, values in (("brier", together.brier), ("logarithmic", together.logarithmic))
        if len(values)
    }
    brier = found.get("brier")
    return Comparison(
        first=first.name,
        second=second.name,
        n=len(together.brier),
        clusters=len(np.unique(together.event)),
        first_brier=_mean(together.first_brier),
        second_brier=_mean(together.second_brier),
        brier=brier,
        logarithmic=found.get("logarithmic"),
        better=int((together.brier < 0).sum()),
        worse=int((together.brier > 0).sum()),
        level=int((together.brier == 0).sum()),
        spots=len(outcome),
        murphy=_murphy(p, q, outcome),
        verdict=_verdict(brier, first, second),
        reason="" if brier else NOTHING_IN_COMMON,
    )


def _verdict(brier: kernel.Comparison | None, first: Forecaster, second: Forecaster) -> str:
    if brier is None:
        return ""
    if brier.mean is None or brier.low is None or brier.high is None or brier.low <= 0 <= brier.high:
        return NO_DIFFERENCE
    return f"{first if brier.mean < 0 else second} did better"


def _boards(who: tuple[Forecaster, Forecaster], within: Selection, user: User) -> tuple[list[Board], Predictions]:
    predictions = read_predictions(within, user)
    boards = [read_board(replace(within, forecaster=each), user, predictions, COLUMNS) for each in who]
    return [board.only(board["forecast_count"] > 0) for board in boards], predictions


def _together(common: Floats, who: tuple[int, int], predictions: Predictions) -> Together:
    """Where only two are looked at, the peers of one are the other: these are the kernel's peer integrals."""
    keys = common.astype(int).tolist()
    schedule, rows = _schedule(keys), _forecasts(keys, who)
    of = {
        name: values[np.searchsorted(schedule["prediction"], rows["prediction"])] for name, values in schedule.items()
    }
    in_order = (rows["issued"] < of["known"]) & (rows["until"] <= of["known"])
    rows, of = ({name: values[in_order] for name, values in each.items()} for each in (rows, of))
    starts, ends = _segments(rows, of)
    p = np.nan_to_num(rows["probability"])
    loss = np.column_stack([rules.brier(p, of["outcome"]), rules.logarithmic(rules.bounded(p), of["outcome"])])
    told = peer.peer_integrals(_whole(rows["prediction"]), starts, ends, loss)
    place = np.searchsorted(schedule["prediction"], rows["prediction"])
    is_first = (rows["forecaster"] == who[0]).astype(np.float64)
    sums = (
        told.contested.astype(np.float64),
        told.gain[:, 0],
        told.gain[:, 1],
        loss[:, 0] * told.contested,
        told.crowd[:, 0],
    )
    totals: list[Any] = [np.bincount(place, values * is_first, len(keys)) for values in sums]
    return _told(totals, schedule, predictions)


def _told(sums: list[Floats], schedule: dict[str, Floats], predictions: Predictions) -> Together:
    """The integrals of the first's rows, added up by prediction; the crowd that it stands beside is the second."""
    contested, brier, nats, own, others = sums
    horizon = {"opens": _whole(schedule["opens"]), "scheduled": _whole(schedule["scheduled"])}
    d_brier, d_nats = (-timeline.over_horizon(gain, **horizon) for gain in (brier, nats))
    met = (contested > 0) & ~np.isnan(d_brier)
    key = schedule["prediction"][met]
    return Together(
        brier=d_brier[met],
        logarithmic=d_nats[met],
        first_brier=own[met] / contested[met],
        second_brier=others[met] / contested[met],
        event=predictions.event[predictions.place(key)],
    )


def _segments(rows: dict[str, Floats], of: dict[str, Floats]) -> tuple[Whole, Whole]:
    is_new = (np.diff(rows["prediction"], prepend=-1) != 0) | (np.diff(rows["forecaster"], prepend=-1) != 0)
    closes = np.minimum(of["closes"], _ends_by_amendment(rows))
    return timeline.segments(
        np.cumsum(is_new),
        _whole(rows["issued"]),
        opens=_whole(of["opens"]),
        closes=_whole(closes),
        stands=~np.isnan(rows["probability"]),
    )


def _schedule(keys: list[int]) -> dict[str, Floats]:
    return _sorted(_named(Prediction.objects.filter(pk__in=keys), SCHEDULE), "prediction")


def _forecasts(keys: list[int], who: tuple[int, int]) -> dict[str, Floats]:
    rows = Forecast.objects.standing().filter(prediction__in=keys, forecaster__in=who)
    return _sorted(_named(rows, ISSUED), "key", "issued", "forecaster", "prediction")


def _named(rows: Any, columns: dict[str, Any]) -> dict[str, Floats]:
    told = fetched(
        rows.annotate(**{f"of_{name}": value for name, value in columns.items()}), [f"of_{n}" for n in columns]
    )
    return {name: told[f"of_{name}"] for name in columns}


def _sorted(columns: dict[str, Floats], *by: str) -> dict[str, Floats]:
    """In rising order of the last of `by`, then of the one before."""
    order = np.lexsort([columns[name] for name in by])
    return {name: values[order] for name, values in columns.items()}


def _ends_by_amendment(rows: dict[str, Floats]) -> Floats:
    """When each forecast ended because its prediction was changed in substance; NEVER for most."""
    ends = np.full(len(rows["issued"]), float(NEVER))
    kind = PredictionRevision.Kind.MATERIAL
    for change in PredictionRevision.objects.filter(kind=kind, prediction__in=np.unique(rows["prediction"]).tolist()):
        earlier: Flags = (rows["prediction"] == change.prediction_id) & (rows["revision"] < change.number)
        ends[earlier] = np.minimum(ends[earlier], microseconds(change.recorded_at))
    return ends


def _spots(boards: list[Board]) -> tuple[Floats, Floats, Floats]:
    """What both said half-way through the scheduled open time, and how it turned out."""
    first, second = (board.having("spot_half") for board in boards)
    _, here, there = np.intersect1d(first["prediction"], second["prediction"], return_indices=True)
    return first["spot_half"][here], second["spot_half"][there], first["outcome"][here]


def _murphy(p: Floats, q: Floats, outcome: Floats) -> tuple[MurphyPoint, ...]:
    if not len(outcome):
        return ()
    thresholds = np.linspace(0.0, 1.0, THRESHOLDS)
    curves = (diagnostics.murphy_curve(each, outcome, thresholds) for each in (p, q))
    return tuple(MurphyPoint(*map(float, point)) for point in zip(thresholds, *curves, strict=True))


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None


def _whole(values: Floats) -> Whole:
    return values.astype(np.int64)
