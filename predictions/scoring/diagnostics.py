"""Secondary looks at a set of forecasts: discrimination, sharpness, binned calibration, elementary scores.

None of these is a headline. For calibration without bins see `calibration`.
Bins are half open: each holds its upper edge and not its lower one; the lowest holds both.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from predictions.scoring import checks
from predictions.scoring.calibration import distinct, paired

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Spacing = Literal["uniform", "quantile", "distinct"]


@dataclass(frozen=True, eq=False, slots=True)
class Histogram:
    """`edges` (k + 1,) from 0 to 1 and the summed weight `counts` (k,) of the probabilities between them."""

    edges: Floats
    counts: Floats


@dataclass(frozen=True, slots=True)
class Spiegelhalter:
    """z and its two-sided p-value; both None where z has no spread to be measured against."""

    z: float | None
    p_value: float | None


@dataclass(frozen=True, eq=False, slots=True)
class Binned:
    """The mean Brier score by bins, and per bin with rows (k,) the mean probability, mean outcome and weight.

    `mean = miscalibration − discrimination + uncertainty + within_bin_variance − within_bin_covariance`.
    All None, and the arrays empty, for no rows.
    """

    mean: float | None
    miscalibration: float | None
    discrimination: float | None
    uncertainty: float | None
    within_bin_variance: float | None
    within_bin_covariance: float | None
    probability: Floats
    occurred: Floats
    weight: Floats


def auc(probability: ArrayLike, occurred: ArrayLike) -> float | None:
    """Chance that what came true had been given more than what did not, `P(p⁺ > p⁻) + ½·P(p⁺ = p⁻)`.

    Range [0, 1], more is better, 0.5 for guessing; blind to calibration. None unless both outcomes occur.

    Shapes: `probability` (n,) in [0, 1], `occurred` (n,), each 0 or 1 (shares have no classes).
    Errors: ValueError naming the argument. Source: Mann and Whitney 1947; reference/scoring.md, section 4.

    >>> auc([0.1, 0.4, 0.4, 0.8], [0, 0, 1, 1])
    0.875
    """
    p, y = _yes_or_no(probability, occurred)
    x, cell = distinct(p)
    came_true = np.bincount(cell, y, len(x))
    failed = np.bincount(cell, 1.0 - y, len(x))
    pairs = float(came_true.sum() * failed.sum())
    below = np.cumsum(failed) - 0.5 * failed
    return float(came_true @ below) / pairs if pairs else None


def sharpness(probability: ArrayLike, weight: ArrayLike | None = None) -> float | None:
    """Weighted mean of p(1 − p): what the forecasts would cost on average in Brier score were they calibrated.

    Range [0, 0.25], less is sharper; a property of the forecasts alone. None for no rows.

    Shapes: (n,) in [0, 1], `weight` (n,) at least 0. Errors: ValueError naming the argument.
    Source: reference/scoring.md, section 4; Gneiting, Balabdaoui and Raftery 2007.

    >>> sharpness([0.5, 1.0])
    0.125
    """
    p = checks.row("probability", checks.unit_interval("probability", probability))
    w = checks.weights("weight", weight, p.shape)
    return float(np.average(p * (1.0 - p), weights=w)) if p.size else None


def histogram(
    probability: ArrayLike, weight: ArrayLike | None = None, *, bins: int = 10, grid: int | None = None
) -> Histogram:
    """How much weight lies in each of `bins` equal bins, or at each step of a grid.

    With `grid` there is a bin for every step 0, 1/grid, …, 1, half as wide at both ends, and `bins` is not looked at.

    Shapes: (n,) in [0, 1], `weight` (n,) at least 0. Errors: ValueError naming the argument.
    Source: reference/scoring.md, section 4.

    >>> histogram([0.1, 0.2, 0.9], bins=5).counts
    array([2., 0., 0., 0., 1.])
    >>> histogram([0.1, 0.2, 0.9], grid=2).edges
    array([0.  , 0.25, 0.75, 1.  ])
    """
    p = checks.row("probability", checks.unit_interval("probability", probability))
    w = checks.weights("weight", weight, p.shape)
    if grid is None:
        edges = _even(bins)
        place = _binned_at(p, edges)
    else:
        x, cell = distinct(p, grid)
        edges = np.concatenate(([0.0], (np.arange(grid) + 0.5) / grid, [1.0]))
        place = np.rint(x * grid).astype(np.int64)[cell]
    return Histogram(edges, np.bincount(place, w, len(edges) - 1).astype(np.float64))


def spiegelhalter(probability: ArrayLike, occurred: ArrayLike) -> Spiegelhalter:
    """Is the mean Brier score what calibration leads one to expect? `z = Σ(y−p)(1−2p) / √Σ(1−2p)²p(1−p)`.

    Standard normal under calibration and independence: one row per prediction. Above 0 the score is worse than
    expected, below 0 better. Miscalibration that cancels escapes it. Both None where every p is 0, ½ or 1.

    Shapes: `probability` (n,) in [0, 1], `occurred` (n,), each 0 or 1: not valid for shares.
    Errors: ValueError naming the argument. Source: Spiegelhalter 1986; reference/scoring.md, section 5.4.

    >>> result = spiegelhalter([0.2, 0.2, 0.9], [1, 0, 1])
    >>> round(result.z, 4), round(result.p_value, 4)
    (0.6736, 0.5006)
    """
    p, y = _yes_or_no(probability, occurred)
    slope = 1.0 - 2.0 * p
    spread = float(np.sqrt(np.sum(slope * slope * p * (1.0 - p))))
    if spread == 0.0:
        return Spiegelhalter(None, None)
    z = float(np.sum((y - p) * slope)) / spread
    return Spiegelhalter(z, float(2.0 * ndtr(-abs(z))))


def binned(
    probability: ArrayLike,
    occurred: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    bins: int = 10,
    spacing: Spacing = "uniform",
) -> Binned:
    """The mean Brier score split by bins, with the terms within bins that make the split exact. Secondary.

    With p̄, ȳ the means of a bin: miscalibration mean (p̄ − ȳ)², discrimination mean (ȳ − mean y)², uncertainty the
    variance of y, within-bin variance mean (p − p̄)², within-bin covariance mean 2(y − ȳ)(p − p̄). The values move
    with the bins. `spacing`: "uniform" widths, "quantile" (equal numbers of rows, weights not looked at), or
    "distinct" (a bin for each probability: both within-bin terms are 0, and `bins` is not looked at).

    Shapes: `probability` and `occurred` (n,) in [0, 1], `weight` (n,) at least 0.
    Errors: ValueError naming the argument.
    Source: Murphy 1973; Stephenson, Coelho and Jolliffe 2008; reference/scoring.md, section 5.3.

    >>> parts = binned([0.1, 0.2, 0.7, 0.9], [0, 1, 1, 1], bins=2)
    >>> round(parts.miscalibration, 5), parts.discrimination, parts.uncertainty
    (0.08125, 0.0625, 0.1875)
    """
    p, y = paired(probability, occurred)
    w = checks.weights("weight", weight, p.shape)
    p, y, w = p[w > 0.0], y[w > 0.0], w[w > 0.0]
    place = _place(p, bins, spacing)
    if not p.size:
        return Binned(None, None, None, None, None, None, p, y, w)
    return _split(p, y, w / w.sum(), np.unique(place, return_inverse=True)[1], w)


def elementary(probability: ArrayLike, occurred: ArrayLike, threshold: ArrayLike) -> float | Floats:
    """Elementary score at threshold θ: `|y − θ|` where θ lies between p and y (min ≤ θ < max), else 0.

    Range [0, 1], a loss: what one who acts only above chance θ regrets. Every proper score is a mixture of these, so
    a forecaster whose mean is lower at every θ is better under all. The whole value; some packages give half of it.

    Shapes: numbers or arrays in [0, 1], broadcast against each other; three scalars give a float.
    Errors: ValueError naming the argument.
    Source: Ehm, Gneiting, Jordan and Krüger 2016; reference/scoring.md, section 5.5.

    >>> elementary(0.25, 1, [0.125, 0.5])
    array([0. , 0.5])
    """
    p, y = checks.unit_interval("probability", probability), checks.unit_interval("occurred", occurred)
    theta = checks.unit_interval("threshold", threshold)
    checks.fitting("occurred", y, "probability", p)
    checks.fitting("threshold", theta, "probability and occurred", np.broadcast_arrays(p, y)[0])
    between = (np.minimum(p, y) <= theta) & (theta < np.maximum(p, y))
    return checks.plain(np.asarray(np.where(between, np.abs(y - theta), 0.0)))


def murphy_curve(
    probability: ArrayLike, occurred: ArrayLike, threshold: ArrayLike, weight: ArrayLike | None = None
) -> Floats:
    """Weighted mean elementary score at each threshold: the curve of the Murphy diagram, in O((n + T)·log n).

    Range and orientation of `elementary`; twice the area under the curve is the mean Brier score. NaN for no rows.

    Shapes: `probability` and `occurred` (n,), `threshold` (T,) in [0, 1], `weight` (n,) at least 0; returns (T,).
    Errors: ValueError naming the argument. Source: as `elementary`.

    >>> murphy_curve([0.25, 0.5], [1, 0], [0.125, 0.5])
    array([0.0625, 0.25  ])
    """
    p, y = paired(probability, occurred)
    theta = checks.row("threshold", checks.unit_interval("threshold", threshold))
    w = checks.weights("weight", weight, p.shape)
    if not p.size:
        return np.full(theta.shape, np.nan)
    # Between p and y a row costs ±(y − θ), linear in θ: it sets in at the lesser of the two and ends at the greater.
    slope = np.sign(y - p) * w
    turns = np.concatenate((np.minimum(p, y), np.maximum(p, y)))
    order = np.argsort(turns)
    slopes = np.append(0.0, np.cumsum(np.concatenate((slope, -slope))[order]))
    levels = np.append(0.0, np.cumsum(np.concatenate((slope * y, -slope * y))[order]))
    heard = np.searchsorted(turns[order], theta, side="right")
    return np.maximum((levels[heard] - theta * slopes[heard]) / w.sum(), 0.0)


def _yes_or_no(probability: ArrayLike, occurred: ArrayLike) -> tuple[Floats, Floats]:
    p, y = paired(probability, occurred)
    return p, checks.yes_or_no("occurred", y)


def _even(bins: int) -> Floats:
    """Edges as fractions, not by steps: 3/10 is what people write as 0.3."""
    if isinstance(bins, bool) or not isinstance(bins, int) or bins < 1:
        raise ValueError(f"bins must be a whole number, at least 1, not {bins!r}")
    return np.arange(bins + 1) / bins


def _binned_at(p: Floats, edges: Floats) -> Whole:
    return np.searchsorted(edges[1:-1], p)


def _place(p: Floats, bins: int, spacing: str) -> Whole:
    if spacing not in ("uniform", "quantile", "distinct"):
        raise ValueError(f"spacing must be 'uniform', 'quantile' or 'distinct', not {spacing!r}")
    even = _even(bins)
    if spacing == "distinct" or not p.size:
        return distinct(p)[1]
    return _binned_at(p, even if spacing == "uniform" else np.quantile(p, even))


def _split(p: Floats, y: Floats, share: Floats, place: Whole, weight: Floats) -> Binned:
    """The parts by their definitions; `share` sums to 1, `place` counts the bins that have rows."""
    mass = np.bincount(place, share)
    p_mean, y_mean = (np.bincount(place, share * values) / mass for values in (p, y))
    p_off, y_off = p - p_mean[place], y - y_mean[place]
    overall = float(share @ y)
    return Binned(
        mean=float(share @ (p - y) ** 2),
        miscalibration=float(mass @ (p_mean - y_mean) ** 2),
        discrimination=float(mass @ (y_mean - overall) ** 2),
        uncertainty=float(share @ (y - overall) ** 2),
        within_bin_variance=float(share @ p_off**2),
        within_bin_covariance=float(share @ (2.0 * y_off * p_off)),
        probability=p_mean,
        occurred=y_mean,
        weight=np.bincount(place, weight).astype(np.float64),
    )
