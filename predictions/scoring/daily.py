"""Good Judgment's scores: daily Brier, median and accuracy, in days and in the 0–2 convention.

Descriptive: their end may depend on the outcome, so nobody is ranked by them. No day is walked through: between two
breakpoints all days are alike and are weighed by their number.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from predictions.scoring import rows, timeline
from predictions.scoring.checks import Floats, unit_interval
from predictions.scoring.medians import running_medians
from predictions.scoring.rows import Whole
from predictions.scoring.sweep import sweeps

DAY = 86_400_000_000  # microseconds


def daily_segments(
    pair: ArrayLike,
    issued: ArrayLike,
    *,
    opens: ArrayLike | None,
    closes: ArrayLike,
    stands: ArrayLike | None = None,
    tick: int = DAY,
    offset: ArrayLike = 0,
    opens_offset: ArrayLike | None = None,
    closes_offset: ArrayLike | None = None,
) -> tuple[Whole, Whole]:
    """`segments` in the daily convention, in day numbers: what stands at a day's end counts for the whole day.

    Of one day's forecasts the last survives and is carried forward until replaced; the day of a close (a row's own
    earlier one too) counts if it has begun. Where all times are midnights this is `segments` divided by the tick.

    A zone may be ahead of UTC by another `offset` when a prediction opens and closes; without these it stays.

    Shapes and errors: those of `segments` and `ticked`; the offsets are microseconds, one or (n,).
    Source: reference/scoring.md, section 3.2.

    >>> daily_segments([1, 1, 1], [5, 9, 30], opens=0, closes=60, tick=24)
    (array([0, 0, 1]), array([0, 1, 3]))
    """
    times, close = rows.row("issued", issued), rows.whole("closes", closes)
    days = timeline.ticked(times, tick, offset)
    closing = timeline.ticked_up(close, tick, offset if closes_offset is None else closes_offset)
    last = np.where(times < close, closing, days)  # heard is who spoke before the very close
    ahead = offset if opens_offset is None else opens_offset
    opening = None if opens is None else timeline.ticked(opens, tick, ahead)
    return timeline.segments(pair, days, opens=opening, closes=last, stands=stands)


class DailyScores(NamedTuple):
    """Per pair, 0–2, NaN where undefined; `accuracy` is a difference of two such, −2 … 2. Lower is better in all."""

    daily_brier: Floats
    median: Floats
    accuracy: Floats


def daily_scores(
    prediction: ArrayLike,
    pair: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    loss: ArrayLike,
    *,
    days: ArrayLike,
    at_least: int = 3,
) -> DailyScores:
    """Mean daily Brier score, "Median Score" and "Accuracy Score" as Good Judgment Open shows them.

    daily_brier: mean over the pair's active days of its Brier score. NaN without an active day.
    median: mean of the median Brier score of all who were active, the pair's own included, over those of its days on
    which `at_least` three were: the median of fewer says nothing. NaN without such a day.
    accuracy: Σ over the same days of (own − median), over the `days` possible. Below 0 is better than the crowd. NaN
    without such a day, and where no day was possible.

    Shapes: rows (n,) in days, from `daily_segments`, in order of `prediction` and within it of `pair`; `loss` float
    (n,), the Brier score 0–1 (doubled here), not looked at where end = start; `days` whole days from opening to close,
    one or (number of pairs,). Returns float64 (number of pairs,) three times.
    Errors: ValueError, naming the argument, for other types, shapes or order.
    Source: reference/scoring.md, sections 3.2 and 3.3.

    >>> daily_scores([1, 1, 1], [1, 2, 3], [0, 0, 0], [4, 4, 2], [0.25, 0.0, 1.0], days=4).median
    array([0.5, 0.5, 0.5])
    """
    first = timeline.pair_starts(pair)
    active_days = np.subtract(rows.row("end", end), rows.row("start", start))
    own, active = _own(loss, active_days, first)
    median, crowded_days = _of_the_crowd(prediction, start, end, loss, at_least)
    theirs, (beside, crowded) = np.add.reduceat(median, first), _own(loss, crowded_days, first)
    possible = rows.moments("days", days, first.shape)
    return DailyScores(
        _ratio(own, active, active > 0),
        _ratio(theirs, crowded, crowded > 0),
        _ratio(beside - theirs, possible, (crowded > 0) & (possible > 0)),
    )


def _own(loss: ArrayLike, days: Whole, first: Whole) -> tuple[Floats, Whole]:
    """Sum of the pair's own daily Brier scores over its `days`, 0–2, and how many there are."""
    return 2.0 * timeline.integral_while_standing(loss, days, first), timeline.time_standing(days, first)


def _of_the_crowd(
    prediction: ArrayLike, start: ArrayLike, end: ArrayLike, loss: ArrayLike, at_least: int
) -> tuple[Floats, Whole]:
    """Per row: on how many of its days enough were active, and the sum of the daily medians over these."""
    brier = np.asarray(loss, dtype=np.float64)
    median, crowded = np.zeros(brier.shape), np.zeros(brier.shape, np.int64)
    for sweep in sweeps(prediction, start, end):
        is_crowded = sweep.standing >= max(at_least, 1)
        here = np.flatnonzero((sweep.lasting > 0) & is_crowded)
        daily = np.zeros(len(sweep.time))
        daily[here] = 2.0 * running_medians(sweep, unit_interval("loss", brier[sweep.row]), here)
        median[sweep.row] = sweep.integral(daily)
        crowded[sweep.row] = sweep.time_with(is_crowded)
    return median, crowded


def _ratio(total: Floats, by: Whole, where: NDArray[np.bool_]) -> Floats:
    ratio: Floats = np.divide(total, by, out=np.full(total.shape, np.nan), where=where)
    return ratio
