"""Two forecasters on the same predictions, many forecasters at once, and how much evidence a gap needs.

A difference is the first one's score minus the other's on one prediction, over the time both stood. The unit is the
cluster, as in `uncertainty`: predictions settled by one event are summed before anything is tested.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtr

from predictions.scoring.checks import Floats, real, row, unit_interval
from predictions.scoring.uncertainty import (
    FEWEST_FOR_INTERVAL,
    RESAMPLES,
    SEED,
    cluster_totals,
    mean_interval,
    ratio_error,
)

MOST_FOR_SIGN_FLIP = 20  # clusters; half a million sign patterns, all of them tried
LEAST = float(np.finfo(float).tiny)  # a p-value that underflows is small, not impossible
ROUNDING = 1e-12  # sums that differ by less than this share of the whole are the same sum
CHUNK = 2_000_000  # resampled counts or gaps held at a time

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Comparison:
    """A mean difference, its interval and its p-value; where `p_value` is None, `reason` says why."""

    mean: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int
    p_value: float | None
    test: str | None
    reason: str | None = None


def paired(
    difference: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
    rng: np.random.Generator | None = None,
) -> Comparison:
    """Mean difference with its interval, and a two-sided test that it is 0.

    Up to 20 clusters: "sign-flip", exact: the share of all sign patterns of the cluster sums whose |sum| is at least
    the observed one. More: "paired t", mean/se on (clusters − 1) degrees of freedom with the se of `mean_interval`
    (the plain paired t test where every cluster has one row); where nothing varies around the mean, the share of sign
    patterns again. The interval is that of `mean_interval`.

    p-value in (0, 1], or None with a reason: fewer than two clusters, or no difference anywhere.
    Orientation and units are those of `difference`. Shapes: (n,) both; labels that can be sorted.
    Errors: ValueError, naming the argument, for other shapes, missing or infinite differences.
    Source: reference/scoring.md, section 6.1.

    >>> found = paired([0.1, 0.2, 0.3, -0.1])
    >>> found.test, found.p_value
    ('sign-flip', 0.375)
    >>> paired([0.0, 0.0, 0.0]).reason
    'every difference is 0'
    """
    around = mean_interval(row("difference", real("difference", difference)), cluster=cluster, level=level, rng=rng)
    totals, sizes, _ = cluster_totals(difference, cluster)
    p_value, test, reason = _tested(totals, sizes)
    return Comparison(around.mean, around.low, around.high, around.n, around.clusters, p_value, test, reason)


def holm(p_values: ArrayLike) -> Floats:
    """Holm's adjusted p-values, for up to ten planned comparisons: max over smaller ranks of (m − rank + 1)·p.

    Range [p, 1]; bounds the chance of any false alarm. Shapes: (m,), returns (m,) in the order given.
    Errors: ValueError for what is no row of numbers in [0, 1].
    Source: Holm 1979.

    >>> holm([0.25, 0.125]).tolist()
    [0.25, 0.25]
    """
    given = row("p_values", unit_interval("p_values", p_values))
    order = np.argsort(given, kind="stable")
    factor = np.arange(len(given), 0, -1)
    return _placed(order, np.maximum.accumulate(factor * given[order]))


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """Benjamini and Hochberg's adjusted p-values, for screening: min over larger ranks of m/rank·p.

    Range [p, 1]; bounds the share of false alarms among what is called different.
    Shapes: (m,), returns (m,) in the order given. Errors: ValueError for what is no row of numbers in [0, 1].
    Source: Benjamini and Hochberg 1995.

    >>> benjamini_hochberg([0.5, 0.125]).tolist()
    [0.5, 0.25]
    """
    given = row("p_values", unit_interval("p_values", p_values))
    order = np.argsort(given, kind="stable")[::-1]
    factor = len(given) / np.arange(len(given), 0, -1)
    return _placed(order, np.minimum.accumulate(factor * given[order]))


@dataclass(frozen=True)
class SeriesComparison:
    """Mean difference of a series, its statistic and two-sided p-value; both None where the variance is not above 0."""

    mean: float
    statistic: float | None
    p_value: float | None
    n: int


def diebold_mariano(difference: ArrayLike, *, horizon: int = 1) -> SeriesComparison:
    """Test that the mean of a TIME-ORDERED series of differences is 0, allowing for overlap of `horizon` − 1 steps.

    statistic = mean/√(V/n) · √((n + 1 − 2h + h(h−1)/n)/n) with V = γ₀ + 2·Σ_{k<h} γ_k (autocovariances over n), by
    the t distribution on n − 1 degrees of freedom. At h = 1 it is the paired t test. V can come out at or below 0:
    then there is no statistic. For predictions without an order in time use `paired`.

    Shapes: (n,), oldest first. Errors: ValueError, naming the argument, for fewer than two differences, missing or
    infinite ones, or a horizon outside 1 … n − 1.
    Source: Diebold and Mariano 1995; Harvey, Leybourne and Newbold 1997 for the correction.

    >>> round(diebold_mariano([0.1, 0.2, 0.3, -0.1]).statistic, 4)
    1.4639
    """
    given = row("difference", real("difference", difference))
    n = len(given)
    if n < 2:
        raise ValueError(f"difference must hold at least two values, not {n}")
    if not 1 <= horizon < n:
        raise ValueError(f"horizon must lie in 1 … {n - 1}, not {horizon}")
    mean = float(given.mean())
    apart = given - mean
    autocovariances = [float(apart[lag:] @ apart[: n - lag]) / n for lag in range(horizon)]
    variance = 2 * sum(autocovariances) - autocovariances[0]
    if variance <= (ROUNDING * float(np.abs(given).max())) ** 2:
        return SeriesComparison(mean, None, None, n)
    correction = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n
    statistic = mean / math.sqrt(variance / n) * math.sqrt(correction)
    return SeriesComparison(mean, statistic, _two_sided(statistic, n - 1), n)


@dataclass(frozen=True)
class BestComparison:
    """Each forecaster against the best: `gap` to it, its `statistic`, and whether that exceeds `critical`."""

    best: int
    gap: Floats
    statistic: Floats
    critical: float | None
    distinguishable: Flags


def max_t(
    score: ArrayLike, *, level: float = 0.95, rng: np.random.Generator | None = None, resamples: int = RESAMPLES
) -> BestComparison:
    """Who can be told from the best, when the best is picked from the same figures.

    Every pair is compared on the predictions (or clusters) both have: t = mean difference / se, put on the normal
    scale by its n − 1 degrees of freedom. Whole rows are drawn again, and `critical` is the `level` quantile of the
    greatest |t| of any pair, centred. Because all pairs are in it, the chance that anybody is wrongly told from
    anybody stays near 1 − level, whoever turns out best.

    Rewards: the best has the greatest mean. NaN marks a prediction that a forecaster does not have. Pairs with fewer
    than five rows in common, or without spread, have gap or statistic NaN and are never told apart; `critical` is None
    where no pair is left.
    Shapes: `score` (rows, forecasters); returns arrays (forecasters,). Memory grows with forecasters² × rows.
    Errors: ValueError where it is no table of numbers, or a forecaster has no score.
    Source: reference/scoring.md, section 6.1; Romano and Wolf 2005 for the single step.

    >>> told = max_t([[0.2, 0.1, -0.3], [0.1, 0.2, -0.2], [0.3, 0.1, -0.3], [0.1, 0.1, -0.2], [0.2, 0.3, -0.4]])
    >>> told.best, told.distinguishable.tolist()
    (0, [False, False, True])
    """
    table = _table(score)
    best = int(np.argmax(np.nanmean(table, axis=0)))
    first, second = np.triu_indices(table.shape[1], k=1)
    difference = table[:, first] - table[:, second]
    there = ~np.isnan(difference)
    mean, error = _pair_means(np.where(there, difference, 0.0), there)
    score_of_pair = _normal_score(mean / error, there.sum(axis=0))
    gap, statistic = np.zeros(table.shape[1]), np.zeros(table.shape[1])
    for ours, others, sign in ((first, second, 1.0), (second, first, -1.0)):
        gap[others[ours == best]] = sign * mean[ours == best]
        statistic[others[ours == best]] = sign * score_of_pair[ours == best]
    known = ~np.isnan(error)
    if not known.any():
        return BestComparison(best, gap, statistic, None, np.zeros(len(gap), bool))
    n = np.maximum(there.sum(axis=0), 2)  # resampled means vary too little, by this factor
    centred = np.where(there, (difference - mean) / error * np.sqrt(n / (n - 1)), 0.0)[:, known]
    greatest = _greatest(centred, there[:, known], rng or np.random.default_rng(SEED), resamples)
    critical = float(np.quantile(greatest, level))
    return BestComparison(best, gap, statistic, critical, statistic > critical)


def power_note(gap: float, deviation: float, *, power: float = 0.8, level: float = 0.95) -> int:
    """Common predictions needed to find a mean difference of `gap`: (z + z_power)² · deviation² / gap², rounded up.

    z is that of the two-sided `level`: 1.96 for 95%; z_power is 0.84 for 80%.

    `deviation` is the standard deviation of the paired difference on one prediction, in the units of `gap`.
    Errors: ValueError unless gap is not 0, deviation above 0, and power and level lie between 0 and 1.
    Source: the normal approximation; reference/scoring.md, section 7.2, puts the case below at ≈ 590, from figures
    before they were rounded.

    >>> power_note(0.018, 0.155)
    583
    """
    if gap == 0 or not (math.isfinite(gap) and deviation > 0 and math.isfinite(deviation)):
        raise ValueError("gap must not be 0, deviation must be above 0, and both finite")
    if not (0 < power < 1 and 0 < level < 1):
        raise ValueError("power and level must lie between 0 and 1")
    z = float(ndtri((1 + level) / 2) + ndtri(power))
    return max(1, math.ceil((z * deviation / gap) ** 2))


def _tested(totals: Floats, sizes: Floats) -> tuple[float | None, str | None, str | None]:
    """p-value, name of the test, reason where there is none."""
    clusters = len(totals)
    if clusters < 2:
        return None, None, "fewer than two predictions in common that do not hang together"
    if not totals.any():
        return None, None, "every difference is 0"
    if clusters <= MOST_FOR_SIGN_FLIP:
        return _sign_flip(totals), "sign-flip", None
    mean, error = float(totals.sum() / sizes.sum()), ratio_error(totals, sizes)
    if error <= ROUNDING * abs(mean):
        return max(0.5 ** (clusters - 1), LEAST), "sign-flip", None  # all of one sign: only all-plus and all-minus
    return _two_sided(mean / error, clusters - 1), "paired t", None


def _sign_flip(totals: Floats) -> float:
    """Share of sign patterns with |sum| at least the observed one. By symmetry the first sign can stay as it is."""
    sums = totals[:1]
    for total in totals[1:]:
        sums = np.concatenate([sums + total, sums - total])
    enough = abs(float(totals.sum())) - ROUNDING * float(np.abs(totals).sum())
    return float(np.mean(np.abs(sums) >= enough))


def _two_sided(statistic: float, freedom: int) -> float:
    return min(1.0, max(LEAST, 2 * float(stdtr(freedom, -abs(statistic)))))


def _placed(order: NDArray[np.intp], adjusted: Floats) -> Floats:
    """The adjusted values back in the order of the question, none above 1."""
    back = np.empty_like(adjusted)
    back[order] = np.minimum(adjusted, 1.0)
    return back


def _table(score: ArrayLike) -> Floats:
    table = np.asarray(score, dtype=np.float64)
    if table.ndim != 2 or np.isinf(table).any():
        raise ValueError("score must be a table, predictions × forecasters, of finite numbers or NaN")
    if not (~np.isnan(table)).any(axis=0).all():
        raise ValueError("score must hold at least one number for each forecaster")
    return table


def _pair_means(difference: Floats, there: Flags) -> tuple[Floats, Floats]:
    """Mean and standard error of each column over the rows it has; NaN where those are too few or do not vary."""
    n = there.sum(axis=0)
    mean: Floats = np.divide(difference.sum(axis=0), n, out=np.full(len(n), np.nan), where=n > 0)
    squares = (np.where(there, difference - mean, 0.0) ** 2).sum(axis=0)
    varies = squares > (ROUNDING * np.abs(difference).max(axis=0, initial=0.0)) ** 2
    enough = (n >= FEWEST_FOR_INTERVAL) & varies
    variance = np.divide(squares, n * (n - 1.0), out=np.full(len(n), np.nan), where=enough)
    return mean, np.sqrt(variance)


def _normal_score(statistic: Floats, n: NDArray[np.int64]) -> Floats:
    """The normal quantile that is as rare as this t on n − 1 degrees of freedom."""
    tail = np.maximum(stdtr(np.maximum(n - 1, 1), -np.abs(statistic)), LEAST)
    score: Floats = -np.sign(statistic) * ndtri(tail)
    return score


def _greatest(centred: Floats, there: Flags, rng: np.random.Generator, resamples: int) -> Floats:
    """The greatest |t| of any pair in each resample of the rows; the error stays as it was found."""
    rows, pairs = centred.shape
    greatest, step = np.empty(resamples), max(1, CHUNK // max(rows, pairs))
    present = there.astype(np.float64)
    for start in range(0, resamples, step):
        stop = min(start + step, resamples)
        times = rng.multinomial(rows, np.full(rows, 1 / rows), size=stop - start).astype(np.float64)
        sizes = np.maximum(times @ present, 1.0)
        greatest[start:stop] = np.abs(times @ centred / sizes).max(axis=1)
    return greatest
