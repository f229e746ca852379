"""Who is better, once luck and the difficulty of the predictions are allowed for.

Shrinkage draws a mean from few predictions towards everybody's; ranks come with their uncertainty; the two-way model
separates forecasters from the difficulty of what they forecast.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.sparse import coo_array

from predictions.scoring.additive import graph_components, group_means, indexed, solved
from predictions.scoring.checks import Floats, Whole, real, row, same_shape, weights

FEWEST_FOR_OWN_SPREAD = 10  # below it a forecaster's variance is the one pooled over all
FLOOR = 30.0  # predictions that padding pretends everybody made
DRAWS = 2000
SEED = 20261122  # where the caller brings no generator: the same figures give the same ranks
CHUNK = 2_000_000  # draws held at a time
VANISHING = 1e-12  # a spread below this share of the means is rounding


@dataclass(frozen=True)
class Shrunken:
    """Skill of each forecaster after shrinkage; where it cannot be had, NaN throughout and a `reason`."""

    value: Floats
    variance: Floats
    population_mean: float
    population_variance: float
    reason: str | None = None


def shrink(mean: ArrayLike, n: ArrayLike, spread: ArrayLike, *, method: str = "dersimonian-laird") -> Shrunken:
    """Empirical-Bayes skill, (τ²·mean + v·μ)/(τ² + v), with posterior variance τ²v/(τ² + v).

    v = s²/n, s being the forecaster's `spread`, or the one pooled within forecasters where n < 10 or s is 0. τ², the
    variance between forecasters, by "dersimonian-laird" or "paule-mandel", never below 0; μ is the mean with weights
    1/(v + τ²). τ² = 0 gives everybody μ with variance 0: no detectable difference in skill. The uncertainty of μ and
    τ² themselves is not in the variance.

    Range and orientation are those of `mean`; variances in its unit squared.
    Shapes: (k,) all; `spread` is the sample standard deviation and is not looked at where n = 1 (NaN will do).
    NaN with a reason: fewer than two forecasters, or no spread within any of them.
    Errors: ValueError, naming the argument, for other shapes, n below 1, missing numbers, an unknown method.
    Source: reference/scoring.md, section 7.3; DerSimonian and Laird 1986; Paule and Mandel 1982.

    >>> drawn = shrink([0.00, 0.10], [20, 20], [0.1, 0.1])
    >>> drawn.value.round(3).tolist(), drawn.population_mean
    ([0.005, 0.095], 0.05)
    """
    means = row("mean", real("mean", mean))
    variance = _error_variance(means, n, spread)
    if method not in BETWEEN:
        raise ValueError(f"method must be one of {', '.join(BETWEEN)}, not {method!r}")
    if len(means) < 2:
        return _unknown(len(means), "fewer than two forecasters")
    if np.isnan(variance).any():
        return _unknown(len(means), "no forecaster's scores vary, so chance cannot be told from skill")
    return _shrunken(means, variance, method)


@dataclass(frozen=True)
class Ranks:
    """Interval of each forecaster's rank, 1 the best, and the chance of being the best."""

    best: Whole
    worst: Whole
    probability_best: Floats


def rank_intervals(
    value: ArrayLike,
    variance: ArrayLike,
    *,
    level: float = 0.95,
    draws: int = DRAWS,
    rng: np.random.Generator | None = None,
) -> Ranks:
    """Ranks among draws from independent normal posteriors: the level's central interval, and P(best).

    Rewards: rank 1 has the greatest value (hand in losses negated). Equal values drawn share their ranks by chance.
    Where all values are equal and certain (τ² = 0) everybody's interval is 1 … k and P(best) = 1/k, exactly. The
    answer does not depend on the order of the forecasters. Memory: 4 bytes × draws × k.

    Shapes: (k,) both, returns (k,). `rng` absent: a fixed seed.
    Errors: ValueError, naming the argument, for other shapes, missing numbers, negative variances, draws below 1.
    Source: reference/scoring.md, section 7.3.

    >>> placed = rank_intervals([0.5, 0.1, 0.4], [0.0001, 0.0001, 0.0001])
    >>> placed.best.tolist(), placed.worst.tolist(), placed.probability_best.tolist()
    ([1, 3, 2], [1, 3, 2], [1.0, 0.0, 0.0])
    """
    centre = row("value", real("value", value))
    spread = same_shape("variance", real("variance", variance), "value", centre)
    if (spread < 0).any() or draws < 1 or not 0 < level < 1:
        raise ValueError("variance must not be negative, draws at least 1, level between 0 and 1")
    k = len(centre)
    if k and not spread.any() and centre.min() == centre.max():
        return Ranks(np.ones(k, np.int64), np.full(k, k), np.full(k, 1 / k))
    order = np.lexsort((spread, -centre))  # drawn in one order whoever is named first
    ranks = _drawn_ranks(centre[order], np.sqrt(spread[order]), draws, rng or np.random.default_rng(SEED))
    ends = np.quantile(ranks, [(1 - level) / 2, (1 + level) / 2], axis=0, method="inverted_cdf")
    back = np.argsort(order)
    best, worst = ends[:, back].astype(np.int64)
    return Ranks(best, worst, (ranks == 1).mean(axis=0)[back])


