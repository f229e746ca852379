"""Times are exact to the microsecond, and told no more exactly than they are known."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone as django_timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from predictions.exchange.moments import estimated, read_moment
from predictions.models import Forecast
from predictions.models.times import from_microseconds, in_words, iso_utc, microseconds
from tests import builders as a

TOKYO, NEW_YORK = "Asia/Tokyo", "America/New_York"
ZONES = st.sampled_from([UTC, ZoneInfo(TOKYO), ZoneInfo(NEW_YORK)])
AWARE = st.integers(-(10**16), 3 * 10**16).map(lambda us: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us))


@given(AWARE, ZONES)
def test_microseconds_are_exact_both_ways_and_in_every_zone(moment, zone):
    assert from_microseconds(microseconds(moment)) == moment
    assert microseconds(moment.astimezone(zone)) == microseconds(moment)


@given(AWARE, st.integers(0, 10**15))
def test_a_step_in_time_is_the_same_step_in_microseconds(moment, step):
    assert microseconds(moment + timedelta(microseconds=step)) - microseconds(moment) == step


@given(AWARE, ZONES)
def test_the_ledgers_spelling_is_utc_with_six_decimals_and_sorts_like_time(moment, zone):
    text = iso_utc(moment.astimezone(zone))
    assert len(text) == len("2026-11-22T05:19:03.123456Z")
    assert datetime.fromisoformat(text) == moment
    assert text < iso_utc(moment + timedelta(microseconds=1))


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**12))
def test_the_integer_shadow_is_in_step_with_its_time_in_the_database(step):
    issued = a.on_day(0) + timedelta(microseconds=step)
    row = Forecast.objects.get(pk=a.forecast(issued_at=issued).pk)
    assert (row.issued_at, row.issued_us, row.recorded_us) == (issued, microseconds(issued), microseconds(a.NOW))
    assert (row.issued_until, row.issued_until_us) == (None, None)


@pytest.mark.parametrize(
    ("text", "zone", "words"),
    [
        ("2022-12-16", TOKYO, "16 December 2022"),
        ("2022-12", TOKYO, "December 2022"),
        ("2022-12-16", "UTC", "16 December 2022"),
        ("2022-03-13", NEW_YORK, "13 March 2022"),  # a day of 23 hours
        ("2022-11-06", NEW_YORK, "6 November 2022"),  # and one of 25
        ("2022-03", NEW_YORK, "March 2022"),
        ("2022-01", "Pacific/Kiritimati", "January 2022"),
        ("2022-12-16T09:30+09:00", TOKYO, "16 December 2022, 00:30 UTC"),
        ("2022-12-16T00:30Z", TOKYO, "16 December 2022, 00:30 UTC"),
    ],
)
def test_a_time_is_told_as_far_as_it_is_known(text, zone, words):
    moment = read_moment(text, ZoneInfo(zone))
    assert in_words(moment.at, moment.precision, moment.until, zone) == words


@pytest.mark.parametrize("reader", ["UTC", TOKYO, NEW_YORK])
def test_a_day_is_the_same_day_to_every_reader_and_an_instant_is_told_in_their_own_zone(reader):
    day = read_moment("2022-12-16", ZoneInfo(TOKYO))
    with django_timezone.override(ZoneInfo(reader)):
        assert in_words(day.at, day.precision, day.until, TOKYO) == "16 December 2022"
        assert (
            in_words(day.at)
            == {
                "UTC": "15 December 2022, 15:00 UTC",
                TOKYO: "16 December 2022, 00:00 JST",
                NEW_YORK: "15 December 2022, 10:00 EST",
            }[reader]
        )


def test_an_estimate_is_told_by_its_first_and_last_day():
    moment = estimated(date(2022, 3, 24), date(2022, 4, 24), ZoneInfo(TOKYO))
    assert in_words(moment.at, moment.precision, moment.until, TOKYO) == "estimated, 24 March 2022 to 24 April 2022"


@pytest.mark.parametrize(
    ("text", "zone", "start", "hours"),
    [
        ("2022-12-16", TOKYO, "2022-12-15T15:00:00+00:00", 24),
        ("2022-03-13", NEW_YORK, "2022-03-13T05:00:00+00:00", 23),
        ("2022-11-06", NEW_YORK, "2022-11-06T04:00:00+00:00", 25),
        ("2022-02", "UTC", "2022-02-01T00:00:00+00:00", 28 * 24),
        ("2024-02", TOKYO, "2024-01-31T15:00:00+00:00", 29 * 24),
    ],
)
def test_a_period_is_whole_in_its_zone(text, zone, start, hours):
    moment = read_moment(text, ZoneInfo(zone))
    assert moment.at == datetime.fromisoformat(start)
    assert moment.until - moment.at == timedelta(hours=hours)


@pytest.mark.django_db
def test_the_last_minute_of_the_last_day_in_tokyo_is_still_open_and_the_next_microsecond_is_not():
    close = read_moment("2022-12-31", ZoneInfo(TOKYO)).ends_at
    prediction = a.prediction(opens_at=a.START - timedelta(days=2000), closes_at=close, zone=TOKYO)
    last = datetime(2022, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=9)))
    assert prediction.status(last) == "open"
    assert prediction.status(last + timedelta(microseconds=1)) == "due"
