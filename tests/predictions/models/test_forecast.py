"""What a forecast says of itself: how it was put, whether it was written down late, whether it came in time."""

from datetime import timedelta

import pytest

from predictions.models import Forecast
from predictions.models.forecast import as_percent, require_share
from tests import builders as a

MICROSECOND = timedelta(microseconds=1)

pytestmark = pytest.mark.django_db


def read_back(forecast):
    return Forecast.objects.for_show().get(pk=forecast.pk)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"words": "70%"}, "70%"),
        ({"words": "7 in 10"}, "70%"),
        ({"words": "likely"}, "likely (55–80%), taken as 67.5% (ICD 203)"),
        ({"words": "would likely"}, "likely (55–80%), taken as 67.5% (ICD 203)"),
        (
            {"words": "must be ready", "basis": "implied", "probability": 0.75, "low": 0.5, "high": 0.95},
            "“must be ready” (50–95%), taken as 75% (our reading)",
        ),
        ({"words": "", "kind": "withdrawn"}, "withdrawn"),
        ({"words": "may rain", "kind": "unquantifiable"}, "words without a probability"),
    ],
    ids=str,
)
def test_a_forecast_is_told_as_it_was_put(given, words):
    assert read_back(a.forecast(**given)).in_words() == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.675, "67.5%"), (0.7, "70%"), (0.0005, "0.05%"), (1 / 3, "33.3333%"), (1.0, "100%"), (None, "–")],
)
def test_shares_are_told_in_per_cent(share, words):
    assert as_percent(share) == words


@pytest.mark.parametrize("value", [0.0, 1.0, 0.5, 1e-20, 0.1 + 0.2])
def test_every_share_that_the_ledger_can_write_is_a_share(value):
    require_share(value)


@pytest.mark.parametrize(
    ("until", "known", "is_uncertain"),
    [
        (None, 11, False),
        (12, 11, True),
        (12, 12, False),
        (12, 13, False),
        (12, 10, False),  # issued at the very start of what is known: after, not uncertain
    ],
)
def test_the_order_is_uncertain_where_the_outcome_became_known_within_the_period_of_issue(until, known, is_uncertain):
    period = {} if until is None else {"issued_precision": "day", "issued_until": a.on_day(until)}
    forecast = a.forecast(issued_at=a.on_day(10), **period)
    a.resolution(forecast.prediction, known_at=a.on_day(known))
    assert read_back(forecast).is_order_uncertain == is_uncertain


def test_the_occurrence_makes_the_order_uncertain_too():
    trigger = a.trigger()
    prediction = a.prediction(trigger.case, trigger=trigger)
    forecast = a.forecast(prediction, issued_at=a.on_day(10), issued_precision="month", issued_until=a.on_day(41))
    assert not read_back(forecast).is_order_uncertain
    a.occurrence(trigger, at=a.on_day(20))
    assert read_back(forecast).is_order_uncertain


@pytest.mark.parametrize(
    ("known", "in_hindsight"), [(a.NOW + MICROSECOND, False), (a.NOW, True), (a.NOW - MICROSECOND, True)]
)
def test_a_forecast_written_down_when_the_outcome_could_be_known_is_in_hindsight(known, in_hindsight):
    forecast = a.forecast(at=a.NOW)
    assert not read_back(forecast).is_in_hindsight
    a.resolution(forecast.prediction, known_at=known, at=a.NOW + MICROSECOND)
    assert read_back(forecast).is_in_hindsight == in_hindsight


def test_the_replaced_one_knows_it_and_the_standing_one_is_the_newest():
    first = a.forecast()
    second = a.forecast(first.prediction, "60%", by=first.forecaster, supersedes=first, reason="Misread.")
    assert read_back(first).is_superseded
    assert not read_back(second).is_superseded
    assert Forecast.objects.standing().get() == second


def test_naming_a_row_as_replaced_does_not_replace_it():
    first = a.forecast()
    Forecast(supersedes=first)
    assert not first.is_superseded