def padding(total: ArrayLike, time_coverage: ArrayLike, *, floor: float = FLOOR) -> Floats:
    """The transparent fallback to shrinkage: sum of scores / max(floor, sum of time_coverage), per forecaster.

    Range and orientation are those of the scores; 0, "as good as the peers", is what the missing ones count.
    Shapes: (k,) both, already summed over predictions; returns (k,).
    Errors: ValueError, naming the argument, for other shapes, missing numbers, or a floor not above 0.
    Source: reference/scoring.md, section 7.3.

    >>> padding([3.0, 3.0], [10, 60]).tolist()
    [0.1, 0.05]
    """
    if not floor > 0:
        raise ValueError(f"floor must be above 0, not {floor:g}")
    sums = row("total", real("total", total))
    padded: Floats = sums / np.maximum(
        floor, same_shape("time_coverage", real("time_coverage", time_coverage), "total", sums)
    )
    return padded


@dataclass(frozen=True)
class TwoWay:
    """Effects of `forecasters` (k,) and `predictions` (m,), centred on the `mean` of their `component`.

    `variance` is that of a forecaster's effect; NaN where no residual is left to estimate it from.
    """

    forecasters: NDArray[np.generic]
    effect: Floats
    variance: Floats
    component: Whole
    predictions: NDArray[np.generic]
    difficulty: Floats
    prediction_component: Whole
    mean: Floats

    def shrunken(self, component: int) -> Shrunken:
        """The effects of one component's forecasters, in their order, shrunken towards their mean."""
        here = self.component == component
        if here.sum() < 2:
            return _unknown(int(here.sum()), "fewer than two forecasters")
        if not (self.variance[here] > 0).all():
            return _unknown(int(here.sum()), "no residual to estimate the error from")
        return _shrunken(self.effect[here], self.variance[here], "dersimonian-laird")


def two_way(
    forecaster: ArrayLike, prediction: ArrayLike, score: ArrayLike, *, weight: ArrayLike | None = None
) -> TwoWay:
    """Additive difficulty adjustment by weighted least squares: score = μ + aᵢ + b_q + error, on the pairs there are.

    Each component of the graph forecaster–prediction has its own μ, and its a and b are centred to an unweighted mean
    of 0: effects compare within a component only. The predictions are eliminated, and what remains is solved for the
    forecasters: directly up to 1,000 of them, with exact variances; beyond by conjugate gradients, where a variance
    holds the other forecasters fixed and is a little too small. Never rank on `effect` itself: see `shrunken`.

    Range and orientation are those of `score`. Shapes: (rows,) all, one row per pair; labels that can be sorted.
    Rows of weight 0 count nowhere.
    Errors: ValueError, naming the argument, for other shapes, missing numbers, negative weights;
    ArithmeticError where the iteration does not settle.
    Source: reference/scoring.md, section 8, rung 2.

    >>> fitted = two_way(["a", "a", "b", "b"], [1, 2, 1, 2], [0.1, 0.3, 0.2, 0.4])
    >>> fitted.effect.round(3).tolist(), fitted.difficulty.round(3).tolist(), fitted.mean.round(3).tolist()
    ([-0.05, 0.05], [-0.1, 0.1], [0.25])
    """
    scores = row("score", real("score", score))
    weighed = weights("weight", weight, scores.shape)
    heard = weighed > 0
    names, i = indexed("forecaster", forecaster, scores, heard)
    items, q = indexed("prediction", prediction, scores, heard)
    y, w, count = scores[heard], weighed[heard], len(names)
    group = graph_components(i, q, count, len(items))
    table = coo_array((w, (i, q)), shape=(count, len(items))).tocsr()
    whole = table.sum(axis=0)
    level = np.bincount(q, w * y, len(items)) / whole
    target: Floats = np.bincount(i, w * (y - level[q]), count).astype(np.float64)
    effect, inverse = solved(table, whole, target, group[:count])
    level -= table.T @ effect / whole
    freedom = len(y) - len(group) + len(np.unique(group))
    noise = float(w @ (y - effect[i] - level[q]) ** 2) / freedom if freedom > 0 else np.nan
    mean = group_means(level, group[count:])
    return TwoWay(
        names, effect, noise * inverse, group[:count], items, level - mean[group[count:]], group[count:], mean
    )


