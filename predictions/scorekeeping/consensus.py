"""The consensus of each prediction, scored like a forecaster: a history made when scoring, outside the peers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.models import Forecaster
from predictions.models.prediction import NEVER
from predictions.scorekeeping import days, measures
from predictions.scorekeeping.columns import Columns, plain
from predictions.scorekeeping.histories import Histories, Record
from predictions.scorekeeping.reading import FORECASTS, NO_PROBABILITY, Array
from predictions.scoring import consensus

Crowd = Mapping[consensus.How, Forecaster]


def columns(record: Record, crowd: Crowd) -> Columns:
    """The columns of `measures.columns`, for each method and prediction on which two forecasters stood at once."""
    told: Columns = {}
    late = record.counting.of["id"][record.counting.is_in_hindsight]
    for method, forecaster in crowd.items():
        h = _history(record, method, forecaster.pk)
        own = _told(h) | {"is_in_hindsight": np.isin(h.of["id"][h.first], late)}
        told = {name: [*told.get(name, ()), *plain(values)] for name, values in own.items()}
    return told


def _history(record: Record, how: consensus.How, forecaster: int) -> Histories:
    """The consensus as if somebody had said it: a row where it changes, a withdrawal where it ends."""
    h = record.counting
    starts, ends = h.segments
    of = h.of[np.flatnonzero(np.diff(h.of["id"], prepend=-1))]
    half_life = consensus.half_life(opens=of["opens"], scheduled=of["scheduled"])
    pooled = consensus.consensus(h.of["id"], h.pair, starts, ends, h.probability, how=how, half_life=half_life)
    said = np.zeros(len(pooled.start), FORECASTS)
    said["prediction"], said["issued"], said["probability"] = pooled.prediction, pooled.start, pooled.probability
    is_last = np.ones(len(said), bool)
    is_last[:-1] = (pooled.prediction[1:] != pooled.prediction[:-1]) | (pooled.start[1:] > pooled.end[:-1])
    rows = _with_ends(said, pooled.end, is_last)
    rows["forecaster"], rows["ends"], rows["until"] = forecaster, NEVER, rows["issued"]
    about = record.predictions[np.searchsorted(record.predictions["id"], rows["prediction"])]
    return Histories(rows, about, rows["prediction"])


def _with_ends(said: Array, end: NDArray[np.int64], is_last: NDArray[np.bool_]) -> Array:
    rows = np.repeat(said, np.where(is_last, 2, 1))
    over = np.cumsum(np.where(is_last, 2, 1))[is_last] - 1
    rows["issued"][over], rows["probability"][over] = end[is_last], NO_PROBABILITY
    return rows


def _told(h: Histories) -> dict[str, NDArray[Any]]:
    of, heads = h.of[h.first], h.rows[h.first]
    nothing, none = np.full(len(of), np.nan), np.zeros(len(of), np.int64)
    return {
        **measures.named(heads, of),
        **measures.alone(h),
        "daily_brier": days.of_brier(h),
        **dict.fromkeys(measures.AGAINST_PEERS, nothing),
        **dict.fromkeys(measures.TALLIES, none),
        "contested_us": none,
        "forecast_count": h.total_of(h.stands),
        "infinite_count": h.total_of(h.stands & h.is_flat_miss),
        "brier_sum": h.total(np.where(h.stands, h.brier, 0.0)),
        "logarithmic_sum": h.total(np.where(h.stands, h.logarithmic, 0.0)),
        **dict.fromkeys(measures.MARKS, none > 0),
    }
