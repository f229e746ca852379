"""Walking through the breakpoints of many predictions at once: who stands, how many, and what they sum to.

The predictions are laid end to end on one line of time, so that one sort of 2M breakpoints orders them all and no
prediction sees another. Whatever is summed over those who stand is summed in whole numbers, scaled to the prediction
at hand: what enters also leaves exactly, so that nothing drifts however long the history is. Chunks of predictions
keep the work in the processor's cache; the answer does not depend on them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from predictions.scoring import rows
from predictions.scoring.rows import Whole

Floats = NDArray[np.float64]

CHUNK = 2**14  # forecasts
LEAST = 2.0**-900  # what is smaller is summed as 0: its unit would be no number any more
SPAN = 2**60  # the predictions of a chunk last less than this together, one prediction less than twice this


@dataclass(frozen=True)
class Sweep:
    """One chunk of predictions. Events are the starts and ends of its m forecasts, 2m in order of time.

    `row` (m,) says which of the caller's rows these are, `owner` (m,) to which of the chunk's predictions they belong,
    `first` (predictions,) where each begins. `forecast` (2m,) is the forecast (0 … m−1) of each event, `entering`
    whether it starts; `began` and `ended` (m,) are the events of each forecast. `time` (2m,) is the moment of each
    event, `lasting` how long it is from there to the next event, `standing` how many stand meanwhile.
    """

    row: Whole
    owner: Whole
    first: Whole
    forecast: Whole
    entering: NDArray[np.bool_]
    began: Whole
    ended: Whole
    time: Whole
    lasting: Whole
    standing: Whole

    def total(self, value: Floats) -> Floats:
        """Sum of a value (m,) over those who stand after each event (2m,); exactly 0 where nobody does.

        Values are read as whole multiples of a unit, 2⁻⁵² of the prediction's largest where 500 stand at once and
        2⁻⁴⁵ where 65,000 do.
        """
        largest = np.maximum(np.maximum.reduceat(np.abs(value), self.first), LEAST)
        unit = largest / 2.0 ** (61 - int(self.standing.max()).bit_length())
        whole = np.rint(value / unit[self.owner]).astype(np.int64)[self.forecast]
        total: Floats = np.cumsum(np.where(self.entering, whole, -whole)) * unit[np.repeat(self.owner, 2)]
        return total

    def integral(self, rate: Floats) -> Floats:
        """Integral, over the life of each forecast (m,), of a rate (2m,) that holds from each event to the next.

        The rate must be 0 where nobody stands. The running sum is one of shares, each of what its prediction has in
        all, and returns to 0 between predictions, so that the magnitude of one does not cost another its digits.
        """
        steps, starts = rate * self.lasting, 2 * self.first
        size = np.add.reduceat(np.abs(steps), starts)
        size[size == 0.0] = 1.0
        steps /= np.repeat(size[self.owner], 2)
        steps[np.append(starts[1:], len(steps)) - 1] = -np.add.reduceat(steps, starts)
        before = np.cumsum(np.append(0.0, steps[:-1]))
        return (before[self.ended] - before[self.began]) * size[self.owner]

    def time_with(self, holds: NDArray[np.bool_]) -> Whole:
        """Microseconds of each forecast's life (m,) in which a condition on the events (2m,) holds. Exact."""
        steps = np.where(holds, self.lasting, 0)
        before = np.cumsum(steps) - steps
        return before[self.ended] - before[self.began]


def sweeps(prediction: ArrayLike, start: ArrayLike, end: ArrayLike) -> Iterator[Sweep]:
    """The chunks in which the forecasts that stand at all are walked through.

    Shapes: integers (n,) each, `prediction` rising, the forecasts of one prediction in any order.
    Errors: ValueError, naming the argument, for other types, shapes or order, where an end comes before its start, or
    where a prediction lasts 2**60 microseconds and more.
    """
    of = rows.rising("prediction", rows.labels("prediction", prediction))
    begin, close = (
        rows.fitted(name, rows.row(name, given), of.shape) for name, given in (("start", start), ("end", end))
    )
    if (close < begin).any():
        raise ValueError(f"end must not come before start (row {int(np.argmax(close < begin))})")
    row = np.flatnonzero(begin < close)
    return _chunks(row, of[row], np.stack([begin[row], close[row]]))


def _chunks(row: Whole, of: Whole, life: Whole) -> Iterator[Sweep]:
    if not len(row):
        return
    first = rows.first_of_each(of)
    reach = np.stack([np.minimum.reduceat(life[0], first), np.maximum.reduceat(life[1], first)])
    spent = reach[1].astype(np.float64) - reach[0]
    if spent.max() >= SPAN:
        raise ValueError(f"a prediction must last less than 2**60 microseconds (row {int(row[first[spent.argmax()]])})")
    full = first // CHUNK + np.cumsum(spent) // SPAN
    bounds = [*first.tolist(), len(row)]
    for a, b in pairwise([*rows.first_of_each(full).tolist(), len(first)]):
        part = slice(bounds[a], bounds[b])
        yield _sweep(row[part], first[a:b] - bounds[a], reach[:, a:b], life[:, part])


def _sweep(row: Whole, first: Whole, reach: Whole, life: Whole) -> Sweep:
    """One chunk, given when each of its predictions begins and ends, and each of its forecasts."""
    count = len(row)
    owner = np.repeat(np.arange(len(first)), np.diff(first, append=count))
    spans = reach[1] - reach[0] + 1  # one apart, so that no prediction's end ties with the next one's start
    shift = np.cumsum(spans) - spans - reach[0]
    line = (life + shift[owner]).ravel()
    order = np.argsort(line)
    place = np.empty_like(order)
    place[order] = np.arange(2 * count)
    entering = order < count
    in_order = line[order]
    return Sweep(
        row=row,
        owner=owner,
        first=first,
        forecast=np.where(entering, order, order - count),
        entering=entering,
        began=place[:count],
        ended=place[count:],
        time=in_order - np.repeat(shift[owner], 2),
        lasting=np.diff(in_order, append=in_order[-1]),
        standing=np.cumsum(np.where(entering, 1, -1)),
    )
