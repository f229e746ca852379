"""Dates as an iCalendar file (RFC 5545) that calendars subscribe to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from icalendar import Calendar, Event

PRODUCT = "-//Forsooth//Due dates//EN"
AT_MOST_EVERY = "PT1H"


@dataclass(frozen=True)
class Appointment:
    """Something with a date: whole days, from `starts` until before `ends`, or an instant, which has no end.

    `key` names it for good, so that a calendar moves it when its date moves.
    """

    key: str
    title: str
    starts: date
    ends: date | None = None


def calendar_file(appointments: Iterable[Appointment], *, name: str, host: str, at: datetime) -> bytes:
    """The file; `host` completes the keys to names that are unique in the world."""
    calendar = Calendar()
    told = {"prodid": PRODUCT, "version": "2.0", "calscale": "GREGORIAN", "x-wr-calname": name}
    for key, value in {**told, "x-published-ttl": AT_MOST_EVERY}.items():
        calendar.add(key, value)
    for each in appointments:
        calendar.add_component(_event(each, host, at))
    return bytes(calendar.to_ical())


def _event(of: Appointment, host: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{of.key}@{host}")
    event.add("dtstamp", at.astimezone(UTC).replace(microsecond=0))
    event.add("summary", of.title)
    event.add("dtstart", _in_utc(of.starts))
    if of.ends is not None:
        event.add("dtend", _in_utc(of.ends))
    event.add("transp", "TRANSPARENT")  # a due date does not make its reader busy
    return event


def _in_utc(moment: date) -> date:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment
