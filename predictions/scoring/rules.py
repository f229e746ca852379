"""Scoring rules: what a single forecast costs once the truth is out.

Losses, lower is better, unless called a reward. An outcome is 0 or 1, or a share in [0, 1]: the part of the criteria
that came true. Then the forecast is read as the expected share, and every rule stays strictly proper for it.

Every rule takes two numbers in [0, 1] or arrays of them, broadcast against each other; two scalars give a float,
anything else an array. ValueError, naming the argument, for what is no number, is NaN, lies outside [0, 1] or does
not broadcast.
"""

from collections.abc import Callable
from functools import wraps
from typing import Protocol, cast, overload

import numpy as np
from numpy.typing import ArrayLike

from predictions.scoring.checks import Floats, fitting, is_yes_or_no, plain, unit_interval

Clip = tuple[float, float]  # the least and the greatest probability

CLIP = (1e-3, 1 - 1e-3)  # the bounds declared beside a mean over imported forecasts of 0 and 1


class Rule(Protocol):
    """The checked face of a rule."""

    @overload
    def __call__(self, probability: float, occurred: float) -> float: ...
    @overload
    def __call__(self, probability: Floats, occurred: ArrayLike) -> Floats: ...
    @overload
    def __call__(self, probability: ArrayLike, occurred: ArrayLike) -> float | Floats: ...


def _rule(maths: Callable[[Floats, Floats], Floats]) -> Rule:
    """Checked arguments in, plain numbers out, around the bare maths of one rule."""

    @wraps(maths)
    def face(probability: ArrayLike, occurred: ArrayLike) -> float | Floats:
        p, y = checked_pair(probability, occurred)
        with np.errstate(divide="ignore"):  # ln 0 is meant: the infinite loss of a flat miss
            return plain(maths(p, y))

    return cast(Rule, face)


@_rule
def brier(probability: Floats, occurred: Floats) -> Floats:
    """Brier score of each forecast in the 0–1 convention, `(probability − occurred)²`.

    Range [0, 1], a loss: 0 best, 1 worst, always-0.5 costs 0.25. (Brier's own form, 0–2, is twice this.)

    Shapes and errors: as for every rule of this module.
    Source: Brier 1950; halved as in meteorological use. For shares see Savage 1971 (squared error elicits the mean).

    >>> brier(0.25, 1)
    0.5625
    >>> brier([0.75, 0.5], [0, 0.5])
    array([0.5625, 0.    ])
    """
    loss: Floats = (probability - occurred) ** 2
    return loss


@_rule
def quadratic(probability: Floats, occurred: Floats) -> Floats:
    """Quadratic score of each forecast, `1 − 2(probability − occurred)²`: the Brier score turned into a reward.

    Range [−1, 1], a reward: 1 best, always-0.5 earns 0.5. It is 1 − Brier in the 0–2 convention: show one of the two.

    Shapes and errors: as for every rule of this module.
    Source: Gneiting and Raftery 2007, section 3.1.

    >>> quadratic([0.75, 1.0], [1, 0])
    array([ 0.875, -1.   ])
    """
    return 1.0 - 2.0 * (probability - occurred) ** 2


@_rule
def spherical(probability: Floats, occurred: Floats) -> Floats:
    """Spherical score of each forecast, `[occurred·p + (1 − occurred)·(1 − p)] / √(p² + (1 − p)²)`, p the probability.

    Range [0, 1], a reward: 1 best, always-0.5 earns 1/√2. Bounded, and milder at the tails than the logarithmic score.
    For shares this is the affine form, whose greatest value at p = occurred is less than 1.

    Shapes and errors: as for every rule of this module.
    Source: Good 1971; Gneiting and Raftery 2007.

    >>> round(spherical(0.75, 1), 6)
    0.948683
    """
    against = 1.0 - probability
    return (occurred * probability + (1.0 - occurred) * against) / np.hypot(probability, against)


@_rule
def logarithmic(probability: Floats, occurred: Floats) -> Floats:
    """Logarithmic score of each forecast in nats, `−[occurred·ln p + (1 − occurred)·ln(1 − p)]` with 0·ln 0 = 0.

    Range [0, ∞], a loss: 0 best, always-0.5 costs ln 2. A miss at probability 0 or 1 costs infinity and is
    reported as such: nothing is clipped here (see `bounded`). For shares this is the affine form, whose least value
    at p = occurred is the entropy of the share, not 0 (see `logarithmic_excess`).

    Shapes and errors: as for every rule of this module.
    Source: Good 1952; Gneiting and Raftery 2007, section 3.2.

    >>> round(logarithmic(0.5, 1), 6)
    0.693147
    >>> logarithmic([1.0, 0.0], 1)
    array([ 0., inf])
    """
    return _surprise(probability, occurred) if is_yes_or_no(occurred) else _expected_surprise(probability, occurred)


