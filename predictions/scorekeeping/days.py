"""Good Judgment's measures: in calendar days of each prediction's own zone."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from predictions.models.prediction import NEVER
from predictions.models.times import MICROSECOND, from_microseconds
from predictions.scorekeeping.histories import Histories, Whole
from predictions.scoring import daily, timeline

HALF_HOUR = 1_800_000_000
"""Zones change their offset at whole half-hours: one look-up serves all moments of the same one."""


def of_brier(h: Histories) -> NDArray[np.float64]:
    """The mean daily Brier score of each pair, 0–2."""
    starts, ends = _segments(h)
    return 2.0 * timeline.mean_while_standing(h.brier, ends - starts, h.first)


def by_the_day(h: Histories) -> dict[str, NDArray[Any]]:
    """Mean daily Brier score, median score and accuracy score of each pair, 0–2."""
    starts, ends = _segments(h)
    of = h.of[h.first]
    opens, zone = of["opens"], of["zone"]
    closes = np.where(of["closes"] < NEVER, of["closes"], opens)
    last = timeline.ticked_up(closes, daily.DAY, _offsets(zone, closes))
    days = np.maximum(last - timeline.ticked(opens, daily.DAY, _offsets(zone, opens)), 0)
    told = daily.daily_scores(h.of["id"], h.pair, starts, ends, h.brier, days=days)
    return {"daily_brier": told.daily_brier, "daily_median": told.median, "daily_accuracy": told.accuracy}


def _segments(h: Histories) -> tuple[Whole, Whole]:
    zone = h.of["zone"]
    return daily.daily_segments(
        h.pair,
        h.rows["issued"],
        opens=h.of["opens"],
        closes=h.closes,
        stands=h.stands,
        offset=_offsets(zone, h.rows["issued"]),
        opens_offset=_offsets(zone, h.of["opens"]),
        closes_offset=_offsets(zone, h.closes),
    )


def _offsets(zone: NDArray[Any], moment: Whole) -> Whole:
    """Microseconds by which the clock of `zone` is ahead of UTC at `moment`, row by row."""
    offsets, is_told = np.zeros(len(moment), np.int64), np.abs(moment) < NEVER
    for name in set(zone.tolist()) - {"UTC"}:
        own = np.flatnonzero((zone == name) & is_told)
        slots, place = np.unique(moment[own] // HALF_HOUR, return_inverse=True)
        there = ZoneInfo(name)
        offsets[own] = np.array([_offset(there, slot) for slot in slots.tolist()], np.int64)[place]
    return offsets


def _offset(zone: ZoneInfo, slot: int) -> int:
    ahead = from_microseconds(slot * HALF_HOUR).astimezone(zone).utcoffset() or timedelta(0)
    return ahead // MICROSECOND
