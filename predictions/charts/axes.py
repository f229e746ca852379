"""A plotting area with time to the right and probability upwards, and the dates worth writing under it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from predictions.charts.lettering import element, percent, width_of, words

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
RHYTHMS = (
    *(("days", count) for count in (1, 2, 7, 14)),
    *(("months", count) for count in (1, 2, 3, 6)),
    *(("months", 12 * count) for count in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)),
)
MOST_BEATS = 10
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
HOURS_MATTER_BELOW = timedelta(days=2)


@dataclass(frozen=True)
class Frame:
    """A rectangle in drawing units (y grows downwards) that shows probabilities from `starts` to `ends`."""

    left: float
    top: float
    right: float
    bottom: float
    starts: datetime
    ends: datetime

    def x(self, at: datetime) -> float:
        """Where an instant lies. By absolute time, so that a day of 25 hours is wider than one of 24."""
        begin = self.starts.timestamp()
        share = (at.timestamp() - begin) / (self.ends.timestamp() - begin)
        return self.left + share * (self.right - self.left)

    def y(self, probability: float) -> float:
        """Where a probability lies: 1 at the top, 0 at the bottom."""
        return self.bottom - probability * (self.bottom - self.top)


@dataclass(frozen=True)
class Tick:
    """A date under the time axis; `anchor` says which part of the label lies at x (SVG's text-anchor)."""

    x: float
    label: str
    anchor: str = "middle"

    def span(self, size: float) -> tuple[float, float]:
        """From where to where the label reaches."""
        width = width_of(self.label, size)
        begin = self.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return begin, begin + width


def axes(frame: Frame, size: float) -> Iterator[str]:
    """Both axes as markup: a rule and a percentage for each level, the dates below with a short stroke to each."""
    for level in LEVELS:
        y = frame.y(level)
        yield element("line", class_="history-grid", x1=frame.left, x2=frame.right, y1=y, y2=y)
        place = {"x": frame.left - 6, "y": y + 0.35 * size}
        yield words("text", percent(level), class_="history-axis", text_anchor="end", **place)
    for tick in date_ticks(frame, size):
        stroke = {"x1": tick.x, "x2": tick.x, "y1": frame.bottom, "y2": frame.bottom + 0.4 * size}
        yield element("line", class_="history-grid", **stroke)
        place = {"x": tick.x, "y": frame.bottom + 1.6 * size}
        yield words("text", tick.label, class_="history-axis", text_anchor=tick.anchor, **place)


def date_ticks(frame: Frame, size: float) -> list[Tick]:
    """Dates from left to right, none touching another: both ends in full, round dates between where they fit.

    Days are those of the zone of `frame.starts`. `size` is the height of the letters in drawing units.
    """
    write = _minute if frame.ends - frame.starts < HOURS_MATTER_BELOW else _day
    first = Tick(frame.left, write(frame.starts), "start")
    last = Tick(frame.right, write(frame.ends), "end")
    candidates = (
        [tick for tick in _round_dates(frame, unit, every) if _apart([first, tick, last], size)]
        for unit, every in RHYTHMS
    )
    between = max((ticks for ticks in candidates if _apart(ticks, size)), key=len)
    return [first, *between, last]


def _round_dates(frame: Frame, unit: str, every: int) -> list[Tick]:
    """The ticks of one rhythm strictly between the ends; none of a rhythm that beats too often to be read."""
    numbers = _numbers(frame, unit, every)
    if len(numbers) > MOST_BEATS:
        return []
    moments = _days(frame, numbers) if unit == "days" else _months(frame, numbers, every)
    return [Tick(frame.x(at), label) for at, label in moments if frame.starts < at < frame.ends]


def _numbers(frame: Frame, unit: str, every: int) -> range:
    """The days or months, counted from the year 1, that are multiples of `every`; weeks then begin on a Monday."""
    first, last = (
        (at.toordinal() - 1 if unit == "days" else 12 * at.year + at.month - 1) for at in (frame.starts, frame.ends)
    )
    return range(-(-first // every) * every, last + 1, every)


def _days(frame: Frame, numbers: range) -> Iterator[tuple[datetime, str]]:
    for day in numbers:
        at = datetime.combine(date.fromordinal(day + 1), time(), frame.starts.tzinfo)
        yield at, _day(at)


def _months(frame: Frame, numbers: range, every: int) -> Iterator[tuple[datetime, str]]:
    for month in numbers:
        at = datetime(month // 12, month % 12 + 1, 1, tzinfo=frame.starts.tzinfo)
        yield at, f"{at.year}" if every % 12 == 0 else f"{MONTHS[at.month - 1]} {at.year}"


def _day(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _apart(ticks: list[Tick], size: float) -> bool:
    spans = [tick.span(size) for tick in ticks]
    return all(end + size <= begin for (_, end), (begin, _) in pairwise(spans))
