"""How far to trust a mean or a proportion: intervals that are honest at small n.

The unit is the cluster: predictions settled by one event (the awaited trigger) stand or fall together, so they are
drawn, and counted, together. scipy.special is imported here, so the package does not load this file by itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtri, stdtrit

from predictions.scoring.checks import Floats, Whole, real, row, same_shape, weights

FEWEST_FOR_INTERVAL = 5  # clusters; below it no interval is shown
FEWEST_FOR_BOOTSTRAP = 50  # below it the percentile bootstrap is too narrow (scoring.md, section 7.2)
RESAMPLES = 2000
SEED = 20261122  # where the caller brings no generator: the same rows give the same interval
CHUNK = 64_000  # clusters drawn at a time: a megabyte, small enough to stay in the processor's cache


@dataclass(frozen=True)
class Interval:
    """A mean with its interval: `low` and `high` are None where `method` is "none"; `n` rows in `clusters`."""

    mean: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int
    method: str


def mean_interval(
    value: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
    rng: np.random.Generator | None = None,
    resamples: int = RESAMPLES,
) -> Interval:
    """Weighted mean Σ w·v / Σ w of the rows, with an interval that takes the cluster as its unit.

    Clusters < 5: no interval ("none"). 5 … 49: mean ± t·se on (clusters − 1) degrees of freedom, where se² is the
    linearised variance of a ratio, C/(C−1) · Σ (A_c − mean·W_c)² / (Σ W_c)², A_c and W_c being a cluster's Σ w·v and
    Σ w; with one row of weight 1 in each cluster it is the plain t interval ("t"). From 50: percentiles of the same
    ratio over `resamples` draws of whole clusters ("bootstrap").

    Range, orientation and units are those of `value`. A row of weight 0 counts nowhere, `n` included. Without rows the
    mean is None.
    Shapes: `value` (n,) finite; `weight` (n,), none negative; `cluster` (n,) labels that can be sorted, without which
    every row is its own cluster. `rng` absent: a fixed seed, so that the figure can be recomputed.
    Errors: ValueError, naming the argument, for other shapes, missing or infinite values, a level outside (0, 1).
    Source: reference/scoring.md, section 7.1; Cochran, Sampling Techniques, on the ratio estimator.

    >>> mean_interval([0.1, 0.2, 0.3, 0.4, 0.5]).method
    't'
    >>> mean_interval([0.1, 0.3], cluster=[7, 7])
    Interval(mean=0.2, low=None, high=None, n=2, clusters=1, method='none')
    """
    tail, totals, sizes, n = (1 - _level(level)) / 2, *cluster_totals(value, cluster, weight)
    if not n:
        return Interval(None, None, None, 0, 0, "none")
    mean, clusters = float(totals.sum() / sizes.sum()), len(sizes)
    if clusters < FEWEST_FOR_INTERVAL:
        return Interval(mean, None, None, n, clusters, "none")
    if clusters < FEWEST_FOR_BOOTSTRAP:
        reach = float(stdtrit(clusters - 1, 1 - tail)) * ratio_error(totals, sizes)
        return Interval(mean, mean - reach, mean + reach, n, clusters, "t")
    ratios = _resampled(totals, sizes, rng or np.random.default_rng(SEED), resamples)
    low, high = np.quantile(ratios, [tail, 1 - tail])
    return Interval(mean, float(low), float(high), n, clusters, "bootstrap")


def cluster_totals(
    value: ArrayLike, cluster: ArrayLike | None = None, weight: ArrayLike | None = None
) -> tuple[Floats, Floats, int]:
    """Σ w·v and Σ w of each cluster that has weight, and the number of rows that have.

    Errors: as `mean_interval`.

    >>> cluster_totals([1, 2, 4], cluster=["a", "b", "a"])
    (array([5., 2.]), array([2., 1.]), 3)
    """
    values = row("value", real("value", value))
    weighed = weights("weight", weight, values.shape)
    heard = weighed > 0.0
    n, products = int(np.count_nonzero(heard)), values * weighed
    if cluster is None:
        return products[heard], weighed[heard], n
    label = same_shape("cluster", np.asarray(cluster), "value", values)[heard]
    names, place = np.unique(label, return_inverse=True)
    return _summed(place, products[heard], len(names)), _summed(place, weighed[heard], len(names)), n


def ratio_error(totals: Floats, sizes: Floats) -> float:
    """Linearised standard error of Σ totals / Σ sizes; needs two clusters."""
    clusters, whole = len(sizes), sizes.sum()
    residual = totals - totals.sum() / whole * sizes
    return float(np.sqrt(clusters / (clusters - 1) * (residual**2).sum()) / whole)


def jeffreys_interval(successes: float, n: float, *, level: float = 0.95) -> tuple[float, float] | None:
    """Equal-tailed interval of a proportion after the prior Beta(½, ½): quantiles of Beta(k + ½, n − k + ½).

    Range [0, 1]; None where n = 0. At k = 0 it does not reach 0, at k = n not 1: these are plain quantiles.
    Errors: ValueError unless 0 ≤ successes ≤ n and 0 < level < 1.
    Source: reference/scoring.md, section 7.1; Brown, Cai and DasGupta 2001.

    >>> [round(end, 4) for end in jeffreys_interval(7, 9)]
    [0.4562, 0.9507]
    """
    tail = (1 - _level(level)) / 2
    if not _counted(successes, n):
        return None
    a, b = successes + 0.5, n - successes + 0.5
    return float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail))


def wilson_interval(successes: float, n: float, *, level: float = 0.95) -> tuple[float, float] | None:
    """Wilson's score interval of a proportion: (k + z²/2 ± z·√(k(n−k)/n + z²/4)) / (n + z²).

    Range [0, 1]; None where n = 0.
    Errors: ValueError unless 0 ≤ successes ≤ n and 0 < level < 1.
    Source: Wilson 1927.

    >>> [round(end, 4) for end in wilson_interval(7, 9)]
    [0.4526, 0.9368]
    """
    z = float(ndtri((1 + _level(level)) / 2))
    if not _counted(successes, n):
        return None
    reach = z * float(np.sqrt(successes * (n - successes) / n + z**2 / 4))
    middle, size = successes + z**2 / 2, n + z**2
    return max(0.0, (middle - reach) / size), min(1.0, (middle + reach) / size)


def clopper_pearson(successes: float, n: float, *, level: float = 0.95) -> tuple[float, float] | None:
    """Exact interval of a proportion, never covering less than `level`: quantiles of Beta(k, n−k+1), Beta(k+1, n−k).

    Range [0, 1], from 0 at k = 0 and to 1 at k = n; None where n = 0.
    Errors: ValueError unless 0 ≤ successes ≤ n and 0 < level < 1.
    Source: Clopper and Pearson 1934.

    >>> [round(end, 4) for end in clopper_pearson(7, 9)]
    [0.3999, 0.9719]
    """
    tail = (1 - _level(level)) / 2
    if not _counted(successes, n):
        return None
    low = float(betaincinv(successes, n - successes + 1, tail)) if successes > 0 else 0.0
    high = float(betaincinv(successes + 1, n - successes, 1 - tail)) if successes < n else 1.0
    return low, high


@dataclass(frozen=True)
class Proportions:
    """Proportions drawn towards each other: `value` (k,); `a`, `b` are None where no difference is detectable."""

    value: Floats
    a: float | None
    b: float | None


def beta_by_moments(successes: ArrayLike, n: ArrayLike) -> Proportions:
    """Many forecasters' proportions, each shrunken to (a + k)/(a + b + n) by a Beta(a, b) fitted by moments.

    With p = Σk/Σn and S = Σ nᵢ(pᵢ − p)², the share of the spread that lies between forecasters is
    ρ = (S/(p(1−p)) − (m−1)) / (N − m + 1 − Σnᵢ²/N), and a + b = (1−ρ)/ρ, a = p(a+b). Where ρ ≤ 0, or where nothing
    tells the forecasters apart (nobody has two trials, one forecaster, p is 0 or 1), everybody gets p; at ρ ≥ 1 their
    own pᵢ. Nobody without trials enters the fit; such a one gets p.

    Range [0, 1]. Shapes: (m,) both, returns (m,).
    Errors: ValueError unless 0 ≤ successes ≤ n in every row, with a trial in one at least.
    Source: reference/scoring.md, section 7.1; Kleinman 1973 for the moments.

    >>> fitted = beta_by_moments([1, 9, 5], [10, 10, 10])
    >>> [round(float(share), 3) for share in fitted.value]
    [0.125, 0.875, 0.5]
    """
    hits = row("successes", real("successes", successes))
    trials = same_shape("n", real("n", n), "successes", hits)
    if not trials.sum() > 0 or (hits < 0).any() or (hits > trials).any():
        raise ValueError("successes must lie between 0 and n, and n must be above 0 somewhere")
    common, between = hits.sum() / trials.sum(), _between(hits[trials > 0], trials[trials > 0])
    if between <= 0:
        return Proportions(np.full(len(hits), common), None, None)
    if between >= 1:
        own: Floats = np.divide(hits, trials, out=np.full(len(hits), common), where=trials > 0)
        return Proportions(own, 0.0, 0.0)
    size = (1 - between) / between
    return Proportions((size * common + hits) / (size + trials), float(size * common), float(size * (1 - common)))


def _between(hits: Floats, trials: Floats) -> float:
    """ρ of `beta_by_moments`; 0 where it cannot be told."""
    whole = trials.sum()
    common = hits.sum() / whole
    noise, room = common * (1 - common), whole - len(hits) + 1 - (trials**2).sum() / whole
    if noise <= 0 or room <= 1e-9 * whole:
        return 0.0
    return float(((trials * (hits / trials - common) ** 2).sum() / noise - (len(hits) - 1)) / room)


def _resampled(totals: Floats, sizes: Floats, rng: np.random.Generator, resamples: int) -> Floats:
    """The ratio in each resample. Totals and sizes travel as one complex number: one gather and one sum for both."""
    if resamples < 1:
        raise ValueError(f"resamples must be at least 1, not {resamples}")
    clusters, mean = len(sizes), totals.sum() / sizes.sum()
    both = (totals - mean * sizes) + 1j * sizes
    ratios, step = np.empty(resamples), max(1, CHUNK // clusters)
    for start in range(0, resamples, step):
        stop = min(start + step, resamples)
        drawn = both.take(rng.integers(0, clusters, size=(stop - start, clusters))).sum(axis=1)
        ratios[start:stop] = mean + drawn.real / drawn.imag
    return ratios


def _summed(place: Whole, values: Floats, count: int) -> Floats:
    return np.bincount(place, weights=values, minlength=count).astype(np.float64, copy=False)


def _counted(successes: float, n: float) -> bool:
    """Whether there was a trial; refuses counts that cannot be."""
    if not (0 <= successes <= n < np.inf):
        raise ValueError(f"successes must lie between 0 and n, not {successes:g} of {n:g}")
    return n > 0


def _level(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level:g}")
    return level
