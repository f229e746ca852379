"""What two forecasters said of the predictions that both made, while both had a forecast up: read, and integrated."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import F
from django.db.models.functions import Coalesce, Least

from predictions.models import Forecast, Prediction, PredictionRevision
from predictions.models.prediction import NEVER
from predictions.models.times import microseconds
from predictions.queries.scorecard_board import Flags, Floats, Predictions, Whole, fetched
from predictions.queries.scorecard_selection import KNOWN_US
from predictions.scoring import peer, rules, timeline

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
class Together:
    """Per prediction on which both stood at once: the differences, both mean Brier scores, its outcome and event.

    `unscheduled` counts those left out because their scheduled open time is not known.
    """

    prediction: Floats
    brier: Floats
    logarithmic: Floats
    first_brier: Floats
    second_brier: Floats
    outcome: Floats
    event: Floats
    unscheduled: int


def together(common: Floats, who: tuple[int, int], predictions: Predictions) -> Together:
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
    unscheduled = int(((contested > 0) & np.isnan(d_brier)).sum())
    key = schedule["prediction"][met]
    return Together(
        prediction=key,
        brier=d_brier[met],
        logarithmic=d_nats[met],
        first_brier=own[met] / contested[met],
        second_brier=others[met] / contested[met],
        outcome=schedule["outcome"][met],
        event=predictions.event[predictions.place(key)],
        unscheduled=unscheduled,
    )


def _segments(rows: dict[str, Floats], of: dict[str, Floats]) -> tuple[Whole, Whole]:
    is_new = (np.diff(rows["prediction"], prepend=-1) != 0) | (np.diff(rows["forecaster"], prepend=-1) != 0)
    ends = np.minimum(of["closes"], _ends_by_amendment(rows))
    # What nothing would ever end never stood, as in scorekeeping.
    closes = np.where(ends >= NEVER, -float(NEVER), ends)
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


def _whole(values: Floats) -> Whole:
    return values.astype(np.int64)
