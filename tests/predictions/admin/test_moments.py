from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from predictions.admin.moments import MomentField, as_typed, moment_of, take_moment
from predictions.models import Trigger

TYPED = [
    "2022-12-16 09:30:00",
    "2022-12-16 09:30:15.000123",
    "2022-12-16",
    "2022-12",
    "2022-03-24 to 2022-04-24",
    "",
]


@pytest.mark.parametrize("reader", ["UTC", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
@pytest.mark.parametrize("typed", TYPED)
def test_what_is_typed_comes_back_as_typed(typed, zone, reader):
    row = Trigger(zone=zone)
    with timezone.override(ZoneInfo(reader)):
        take_moment(row, "expected", moment_of(typed, zone) if typed else None)
        assert as_typed(row, "expected", zone) == typed


@pytest.mark.parametrize(
    ("typed", "at", "precision"),
    [
        ("2022-12-16 09:30", datetime(2022, 12, 16, 9, 30, tzinfo=UTC), "instant"),
        ("2022-12-16T09:30", datetime(2022, 12, 16, 9, 30, tzinfo=UTC), "instant"),
        ("2022-12-16T09:30+09:00", datetime(2022, 12, 16, 0, 30, tzinfo=UTC), "instant"),
        ("2022-12-16", datetime(2022, 12, 15, 15, tzinfo=UTC), "day"),
        ("2022-12", datetime(2022, 11, 30, 15, tzinfo=UTC), "month"),
        ("2022-03-24 to 2022-03-24", datetime(2022, 3, 23, 15, tzinfo=UTC), "estimated"),
    ],
)
def test_clock_time_is_the_readers_and_a_day_is_that_of_the_row(typed, at, precision):
    moment = moment_of(typed, "Asia/Tokyo")
    assert (moment.at, moment.precision) == (at, precision)


def refused(typed, zone="Asia/Tokyo"):
    with pytest.raises(ValidationError) as refusal:
        moment_of(typed, zone)
    (message,) = refusal.value.messages
    return message


@pytest.mark.parametrize(
    "typed",
    [
        "soon",
        "2022-13",
        "2022-13-01",
        "2022-02-30",
        "16.12.2022",
        "2022-12-16 25:00",
        "2022-12-16T25:00+09:00",
        "2022-12-16 09:60",
        "2022-02-30 09:00",
        "2022-02-30 to 2022-03-24",
    ],
)
def test_what_is_no_time_is_refused_with_one_sentence_that_says_how_times_are_written(typed):
    assert refused(typed) == (
        "That is no time. Write 2022-12-16 09:30, 2022-12-16, 2022-12, or 2022-03-24 to 2022-04-24."
    )


@pytest.mark.parametrize(
    ("typed", "zone", "message"),
    [
        ("0001-01-01 00:00", "UTC", "1 lies outside the years 1583 to 2999."),
        (
            "2022-04-24 to 2022-03-24",
            "UTC",
            "The latest day, 2022-03-24, comes before the earliest, 2022-04-24.",
        ),
        ("2011-12-30", "Pacific/Apia", "2011-12-30 did not happen in Pacific/Apia."),
    ],
)
def test_a_time_that_can_be_read_and_cannot_be_is_refused_with_the_reason(typed, zone, message):
    assert refused(typed, zone) == message


def test_field_says_how_to_write_a_time():
    assert "2022-12-16 09:30" in MomentField().help_text
