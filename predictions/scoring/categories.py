"""Scoring rules for one of several outcomes: categories, and ordered categories such as bins of a number or a date.

Every rule takes `probability` (…, K) with K ≥ 2, each row in [0, 1] and adding up to 1, and `occurred`: either the
index of what occurred, counted from 0, whole numbers of shape (…); or the share of each category, of probability's
shape, each row adding up to 1. Then each forecast is read as the expected shares, and the rules stay strictly proper
for them. The result has the shape (…); one row alone gives a float. ValueError, naming the argument, for anything
else; a sum off by at most 1e-6 passes and is scored as it is: renormalise when writing, not here.

Categories that were not yet options when a forecast was made hold probability 0, and `option_in_force` says what to
score such a forecast on. Losses and rewards of predictions with different K are not comparable: see `uniform_brier`.
"""

from collections.abc import Callable
from functools import wraps

import numpy as np
from numpy.typing import ArrayLike, NDArray

from predictions.scoring.checks import Floats, Whole, classes, numeric, plain, unit_interval

SUM_TOLERANCE = 1e-6


def _rule(maths: Callable[[Floats, Floats], Floats]) -> Callable[[ArrayLike, ArrayLike], float | Floats]:
    """Checked arguments in, the outcome as shares of the categories, plain numbers out."""

    @wraps(maths)
    def face(probability: ArrayLike, occurred: ArrayLike) -> float | Floats:
        p = _shares("probability", probability)
        return plain(np.asarray(maths(p, _outcome(occurred, p))))

    return face


@_rule
def multiclass_brier(probability: Floats, occurred: Floats) -> Floats:
    """Brier score of each forecast over all categories in Brier's own 0–2 convention, `Σ_k (p_k − o_k)²`.

    Range [0, 2], a loss: 0 best; the uniform forecast costs 1 − 1/K. For K = 2 it is twice `rules.brier`.

    Shapes and errors: as for every rule of this module.
    Source: Brier 1950.

    >>> multiclass_brier([0.5, 0.25, 0.25], 0)
    0.375
    """
    return np.asarray(((probability - occurred) ** 2).sum(axis=-1))


@_rule
def multiclass_brier_half(probability: Floats, occurred: Floats) -> Floats:
    """Half the Brier score over all categories, `½ Σ_k (p_k − o_k)²`, which for K = 2 is `rules.brier`.

    Range [0, 1], a loss: 0 best; the uniform forecast costs half of 1 − 1/K.

    Shapes and errors: as for every rule of this module.
    Source: reference/scoring.md, section 2.2.

    >>> multiclass_brier_half([[0.75, 0.25], [0.5, 0.5]], [1, 0])
    array([0.5625, 0.25  ])
    """
    return np.asarray(((probability - occurred) ** 2).sum(axis=-1) / 2.0)


@_rule
def multiclass_quadratic(probability: Floats, occurred: Floats) -> Floats:
    """Quadratic score of each forecast, `1 − Σ_k (p_k − o_k)²`, which for one outcome k is `2 p_k − Σ_i p_i²`.

    Range [−1, 1], a reward: 1 best; the uniform forecast earns 1/K. It is 1 − `multiclass_brier`: show one of the two.

    Shapes and errors: as for every rule of this module.
    Source: Gneiting and Raftery 2007, section 3.1.

    >>> multiclass_quadratic([0.5, 0.25, 0.25], 0)
    0.625
    """
    return np.asarray(1.0 - ((probability - occurred) ** 2).sum(axis=-1))


@_rule
def multiclass_spherical(probability: Floats, occurred: Floats) -> Floats:
    """Spherical score of each forecast, `Σ_k o_k p_k / √(Σ_k p_k²)`.

    Range [0, 1], a reward: 1 best for one outcome; the uniform forecast earns 1/√K.

    Shapes and errors: as for every rule of this module.
    Source: Good 1971; Gneiting and Raftery 2007.

    >>> round(multiclass_spherical([0.5, 0.25, 0.25], 0), 6)
    0.816497
    """
    return np.asarray((probability * occurred).sum(axis=-1) / np.sqrt((probability**2).sum(axis=-1)))


@_rule
def multiclass_logarithmic(probability: Floats, occurred: Floats) -> Floats:
    """Logarithmic score of each forecast in nats, `−Σ_k o_k ln p_k` with 0·ln 0 = 0.

    Range [0, ∞], a loss: 0 best for one outcome; the uniform forecast costs ln K. What was given probability 0 costs
    infinity when it occurs: nothing is clipped here. For shares the least value is their entropy, not 0.

    Shapes and errors: as for every rule of this module.
    Source: Good 1952; Gneiting and Raftery 2007, section 3.2.

    >>> multiclass_logarithmic([[1.0, 0.0], [1.0, 0.0]], [0, 1])
    array([ 0., inf])
    """
    with np.errstate(divide="ignore"):  # ln 0 is meant: the infinite loss of a flat miss
        logs = np.log(np.where(occurred > 0.0, probability, 1.0))
    return np.asarray(np.abs((occurred * logs).sum(axis=-1)))


