"""The step-function timeline: which forecast stood when, and what it cost on average.

A *pair* is one prediction × one forecaster. Rows are forecasts ordered by (pair, issued, id), so no sort happens here.
Time is integer microseconds UTC. A forecast stands from its issue until the next of its pair or until its close;
a withdrawal ends the one before and stands for nothing. Lengths are whole microseconds, so that splitting a horizon
and adding the parts is exact.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
Kind = TypeVar("Kind", bound=np.generic)

LIMIT = 2**62  # two numbers this large can be subtracted without overflow; real times stay far below


def durations(
    pair: ArrayLike, issued: ArrayLike, *, opens: ArrayLike, closes: ArrayLike, stands: ArrayLike | None = None
) -> Whole:
    """Microseconds for which each forecast stands.

    Row k stands in [max(issued_k, opens_k), min(issued_{k+1}, closes_k)), the last of a pair until its close; never
    less than 0. Of several rows at one instant the last one wins. A row issued at or after its own close counts for
    nothing and does not end the one before it. Where `stands` is false (a withdrawal) the row ends the one before it
    and lasts 0.

    Shapes: `pair` and `issued` are integer arrays (n,), ordered by (pair, issued, id); `opens` and `closes` are
    integers or (n,), and a row may close earlier than its pair-mates; `stands` is boolean (n,). Returns int64 (n,).
    Errors: ValueError, naming the argument, for other types, shapes or order.
    Source: reference/scoring.md, sections 3 and 3.6.

    >>> durations([1, 1, 1, 1], [0, 20, 20, 64], opens=0, closes=100)
    array([20,  0, 44, 36])
    """
    pairs = _row("pair", pair)
    times = _fitted("issued", _row("issued", issued), pairs.shape)
    _refuse_disorder(pairs, times)
    starts = np.maximum(times, _fitted("opens", _whole("opens", opens), pairs.shape))
    ends = _fitted("closes", _whole("closes", closes), pairs.shape)
    heard = times < ends
    lengths = np.zeros(len(pairs), np.int64)
    if heard.all():  # the usual case, spared the copies
        lengths = _lengths(pairs, times, starts, ends)
    else:
        lengths[heard] = _lengths(pairs[heard], times[heard], starts[heard], ends[heard])
    return lengths if stands is None else lengths * _fitted("stands", _flags("stands", stands), pairs.shape)


def pair_starts(pair: ArrayLike) -> Whole:
    """Index of the first row of each pair, as `mean_while_standing` and `time_coverage` take it.

    Shapes: integers (n,), equal ones side by side; returns int64 (number of pairs,).
    Errors: ValueError where the rows are no ordered integers.

    >>> pair_starts([4, 4, 7, 9, 9])
    array([0, 2, 3])
    """
    pairs = _row("pair", pair)
    if (pairs[1:] < pairs[:-1]).any():
        raise ValueError("pair must be in rising order")
    return np.flatnonzero(np.diff(pairs, prepend=pairs[:1] - 1))


def time_standing(duration: ArrayLike, first: ArrayLike) -> Whole:
    """Microseconds in which the forecaster had a forecast up, per pair: the sum of its durations.

    Shapes: `duration` int64 (n,) from `durations`, `first` from `pair_starts`; returns int64 (number of pairs,).
    Errors: ValueError where the two do not belong together.

    >>> time_standing([20, 0, 44, 36], [0])
    array([100])
    """
    lengths = _row("duration", duration)
    return np.add.reduceat(lengths, _starts(first, len(lengths)))


def mean_while_standing(loss: ArrayLike, duration: ArrayLike, first: ArrayLike) -> Floats:
    """Time-weighted mean loss of each pair over the time it had a forecast up: Σ loss·duration / Σ duration.

    Range and orientation are those of `loss`. NaN means one thing only: the pair never stood; write null for it.
    The loss of a row that never stood is not looked at, so it may be NaN (a withdrawal) or infinite.
    Descriptive: the end may depend on the outcome, so nobody is ranked by it.

    Shapes: `loss` float (n,), `duration` int64 (n,) from `durations`, `first` from `pair_starts`;
    returns float64 (number of pairs,).
    Errors: ValueError where they do not belong together, or where a forecast that stood has no loss.
    Source: reference/scoring.md, section 3.6.

    >>> mean_while_standing([0.49, 0.25, 0.2025, 0.01], [20, 0, 44, 36], [0])
    array([0.1907])
    """
    lengths, costs = _row("duration", duration), np.asarray(loss, dtype=np.float64)
    stood = lengths > 0
    weighed = np.where(stood, _fitted("loss", costs, lengths.shape), 0.0)
    if np.isnan(weighed).any():
        raise ValueError(f"loss is missing (NaN) for a forecast that stood (row {int(np.argmax(np.isnan(weighed)))})")
    total = np.add.reduceat(weighed * lengths, _starts(first, len(lengths)))
    active = time_standing(lengths, first)
    mean: Floats = np.divide(total, active, out=np.full(total.shape, np.nan), where=active > 0)
    return mean


def time_coverage(duration: ArrayLike, first: ArrayLike, *, opens: ArrayLike, scheduled: ArrayLike) -> Floats:
    """Share of the scheduled open time for which each pair had a forecast up: Σ duration / (scheduled − opens).

    Range [0, 1]. The denominator is the scheduled close, never the actual one, which may depend on the outcome.

    Shapes: `duration` int64 (n,) from `durations`, `first` from `pair_starts`; `opens` and `scheduled` are integer
    microseconds, one or (number of pairs,). Returns float64 (number of pairs,).
    Errors: ValueError where they do not belong together, where `scheduled` is not after `opens`, or where the
    forecasts stood longer than that.
    Source: reference/scoring.md, sections 3 and 3.1.

    >>> time_coverage([20, 0, 44, 36], [0], opens=0, scheduled=400)
    array([0.25])
    """
    active = time_standing(duration, first)
    ends, starts = _whole("scheduled", scheduled), _whole("opens", opens)
    horizon = _fitted("scheduled", ends, active.shape) - _fitted("opens", starts, active.shape)
    if (horizon <= 0).any():
        raise ValueError(f"scheduled must be after opens (pair {int(np.argmax(horizon <= 0))})")
    if (active > horizon).any():
        raise ValueError(f"duration exceeds the scheduled open time (pair {int(np.argmax(active > horizon))})")
    share: Floats = active / horizon
    return share


def _lengths(pairs: Whole, times: Whole, starts: Whole, ends: Whole) -> Whole:
    """Each row from its start to its end, or to the next row of its pair where that comes first."""
    lengths = ends.copy()
    np.minimum(ends[:-1], times[1:], out=lengths[:-1], where=pairs[1:] == pairs[:-1])
    lengths -= starts
    return np.maximum(lengths, 0, out=lengths)


def _row(name: str, given: ArrayLike) -> Whole:
    values = _whole(name, given)
    if values.ndim != 1:
        raise ValueError(f"{name} must be one row of integers, not of shape {values.shape}")
    return values


def _whole(name: str, given: ArrayLike) -> Whole:
    """The argument as int64, refused where a difference of two such numbers might overflow."""
    values = np.asarray(given)
    if values.size and values.dtype.kind != "i":
        raise ValueError(f"{name} must hold integers, not {values.dtype}")
    if values.size and not (values.min() >= -LIMIT and values.max() <= LIMIT):
        raise ValueError(f"{name} must lie within ±2**62")
    return values.astype(np.int64, copy=False)


def _flags(name: str, given: ArrayLike) -> NDArray[np.bool_]:
    values = np.asarray(given)
    if values.size and values.dtype.kind != "b":
        raise ValueError(f"{name} must hold booleans, not {values.dtype}")
    return values.astype(np.bool_, copy=False)


def _fitted(name: str, values: NDArray[Kind], shape: tuple[int, ...]) -> NDArray[Kind]:
    """A scalar spread over the rows, or the row itself, if it is as long as the others."""
    if values.shape not in ((), shape):
        raise ValueError(f"{name} has shape {values.shape}, the rows have {shape}")
    return np.broadcast_to(values, shape)


def _refuse_disorder(pairs: Whole, times: Whole) -> None:
    backwards = (pairs[1:] < pairs[:-1]) | ((pairs[1:] == pairs[:-1]) & (times[1:] < times[:-1]))
    if backwards.any():
        raise ValueError(f"issued must rise within pair, and pair from row to row (see row {backwards.argmax() + 1})")


def _starts(first: ArrayLike, rows: int) -> Whole:
    """`first`, once it is sure that every row belongs to exactly one pair: reduceat would misread anything else."""
    starts = _row("first", first)
    begins_at_top = starts[:1].tolist() == [0][:rows]
    if not begins_at_top or (np.diff(starts, append=rows) <= 0).any():
        raise ValueError(f"first must hold the first row of each pair: from 0, rising, below {rows}")
    return starts