def components(forecaster: ArrayLike, prediction: ArrayLike) -> Whole:
    """Which component of the graph forecaster–prediction each pair lies in, counted from 0.

    Skill can be compared within a component only: between two there is no chain of common predictions.
    Shapes: (rows,) both, labels that can be sorted; returns (rows,).
    Errors: ValueError where they differ in shape.

    >>> components(["a", "b", "c"], [1, 1, 2]).tolist()
    [0, 0, 1]
    """
    label = row("forecaster", np.asarray(forecaster))
    all_rows = np.ones(label.shape, bool)
    names, i = indexed("forecaster", label, label, all_rows)
    items, q = indexed("prediction", prediction, label, all_rows)
    return graph_components(i, q, len(names), len(items))[i]


def _error_variance(means: Floats, n: ArrayLike, spread: ArrayLike) -> Floats:
    """s²/n of each mean, the s² pooled where there is too little of one's own; NaN where there is none to pool."""
    counts = same_shape("n", real("n", n), "mean", means)
    if (counts < 1).any():
        raise ValueError("n must be at least 1 for every forecaster")
    given = same_shape("spread", np.asarray(spread, dtype=np.float64), "mean", means)
    own = real("spread", np.where(counts > 1, given, 0.0)) ** 2
    pooled = (own * (counts - 1)).sum() / max((counts - 1).sum(), 1.0)
    vanishing = (VANISHING * np.abs(means).max(initial=0.0)) ** 2
    if pooled <= vanishing:
        return np.full(len(means), np.nan)
    variance: Floats = np.where((counts < FEWEST_FOR_OWN_SPREAD) | (own <= vanishing), pooled, own) / counts
    return variance


def _shrunken(means: Floats, variance: Floats, method: str) -> Shrunken:
    between = BETWEEN[method](means, variance)
    centre = float(np.average(means, weights=1 / (variance + between)))
    kept = between / (between + variance)
    return Shrunken(centre + kept * (means - centre), kept * variance, centre, between)


def _unknown(count: int, reason: str) -> Shrunken:
    return Shrunken(np.full(count, np.nan), np.full(count, np.nan), np.nan, np.nan, reason)


def _dersimonian_laird(means: Floats, variance: Floats) -> float:
    weight = 1 / variance
    heterogeneity = _heterogeneity(0.0, means, variance)
    room = weight.sum() - (weight**2).sum() / weight.sum()
    return max(0.0, float((heterogeneity - (len(means) - 1)) / room))


def _paule_mandel(means: Floats, variance: Floats) -> float:
    """The τ² at which the weighted squares are what chance alone would make them, k − 1; they fall as τ² rises."""

    def excess(between: float) -> float:
        return _heterogeneity(between, means, variance) - (len(means) - 1)

    if excess(0.0) <= 0:
        return 0.0
    most = float(((means - means.mean()) ** 2).sum())  # here the squares are below 1 whatever the variances
    return float(brentq(excess, 0.0, most, xtol=1e-15 * most, rtol=1e-14))


def _heterogeneity(between: float, means: Floats, variance: Floats) -> float:
    weight = 1 / (variance + between)
    return float(weight @ (means - np.average(means, weights=weight)) ** 2)


BETWEEN: dict[str, Callable[[Floats, Floats], float]] = {
    "dersimonian-laird": _dersimonian_laird,
    "paule-mandel": _paule_mandel,
}


def _drawn_ranks(centre: Floats, error: Floats, draws: int, rng: np.random.Generator) -> NDArray[np.int32]:
    """Rank of each forecaster in each draw, (draws, k); what is drawn equal is put in random order."""
    k = len(centre)
    ranks, step = np.empty((draws, k), np.int32), max(1, CHUNK // max(k, 1))
    for start in range(0, draws, step):
        size = (min(start + step, draws) - start, k)
        drawn = centre + error * rng.standard_normal(size)
        order = np.lexsort((rng.random(size), -drawn), axis=1)
        np.put_along_axis(ranks[start : start + size[0]], order, np.arange(1, k + 1, dtype=np.int32)[None, :], axis=1)
    return ranks
