"""Who is asked to judge a prediction is shown by no door what others expected of it, before they have submitted."""

import pytest

from predictions.models import Forecast, Prediction, Resolution
from predictions.operations.assessments import withdraw_assignment
from predictions.operations.resolutions import confirm
from predictions.queries.consensus import pooled
from tests import builders as a
from tests.journeys.test_hidden_forecasts import DOORS, LONG_AGO, SCORECARDS, answers, said_by, tells

pytestmark = pytest.mark.django_db


@pytest.fixture
def herald(db):
    return a.forecaster("The Herald")


def _submitted(on, judge):
    a.assessment(on, "met", by=judge)


def _replaced(on, judge):
    first = a.assessment(on, "met", by=judge)
    a.assessment(on, "not_met", by=judge, supersedes=first, reason="I misread it.")


def _no_longer_asked(on, judge):
    withdraw_assignment(on.assignments.get(), reason="Ill.", by=a.a_person_with("administrator"), at=a.NOW)


def _asked_again(on, judge):
    _submitted(on, judge)
    _no_longer_asked(on, judge)
    a.assigned(on, judge)


def _decided_without(on, judge):
    other, _ = a.panel(on, "met", "met")
    confirm(Resolution(prediction=on, known_at=a.on_day(50)), by=other, at=a.NOW)


def _another_asked(on, judge):
    _no_longer_asked(on, judge)
    a.assigned(on, a.person("another", "resolver"))


JUDGED = {
    "asked": (lambda on, judge: None, False),
    "trigger occurred": (lambda on, judge: a.occurrence(on.trigger), False),
    "another submitted": (lambda on, judge: a.panel(on, "met"), False),
    "enough others submitted": (lambda on, judge: a.panel(on, "met", "not_met"), False),
    "submitted": (_submitted, True),
    "submitted and replaced": (_replaced, True),
    "asked no longer": (_no_longer_asked, True),
    "asked again after submitting": (_asked_again, False),
    "another asked instead": (_another_asked, True),
    "decided without them": (_decided_without, True),
}


@pytest.fixture
def judge(db):
    return a.person("judge", "resolver", "analyst")


@pytest.fixture
def judged(judge, herald):
    """A closed prediction of a case that hides nothing, with forecasts of two on it, which `judge` is asked about."""
    case = a.case(by=a.a_person_with("administrator"), hides_forecasts=False, resolvers_asked=2)
    on = a.prediction(case, trigger=a.trigger(case), opens_at=LONG_AGO, closes_at=LONG_AGO.replace(year=2002))
    a.forecast(on, "52%", issued_at=LONG_AGO)
    a.assigned(on, judge)
    return on


@pytest.mark.parametrize("state", JUDGED)
def test_who_is_asked_to_judge_sees_no_forecast_before_submitting_even_of_what_is_closed(
    client, herald, judge, judged, state
):
    said = said_by(herald, judged)
    bring_about, is_seen = JUDGED[state]
    bring_about(judged, judge)
    client.force_login(judge)
    told = {door: tells(client, address.format(on=judged, said=said)) for door, address in DOORS.items()}
    assert told == dict.fromkeys(DOORS, is_seen)
    assert is_seen or not any(tells(client, address) for address in SCORECARDS)
    pool = pooled(Prediction.objects.get(pk=judged.pk), user=judge, now=a.NOW)
    assert (pool is not None) == is_seen


def test_who_is_not_asked_sees_what_the_judges_do_not(people, viewer, herald, judged):
    said = said_by(herald, judged)
    for user in (*people.values(), viewer):
        assert said in Forecast.objects.visible_to(user) or not user.roles
    assert pooled(judged, user=viewer, now=a.NOW) is not None


def test_what_is_hidden_from_a_judge_leaves_no_trace(client, herald, judge, judged):
    client.force_login(judge)
    before = answers(client, judged, 987_654, Forecast().uuid)
    said = said_by(herald, judged)
    assert answers(client, judged, 987_654, said.uuid) == before
