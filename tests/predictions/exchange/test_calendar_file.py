"""The calendar file by RFC 5545, read again by the library and looked at as bytes."""

from datetime import UTC, date, datetime, timedelta, timezone

from icalendar import Calendar

from predictions.exchange.calendar_file import Appointment, calendar_file

AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
DAY = Appointment("close-1", "Closes: it rains", date(2026, 4, 10), date(2026, 4, 11))


def file_of(*appointments):
    return calendar_file(appointments, name="Forsooth", host="forsooth.example.org", at=AT)


def events(data):
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_an_empty_calendar_is_a_calendar():
    data = file_of()
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"VERSION:2.0\r\n" in data
    assert b"PRODID:" in data
    assert data.endswith(b"END:VCALENDAR\r\n")


def test_a_day_is_a_day_and_ends_before_the_next():
    data = file_of(DAY)
    assert b"DTSTART;VALUE=DATE:20260410\r\n" in data
    assert b"DTEND;VALUE=DATE:20260411\r\n" in data
    assert b"DTSTAMP:20260301T120000Z\r\n" in data
    assert b"UID:close-1@forsooth.example.org\r\n" in data


def test_an_instant_is_told_in_utc():
    tokyo = timezone(timedelta(hours=9))
    assert b"DTSTART:20260410T003000Z\r\n" in file_of(Appointment("a", "x", datetime(2026, 4, 10, 9, 30, tzinfo=tokyo)))


def test_long_and_odd_titles_are_folded_and_escaped_and_come_back_whole():
    title = "“Closes”; rain, snow\\sleet 日本の国家安全保障戦略 " * 6
    data = file_of(Appointment("a", title, date(2026, 4, 10)))
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    [event] = events(data)
    assert str(event["summary"]) == title


def test_no_title_can_bring_in_a_line_of_its_own():
    [event] = events(file_of(Appointment("a", "x\r\nATTENDEE:mailto:eve@example.org", date(2026, 4, 10))))
    assert "attendee" not in event


def test_the_same_thing_keeps_its_name_when_its_date_moves():
    moved = Appointment(DAY.key, DAY.title, date(2026, 5, 1), date(2026, 5, 2))
    assert [str(events(file_of(each))[0]["uid"]) for each in (DAY, moved)] == ["close-1@forsooth.example.org"] * 2
