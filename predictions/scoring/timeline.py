"""The step-function timeline: which forecast stood when, and what it cost on average.

A *pair* is one prediction × one forecaster. Rows are forecasts ordered by (pair, issued, id), so no sort happens here.
Time is integer microseconds UTC; 2**62 and later means "never" or "not known". A forecast stands from its issue until
the next of its pair or until its close; a withdrawal ends the one before and stands for nothing. Lengths are whole
microseconds, so that splitting a horizon and adding the parts is exact.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from predictions.scoring import rows
from predictions.scoring.checks import unit_interval
from predictions.scoring.rows import LIMIT, Whole

Floats = NDArray[np.float64]


def segments(
    pair: ArrayLike,
    issued: ArrayLike,
    *,
    opens: ArrayLike | None,
    closes: ArrayLike,
    stands: ArrayLike | None = None,
) -> tuple[Whole, Whole]:
    """The stretch [start, end) in which each forecast stands; end = start where it never does.

    Row k stands in [max(issued_k, opens_k), min(issued_{k+1}, closes_k)), the last of a pair until its close. Of
    several rows at one instant the last one wins. A row issued at or after its own close counts for nothing and does
    not end the one before it. Where `stands` is false (a withdrawal) the row ends the one before it and lasts 0.
    `opens=None` starts each stretch where its forecast was issued.

    Shapes: `pair` and `issued` are integer arrays (n,), ordered by (pair, issued, id); `opens` and `closes` are
    integers or (n,), and a row may close earlier than its pair-mates; `stands` is boolean (n,). Returns int64 (n,)
    twice.
    Errors: ValueError, naming the argument, for other types, shapes or order.
    Source: reference/scoring.md, sections 3 and 3.6.

    >>> segments([1, 1, 1, 2], [0, 20, 64, 10], opens=5, closes=100)
    (array([ 5, 20, 64, 10]), array([ 20,  64, 100, 100]))
    """
    pairs = rows.labels("pair", pair)
    times = rows.fitted("issued", rows.row("issued", issued), pairs.shape)
    is_same = _next_is_of_same_pair(pairs, times)
    starts = times.copy() if opens is None else np.maximum(times, rows.moments("opens", opens, pairs.shape))
    ends = _ends(pairs, is_same, times, starts, rows.moments("closes", closes, pairs.shape))
    if stands is not None:
        ends = np.where(rows.fitted("stands", rows.flags("stands", stands), pairs.shape), ends, starts)
    return starts, ends


def durations(
    pair: ArrayLike,
    issued: ArrayLike,
    *,
    opens: ArrayLike | None,
    closes: ArrayLike,
    stands: ArrayLike | None = None,
) -> Whole:
    """Microseconds for which each forecast stands: the lengths of its `segments`, never less than 0.

    Shapes, errors and source: those of `segments`. Returns int64 (n,).

    >>> durations([1, 1, 1, 1], [0, 20, 20, 64], opens=0, closes=100)
    array([20,  0, 44, 36])
    """
    starts, ends = segments(pair, issued, opens=opens, closes=closes, stands=stands)
    return np.subtract(ends, starts, out=ends)


def pair_starts(pair: ArrayLike) -> Whole:
    """Index of the first row of each pair, as `mean_while_standing` and `time_coverage` take it.

    Shapes: integers (n,), equal ones side by side; returns int64 (number of pairs,).
    Errors: ValueError where the rows are no ordered integers.

    >>> pair_starts([4, 4, 7, 9, 9])
    array([0, 2, 3])
    """
    return rows.first_of_each(rows.rising("pair", rows.labels("pair", pair)))


def time_standing(duration: ArrayLike, first: ArrayLike) -> Whole:
    """Microseconds in which the forecaster had a forecast up, per pair: the sum of its durations.

    Shapes: `duration` int64 (n,) from `durations`, `first` from `pair_starts`; returns int64 (number of pairs,).
    Errors: ValueError where the two do not belong together.

    >>> time_standing([20, 0, 44, 36], [0])
    array([100])
    """
    lengths = rows.lengths("duration", duration)
    return np.add.reduceat(lengths, rows.starts(first, len(lengths)))


def integral_while_standing(loss: ArrayLike, duration: ArrayLike, first: ArrayLike) -> Floats:
    """Integral of the loss over the time each pair had a forecast up: Σ loss·duration, in loss × microseconds.

    Range and orientation are those of `loss`; 0 for a pair that never stood. The loss of a row that never stood is
    not looked at, so it may be NaN (a withdrawal) or infinite.

    Shapes: `loss` float (n,), `duration` int64 (n,) from `durations`, `first` from `pair_starts`;
    returns float64 (number of pairs,).
    Errors: ValueError where they do not belong together, or where a forecast that stood has no loss.
    Source: reference/scoring.md, section 3.

    >>> integral_while_standing([0.49, 0.25, 0.2025, 0.01], [20, 0, 44, 36], [0])
    array([19.07])
    """
    lengths = rows.lengths("duration", duration)
    return _integral(loss, lengths, rows.starts(first, len(lengths)))


def mean_while_standing(loss: ArrayLike, duration: ArrayLike, first: ArrayLike) -> Floats:
    """Time-weighted mean loss of each pair over the time it had a forecast up: Σ loss·duration / Σ duration.

    Range and orientation are those of `loss`. NaN means one thing only: the pair never stood; write null for it.
    The loss of a row that never stood is not looked at, so it may be NaN (a withdrawal) or infinite.
    Descriptive: the end may depend on the outcome, so nobody is ranked by it.

    Shapes and errors: those of `integral_while_standing`. Returns float64 (number of pairs,).
    Source: reference/scoring.md, section 3.6.

    >>> mean_while_standing([0.49, 0.25, 0.2025, 0.01], [20, 0, 44, 36], [0])
    array([0.1907])
    """
    lengths = rows.lengths("duration", duration)
    begins = rows.starts(first, len(lengths))
    total, active = _integral(loss, lengths, begins), np.add.reduceat(lengths, begins)
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
    horizon = rows.moments("scheduled", scheduled, active.shape) - rows.moments("opens", opens, active.shape)
    if (horizon <= 0).any():
        raise ValueError(f"scheduled must be after opens (pair {int(np.argmax(horizon <= 0))})")
    if (active > horizon).any():
        raise ValueError(f"duration exceeds the scheduled open time (pair {int(np.argmax(active > horizon))})")
    share: Floats = active / horizon
    return share


def over_horizon(integral: ArrayLike, *, opens: ArrayLike, scheduled: ArrayLike) -> Floats:
    """An integral over time as a mean over the scheduled horizon: integral / (scheduled − opens).

    Orientation is that of what was integrated; time without a forecast adds 0, so only relative scores (against peers
    or a reference) may be compared in this form. NaN, to be written as null, where the horizon makes no sense:
    `scheduled` not after `opens`, or 2**62 and later (not known).

    Shapes: `integral` float (m,); `opens` and `scheduled` integer microseconds, one or (m,). Returns float64 (m,).
    Errors: ValueError, naming the argument, for other types or shapes.
    Source: reference/scoring.md, sections 3 and 3.1.

    >>> over_horizon([19.07, 5.0], opens=0, scheduled=[200, 0])
    array([0.09535,     nan])
    """
    total = np.atleast_1d(np.asarray(integral, dtype=np.float64))
    close = rows.moments("scheduled", scheduled, total.shape)
    horizon = close - rows.moments("opens", opens, total.shape)
    is_known = (horizon > 0) & (close < LIMIT)
    mean: Floats = np.divide(total, horizon, out=np.full(total.shape, np.nan), where=is_known)
    return mean


def standing_at(pair: ArrayLike, starts: ArrayLike, ends: ArrayLike, moment: ArrayLike) -> Whole:
    """The row standing at each pair's moment, that is with start ≤ moment < end; −1 where none does.

    For spot scores: take the moments from the scheduled close (see `share_of_horizon`), never from the actual one.

    Shapes: `pair`, `starts` and `ends` int64 (n,), as given to and returned by `segments`; `moment` integer
    microseconds, one or (number of pairs,). Returns int64 (number of pairs,), indices into the rows.
    Errors: ValueError, naming the argument, for other types, shapes or order of pairs.
    Source: reference/scoring.md, section 3.7.

    >>> standing_at([1, 1, 1, 2], [5, 20, 64, 10], [20, 64, 100, 100], [64, 5])
    array([ 2, -1])
    """
    pairs = rows.rising("pair", rows.labels("pair", pair))
    number = np.cumsum(np.diff(pairs, prepend=pairs[:1]) != 0)
    found = np.full(int(number[-1]) + 1 if len(number) else 0, -1)
    asked = rows.moments("moment", moment, found.shape)[number]
    begun = rows.moments("starts", starts, pairs.shape) <= asked
    standing = np.flatnonzero(begun & (asked < rows.moments("ends", ends, pairs.shape)))
    found[number[standing]] = standing
    return found


def share_of_horizon(share: float, *, opens: ArrayLike, scheduled: ArrayLike) -> Whole:
    """The moment at which this share of the scheduled horizon is over, in whole microseconds.

    2**62, when nothing stands any more, where the horizon makes no sense (see `over_horizon`).

    Shapes: `share` a number in [0, 1]; `opens` and `scheduled` integer microseconds that broadcast; int64 out.
    Errors: ValueError, naming the argument.
    Source: reference/scoring.md, section 3.7.

    >>> share_of_horizon(0.5, opens=[0, 100], scheduled=[400, 50]).tolist() == [200, 2**62]
    True
    """
    part, begin, close = unit_interval("share", share), rows.whole("opens", opens), rows.whole("scheduled", scheduled)
    horizon = close - begin
    over = begin + np.rint(part * horizon).astype(np.int64)
    return np.where((horizon > 0) & (close < LIMIT), over, LIMIT)


def ticked(times: ArrayLike, tick: int, offset: ArrayLike = 0) -> Whole:
    """The number of the tick (day) in which each moment lies: ⌊(time + offset) / tick⌋.

    `offset` is what the zone is ahead of UTC, in microseconds (one or each); daylight saving is the caller's matter.
    Shapes: integers that broadcast; returns int64. Errors: ValueError, naming the argument.

    >>> ticked([0, 23, 24, -1], 24)
    array([ 0,  0,  1, -1])
    """
    if tick < 1:
        raise ValueError(f"tick must be at least 1, not {tick}")
    return (rows.whole("times", times) + rows.whole("offset", offset)) // tick


def ticked_up(times: ArrayLike, tick: int, offset: ArrayLike = 0) -> Whole:
    """The tick (day) a close belongs to, ⌈(time + offset) / tick⌉: a day begun counts, a midnight adds none.

    Shapes and errors: those of `ticked`.

    >>> ticked_up([0, 23, 24, 25], 24)
    array([0, 1, 1, 2])
    """
    return -ticked(-rows.whole("times", times), tick, -rows.whole("offset", offset))


def _next_is_of_same_pair(pairs: Whole, times: Whole) -> NDArray[np.bool_]:
    """For every row but the last whether its pair goes on; refuses rows out of order."""
    is_same = pairs[1:] == pairs[:-1]
    backwards = times[1:] < times[:-1]
    backwards &= is_same
    backwards |= pairs[1:] < pairs[:-1]
    if backwards.any():
        raise ValueError(f"issued must rise within pair, and pair from row to row (see row {backwards.argmax() + 1})")
    return is_same


def _ends(pairs: Whole, is_same: NDArray[np.bool_], times: Whole, starts: Whole, closing: Whole) -> Whole:
    """Where each row ends, once those issued at or after their own close are set aside."""
    heard = times < closing
    if heard.all():  # the usual case, spared the copies
        return _ends_of_heard(is_same, times, starts, closing)
    ends, kept = starts.copy(), pairs[heard]
    ends[heard] = _ends_of_heard(kept[1:] == kept[:-1], times[heard], starts[heard], closing[heard])
    return ends


def _ends_of_heard(is_same: NDArray[np.bool_], times: Whole, starts: Whole, closing: Whole) -> Whole:
    """Each row until its close, or until the next row of its pair where that comes first.

    The last rows of pairs are mended afterwards: a mask over all rows would cost more than everything else here.
    """
    ends = closing.copy()
    np.minimum(closing[:-1], times[1:], out=ends[:-1])
    last = np.flatnonzero(~is_same)
    ends[last] = closing[last]
    return np.maximum(ends, starts, out=ends)


def _integral(loss: ArrayLike, lengths: Whole, begins: Whole) -> Floats:
    costs = rows.fitted("loss", np.asarray(loss, dtype=np.float64), lengths.shape)
    with np.errstate(invalid="ignore"):  # 0 × infinity shows in the sums, which are fewer than the rows
        total: Floats = np.add.reduceat(costs * lengths, begins)
    return total if np.isfinite(total).all() else np.add.reduceat(_weighed(costs, lengths), begins)


def _weighed(costs: Floats, lengths: Whole) -> Floats:
    """Loss × duration of the rows that stood, where some losses are infinite or missing."""
    stood = lengths > 0
    weighed = np.where(stood, costs, 0.0)
    if np.isnan(weighed).any():
        raise ValueError(f"loss is missing (NaN) for a forecast that stood (row {int(np.argmax(np.isnan(weighed)))})")
    np.multiply(weighed, lengths, out=weighed, where=stood)
    return weighed
