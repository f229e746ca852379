"""Calibration by isotonic regression (CORP): do stated probabilities match what came true?

No bins and nothing to tune. Equal probabilities are pooled, the pooled outcomes are made monotone in the probability
(the *recalibrated* forecast), and the mean score splits exactly into miscalibration − discrimination + uncertainty.
An outcome is 0 or 1, or a share in [0, 1]: the fit is a regression of the mean, so shares need nothing special.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression
from scipy.special import xlog1py, xlogy

from predictions.scoring import checks

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Least = Callable[[Any], Any]  # of a mean outcome, or of an array of them
Rule = Literal["brier", "logarithmic"]

NO_ROWS = "no rows"
INFINITE = "a probability of 0 or 1 was wrong: its logarithmic loss is infinite"


@dataclass(frozen=True, eq=False, slots=True)
class Pooled:
    """Rows of equal probability put together; all arrays (m,), probabilities distinct and rising.

    `occurred` is the weighted mean outcome, `weight` the sum of weights, `rows` their number, `squared` the weighted
    sum of occurred² (shares need it for an exact Brier mean). `grid` is None, or the number of steps of the grid to
    which the probabilities were rounded first: whoever shows such figures must say so.
    """

    probability: Floats
    occurred: Floats
    weight: Floats
    rows: Whole
    squared: Floats
    grid: int | None


@dataclass(frozen=True, eq=False, slots=True)
class Decomposition:
    """`mean = miscalibration − discrimination + uncertainty`, each in the units of the rule.

    None is what cannot be computed; `reason` says why (`NO_ROWS` or `INFINITE`) and is None where nothing is missing.
    """

    mean: float | None
    miscalibration: float | None
    discrimination: float | None
    uncertainty: float | None
    reason: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Blocks:
    """Stretches on which the recalibrated forecast is constant: first and last probability, that constant, size."""

    start: Floats
    end: Floats
    mean: Floats
    weight: Floats
    rows: Whole


@dataclass(frozen=True, eq=False, slots=True)
class Reliability:
    """The curve of the reliability diagram: `recalibrated` over `probability`, both (m,), and its constant blocks."""

    probability: Floats
    recalibrated: Floats
    weight: Floats
    blocks: Blocks
    grid: int | None


def pooled(
    probability: ArrayLike, occurred: ArrayLike, weight: ArrayLike | None = None, *, grid: int | None = None
) -> Pooled:
    """Rows of equal probability put together, as the isotonic fit needs them.

    `grid=100` first rounds each probability to the nearest of 0, 0.01, …, 1 (halves to the even step). That lessens
    the optimism of the fit and bounds the work, but adds a little miscalibration that is not the forecaster's.
    Rows of weight 0 are left out, as if deleted.

    Shapes: `probability` and `occurred` are (n,) in [0, 1], `weight` (n,) at least 0; the result holds m ≤ n cells.
    Errors: ValueError, naming the argument, for other values, types or shapes, and for weights that are all 0.
    Source: reference/scoring.md, section 5.1; Dimitriadis, Gneiting and Jordan 2021.

    >>> cells = pooled([0.4, 0.1, 0.4], [0, 0, 1])
    >>> cells.probability, cells.occurred, cells.weight
    (array([0.1, 0.4]), array([0. , 0.5]), array([1., 2.]))
    """
    p, y = paired(probability, occurred)
    w = checks.weights("weight", weight, p.shape)
    if w.size and w.min() == 0.0:
        p, y, w = p[w > 0.0], y[w > 0.0], w[w > 0.0]
    x, cell = distinct(p, grid)
    mass, total, squared = (np.bincount(cell, part, len(x)).astype(np.float64) for part in (w, w * y, w * y * y))
    rows = np.bincount(cell, minlength=len(x))
    return Pooled(x, np.minimum(total / mass, 1.0), mass, rows, squared, grid)


def recalibrated(cells: Pooled) -> Floats:
    """The weighted least-squares fit of the mean outcomes that never falls as the probability rises.

    Range [0, 1]; (m,) like `cells.probability`, and empty for no cells.
    Source: Ayer, Brunk, Ewing, Reid and Silverman 1955 (pool adjacent violators); scipy.optimize.isotonic_regression.

    >>> recalibrated(pooled([0.1, 0.2, 0.3, 0.4], [0, 1, 0, 1]))
    array([0. , 0.5, 0.5, 1. ])
    """
    return _monotone(cells)[0]


def decomposition(
    probability: ArrayLike, occurred: ArrayLike, weight: ArrayLike | None = None, *, rule: Rule = "brier"
) -> Decomposition:
    """The mean score, split: `mean = miscalibration − discrimination + uncertainty`.

    With the mean scores S of the forecasts, R of the recalibrated ones and M of the constant mean outcome:
    miscalibration S − R, discrimination M − R, uncertainty M. All are at least 0. `mean`, `miscalibration` and
    `uncertainty` are losses (Brier 0–1, or nats); of `discrimination` more is better.
    Miscalibration is fitted in sample, so it is above 0 even for a perfect forecaster: set it beside
    `bands.consistency_band(…).null_miscalibration_95`, and never rank by it.

    Constant probability: discrimination 0. One outcome only: uncertainty and discrimination 0. No rows: all None.
    Where `rule="logarithmic"` costs infinity, mean and miscalibration are None with `reason` INFINITE, while
    the other two stand; clip the probabilities beforehand, and say so, to have all four.
    Shapes and errors as for `pooled`; ValueError also for an unknown rule.
    Source: reference/scoring.md, sections 2.9 and 5.1; Dimitriadis, Gneiting and Jordan 2021.

    >>> parts = decomposition([0.1, 0.4, 0.4, 0.8], [0, 0, 1, 1])
    >>> [round(x, 4) for x in (parts.mean, parts.miscalibration, parts.discrimination, parts.uncertainty)]
    [0.1425, 0.0175, 0.125, 0.25]
    """
    if rule not in ("brier", "logarithmic"):
        raise ValueError(f"rule must be 'brier' or 'logarithmic', not {rule!r}")
    cells = pooled(probability, occurred, weight)
    if not cells.weight.size:
        return Decomposition(None, None, None, None, NO_ROWS)
    return _of_brier(cells) if rule == "brier" else _of_logarithmic(cells)


def reliability(
    probability: ArrayLike, occurred: ArrayLike, weight: ArrayLike | None = None, *, grid: int | None = None
) -> Reliability:
    """The recalibrated forecast over the stated one, with its blocks: what a reliability diagram draws.

    Calibration is the diagonal. Between two probabilities of one block the curve is flat, elsewhere it is read
    linearly. Shapes, `grid` and errors as for `pooled`; no rows give empty arrays.
    Source: reference/scoring.md, section 5.1.

    >>> curve = reliability([0.1, 0.2, 0.3, 0.4], [0, 1, 0, 1])
    >>> curve.blocks.start, curve.blocks.end, curve.blocks.mean, curve.blocks.rows
    (array([0.1, 0.2, 0.4]), array([0.1, 0.3, 0.4]), array([0. , 0.5, 1. ]), array([1, 2, 1]))
    """
    cells = pooled(probability, occurred, weight, grid=grid)
    fit, edges = _monotone(cells)
    first, last = edges[:-1], edges[1:] - 1
    x, mass, rows = cells.probability, cells.weight, cells.rows
    blocks = Blocks(x[first], x[last], fit[first], np.add.reduceat(mass, first), np.add.reduceat(rows, first))
    return Reliability(x, fit, mass, blocks, grid)


def paired(probability: ArrayLike, occurred: ArrayLike) -> tuple[Floats, Floats]:
    """Both arguments as one row each of the same length, in [0, 1]; ValueError naming the one that is not.

    >>> paired([0.5], [1])
    (array([0.5]), array([1.]))
    """
    p = checks.row("probability", checks.unit_interval("probability", probability))
    return p, checks.same_shape("occurred", checks.unit_interval("occurred", occurred), "probability", p)


def distinct(probability: Floats, grid: int | None = None) -> tuple[Floats, Whole]:
    """The distinct probabilities, rising, and for each row which of them it has; rounded to the grid, if there is one.

    >>> distinct(np.array([0.4, 0.1, 0.4]))
    (array([0.1, 0.4]), array([1, 0, 1]))
    """
    if grid is None:
        return np.unique(probability, return_inverse=True)
    if isinstance(grid, bool) or not isinstance(grid, int) or grid < 1:
        raise ValueError(f"grid must be a whole number of steps, at least 1, not {grid!r}")
    step = np.rint(probability * grid).astype(np.int64)  # counting the steps spares the sort
    taken = np.bincount(step, minlength=grid + 1) > 0
    return np.flatnonzero(taken) / grid, (np.cumsum(taken) - 1)[step]


def _monotone(cells: Pooled) -> tuple[Floats, Whole]:
    """The fit, and where its blocks begin, closed by the number of cells."""
    fit = isotonic_regression(cells.occurred, weights=cells.weight)
    return np.clip(fit.x, 0.0, 1.0), fit.blocks


def _of_brier(cells: Pooled) -> Decomposition:
    """Inside a block the outcomes average to the fit, so its mean score is its variance, p̂(1 − p̂) for yes and no.

    For shares that overstates every mean score but the differences by the same `excess`, mean y(1 − y).
    """
    x, y = cells.probability, cells.occurred
    excess = _mean(cells, y - cells.squared / cells.weight)
    return _parts(cells, _mean(cells, (x - y) ** 2 + y * (1.0 - y)), _spread, excess)


def _of_logarithmic(cells: Pooled) -> Decomposition:
    """Likewise with the entropy of the fit, which is finite where the loss of a rounded 0 or 1 might not be."""
    x, y = cells.probability, cells.occurred
    return _parts(cells, _mean(cells, -(xlogy(y, x) + xlog1py(1.0 - y, -x))), _entropy, 0.0)


def _parts(cells: Pooled, mean: float, least: Least, excess: float) -> Decomposition:
    """The parts, given the mean score and the least mean score attainable for an expected outcome.

    None of the parts is negative; rounding might make them so by one unit in the last place.
    """
    of_constant = float(least(min(_mean(cells, cells.occurred), 1.0)))
    of_recalibrated = _mean(cells, least(recalibrated(cells)))
    discrimination, uncertainty = max(of_constant - of_recalibrated, 0.0), max(of_constant - excess, 0.0)
    if np.isinf(mean):
        return Decomposition(None, None, discrimination, uncertainty, INFINITE)
    return Decomposition(max(mean - excess, 0.0), max(mean - of_recalibrated, 0.0), discrimination, uncertainty)


def _spread(mean: Floats | float) -> Floats | float:
    return mean * (1.0 - mean)


def _entropy(mean: Floats | float) -> Floats | float:
    return -(xlogy(mean, mean) + xlog1py(1.0 - mean, -mean))


def _mean(cells: Pooled, values: Floats) -> float:
    return float(cells.weight @ values / cells.weight.sum())
