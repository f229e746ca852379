"""The dates that concern a person: what they are to do, forecast and watch, of what they see."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.operations.cases import dismiss
from predictions.operations.triggers import unwatch_trigger, watch_trigger
from predictions.queries.agendas import agenda
from tests import builders as a
from tests.predictions.notices.people import disputed, forecast_by

pytestmark = pytest.mark.django_db


def dates(user):
    return {(each.title.split(":")[0], each.starts, each.ends) for each in agenda(user, now=a.NOW)}


def test_what_is_to_be_assessed_stands_on_the_day_of_its_close_in_its_own_zone(resolver):
    case = a.case(resolvers_asked=2)
    day_of_tokyo = datetime(2026, 4, 10, 15, tzinfo=UTC)  # midnight in Tokyo, the end of 10 April
    a.assigned(a.prediction(case, closes_at=day_of_tokyo, zone="Asia/Tokyo"), resolver)
    a.assigned(a.prediction(case, closes_at=datetime(2026, 4, 10, 15, 30, tzinfo=UTC)), resolver)
    assert dates(resolver) == {
        ("Assess", date(2026, 4, 10), date(2026, 4, 11)),
        ("Assess", datetime(2026, 4, 10, 15, 30, tzinfo=UTC), None),
    }


def test_what_is_submitted_is_there_no_longer(resolver):
    [row] = a.assigned(a.prediction(a.case(resolvers_asked=2)), resolver)
    a.assessment(row.prediction, by=resolver)
    assert dates(resolver) == set()


def test_what_is_to_be_adjudicated_and_answered_is_there(people, adjudicator):
    on = a.prediction(a.case(resolvers_asked=2))
    a.panel(on, "met", "not_met")
    a.resolution(other := a.prediction())
    disputed(other, people["viewer"])
    assert {kind for kind, _, _ in dates(adjudicator)} == {"Adjudicate", "Answer the dispute"}
    assert dates(people["analyst"]) == set()


def test_what_one_forecast_is_there_until_it_closes(analyst):
    on = a.prediction()
    a.forecast(a.prediction())
    forecast_by(analyst, on)
    assert dates(analyst) == {("Closes", date(2026, 4, 10), date(2026, 4, 11))}
    a.resolution(on)
    assert dates(analyst) == set()


@pytest.mark.parametrize(
    ("precision", "start", "until", "shown"),
    [
        (
            "day",
            datetime(2026, 2, 28, 15, tzinfo=UTC),
            datetime(2026, 3, 1, 15, tzinfo=UTC),
            (date(2026, 3, 1), date(2026, 3, 2)),
        ),
        (
            "month",
            datetime(2028, 1, 31, 15, tzinfo=UTC),
            datetime(2028, 2, 29, 15, tzinfo=UTC),
            (date(2028, 2, 1), date(2028, 3, 1)),
        ),
        (
            "estimated",
            datetime(2026, 4, 30, 15, tzinfo=UTC),
            datetime(2026, 5, 20, 15, tzinfo=UTC),
            (date(2026, 5, 1), date(2026, 5, 21)),
        ),
        ("instant", datetime(2026, 5, 1, 3, tzinfo=UTC), None, (datetime(2026, 5, 1, 3, tzinfo=UTC), None)),
    ],
)
def test_what_one_watches_stands_on_the_days_it_is_expected_on(viewer, precision, start, until, shown):
    row = a.trigger(expected_at=start, expected_precision=precision, expected_until=until, zone="Asia/Tokyo")
    watch_trigger(row, by=viewer, at=a.NOW)
    assert dates(viewer) == {("Expected", *shown)}
    unwatch_trigger(row, by=viewer, at=a.NOW)
    assert dates(viewer) == set()


def test_what_occurred_or_has_no_date_is_not_expected(viewer):
    for row in (a.trigger(), a.trigger(expected_at=a.on_day(60))):
        watch_trigger(row, by=viewer, at=a.NOW)
    a.occurrence(row)
    assert dates(viewer) == set()


def test_what_one_noted_comes_up_on_its_day_of_review_until_the_prediction_is_decided(people):
    on, day = a.prediction(), date(2028, 2, 29)
    for build in (a.assumption, a.indicator):
        build(on, by=people["analyst"], review_on=day)
        build(on, review_on=day)
        build(on, by=people["analyst"])
    assert len(agenda(people["analyst"], now=a.NOW)) == 2
    assert dates(people["analyst"]) == {("Review", day, date(2028, 3, 1))}
    a.resolution(on)
    assert dates(people["analyst"]) == set()


def test_what_one_sees_no_longer_is_not_there(resolver, viewer):
    case = a.case(is_private=True, members=[resolver, viewer, a.a_person_with("administrator")], resolvers_asked=2)
    a.assigned(a.prediction(case), resolver)
    watch_trigger(a.trigger(case, expected_at=a.on_day(90)), by=viewer, at=a.NOW)
    assert [len(dates(who)) for who in (resolver, viewer)] == [1, 1]
    for who in (resolver, viewer):
        dismiss(case, who, by=a.a_person_with("analyst"), at=a.NOW)
        assert dates(who) == set()


def test_three_dates_of_a_kind_are_asked_for_in_as_many_queries_as_one(people):
    person = a.person("everybody", "analyst", "resolver", "adjudicator")

    def more():
        case = a.case(resolvers_asked=2)
        a.assigned(a.prediction(case), person)
        forecast_by(person, a.prediction())
        a.panel(a.prediction(case), "met", "not_met")
        a.resolution(other := a.prediction())
        disputed(other, people["viewer"])
        watch_trigger(a.trigger(case, expected_at=a.on_day(90)), by=person, at=a.NOW)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            shown = agenda(person, now=a.NOW)
        return len(shown), len(queries)

    more()
    first, once = asked()
    assert first == 5
    more()
    more()
    assert asked() == (15, once)
