"""Scoring rules: what a single forecast costs once the truth is out.

Losses, lower is better. An outcome is 0 or 1, or a share in [0, 1]: the part of the criteria that came true.
Then the forecast is read as the expected share, and both rules stay strictly proper for it.
"""

from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

NUMERIC_KINDS = "biuf"  # numpy's kinds that mean a real number; texts and objects are never guessed at

Floats = NDArray[np.float64]


@overload
def brier(probability: float, occurred: float) -> float: ...
@overload
def brier(probability: Floats, occurred: ArrayLike) -> Floats: ...
@overload
def brier(probability: ArrayLike, occurred: ArrayLike) -> float | Floats: ...
def brier(probability: ArrayLike, occurred: ArrayLike) -> float | Floats:
    """Brier score of each forecast in the 0–1 convention, `(probability − occurred)²`.

    Range [0, 1], a loss: 0 best, 1 worst, always-0.5 costs 0.25. (Brier's own form, 0–2, is twice this.)

    Shapes: both arguments are numbers in [0, 1] or arrays of them, broadcast against each other.
    Two scalars give a float, anything else an array.
    Errors: ValueError, naming the argument, for what is no number, is NaN, lies outside [0, 1] or does not broadcast.
    Source: Brier 1950; halved as in meteorological use. For shares see Savage 1971 (squared error elicits the mean).

    >>> brier(0.25, 1)
    0.5625
    >>> brier([0.75, 0.5], [0, 0.5])
    array([0.5625, 0.    ])
    """
    p, y = _checked(probability, occurred)
    return _plain((p - y) ** 2)


@overload
def logarithmic(probability: float, occurred: float) -> float: ...
@overload
def logarithmic(probability: Floats, occurred: ArrayLike) -> Floats: ...
@overload
def logarithmic(probability: ArrayLike, occurred: ArrayLike) -> float | Floats: ...
def logarithmic(probability: ArrayLike, occurred: ArrayLike) -> float | Floats:
    """Logarithmic score of each forecast in nats, `−[occurred·ln p + (1 − occurred)·ln(1 − p)]` with 0·ln 0 = 0.

    Range [0, ∞], a loss: 0 best, always-0.5 costs ln 2. A miss at probability 0 or 1 costs infinity and is
    reported as such: nothing is clipped here. For shares this is the affine form, whose least value at
    p = occurred is the entropy of the share, not 0.

    Shapes: both arguments are numbers in [0, 1] or arrays of them, broadcast against each other.
    Two scalars give a float, anything else an array.
    Errors: ValueError, naming the argument, for what is no number, is NaN, lies outside [0, 1] or does not broadcast.
    Source: Good 1952; Gneiting and Raftery 2007, section 3.2.

    >>> round(logarithmic(0.5, 1), 6)
    0.693147
    >>> logarithmic([1.0, 0.0], 1)
    array([ 0., inf])
    """
    p, y = _checked(probability, occurred)
    with np.errstate(divide="ignore"):  # ln 0 is meant: the infinite loss of a flat miss
        return _plain(_surprise(p, y) if _is_yes_or_no(y) else _expected_surprise(p, y))


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


def _is_yes_or_no(y: Floats) -> bool:
    return bool(np.all((y == 0.0) | (y == 1.0)))


def _plain(loss: Floats) -> float | Floats:
    return loss if loss.ndim else float(loss)


def _checked(probability: ArrayLike, occurred: ArrayLike) -> tuple[Floats, Floats]:
    p, y = _unit_interval("probability", probability), _unit_interval("occurred", occurred)
    try:
        np.broadcast_shapes(p.shape, y.shape)
    except ValueError:
        raise ValueError(f"occurred has shape {y.shape}, which does not fit probability's {p.shape}") from None
    return p, y


def _unit_interval(name: str, given: ArrayLike) -> Floats:
    """The argument as float64; refuses all but numbers in [0, 1]."""
    try:
        raw = np.asarray(given)
    except ValueError as ragged:
        raise ValueError(f"{name} must be a number or an even array of numbers: {ragged}") from None
    if raw.dtype.kind not in NUMERIC_KINDS:
        raise ValueError(f"{name} must hold numbers, not {raw.dtype}")
    values = np.asarray(raw, dtype=np.float64)
    # One least and one greatest value instead of masks: NaN passes through both and fails the comparison.
    if values.size and not (values.min() >= 0.0 and values.max() <= 1.0):
        raise ValueError(f"{name} {_first_fault(values)}")
    return values


def _first_fault(values: Floats) -> str:
    row = int(np.argmax(~((values >= 0.0) & (values <= 1.0))))
    value = float(values.flat[row])
    where = f" (element {row})" if values.ndim else ""
    return f"is missing (NaN){where}" if np.isnan(value) else f"must lie in [0, 1], not {value:g}{where}"
