"""A trigger known to a day or a month of its own zone closes what waited for it at the start of that period."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from predictions import scorekeeping
from predictions.exchange.moments import read_moment
from predictions.models import Prediction, Score, Status
from predictions.operations.triggers import undo_occurrence
from tests import builders as a

pytestmark = pytest.mark.django_db

LATER = a.NOW
MICROSECOND = timedelta(microseconds=1)

PERIODS = [
    ("2022-12-16", "Asia/Tokyo", "2022-12-15T15:00:00Z", 24),
    ("2022-12", "Asia/Tokyo", "2022-11-30T15:00:00Z", 31 * 24),
    ("2024-02-29", "Asia/Tokyo", "2024-02-28T15:00:00Z", 24),
    ("2024-02", "America/New_York", "2024-02-01T05:00:00Z", 29 * 24),
    ("2022-03-27", "Europe/Berlin", "2022-03-26T23:00:00Z", 23),
    ("2022-10-30", "Europe/Berlin", "2022-10-29T22:00:00Z", 25),
    ("2022-03", "Europe/Berlin", "2022-02-28T23:00:00Z", 31 * 24 - 1),
    ("2022-09-11", "America/Santiago", "2022-09-11T04:00:00Z", 23),  # clocks skipped its midnight
]
NAMES = [
    "a day in Tokyo",
    "a month",
    "a leap day",
    "a leap month",
    "23 hours",
    "25 hours",
    "a shorter month",
    "no midnight",
]


@pytest.fixture(params=PERIODS, ids=NAMES)
def occurred(request):
    """A prediction that waits for a trigger, four forecasts on it around the period's start, and the period."""
    text, zone, start, hours = request.param
    period = read_moment(text, ZoneInfo(zone))
    assert (period.at, period.until - period.at) == (datetime.fromisoformat(start), timedelta(hours=hours))
    trigger = a.trigger(zone=zone)
    opens, closes = period.at - timedelta(days=100), period.until + timedelta(days=100)
    row = a.prediction(trigger.case, trigger=trigger, opens_at=opens, closes_at=closes, zone=zone)
    for name, at in {"before": period.at - MICROSECOND, "at": period.at, "after": period.until}.items():
        a.forecast(row, by=a.forecaster(name), issued_at=at, at=LATER)
    within = {"issued_precision": "day", "issued_until": period.at + timedelta(hours=12)}
    a.forecast(row, by=a.forecaster("about"), issued_at=period.at - timedelta(hours=12), at=LATER, **within)
    a.occurrence(trigger, period.at, occurred_precision=period.precision, occurred_until=period.until)
    return Prediction.objects.for_show().get(pk=row.pk), period


def test_what_waited_closes_at_the_first_instant_of_the_period_and_is_due(occurred):
    row, period = occurred
    assert row.closing_at == period.at
    assert row.status(period.at) == Status.DUE
    assert row.status(period.at - MICROSECOND) == Status.OPEN
    assert Prediction.objects.due(period.at).contains(row)
    assert not Prediction.objects.due(period.at - MICROSECOND).contains(row)


def test_only_a_forecast_issued_before_that_instant_counts(occurred):
    row, period = occurred
    a.resolution(row, known_at=period.at, known_precision=period.precision, known_until=period.until, at=LATER)
    scorekeeping.rescore(Prediction.objects.all(), at=LATER)
    counted = Score.objects.filter(brier__isnull=False).values_list("forecaster__name", flat=True)
    assert set(counted) == {"before"}
    uncertain = Score.objects.filter(uncertain_count=1).values_list("forecaster__name", flat=True)
    assert set(uncertain) == {"about"}


def test_a_forecast_of_that_instant_or_later_is_no_longer_taken(occurred):
    row, period = occurred
    for at in (period.at, period.until):
        with pytest.raises(ValidationError, match="Only earlier forecasts count"):
            a.forecast(row, issued_at=at, at=LATER)
    assert a.forecast(row, issued_at=period.at - MICROSECOND, at=LATER).pk


def test_undoing_it_opens_again_what_waited(occurred):
    row, period = occurred
    undo_occurrence(row.trigger, reason="A false alarm.", by=a.a_person_with("resolver"), at=LATER)
    again = Prediction.objects.for_show().get(pk=row.pk)
    assert again.status(period.until) == Status.OPEN
    assert again.closing_at == row.revision.closes_at