@_rule
def ranked_probability(probability: Floats, occurred: Floats) -> Floats:
    """Ranked probability score of each forecast of ordered categories, `Σ_{k<K} (P_k − O_k)²` over cumulative sums.

    Range [0, K − 1], a loss: 0 best. Unnormalised: it grows with the number of categories. Shares are compared by
    their cumulative sums.

    Shapes and errors: as for every rule of this module; the categories stand in their order.
    Source: Epstein 1969; Murphy 1971.

    >>> ranked_probability([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]], [0, 2])
    array([0.3125, 0.8125])
    """
    return np.asarray(_split_losses(probability, occurred).sum(axis=-1))


@_rule
def ranked_probability_normalised(probability: Floats, occurred: Floats) -> Floats:
    """Ranked probability score over K − 1: the mean Brier score (0–1) of the statements “at or below category k”.

    Range [0, 1], a loss: 0 best. For K = 2 it is `rules.brier`.

    Shapes and errors: as for every rule of this module; the categories stand in their order.
    Source: reference/scoring.md, section 2.3.

    >>> ranked_probability_normalised([0.5, 0.25, 0.25], 0)
    0.15625
    """
    return np.asarray(_split_losses(probability, occurred).mean(axis=-1))


@_rule
def ordered_brier(probability: Floats, occurred: Floats) -> Floats:
    """Good Judgment’s rule for ordered categories: the mean 0–2 Brier score of the statements “at or below category k”.

    Range [0, 2], a loss: 0 best. Twice `ranked_probability_normalised`.

    Shapes and errors: as for every rule of this module; the categories stand in their order.
    Source: reference/scoring.md, section 2.3.

    >>> ordered_brier([0.5, 0.25, 0.25], 0)
    0.3125
    """
    return np.asarray(2.0 * _split_losses(probability, occurred).mean(axis=-1))


def uniform_brier(categories: ArrayLike) -> float | Floats:
    """What the uniform forecast costs in `multiclass_brier`, `1 − 1/K` whatever occurs.

    Range [0.5, 1), a loss. Subtract it, or divide by it, before averaging predictions with different K.

    Shapes: numbers of options in force, whole numbers from 2, of any shape; a single one gives a float.
    Errors: ValueError for anything else.
    Source: reference/scoring.md, section 2.2.

    >>> uniform_brier([2, 4])
    array([0.5 , 0.75])
    """
    counts = np.asarray(categories)
    if counts.size and (counts.dtype.kind not in "iu" or counts.min() < 2):
        raise ValueError("categories must be whole numbers of at least 2")
    return plain(np.asarray(1.0 - 1.0 / counts.astype(np.float64)))


def option_in_force(occurred: ArrayLike, in_force: ArrayLike, *, other: int) -> Whole:
    """The category to score each forecast on: what occurred, or “Other” where that was not yet an option of its own.

    A forecast is scored with the options in force when it was made, and probability put on “Other” covers whatever
    had not yet been split out of it.

    Shapes: `occurred` whole numbers (n,), indices into the final set of K options; `in_force` boolean (n, K), the
    options each forecast could choose from; `other` the index of “Other”. Returns int64 (n,).
    Errors: ValueError, naming the argument, for other types or shapes, and where neither was an option.
    Source: reference/scoring.md, section 2.2.

    >>> option_in_force([2, 2], [[True, True, False], [True, True, True]], other=1)
    array([1, 2])
    """
    options = np.asarray(in_force)
    if options.ndim != 2 or options.dtype.kind != "b":
        raise ValueError(f"in_force must hold booleans (n, K), not {options.dtype} of shape {options.shape}")
    index, rest = classes("occurred", occurred, options.shape[1]), int(classes("other", other, options.shape[1]))
    _refuse_shape("occurred", index, options.shape[:1])
    rows = np.arange(len(index))
    scored = np.where(options[rows, index], index, rest)
    if not options[rows, scored].all():
        raise ValueError(
            f"in_force holds neither what occurred nor other (row {int(np.argmin(options[rows, scored]))})"
        )
    return scored


def _split_losses(p: Floats, o: Floats) -> Floats:
    """Squared error of each statement “at or below category k”; the last, always true, is left out."""
    loss: Floats = np.cumsum(p - o, axis=-1)[..., :-1] ** 2
    return loss


def _shares(name: str, given: ArrayLike) -> Floats:
    values = unit_interval(name, given)
    if not values.ndim or values.shape[-1] < 2:
        raise ValueError(f"{name} must have at least two categories, not the shape {values.shape}")
    sums = values.sum(axis=-1)
    if (np.abs(sums - 1.0) > SUM_TOLERANCE).any():
        first = int(np.argmax(np.abs(sums - 1.0) > SUM_TOLERANCE))
        raise ValueError(f"{name} must add up to 1, not {sums.flat[first]:.7g} (row {first})")
    return values


def _outcome(occurred: ArrayLike, p: Floats) -> Floats:
    """Shares as they are, or 1 for the category whose index is given and 0 for the others."""
    if numeric("occurred", occurred).ndim == p.ndim:
        shares = _shares("occurred", occurred)
        _refuse_shape("occurred", shares, p.shape)
        return shares
    index = classes("occurred", occurred, p.shape[-1])
    _refuse_shape("occurred", index, p.shape[:-1])
    return (index[..., np.newaxis] == np.arange(p.shape[-1])).astype(np.float64)


def _refuse_shape(name: str, values: NDArray[np.generic], shape: tuple[int, ...]) -> None:
    if values.shape != shape:
        raise ValueError(f"{name} has shape {values.shape}, not {shape}")
