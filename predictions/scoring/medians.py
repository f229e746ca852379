"""The median of those who stand, at every breakpoint of many predictions at once, without walking through them.

The distinct values of a prediction get ranks, and every event carries the rank of its forecast and +1 (it enters) or
−1 (it leaves).
The median after an event is then the value at which the ±1 of the events so far, counted from the lowest rank up,
reach half of those who stand. The rank is found bit by bit, from the highest, for all events together: the events are
parted stably into those whose ranks have the bit and those that do not, and a running count over the parted row says
how many of those standing lie in the lower half (a wavelet matrix, whose entries are weighed by ±1). That takes
M log M steps for M forecasts, however many stand at once.
"""

import numpy as np
from numpy.typing import NDArray

from predictions.scoring.rows import Whole
from predictions.scoring.sweep import Sweep

Floats = NDArray[np.float64]

HALF = 32  # bits of a packed count: in the upper half how many events, in the lower how many of them still stand


def running_medians(sweep: Sweep, value: Floats, events: Whole) -> Floats:
    """Median of the values (m,) of those who stand after each of these events (q,), where at least one does."""
    levels, base, rank = _levels(sweep, value)
    standing, owner = sweep.standing[events], sweep.owner[sweep.forecast[events]]
    even = np.flatnonzero(standing & 1 == 0)  # two are in the middle
    places = np.concatenate([(standing - 1) >> 1, standing[even] >> 1])
    ranks = _ranks(sweep, rank, np.concatenate([events, events[even]]) + 1, places)
    middle = levels[base[owner] + ranks[: len(events)]]
    middle[even] += (levels[base[owner[even]] + ranks[len(events) :]] - middle[even]) / 2.0
    return middle


def _levels(sweep: Sweep, value: Floats) -> tuple[Floats, Whole, Whole]:
    """The distinct values of each prediction in order, where each prediction's begin, and the rank of each forecast."""
    order = np.lexsort((value, sweep.owner))
    in_order, owner = value[order], sweep.owner[order]
    is_new = np.ones(len(order), bool)
    is_new[1:] = (in_order[1:] != in_order[:-1]) | (owner[1:] != owner[:-1])
    number = np.cumsum(is_new) - 1
    base = number[sweep.first]
    rank = np.empty_like(order)
    rank[order] = number - base[owner]
    return in_order[is_new], base, rank


def _ranks(sweep: Sweep, rank: Whole, end: Whole, places: Whole) -> Whole:
    """The rank of the forecast that has `places` others below it, of those still standing after `end` events."""
    code = (rank[sweep.forecast] << 1) + ~sweep.entering  # the last bit: leaves
    found, reach = np.zeros_like(places), np.stack([np.zeros_like(end), end])
    for bit in reversed(range(int(rank.max()).bit_length())):
        is_low = (code >> (bit + 1)) & 1 == 0
        counts = np.zeros(len(code) + 1, np.int64)
        np.cumsum(((1 << HALF) + 1 - ((code & 1) << 1)) * is_low, out=counts[1:])
        low = counts[reach]
        below = (low[1] - low[0]) & ((1 << HALF) - 1)
        is_above = places >= below
        places = places - below * is_above
        found += is_above.astype(np.int64) << bit
        low >>= HALF
        reach = low + (reach - 2 * low + (counts[-1] >> HALF)) * is_above
        code = np.concatenate([code[is_low], code[~is_low]])
    return found
