"""Peer scores: each forecast against the others standing at the same instants.

At an instant with N ≥ 2 forecasters standing, a forecaster gains what the others lose on average beyond its own loss;
alone it gains nothing. The gains of all add up to 0 at every instant, and nobody's own report enters what it is
compared with, so a proper loss makes a proper score. The consensus is no forecaster and stays out.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from predictions.scoring import checks, timeline
from predictions.scoring.rows import Whole
from predictions.scoring.sweep import Sweep, sweeps

Floats = NDArray[np.float64]


class PeerIntegrals(NamedTuple):
    """Per row: `gain` and `crowd` in loss × microseconds, shaped like the loss; `contested` in microseconds (n,)."""

    gain: Floats
    contested: Whole
    crowd: Floats


def peer_integrals(prediction: ArrayLike, start: ArrayLike, end: ArrayLike, loss: ArrayLike) -> PeerIntegrals:
    """Integrals, over the time a row stands beside others, of what their losses say about its own.

    `contested` is how long the row stands while at least two forecasters do; `crowd` the integral of the others' mean
    loss over that time; `gain` that of the others' mean loss − own loss, a reward: above 0 better than the peers.
    A forecaster's score is the sum of `gain` over its rows (see `points`), its own loss over the contested time the
    sum of loss × contested. All are 0 for a row that never stands or stands alone.

    Shapes: integers (n,), `prediction` rising, [start, end) the stretch a row stands (from `timeline.segments`), at
    most one standing per forecaster at any instant; `loss` float (n,), or (n, L) for several losses, which share the
    sort. Of rows with end = start the loss is not looked at.
    Errors: ValueError, naming the argument, for other types, shapes or order; where a row that stands has no loss; or
    an infinite one, as no mean can hold it: apply the declared clip before.
    Source: reference/scoring.md, sections 3.4 and 3.5. Cost: M log M in the forecasts of a prediction.

    >>> peer_integrals([1, 1, 1], [0, 0, 20], [20, 60, 40], [0.25, 0.0, 1.0])
    PeerIntegrals(gain=array([ -5.,  25., -20.]), contested=array([20, 40, 20]), crowd=array([ 0., 25.,  0.]))
    """
    costs = np.asarray(checks.numeric("loss", loss), dtype=np.float64)
    rows = np.shape(prediction)
    if costs.ndim not in (1, 2) or costs.shape[:1] != rows:
        raise ValueError(f"loss has shape {costs.shape}, the rows have {rows}")
    integrals = PeerIntegrals(np.zeros(costs.shape), np.zeros(rows, np.int64), np.zeros(costs.shape))
    for sweep in sweeps(prediction, start, end):
        _refuse_endless(costs, sweep.row)
        _add(integrals, sweep, costs)
    return integrals


def points(gain: ArrayLike, *, opens: ArrayLike, scheduled: ArrayLike) -> Floats:
    """Peer points: 100 × the integral of a gain over the peers, as a mean over the scheduled horizon.

    A reward: 0 = the peers, above 0 better. With the 0–1 Brier loss the unit is Brier points, −100 … 100; with the
    logarithmic loss these are Metaculus's peer points. Time without a forecast or without peers adds 0. NaN, to be
    written as null, where the horizon makes no sense (see `timeline.over_horizon`).

    Shapes: `gain` float (m,), the sum of `peer_integrals(...).gain` over the rows of each pair; `opens` and
    `scheduled` integer microseconds, one or (m,). Returns float64 (m,).
    Errors: ValueError, naming the argument, for other types or shapes.
    Source: reference/scoring.md, section 3.4.

    >>> points([25.0, -25.0], opens=0, scheduled=100)
    array([ 25., -25.])
    """
    return 100.0 * timeline.over_horizon(gain, opens=opens, scheduled=scheduled)


def _refuse_endless(costs: Floats, row: Whole) -> None:
    is_finite = np.isfinite(costs[row])
    if not is_finite.all():
        fault = int(row[np.argwhere(~is_finite)[0, 0]])
        raise ValueError(f"loss must be finite for a forecast that stands: clip before (row {fault})")


def _add(integrals: PeerIntegrals, sweep: Sweep, costs: Floats) -> None:
    """The integrals of one chunk, from A = ∫ S/(N−1) and B = ∫ 1/(N−1) over N ≥ 2: the others cost A − own·B."""
    contested = sweep.time_with(sweep.standing > 1)
    integrals.contested[sweep.row] = contested
    weight = np.divide(1.0, sweep.standing - 1, out=np.zeros(len(sweep.time)), where=sweep.standing > 1)
    per_other = sweep.integral(weight)
    for k in np.ndindex(costs.shape[1:]):
        column = (sweep.row, *k)
        middle = _middle(costs[column], sweep)
        own = costs[column] - middle  # equal losses then gain exactly 0, and sums stay small
        others = sweep.integral(weight * sweep.total(own)) - own * per_other
        integrals.gain[column] = others - own * contested
        integrals.crowd[column] = others + middle * contested


def _middle(cost: Floats, sweep: Sweep) -> Floats:
    """Midway between the least and the greatest loss of each prediction, for each of its forecasts."""
    least, greatest = np.minimum.reduceat(cost, sweep.first), np.maximum.reduceat(cost, sweep.first)
    middle: Floats = (least + (greatest - least) / 2.0)[sweep.owner]
    return middle
