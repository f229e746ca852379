"""The consensus: what several forecasters say together, as a step function of time.

It is made when scoring, changes only where a forecast starts or ends, and stands where at least two forecasters do.
It is scored like a forecaster but is none of the peers.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from predictions.scoring import rows
from predictions.scoring.checks import unit_interval
from predictions.scoring.medians import running_medians
from predictions.scoring.rows import Whole
from predictions.scoring.sweep import Sweep, sweeps

Floats = NDArray[np.float64]
How = Literal["median", "mean_log_odds", "recency_weighted"]

Pool = Callable[[Sweep, Whole], Floats]

HALF_LIVES = 8  # in the scheduled open time
CLIP = 1e-3  # log-odds of 0 and 1 are infinite: they are read as this far from the end
MEMORY = 16  # half-lives that may lie between two forecasts: running sums lose a weight far smaller than the rest


class ConsensusSegments(NamedTuple):
    """The consensus `probability` that stands in [`start`, `end`) on each `prediction`; in order of both."""

    prediction: Whole
    start: Whole
    end: Whole
    probability: Floats


def consensus(
    prediction: ArrayLike,
    forecaster_pair: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    probability: ArrayLike,
    *,
    how: How,
    half_life: ArrayLike | None = None,
    at_least: int = 2,
) -> ConsensusSegments:
    """The pooled probability over time, wherever `at_least` forecasters stand; equal neighbours are one segment.

    median: the middle probability, or midway between the two in the middle.
    mean_log_odds: the logistic function of Σ ln(p/(1−p)) / N, every p first clipped to [0.001, 0.999].
    recency_weighted: Σ w·p / Σ w, where w halves with every half-life of a forecast's age. The age of each grows with
    time, but alike for all, so the ratios of their weights stay: with w = 2^((start − first start) / half_life) the
    mean is constant between breakpoints and a step function too.

    Range [0, 1]. Shapes: rows (n,) as `timeline.segments` makes them, in order of `prediction` and within it of
    `forecaster_pair`, one forecast per pair at any instant; integers but for `probability`. `half_life` matters to
    recency_weighted alone: microseconds, one or (number of predictions,); by custom an eighth of the scheduled
    horizon.
    Errors: ValueError, naming the argument, for other types, shapes, order or values, and for a half-life so short
    that two forecasts of a prediction start more than 16 of them apart.
    Source: reference/scoring.md, section 3; decision of the project.

    >>> pooled = consensus([1, 1, 1], [1, 2, 3], [0, 10, 20], [30, 30, 30], [0.25, 0.75, 1.0], how="median")
    >>> pooled.start, pooled.end, pooled.probability
    (array([10, 20]), array([20, 30]), array([0.5 , 0.75]))
    """
    of = rows.rising("prediction", rows.labels("prediction", prediction))
    p = rows.fitted("probability", unit_interval("probability", probability), of.shape)
    begin, close = rows.moments("start", start, of.shape), rows.moments("end", end, of.shape)
    _refuse_overlap(of, rows.moments("forecaster_pair", forecaster_pair, of.shape), begin, close)
    rule = _pool(how, p, begin, _halving(half_life, of) if how == "recency_weighted" else None)
    parts = [_chunk(sweep, of, rule, at_least) for sweep in sweeps(of, begin, close)]
    return _merged(parts) if parts else ConsensusSegments(of[:0], of[:0], of[:0], p[:0])


def half_life(*, opens: ArrayLike, scheduled: ArrayLike) -> Whole:
    """The half-life of recency_weighted by custom: an eighth of the scheduled horizon, in whole microseconds.

    2**62, with which no forecast fades, where the horizon makes no sense: `scheduled` not after `opens`, or 2**62 and
    later (not known).

    Shapes: integer microseconds that broadcast; int64 out. Errors: ValueError, naming the argument, for other types.
    Source: decision of the project.

    >>> half_life(opens=0, scheduled=[800, 0])
    array([                100, 4611686018427387904])
    """
    close = rows.whole("scheduled", scheduled)
    horizon = close - rows.whole("opens", opens)
    eighth: Whole = np.where((horizon > 0) & (close < rows.LIMIT), np.maximum(horizon // HALF_LIVES, 1), rows.LIMIT)
    return eighth


def _pool(how: How, p: Floats, begin: Whole, halving: Whole | None) -> Pool:
    """From a chunk and some of its events to the consensus after each of them."""
    if how == "median":
        return lambda sweep, events: running_medians(sweep, p[sweep.row], events)
    if how == "mean_log_odds":
        odds = np.clip(p, CLIP, 1.0 - CLIP)
        log_odds = np.log(odds / (1.0 - odds))
        return lambda sweep, events: _logistic(sweep.total(log_odds[sweep.row])[events] / sweep.standing[events])
    if how == "recency_weighted" and halving is not None:
        return lambda sweep, events: _recent(sweep, p[sweep.row], begin[sweep.row], halving[sweep.row], events)
    raise ValueError(f"how must be median, mean_log_odds or recency_weighted, not {how}")


def _logistic(log_odds: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-log_odds))


def _recent(sweep: Sweep, p: Floats, begin: Whole, halving: Whole, events: Whole) -> Floats:
    latest = np.maximum.reduceat(begin, sweep.first)[sweep.owner]
    age = (latest - begin) / halving
    if age.size and age.max() > MEMORY:
        raise ValueError(
            f"half_life is too short: forecasts lie {age.max():.1f} half-lives apart, not {MEMORY} at most"
        )
    weight = np.exp2(-age)
    mean = sweep.total(weight * p)[events] / sweep.total(weight)[events]
    return np.clip(mean, 0.0, 1.0)  # of the last digit only


def _chunk(sweep: Sweep, of: Whole, pool: Pool, at_least: int) -> ConsensusSegments:
    events = np.flatnonzero((sweep.lasting > 0) & (sweep.standing >= max(at_least, 1)))
    begin = sweep.time[events]
    owner = of[sweep.row[sweep.forecast[events]]]
    return ConsensusSegments(owner, begin, begin + sweep.lasting[events], pool(sweep, events))


def _merged(parts: list[ConsensusSegments]) -> ConsensusSegments:
    """The chunks one after another, a segment that only goes on with what the one before it said joined to that."""
    of, begin, close, p = (np.concatenate(column) for column in zip(*parts, strict=True))
    is_new = np.ones(len(of), bool)
    is_new[1:] = (of[1:] != of[:-1]) | (begin[1:] != close[:-1]) | (p[1:] != p[:-1])
    is_last = np.append(is_new[1:], True)[: len(of)]
    return ConsensusSegments(of[is_new], begin[is_new], close[is_last], p[is_new])


def _halving(half_life: ArrayLike | None, of: Whole) -> Whole:
    """The half-life of each row's prediction."""
    if half_life is None:
        raise ValueError("half_life is missing: recency_weighted needs it")
    first = rows.first_of_each(of)
    each = rows.moments("half_life", half_life, first.shape)
    if (each <= 0).any():
        raise ValueError(f"half_life must be above 0 (prediction {int(np.argmax(each <= 0))} of those given)")
    return np.repeat(each, np.diff(first, append=len(of)))


def _refuse_overlap(of: Whole, pair: Whole, begin: Whole, close: Whole) -> None:
    """Of two forecasts of one forecaster at one instant, only one may stand."""
    row = np.flatnonzero(begin < close)
    is_next = of[row[1:]] == of[row[:-1]]
    falls = pair[row[1:]] < pair[row[:-1]]
    overlaps = (pair[row[1:]] == pair[row[:-1]]) & (begin[row[1:]] < close[row[:-1]])
    faults = np.flatnonzero(is_next & (falls | overlaps))
    if len(faults):
        raise ValueError(f"forecaster_pair must rise, and its forecasts not overlap (row {int(row[faults[0] + 1])})")
