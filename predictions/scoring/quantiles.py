"""Scoring rules for numbers: quantiles, central intervals, and whole distributions.

Losses, lower is better, in the units of what occurred: never average them over predictions in different units; divide
by a reference's loss on the same prediction, or take logarithms of positive quantities first. Dates are scored in
days. Where a bound is open, the bound itself is scored as what occurred.

The arguments are finite numbers or arrays of them, broadcast against each other; where a row of quantiles, intervals
or ensemble members belongs to each forecast, it is the last dimension of its argument. Scalars give a float, anything
else an array. ValueError, naming the argument, for anything else, and for quantiles that cross.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from predictions.scoring.checks import Floats, fitting, plain, real, row
from predictions.scoring.checks import weights as checked_weights


class IntervalScore(NamedTuple):
    """The loss and its three parts, which add up to it."""

    total: float | Floats
    dispersion: float | Floats
    underprediction: float | Floats
    overprediction: float | Floats


def quantile_loss(quantile: ArrayLike, occurred: ArrayLike, level: ArrayLike) -> float | Floats:
    """Quantile (pinball) loss of each forecast quantile, `(1{occurred < quantile} − level)·(quantile − occurred)`.

    Range [0, ∞), a loss in the units of `occurred`, least in expectation at the true quantile of that level. At level
    0.5 it is half the absolute error.

    Shapes and errors: as for every rule of this module; 0 < level < 1.
    Source: Gneiting and Raftery 2007, section 6; reference/scoring.md, section 2.6.

    >>> quantile_loss([10.0, 10.0], [12, 8], 0.25)
    array([0.5, 1.5])
    """
    return plain(_pinball(*_together(quantile=quantile, occurred=occurred, level=_inner("level", level))))


def interval_score(lower: ArrayLike, upper: ArrayLike, occurred: ArrayLike, alpha: ArrayLike) -> IntervalScore:
    """Interval score of each central interval of nominal coverage 1 − alpha, with its three parts.

    `(upper − lower) + (2/alpha)·max(lower − occurred, 0) + (2/alpha)·max(occurred − upper, 0)`: dispersion,
    overprediction (the interval lies too high) and underprediction (too low). Range [0, ∞), a loss in the units of
    `occurred`.

    Shapes and errors: as for every rule of this module; lower ≤ upper, 0 < alpha < 1.
    Source: Gneiting and Raftery 2007, section 6.2.

    >>> interval_score(4, 8, 10, 0.5)
    IntervalScore(total=12.0, dispersion=4.0, underprediction=8.0, overprediction=0.0)
    """
    low, high, y, share = _together(lower=lower, upper=upper, occurred=occurred, alpha=_inner("alpha", alpha))
    _refuse_crossing("upper", np.stack([low, high], axis=-1))
    return _summed(high - low, 2.0 / share * np.maximum(y - high, 0.0), 2.0 / share * np.maximum(low - y, 0.0))


def weighted_interval_score(
    median: ArrayLike, lower: ArrayLike, upper: ArrayLike, occurred: ArrayLike, alpha: ArrayLike
) -> IntervalScore:
    """Weighted interval score of each forecast by a median and K central intervals, with its three parts.

    `[½·|occurred − median| + Σ_k (alpha_k / 2)·interval_score_k] / (K + ½)`, which is twice the mean quantile loss of
    the 2K + 1 quantiles. Range [0, ∞), a loss in the units of `occurred`.

    Shapes: `median` and `occurred` of the forecasts' shape (…); `lower` and `upper` (…, K), K ≥ 1; `alpha` (K,), each
    1 minus the nominal coverage of its interval, in any order.
    Errors: as for every rule of this module; an interval must hold the median and every interval of greater alpha.
    Source: Bracher and others 2021. The median's term is a distance from it: some packages weigh the median itself.

    >>> weighted_interval_score(6, [4.0], [8.0], 9, [0.5]).total
    2.3333333333333335
    """
    share = row("alpha", _inner("alpha", alpha))
    if not share.size:
        raise ValueError("alpha must hold at least one interval")
    low, high = _ladder("lower", lower, share.size), _ladder("upper", upper, share.size)
    m, y = _column("median", median), _column("occurred", occurred)
    m, low, high, y = _together(median=m, lower=low, upper=high, occurred=y)
    widest_first = np.argsort(share)
    bounds = low[..., widest_first], m[..., :1], high[..., widest_first[::-1]]
    _refuse_crossing("upper", np.concatenate(bounds, axis=-1))
    below, above = np.maximum(m - y, 0.0)[..., 0], np.maximum(y - m, 0.0)[..., 0]
    spread = (share / 2.0 * (high - low)).sum(axis=-1)
    parts = spread, above / 2.0 + np.maximum(y - high, 0.0).sum(axis=-1), below / 2.0 + np.maximum(low - y, 0.0).sum(-1)
    return _summed(*(part / (share.shape[-1] + 0.5) for part in parts))


def interval_coverage(
    lower: ArrayLike, upper: ArrayLike, occurred: ArrayLike, weights: ArrayLike | None = None
) -> float | None:
    """Share of the intervals that hold what occurred, ends included.

    Range [0, 1]; neither loss nor reward: compare it with the intervals' nominal coverage. None for no intervals.

    Shapes: `lower`, `upper` and `occurred` as for every rule of this module; `weights` of their common shape, or None
    for equal ones.
    Errors: as for every rule of this module; lower ≤ upper, no weight below 0, not all of them 0.
    Source: reference/scoring.md, section 4.

    >>> interval_coverage([0, 0], [1, 1], [1, 2])
    0.5
    """
    low, high, y = _together(lower=lower, upper=upper, occurred=occurred)
    _refuse_crossing("upper", np.stack([low, high], axis=-1))
    share = checked_weights("weights", weights, y.shape)
    return float(np.average((low <= y) & (y <= high), weights=share)) if y.size else None


def crps_ensemble(members: ArrayLike, occurred: ArrayLike, *, fair: bool = False) -> float | Floats:
    """Continuous ranked probability score of each ensemble of m members X, `mean|X − occurred| − ½·mean|X − X′|`.

    Range [0, ∞), a loss in the units of `occurred`; one member costs its distance. The second mean divides by m²: the
    score of the ensemble's own step function. With `fair` it divides by m(m − 1), which estimates without bias the
    score of the distribution the members were drawn from; then single scores may be below 0.

    Shapes: `members` (…, m), m ≥ 1, with `fair` m ≥ 2; `occurred` (…).
    Errors: as for every rule of this module.
    Source: Matheson and Winkler 1976; reference/scoring.md, section 2.6.

    >>> crps_ensemble([1.0, 3.0], 2), crps_ensemble([1.0, 3.0], 2, fair=True)
    (0.5, 0.0)
    """
    x, y = _together(members=members, occurred=_column("occurred", occurred))
    x, m = np.sort(x, axis=-1), x.shape[-1]
    if m < 1 + fair:
        raise ValueError(f"members must hold at least {1 + fair} along the last dimension, not {m}")
    ranks = 2.0 * np.arange(m) - (m - 1.0)  # Σ_i Σ_j |x_i − x_j| = 2 Σ_i (2i − m + 1)·x_(i), counted from 0
    pairs = m * (m - 1.0) if fair else m * m
    return plain(np.asarray(np.abs(x - y).mean(axis=-1) - ((x - y) * ranks).sum(axis=-1) / pairs))


def crps_normal(mean: ArrayLike, deviation: ArrayLike, occurred: ArrayLike) -> float | Floats:
    """Continuous ranked probability score of each normal distribution, `σ·[z·(2Φ(z) − 1) + 2φ(z) − 1/√π]`.

    z = (occurred − mean)/σ, σ the standard deviation. Range [0, ∞), a loss in the units of `occurred`.

    Shapes and errors: as for every rule of this module; deviation above 0.
    Source: Gneiting and Raftery 2007, section 4.2.

    >>> round(crps_normal(0, 1, 0), 6)
    0.233695
    """
    mu, sigma, y = _together(mean=mean, deviation=deviation, occurred=occurred)
    if sigma.size and not sigma.min() > 0.0:
        raise ValueError(f"deviation must be above 0, not {sigma.min():g}")
    z = (y - mu) / sigma
    density = np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
    return plain(np.asarray(sigma * (z * (2.0 * ndtr(z) - 1.0) + 2.0 * density - 1.0 / math.sqrt(math.pi))))


def crps_from_quantiles(quantiles: ArrayLike, occurred: ArrayLike, levels: ArrayLike) -> float | Floats:
    """Continuous ranked probability score estimated from m quantiles of each forecast: twice their mean quantile loss.

    Range [0, ∞), a loss in the units of `occurred`. It says as much as the quantiles do and invents no distribution
    between them; for a median and central intervals it is the weighted interval score.

    Shapes: `quantiles` (…, m), none below the one before; `occurred` (…); `levels` (m,), rising.
    Errors: as for every rule of this module; each level between 0 and 1.
    Source: reference/scoring.md, section 2.6.

    >>> crps_from_quantiles([4.0, 6.0, 8.0], 9, [0.25, 0.5, 0.75])
    2.3333333333333335
    """
    tau = row("levels", _inner("levels", levels))
    if not tau.size or (np.diff(tau) <= 0.0).any():
        raise ValueError("levels must hold at least one level and rise")
    q, y = _together(quantiles=_ladder("quantiles", quantiles, tau.size), occurred=_column("occurred", occurred))
    _refuse_crossing("quantiles", q)
    return plain(np.asarray(2.0 * _pinball(q, y, tau).mean(axis=-1)))


def _pinball(q: Floats, y: Floats, tau: Floats) -> Floats:
    return np.asarray(((y < q) - tau) * (q - y))


def _summed(dispersion: Floats, under: Floats, over: Floats) -> IntervalScore:
    return IntervalScore(*(plain(np.asarray(part)) for part in (dispersion + under + over, dispersion, under, over)))


def _together(**given: ArrayLike) -> list[Floats]:
    """The arguments as finite numbers, spread over their common shape."""
    arrays = {name: real(name, values) for name, values in given.items()}
    for name, values in arrays.items():
        for other, others in arrays.items():
            fitting(name, values, other, others)
    return [np.asarray(values) for values in np.broadcast_arrays(*arrays.values())]


def _inner(name: str, given: ArrayLike) -> Floats:
    values = real(name, given)
    if values.size and not (values.min() > 0.0 and values.max() < 1.0):
        raise ValueError(f"{name} must lie between 0 and 1, both excluded")
    return values


def _ladder(name: str, given: ArrayLike, steps: int) -> Floats:
    """So many values to each forecast, along the last dimension."""
    values = real(name, given)
    if not values.ndim or values.shape[-1] != steps:
        raise ValueError(f"{name} must hold {steps} values along its last dimension, not {values.shape}")
    return values


def _column(name: str, given: ArrayLike) -> Floats:
    """One value to each forecast, to stand beside several along the last dimension."""
    return np.asarray(real(name, given)[..., np.newaxis])


def _refuse_crossing(name: str, ladder: Floats) -> None:
    crossing = (np.diff(ladder, axis=-1) < 0.0).any(axis=-1)
    if crossing.any():
        raise ValueError(f"{name}: quantiles must not cross (forecast {int(np.argmax(crossing))})")
