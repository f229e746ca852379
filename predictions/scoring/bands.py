"""Bands for the reliability diagram, by resampling, with the null distribution of miscalibration as a by-product.

A *consistency band* answers “where would the curve lie, were the forecaster calibrated?”; a *confidence band* answers
“where may the true curve lie?”. Both draw rows anew, refit the isotonic curve and take pointwise quantiles.

Rows that share an outcome (one prediction forecast by several; predictions settled by one event) are no independent
evidence. They belong to one *cluster*: clusters are drawn whole, and in a consistency band all rows of a drawn copy
share one uniform u, each coming true where u lies below its probability. So each row keeps its own probability, and
rows of equal probability turn out alike; no law with these chances ties two rows more closely. Forecasters who
disagree about one outcome cannot all be right given what the others say, so there this is an approximation: of
calibrated pools (100 to 400 predictions × 5 to 20 forecasters) 5–8% exceeded their null 95% point, against 40–98%
with rows taken as independent. Clusters of one row each follow the law of independent rows. Predictions that one
event settles in opposite ways are not told apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression

from predictions.scoring.calibration import decomposition, distinct, paired
from predictions.scoring.redraws import Draw, Rows, calibrated, observed, rows_of

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEAST_RESAMPLES = 200  # however many rows: with fewer, a 5% point rests on a handful of curves
AFFORDABLE_ROWS = 60_000_000  # drawn in all
AFFORDABLE_POINTS = 10_000_000  # of all curves, which are held at once
AT_ONCE = 100_000  # rows drawn and fitted in one go, so that the work stays in the processor's cache
TIE = 1e-12  # miscalibrations nearer than this are equal but for rounding


@dataclass(frozen=True, eq=False, slots=True)
class Band:
    """Bounds of the recalibrated forecast at each distinct probability, all (m,), and how they were come by.

    `null_miscalibration_95` is the 95% point of the miscalibration (Brier, 0–1) of a calibrated forecaster with such
    probabilities, and `p_value` the chance that it reaches the one observed: (1 + #{null ≥ observed}) / (B + 1).
    Rows drawn twice lessen the fit's freedom, so both are a little severe: in simulation (n = 20 to 1,000) 7% of
    calibrated forecasters lay above the point, not 5%. Both are None in a confidence band and for no rows;
    `p_value` also where no outcomes were given.
    `resamples` is the number drawn, which may be below the number asked for.
    """

    probability: Floats
    lower: Floats
    upper: Floats
    level: float
    resamples: int
    null_miscalibration_95: float | None = None
    p_value: float | None = None


def consistency_band(
    probability: ArrayLike,
    occurred: ArrayLike | None = None,
    *,
    rng: np.random.Generator,
    cluster: ArrayLike | None = None,
    resamples: int = 1000,
    level: float = 0.90,
    grid: int | None = None,
) -> Band:
    """Where the reliability curve of a calibrated forecaster with these probabilities would lie, pointwise.

    Each resample draws rows with replacement, lets each come true with its own probability, fits the curve anew and
    reads it linearly at every distinct probability; the band holds the middle `level` of the values at each.
    `cluster` names rows that share an outcome: see the head of this file. `grid` rounds probabilities first, and the
    rounded ones are then the forecast. Fewer resamples are drawn, but at least 200, where resamples × rows exceed
    60 million or resamples × distinct probabilities 10 million.
    Shares as outcomes vary less than yes and no, so for them all of this is conservative: see `confidence_band`.

    Shapes: `probability` and `occurred` (n,) in [0, 1], `cluster` (n,) integers. No rows give an empty band.
    Errors: ValueError, naming the argument; also for more than 50,000 distinct probabilities (give a grid).
    Source: reference/scoring.md, sections 2.9 and 5.2; Dimitriadis, Gneiting and Jordan 2021.

    >>> band = consistency_band([0.1] * 50 + [0.8] * 50, rng=np.random.default_rng(1))
    >>> band.probability, band.resamples, bool(band.lower[1] < 0.8 < band.upper[1])
    (array([0.1, 0.8]), 1000, True)
    """
    p, y = paired(probability, probability if occurred is None else occurred)
    rows = rows_of(p, cluster, grid)
    curves, null = _resampled(rows, calibrated(rows, rng), resamples, level)
    null_95 = float(np.quantile(null, 0.95)) if null.size else None
    p_value = None if occurred is None else _p_value(distinct(p, grid), y, null)
    return _band(rows, curves, level, null_95, p_value)


def confidence_band(
    probability: ArrayLike,
    occurred: ArrayLike,
    *,
    rng: np.random.Generator,
    cluster: ArrayLike | None = None,
    resamples: int = 1000,
    level: float = 0.90,
    grid: int | None = None,
) -> Band:
    """Where the true reliability curve may lie, pointwise: the bootstrap of whole clusters, outcomes and all.

    Each resample draws clusters (rows, where no `cluster` is given) with replacement, keeps their outcomes and
    refits. Outcomes are not drawn from a law, so shares are taken as they are. It needs many rows on each distinct
    probability: in simulation (nine probabilities, truth p²) the 90% band held 89% of the curve at n = 2,000, 83% at
    400 and 73% at 100, missing where nothing had come true yet. Where all probabilities differ, the plain bootstrap
    of an isotonic fit is inconsistent pointwise (Kosorok 2008; 73% held at n = 400): give a grid.

    Shapes, `cluster`, `grid`, number of resamples and errors as for `consistency_band`.
    Source: reference/scoring.md, sections 2.9 and 5.2.

    >>> band = confidence_band([0.5] * 100, [0, 1] * 50, rng=np.random.default_rng(1))
    >>> bool(band.lower[0] < 0.5 < band.upper[0]), band.p_value
    (True, None)
    """
    p, y = paired(probability, occurred)
    rows = rows_of(p, cluster, grid)
    curves, _ = _resampled(rows, observed(rows, y, rng), resamples, level)
    return _band(rows, curves, level)


def refitted(count: ArrayLike, total: ArrayLike) -> tuple[Floats, Mask]:
    """Isotonic fits of several resamples in one call.

    Resample b is raised by 2b before the fit and lowered after: all outcomes lie in [0, 1], so no two resamples can
    pool, and one monotone fit of all is the fit of each, but for rounding.

    Shapes: `count` of rows and `total` of outcomes per resample and cell, both (B, m). Returns the fits of the cells
    that have rows, one after the other, and the mask (B, m) of those cells.

    >>> refitted([[1, 1], [0, 2]], [[1, 0], [0, 1]])[0]
    array([0.5, 0.5, 0.5])
    """
    counts, totals = np.asarray(count), np.asarray(total)
    drawn = counts > 0
    weight = counts[drawn].astype(np.float64)
    lift = np.repeat(2.0 * np.arange(len(counts)), np.count_nonzero(drawn, axis=1))
    fit = isotonic_regression(totals[drawn] / weight + lift, weights=weight).x - lift
    return np.clip(fit, 0.0, 1.0, out=fit), drawn


def interpolated(probability: Floats, fit: Floats, drawn: Mask) -> Floats:
    """The curves (B, m) at every probability: linear between cells that were drawn, level beyond the outermost.

    >>> interpolated(np.array([0.1, 0.2, 0.3]), np.array([0.2, 0.6]), np.array([[True, False, True]]))
    array([[0.2, 0.4, 0.6]])
    """
    curves = np.empty(drawn.shape)
    curves[drawn] = fit
    resample, cell = np.nonzero(~drawn)
    of, at = np.nonzero(drawn)
    # Among the drawn cells of all resamples: the one after each missing cell and the one before it. A neighbour in
    # another resample is none; then both are the one on the other side.
    after = np.cumsum(drawn)[resample * len(probability) + cell]
    before = np.where((after > 0) & (of[after - 1] == resample), after - 1, after)
    last = np.minimum(after, len(of) - 1)
    after = np.where(of[last] == resample, last, before)
    left, right = probability[at[before]], probability[at[after]]
    share = np.divide(probability[cell] - left, right - left, out=np.zeros(len(cell)), where=right > left)
    curves[resample, cell] = fit[before] + share * (fit[after] - fit[before])
    return curves


def _resampled(rows: Rows, draw: Draw, resamples: int, level: float) -> tuple[Floats, Floats]:
    """The curves (B, m) of all resamples and the miscalibration (B,) of each; B = 0 where there are no rows."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie between 0 and 1, not {level!r}")
    if resamples < 1:
        raise ValueError(f"resamples must be at least 1, not {resamples!r}")
    n = len(rows.cell)
    number = _affordable(resamples, n, len(rows.probability)) if n else 0
    curves, miscalibration = np.empty((number, len(rows.probability))), np.empty(number)
    for part in _slices(number, max(1, AT_ONCE // max(n, 1))):
        count, total = draw(part.stop - part.start)
        curves[part] = interpolated(rows.probability, *refitted(count, total))
        miscalibration[part] = _miscalibration(rows.probability, count, total, curves[part])
    return curves, miscalibration


def _affordable(resamples: int, rows: int, cells: int) -> int:
    return min(resamples, max(LEAST_RESAMPLES, min(AFFORDABLE_ROWS // rows, AFFORDABLE_POINTS // cells)))


def _slices(number: int, step: int) -> Iterator[slice]:
    return (slice(start, min(start + step, number)) for start in range(0, number, step))


def _miscalibration(x: Floats, count: NDArray[np.int64], total: Floats, curves: Floats) -> Floats:
    """Per resample, mean Brier score less that of the fit: Σ (x − p̂)·(count·(x + p̂) − 2·total) / Σ count."""
    excess: Floats = ((x - curves) * (count * (x + curves) - 2.0 * total)).sum(axis=1)
    return excess / count.sum(axis=1)


def _p_value(cells: tuple[Floats, NDArray[np.int64]], y: Floats, null: Floats) -> float | None:
    """Share of the null at or above the miscalibration observed, counting the latter itself."""
    x, cell = cells
    seen = decomposition(x[cell], y).miscalibration
    return None if seen is None else (1 + int((null >= seen - TIE).sum())) / (len(null) + 1)


def _band(rows: Rows, curves: Floats, level: float, null_95: float | None = None, p_value: float | None = None) -> Band:
    tail = (1.0 - level) / 2.0
    curves.sort(axis=0)
    lower, upper = _at(curves, tail), _at(curves, 1.0 - tail)
    return Band(rows.probability, lower, upper, level, len(curves), null_95, p_value)


def _at(ordered: Floats, share: float) -> Floats:
    """Quantile of each sorted column, linear between order statistics (numpy's default); of none, empty."""
    if not len(ordered):
        return np.empty(0)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return np.asarray(ordered[low] + (place - low) * (ordered[high] - ordered[low]))
