"""Dates under a drawing: few, round, apart from each other and inside it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.charts.axes import Frame, date_ticks

SIZE = 13.0
TOKYO = ZoneInfo("Asia/Tokyo")


def frame(starts, ends, right=710.0):
    return Frame(40.0, 10.0, right, 210.0, starts, ends)


def day(text, zone=UTC):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def labels(starts, ends, **kwargs):
    return [tick.label for tick in date_ticks(frame(day(starts), day(ends), **kwargs), SIZE)]


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2022-12-16 06:00", "2022-12-17 00:00", ["2022-12-16 06:00", "2022-12-17 00:00"]),
        ("2022-12-01", "2022-12-05", ["1 Dec 2022", "2 Dec 2022", "3 Dec 2022", "4 Dec 2022", "5 Dec 2022"]),
        ("2022-12-01", "2022-12-21", ["1 Dec 2022", "5 Dec 2022", "12 Dec 2022", "21 Dec 2022"]),
        ("2022-03-24", "2022-12-31", ["24 Mar 2022", "Jul 2022", "Sep 2022", "Nov 2022", "31 Dec 2022"]),
        ("2021-01-01", "2027-01-01", ["1 Jan 2021", "2022", "2023", "2024", "2025", "2026", "1 Jan 2027"]),
        (
            "1900-06-01",
            "2100-06-01",
            ["1 Jun 1900", "1940", "1960", "1980", "2000", "2020", "2040", "2060", "1 Jun 2100"],
        ),
    ],
)
def test_dates_suit_the_span(starts, ends, expected):
    assert labels(starts, ends) == expected


spans = st.timedeltas(timedelta(minutes=1), timedelta(days=200 * 365))
beginnings = st.integers(-2000, 2800).map(
    lambda months: datetime(1970 + months // 12, 1 + months % 12, 9, 5, tzinfo=TOKYO)
)


@given(beginnings, spans, st.sampled_from([334.0, 414.0, 714.0, 1400.0]))
def test_no_date_is_clipped_or_touches_another(starts, span, right):
    axis = frame(starts, starts + span, right)
    ticks = date_ticks(axis, SIZE)
    reach = [tick.span(SIZE) for tick in ticks]
    assert reach[0][0] >= 0
    assert reach[-1][1] <= right
    assert all(end < begin for (_, end), (begin, _) in pairwise(reach))
    assert 2 <= len(ticks) <= 12


def test_round_dates_begin_at_midnight_where_the_reader_is():
    axis = frame(day("2022-12-01 12:00", TOKYO), day("2022-12-05 12:00", TOKYO))
    tick = date_ticks(axis, SIZE)[1]
    assert tick.label == "3 Dec 2022"
    assert tick.x == pytest.approx(axis.x(day("2022-12-02 15:00")))


def test_time_is_absolute_so_the_day_the_clocks_change_is_an_hour_longer():
    berlin = ZoneInfo("Europe/Berlin")
    axis = frame(day("2022-10-29", berlin), day("2022-11-01", berlin))
    saturday, sunday, monday, end = (
        axis.x(day(text, berlin)) for text in ("2022-10-29", "2022-10-30", "2022-10-31", "2022-11-01")
    )
    assert (monday - sunday) / (sunday - saturday) == pytest.approx(25 / 24)
    assert end == 710.0


@pytest.mark.parametrize(("probability", "y"), [(0, 210), (1, 10), (0.25, 160)])
def test_probability_grows_upwards(probability, y):
    assert frame(day("2022-01-01"), day("2022-02-01")).y(probability) == y
