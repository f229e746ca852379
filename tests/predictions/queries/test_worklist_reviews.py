"""What is to be reviewed awaits the analysts who see the case, from its day on, until it is looked at or decided."""

from datetime import UTC, datetime, timedelta

import pytest

from predictions.operations.assumptions import amend_assumption
from predictions.queries.worklists import awaiting, concerns, worklist
from tests import builders as a

pytestmark = pytest.mark.django_db
TODAY = a.NOW.date()
LATER = a.on_day(1000)


@pytest.fixture
def prediction():
    return a.prediction(a.case(resolvers_asked=2))


def waits(user, now=a.NOW):
    return [row.pk for row in awaiting("to-review", user, now=now)] if concerns("to-review", user) else []


@pytest.mark.parametrize("build", [a.assumption, a.indicator])
def test_it_awaits_analysts_from_its_day_on_and_nobody_else(build, prediction, people):
    build(prediction, review_on=TODAY + timedelta(days=1))
    assert waits(people["analyst"]) == []
    told = {name for name, user in people.items() if waits(user, a.NOW + timedelta(days=1))}
    assert told == {"analyst"}


def test_a_prediction_is_counted_once_however_much_of_it_waits_by_the_first_of_its_days(prediction, analyst):
    first = a.prediction(prediction.case)
    for days in (3, 2):
        a.assumption(prediction, review_on=TODAY + timedelta(days=days))
        a.indicator(prediction, review_on=TODAY + timedelta(days=days))
    a.indicator(first, review_on=TODAY + timedelta(days=1))
    assert waits(analyst, LATER) == [first.pk, prediction.pk]
    assert worklist(analyst, now=LATER).shelves["to-review"].count == 2
    assert [row.review_on - TODAY for row in awaiting("to-review", analyst, now=LATER)] == [
        timedelta(days=1),
        timedelta(days=2),
    ]


def test_another_day_none_at_all_or_a_decision_ends_the_wait(prediction, analyst):
    row, decided = a.assumption(prediction, review_on=TODAY), a.prediction()
    a.indicator(decided, review_on=TODAY)
    assert waits(analyst) == [prediction.pk, decided.pk]
    a.resolution(decided)
    assert waits(analyst) == [prediction.pk]
    for day in (TODAY + timedelta(days=9), None):
        row.review_on = day
        amend_assumption(row, by=analyst, at=a.NOW)
        assert waits(analyst) == []


@pytest.mark.parametrize(("zone", "is_due"), [("Asia/Tokyo", True), ("UTC", False), ("America/New_York", False)])
def test_the_day_begins_where_the_reader_lives(prediction, analyst, zone, is_due):
    """At 15:00 UTC on 1 March a new day begins in Tokyo."""
    a.assumption(prediction, review_on=TODAY + timedelta(days=1))
    analyst.zone = zone
    assert bool(waits(analyst, datetime(2026, 3, 1, 15, tzinfo=UTC))) is is_due
    assert waits(analyst, datetime(2026, 3, 1, 14, 59, tzinfo=UTC)) == []


def test_a_private_case_awaits_its_people_only(analyst):
    secret = a.prediction(a.case(is_private=True))
    a.assumption(secret, review_on=TODAY)
    assert (waits(analyst), waits(a.a_person_with("analyst"))) == ([], [secret.pk])
    assert worklist(analyst, now=a.NOW).shelves["to-review"].count == 0


def test_it_does_not_await_who_is_asked_to_judge_before_they_have(prediction):
    both = a.person("both", "analyst", "resolver")
    a.assumption(prediction, review_on=TODAY)
    a.assigned(prediction, both)
    assert waits(both) == []
    a.assessment(prediction, by=both)
    assert waits(both) == [prediction.pk]
