from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.exchange.moments import UNREADABLE, estimated, read_day, read_moment, read_typed

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "precision", "at", "until"),
    [
        ("2022-12-16T09:00:00+09:00", "instant", utc(2022, 12, 16), None),
        ("2022-12-16T00:00Z", "instant", utc(2022, 12, 16), None),
        ("2022-12-16T09:00:00.000001+09:00", "instant", utc(2022, 12, 16, 0, 0, 0, 1), None),
        ("2022-12-16", "day", utc(2022, 12, 15, 15), utc(2022, 12, 16, 15)),
        ("2024-02-29", "day", utc(2024, 2, 28, 15), utc(2024, 2, 29, 15)),
        ("2022-12", "month", utc(2022, 11, 30, 15), utc(2022, 12, 31, 15)),
        ("2024-02", "month", utc(2024, 1, 31, 15), utc(2024, 2, 29, 15)),
    ],
)
def test_time_is_read_at_its_own_precision(text, precision, at, until):
    moment = read_moment(text, TOKYO)
    assert (moment.precision, moment.at, moment.until) == (precision, at, until)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2022-12-16T09:00:00", "has no offset"),
        ("2022-12-16T25:00:00Z", "no time that a clock shows"),
        ("2022-12-16T09:00:60Z", "no time that a clock shows"),
        ("2022-02-30T09:00:00Z", "no time that a clock shows"),
        ("2022-12-16T09:00:00+25:00", "no time that a clock shows"),
        ("2022-02-29", "no day"),
        ("2022-13", "no day"),
        ("2022-00", "no day"),
        ("2022", "no time"),
        ("16.12.2022", "no time"),
        ("2022-12-16 09:00:00+09:00", "no time"),
        ("2022-12-16\n", "no time"),
        ("２０２２-12-16", "no time"),
        ("", "no time"),
        ("0001-01-01", "outside the years"),
        ("0001-01-01T00:00:00+14:00", "outside the years"),
        ("9999-12", "outside the years"),
        ("9999-12-31T23:59:59-14:00", "outside the years"),
    ],
)
def test_what_is_no_time_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        read_moment(text, TOKYO)


def test_close_known_to_the_day_means_the_end_of_that_day():
    assert read_moment("2022-12-31", TOKYO).ends_at == utc(2022, 12, 31, 15)
    assert read_moment("2022-12-31T12:00Z", TOKYO).ends_at == utc(2022, 12, 31, 12)


def test_estimate_runs_from_the_first_day_to_the_end_of_the_last():
    moment = estimated(date(2022, 3, 24), date(2022, 4, 24), TOKYO)
    assert (moment.precision, moment.at, moment.until) == ("estimated", utc(2022, 3, 23, 15), utc(2022, 4, 24, 15))


def test_estimate_whose_days_are_turned_round_is_refused():
    with pytest.raises(ValueError, match="before the earliest"):
        estimated(date(2022, 4, 24), date(2022, 3, 24), TOKYO)


@pytest.mark.parametrize(("day", "hours"), [("2022-03-13", 23), ("2022-11-06", 25), ("2022-07-01", 24)])
def test_day_is_as_long_as_the_clocks_make_it(day, hours):
    moment = read_moment(day, NEW_YORK)
    assert moment.until - moment.at == timedelta(hours=hours)


def test_day_whose_midnight_was_skipped_begins_when_the_clocks_jumped():
    assert read_moment("2018-11-04", ZoneInfo("America/Sao_Paulo")).at == utc(2018, 11, 4, 3)


def test_day_a_zone_left_out_is_refused():
    apia = ZoneInfo("Pacific/Apia")
    with pytest.raises(ValueError, match="did not happen in Pacific/Apia"):
        read_moment("2011-12-30", apia)
    assert read_moment("2011-12-29", apia).until == read_moment("2011-12-31", apia).at


@given(
    st.dates(date(1970, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "America/Havana", "Australia/Lord_Howe", "Asia/Beirut"]),
)
def test_days_follow_each_other_without_gap_or_overlap(day, zone):
    today = read_moment(day.isoformat(), ZoneInfo(zone))
    tomorrow = read_moment((day + timedelta(days=1)).isoformat(), ZoneInfo(zone))
    assert today.at < today.until == tomorrow.at


@given(st.text(max_size=30) | st.from_regex(r"\A\d{4}-\d\d(-\d\d)?(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?\Z"))
def test_any_text_is_a_moment_or_a_value_error(text):
    try:
        moment = read_moment(text, NEW_YORK)
    except ValueError:
        return
    assert moment.at.utcoffset() == timedelta(0)
    assert moment.at <= moment.ends_at


@given(st.dates(date(1583, 1, 1), date(2999, 12, 31)))
def test_every_day_of_the_calendar_reads_back(day):
    assert read_day(day.isoformat()) == day


def test_a_bare_time_is_that_of_the_writers_clock_and_a_day_that_of_the_zone():
    assert read_typed("2022-12-16 09:30", TOKYO, NEW_YORK).at == utc(2022, 12, 16, 14, 30)
    assert read_typed("2022-12-16", TOKYO, NEW_YORK).at == utc(2022, 12, 15, 15)
    assert read_typed("2022-12-16 to 2022-12-17", TOKYO, NEW_YORK).until == utc(2022, 12, 17, 15)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("soon", UNREADABLE),
        ("2022-12-17 to 2022-12-16", "The latest day, .* comes before"),
        ("0001-01-01", "^1 lies outside"),
    ],
)
def test_what_a_person_typed_wrongly_is_told_in_a_sentence(text, message):
    with pytest.raises(ValueError, match=message):
        read_typed(text, TOKYO, NEW_YORK)
