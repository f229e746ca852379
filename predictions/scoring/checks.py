"""The argument checks that every file of the kernel shares. Each names the argument and the first fault it finds.

unit_interval(name, given)            float64 in [0, 1]: probabilities, shares
lies_in_unit_interval(values)         whether all of them do, as the fast test behind it
yes_or_no(name, given)                float64, each 0 or 1
is_yes_or_no(values)                  whether all of them are
numeric(name, given)                  an array of numbers of whatever type, unconverted
real(name, given)                     finite float64
losses(name, given)                   float64, none negative; infinite ones are losses too
weights(name, given, shape)           finite float64 of that shape, none negative, not all 0; None means all equal
classes(name, given, count)           int64 from 0 to count − 1
row(name, values)                     the same array, if it has one dimension
same_shape(name, values, of, others)  the same array, if it has the shape of the argument called `of`
fitting(name, values, of, others)     nothing, if the two arrays broadcast against each other
plain(values)                         a float for an array without dimensions, else the array: not a check, but the
                                      way out of the functions whose way in the others are
"""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)

NUMERIC_KINDS = "biuf"  # numpy's kinds that mean a real number; texts and objects are never guessed at
BITS_OF_1 = np.float64(1.0).view(np.uint64)


def numeric(name: str, given: ArrayLike) -> NDArray[Any]:
    """The argument as an array of numbers, not converted, for callers that convert a piece at a time."""
    try:
        raw = np.asarray(given)
    except ValueError as ragged:
        raise ValueError(f"{name} must be a number or an even array of numbers: {ragged}") from None
    if raw.dtype.kind not in NUMERIC_KINDS:
        raise ValueError(f"{name} must hold numbers, not {raw.dtype}")
    return raw


def unit_interval(name: str, given: ArrayLike) -> Floats:
    """The argument as float64; refuses all but numbers in [0, 1]."""
    values = np.asarray(numeric(name, given), dtype=np.float64)
    if not lies_in_unit_interval(values):
        raise ValueError(f"{name} {_first_fault(values, (values >= 0.0) & (values <= 1.0), 'must lie in [0, 1]')}")
    return values


def lies_in_unit_interval(values: Floats) -> bool:
    """Whether all values lie in [0, 1], in one pass and without masks.

    Read as whole numbers, the bits of what lies there are those up to the bits of 1: whatever is greater, is NaN or
    bears a minus sign has greater ones. Only −0 must then be looked at again, beside what is truly outside.
    """
    if not values.size or values.view(np.uint64).max() <= BITS_OF_1:
        return True
    return bool(values.min() >= 0.0 and values.max() <= 1.0)  # NaN passes through both and fails the comparison


def yes_or_no(name: str, given: ArrayLike) -> Floats:
    """The argument as float64; refuses all but 0 and 1, for measures that have no meaning for shares."""
    values = unit_interval(name, given)
    if not is_yes_or_no(values):
        raise ValueError(f"{name} {_first_fault(values, (values == 0.0) | (values == 1.0), 'must be 0 or 1')}")
    return values


def is_yes_or_no(values: Floats) -> bool:
    return bool(np.all((values == 0.0) | (values == 1.0)))


def real(name: str, given: ArrayLike) -> Floats:
    """The argument as float64; refuses all but finite numbers."""
    values = np.asarray(numeric(name, given), dtype=np.float64)
    if values.size and not (values.min() > -np.inf and values.max() < np.inf):
        raise ValueError(f"{name} {_first_fault(values, np.isfinite(values), 'must be finite')}")
    return values


def losses(name: str, given: ArrayLike) -> Floats:
    """The argument as float64; refuses what is missing or negative, and lets infinite losses pass."""
    values = np.asarray(numeric(name, given), dtype=np.float64)
    if values.size and not values.min() >= 0.0:
        raise ValueError(f"{name} {_first_fault(values, values >= 0.0, 'must be at least 0')}")
    return values


def weights(name: str, given: ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    """Weights of items of that shape: finite, none negative, not all 0; where none are given, all are 1."""
    if given is None:
        return np.ones(shape)
    values = real(name, given)
    if values.shape != shape:
        raise ValueError(f"{name} has shape {values.shape}, not {shape}")
    if values.size and values.min() < 0.0:
        raise ValueError(f"{name} {_first_fault(values, values >= 0.0, 'must be at least 0')}")
    if values.size and not values.max() > 0.0:
        raise ValueError(f"{name} must not all be 0")
    return values


def classes(name: str, given: ArrayLike, count: int) -> Whole:
    """Indices of what occurred among `count` categories, counted from 0, as int64."""
    values = np.asarray(given)
    if values.size and values.dtype.kind not in "iu":
        raise ValueError(f"{name} must hold whole numbers, not {values.dtype}")
    if values.size and not (values.min() >= 0 and values.max() < count):
        raise ValueError(
            f"{name} {_first_fault(values, (values >= 0) & (values < count), f'must lie in 0 … {count - 1}')}"
        )
    return values.astype(np.int64, copy=False)


def row(name: str, values: NDArray[Kind]) -> NDArray[Kind]:
    if values.ndim != 1:
        raise ValueError(f"{name} must be one row, not of shape {values.shape}")
    return values


def same_shape(name: str, values: NDArray[Kind], of: str, others: NDArray[Any]) -> NDArray[Kind]:
    if values.shape != others.shape:
        raise ValueError(f"{name} has shape {values.shape}, {of} has {others.shape}")
    return values


def fitting(name: str, values: NDArray[Any], of: str, others: NDArray[Any]) -> None:
    try:
        np.broadcast_shapes(others.shape, values.shape)
    except ValueError:
        raise ValueError(f"{name} has shape {values.shape}, which does not fit {of}'s {others.shape}") from None


def plain(values: Floats) -> float | Floats:
    return values if values.ndim else float(values)


def _first_fault(values: NDArray[Any], sound: NDArray[np.bool_], law: str) -> str:
    """What is wrong with the first value that is not sound, and where it stands."""
    place = int(np.argmin(sound))
    value = float(values.flat[place])
    where = f" (element {place})" if values.ndim else ""
    return f"is missing (NaN){where}" if np.isnan(value) else f"{law}, not {value:g}{where}"
