"""The argument checks of the files that walk over a history: rows of integers, and the blocks they fall into.

integers(name, given)         int64 of any shape and size
whole(name, given)            int64 of any shape, within ±2**62
row(name, given)              the same, one row of them
labels(name, given)           int64 of any size, one row of them: what tells rows apart
lengths(name, given)          one row of int64, none negative
moments(name, given, shape)   int64 within ±2**62, one for all or one each
rising(name, values)          the same array, if no value is below the one before it
flags(name, given)            booleans
fitted(name, values, shape)   an array of that shape, from one number or from as many
starts(first, rows)           the first row of each block, from 0, rising
first_of_each(values)         the first row of each run of equal values: not a check, but what `starts` expects
"""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Whole = NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)

LIMIT = 2**62  # two numbers this large can be subtracted without overflow; real times stay far below


def integers(name: str, given: ArrayLike) -> Whole:
    """The argument as int64, whatever its size: for numbers that only tell rows apart."""
    values = np.asarray(given)
    if values.size and values.dtype.kind != "i":
        raise ValueError(f"{name} must hold integers, not {values.dtype}")
    return values.astype(np.int64, copy=False)


def whole(name: str, given: ArrayLike) -> Whole:
    """The argument as int64, refused where a difference of two such numbers might overflow."""
    return _within(name, integers(name, given), -LIMIT)


def row(name: str, given: ArrayLike) -> Whole:
    return _one_row(name, whole(name, given))


def labels(name: str, given: ArrayLike) -> Whole:
    return _one_row(name, integers(name, given))


def lengths(name: str, given: ArrayLike) -> Whole:
    return _one_row(name, _within(name, integers(name, given), 0))


def moments(name: str, given: ArrayLike, shape: tuple[int, ...]) -> Whole:
    return fitted(name, whole(name, given), shape)


def rising(name: str, values: Whole) -> Whole:
    if (values[1:] < values[:-1]).any():
        raise ValueError(f"{name} must be in rising order")
    return values


def flags(name: str, given: ArrayLike) -> NDArray[np.bool_]:
    values = np.asarray(given)
    if values.size and values.dtype.kind != "b":
        raise ValueError(f"{name} must hold booleans, not {values.dtype}")
    return values.astype(np.bool_, copy=False)


def fitted(name: str, values: NDArray[Kind], shape: tuple[int, ...]) -> NDArray[Kind]:
    """A scalar spread over the rows, or the row itself, if it is as long as the others."""
    if values.shape not in ((), shape):
        raise ValueError(f"{name} has shape {values.shape}, the rows have {shape}")
    return np.broadcast_to(values, shape)


def starts(first: ArrayLike, rows: int) -> Whole:
    """`first`, once it is sure that every row belongs to exactly one pair: reduceat would misread anything else."""
    begins = row("first", first)
    begins_at_top = begins[:1].tolist() == [0][:rows]
    if not begins_at_top or (np.diff(begins, append=rows) <= 0).any():
        raise ValueError(f"first must hold the first row of each pair: from 0, rising, below {rows}")
    return begins


def first_of_each(values: NDArray[Any]) -> Whole:
    """Index of the first row of each run of equal values."""
    is_new = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=is_new[1:])
    return np.flatnonzero(is_new)


def _within(name: str, values: Whole, least: int) -> Whole:
    if values.size and not (values.min() >= least and values.max() <= LIMIT):
        law = "must not be negative" if least == 0 and values.min() < 0 else "must lie within ±2**62"
        raise ValueError(f"{name} {law}")
    return values


def _one_row(name: str, values: Whole) -> Whole:
    if values.ndim != 1:
        raise ValueError(f"{name} must be one row of integers, not of shape {values.shape}")
    return values
