"""Times as people write them, in a casebook or a form: to the instant, the day, the month, or between two days."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from predictions.exchange.casebook_faults import shown

Precision = Literal["instant", "day", "month", "estimated"]

FIRST_YEAR, LAST_YEAR = 1583, 2999  # the Gregorian calendar, and room for the arithmetic of zones

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_BETWEEN = re.compile(r"(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)", re.ASCII)
_CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)", re.ASCII)
_SAYS_WHY = ("lies outside the years", "comes before the earliest", "did not happen in")
UNREADABLE = "That is no time. Write 2022-12-16 09:30, 2022-12-16, 2022-12, or 2022-03-24 to 2022-04-24."
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time with how well it is known.

    `at` is the start of the period in UTC, `until` its end (exclusive, UTC); an instant has no `until`.
    """

    at: datetime
    precision: Precision
    until: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """The end of the period, which is what a close known only to the day or month means."""
        return self.at if self.until is None else self.until


def read_moment(text: str, zone: ZoneInfo) -> Moment:
    """Return the moment written as an instant with offset, a day or a month (the latter two in `zone`).

    Raises ValueError, with a message for the writer, for anything else.
    """
    if _DAY.fullmatch(text):
        day = read_day(text)
        return _period(day, day + timedelta(days=1), zone, "day")
    if match := _MONTH.fullmatch(text):
        first = read_day(f"{text}-01")
        return _period(first, _next_month(int(match[1]), int(match[2])), zone, "month")
    if match := _INSTANT.fullmatch(text):
        return Moment(_instant(text, offset=match[1]), "instant")
    raise ValueError(f"{shown(text)} is no time: write 2022-12-16T09:00:00+09:00, 2022-12-16 or 2022-12")


def read_typed(text: str, zone: ZoneInfo, clock: tzinfo) -> Moment:
    """Return the moment that a person typed: days and months are those of `zone`, a bare time is that of `clock`.

    Raises ValueError, with a sentence for the writer, for anything else.
    """
    try:
        if between := _BETWEEN.fullmatch(text):
            return estimated(read_day(between[1]), read_day(between[2]), zone)
        if local := _CLOCK.fullmatch(text):
            wall = datetime.fromisoformat(f"{read_day(local[1])}T{local[2]}")
            return Moment(wall.replace(tzinfo=clock), "instant")
        return read_moment(text, zone)
    except ValueError as fault:
        raise ValueError(_told(str(fault))) from fault


def _told(fault: str) -> str:
    """A fault of a time that could be read, as a sentence; for all that could not, how times are written."""
    return f"{fault[0].upper()}{fault[1:]}." if any(each in fault for each in _SAYS_WHY) else UNREADABLE


def estimated(earliest: date, latest: date, zone: ZoneInfo) -> Moment:
    """Return the moment that lies somewhere from `earliest` to `latest`, both days included.

    Raises ValueError if `latest` comes before `earliest`.
    """
    if latest < earliest:
        raise ValueError(f"the latest day, {latest}, comes before the earliest, {earliest}")
    return _period(earliest, latest + timedelta(days=1), zone, "estimated")


def read_day(text: str) -> date:
    """Return the day written as 2022-12-16; raises ValueError with a message for the writer."""
    match = _DAY.fullmatch(text)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"{shown(text)} is no day: write it like 2022-12-16")
    return _within_calendar(day)


def _instant(text: str, *, offset: str | None) -> datetime:
    if offset is None:
        raise ValueError(f"{shown(text)} has no offset: add one such as +09:00, or Z for UTC")
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{shown(text)} is no time that a clock shows") from None
    _within_calendar(instant.date())
    return instant.astimezone(UTC)


def _within_calendar(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{day.year} lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _next_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


def _period(first: date, after: date, zone: ZoneInfo, precision: Precision) -> Moment:
    start, end = _start_of(first, zone), _start_of(after, zone)
    if end <= start:  # a zone that moved across the date line left a day out
        raise ValueError(f"{first} did not happen in {zone.key}")
    return Moment(start, precision, end)


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of `day`; where clocks skip midnight, zoneinfo's reading is the moment they skip."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