@_rule
def logarithmic_excess(probability: Floats, occurred: Floats) -> Floats:
    """Logarithmic score of each forecast above its floor, in nats: `logarithmic` minus the entropy of the share.

    `occurred·ln(occurred / p) + (1 − occurred)·ln((1 − occurred) / (1 − p))`. Range [0, ∞], a loss: 0 at p = occurred.
    The floor does not depend on the forecast, so the order of forecasters on the same items is that of `logarithmic`,
    and for outcomes 0 and 1 so is every figure. Say which form a table shows.

    Shapes and errors: as for every rule of this module.
    Source: reference/scoring.md, section 2.9 (the Kullback–Leibler divergence).

    >>> logarithmic_excess([0.25, 0.0, 1.0], [0.25, 0.5, 1])
    array([ 0., inf,  0.])
    """
    if is_yes_or_no(occurred):
        return _surprise(probability, occurred)
    p, y = np.broadcast_arrays(probability, occurred)
    return np.maximum(_divergence(y, p) + _divergence(1.0 - y, 1.0 - p), 0.0)  # rounding may pass below 0


def bounded(probability: ArrayLike, clip: Clip = CLIP) -> Floats:
    """The probabilities moved into [clip[0], clip[1]], a declared clip: print it beside whatever is computed of them.

    It makes the mean logarithmic loss of imported forecasts finite; `infinite_count` belongs beside such a mean.

    Shapes: numbers in [0, 1] of any shape; returns float64 of that shape.
    Errors: ValueError for anything else, and for bounds that are not 0 < low < high < 1.
    Source: reference/scoring.md, section 2.4.

    >>> bounded([0, 0.5, 1])
    array([0.001, 0.5  , 0.999])
    """
    low, high = checked_clip(clip)
    return np.clip(unit_interval("probability", probability), low, high)


def checked_pair(probability: ArrayLike, occurred: ArrayLike) -> tuple[Floats, Floats]:
    """Both arguments of a rule as float64 in [0, 1]; refuses what does not broadcast."""
    p, y = unit_interval("probability", probability), unit_interval("occurred", occurred)
    fitting("occurred", y, "probability", p)
    return p, y


def checked_clip(clip: Clip) -> Clip:
    low, high = clip
    if not 0.0 < low < high < 1.0:
        raise ValueError(f"clip must be 0 < low < high < 1, not {low:g} and {high:g}")
    return low, high


def infinite_count(probability: ArrayLike, occurred: ArrayLike) -> int:
    """How many forecasts have an infinite logarithmic loss: 0 where something occurred, or 1 where not all of it did.

    Shapes and errors: as for every rule of this module.
    Source: reference/scoring.md, section 2.4.

    >>> infinite_count([0, 0, 1, 1, 0.5], [1, 0, 0.5, 1, 1])
    2
    """
    p, y = checked_pair(probability, occurred)
    return int(np.count_nonzero(((p == 0.0) & (y > 0.0)) | ((p == 1.0) & (y < 1.0))))


def _surprise(p: Floats, y: Floats) -> Floats:
    """−ln of the probability given to what happened, by one logarithm and without a mask.

    `p + (y − 1)` is exact for y = 1 and correctly rounded for y = 0, where `p + y − 1` would lose small p.
    The logarithm of at most 1 is never positive, so its absolute value is the loss, free of −0.
    """
    return np.abs(np.log(np.abs(p + (y - 1.0))))


def _expected_surprise(p: Floats, y: Floats) -> Floats:
    return np.abs(_weighted_log(y, p) + _weighted_log(1.0 - y, 1.0 - p))


def _weighted_log(weight: Floats, value: Floats) -> Floats:
    """weight · ln value, where no weight means no contribution even from ln 0."""
    return weight * np.log(np.where(weight > 0.0, value, 1.0))


def _divergence(weight: Floats, value: Floats) -> Floats:
    """weight · ln(weight / value) as a difference of logarithms: the ratio itself might overflow."""
    some = weight > 0.0
    return weight * (np.log(np.where(some, weight, 1.0)) - np.log(np.where(some, value, 1.0)))
