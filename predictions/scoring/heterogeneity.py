"""Do forecasters differ in skill at all, or does chance explain their means? Asked before anybody is ranked.

That a variance between forecasters is estimated above 0 proves nothing: under chance alone it is so nearly half the
time. scipy.special is imported here, so the package does not load this file by itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from predictions.scoring.checks import Floats, real, row, same_shape
from predictions.scoring.skill import FEWEST_FOR_OWN_SPREAD, VANISHING

LEAST = float(np.finfo(float).tiny)  # a p-value that underflows is small, not impossible
NO_SPREAD = "no forecaster's scores vary, so chance cannot be told from skill"


@dataclass(frozen=True)
class Heterogeneity:
    """F statistic and p-value of the hypothesis that all means are equal; both None with a `reason`."""

    statistic: float | None
    p_value: float | None
    reason: str | None = None


def heterogeneity(mean: ArrayLike, n: ArrayLike, spread: ArrayLike, *, zero_sum: bool = False) -> Heterogeneity:
    """Welch's test that k means are equal: F = Σ w(mean − m)²/(k − 1) / (1 + 2(k − 2)/(k² − 1)·Λ).

    w = n/s² and m = Σ w·mean/Σw; Λ = Σ (1 − w/Σw)²/f, f being the degrees of freedom behind s; F has k − 1 and
    (k² − 1)/(3Λ) of them. s is the forecaster's own `spread` from n = 10 on, and otherwise, or where it is 0, the one
    pooled within forecasters, whose freedom is Σ(n − 1).
    `zero_sum`: the scores add up to 0 over the forecasters of each prediction, as peer points do. They then lie
    further apart than independent ones, and F is multiplied by (k − 1)/k. That is exact for equal n and spreads where
    every two meet equally often. In simulation (Brier scores; 400 worlds each of 2 to 60 forecasters with n of 5 to 40)
    1–8% of worlds without a difference came out below p = 0.05; where forecasters only ever met in fixed pairs, or
    losses were as skewed as the exponential, up to 10%.

    Units: any; F ≥ 0, p-value in (0, 1]. Shapes: (k,) all; n counts independent events; `spread` is the sample standard
    deviation, not looked at where n = 1 (NaN will do).
    None with a reason: fewer than two forecasters, or no spread within any of them.
    Errors: ValueError, naming the argument, for other shapes, n below 1, missing numbers.
    Source: Welch 1951; reference/scoring.md, section 7.3 for the pooling.

    >>> round(heterogeneity([0.0, 0.1], [20, 20], [0.1, 0.1]).p_value, 4)
    0.0031
    >>> heterogeneity([0.0, 0.1], [1, 1], [np.nan, np.nan]).reason
    "no forecaster's scores vary, so chance cannot be told from skill"
    """
    means = row("mean", real("mean", mean))
    counts = same_shape("n", real("n", n), "mean", means)
    if (counts < 1).any():
        raise ValueError("n must be at least 1 for every forecaster")
    given = same_shape("spread", np.asarray(spread, dtype=np.float64), "mean", means)
    squares = real("spread", np.where(counts > 1, given, 0.0)) ** 2
    if len(means) < 2:
        return Heterogeneity(None, None, "fewer than two forecasters")
    return _tested(means, counts, squares, zero_sum)


def _tested(means: Floats, n: Floats, squares: Floats, zero_sum: bool) -> Heterogeneity:
    k, freedom = len(means), float((n - 1).sum())
    pooled = float((squares * (n - 1)).sum()) / max(freedom, 1.0)
    vanishing = (VANISHING * float(np.abs(means).max())) ** 2
    if pooled <= vanishing:
        return Heterogeneity(None, None, NO_SPREAD)
    is_pooled = (n < FEWEST_FOR_OWN_SPREAD) | (squares <= vanishing)
    weight = n / np.where(is_pooled, pooled, squares)
    share = weight / weight.sum()
    between = float(weight @ (means - share @ means) ** 2) / (k - 1) * ((k - 1) / k if zero_sum else 1.0)
    lost = float(((1 - share) ** 2 / np.where(is_pooled, freedom, n - 1)).sum())
    statistic = between / (1 + 2 * (k - 2) / (k**2 - 1) * lost)
    p_value = max(LEAST, float(fdtrc(k - 1, (k**2 - 1) / (3 * lost), statistic)))
    return Heterogeneity(statistic, p_value)
