"""Two who judge at once leave one consistent result and one ledger entry for each deed. PostgreSQL."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.roles import Role
from predictions import scorekeeping
from predictions.models import (
    Assessment,
    Case,
    Dispute,
    DisputeAnswer,
    Forecast,
    LedgerEntry,
    Panel,
    Prediction,
    Resolution,
    Score,
)
from predictions.operations.assessments import draw_resolvers, withdraw_assignment
from predictions.operations.cases import amend_case
from predictions.operations.disputes import answer_dispute, raise_dispute
from predictions.operations.resolutions import adjudicate, confirm
from predictions.operations.triggers import undo_occurrence
from tests import builders as a
from tests.racing import codes, meanwhile

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction at a time begin"),
]


@pytest.fixture(autouse=True)
def people():
    """There before the race: two threads would both make them."""
    for role in Role:
        a.a_person_with(role)


@pytest.fixture
def due():
    return a.prediction(a.case(resolvers_asked=2), closes_at=a.on_day(40))


def entries(kind):
    return LedgerEntry.objects.filter(kind=kind).count()


def decision(prediction, outcome=None):
    row = Resolution(prediction=prediction, outcome=outcome, known_at=a.on_day(40))
    row.rationale = "Weighed both."
    return row


def test_of_two_who_reach_the_quorum_together_both_count_and_the_panel_is_settled_once(due):
    first, second = a.person("first", "resolver"), a.person("second", "resolver")
    a.assigned(due, first, second)
    with meanwhile(lambda: a.assessment(due, "not_met", by=second)) as outcome:
        a.assessment(due, "met", by=first)
        assert Prediction.objects.get().panel == ""
    assert outcome().resolver == second
    assert Prediction.objects.get().panel == Panel.DISAGREED
    assert Assessment.objects.counting().count() == entries("assessment.submitted") == 2


def test_a_double_click_submits_once(due):
    first, second = a.person("first", "resolver"), a.person("second", "resolver")
    a.assigned(due, first, second)
    with meanwhile(lambda: a.assessment(due, "met", by=first)) as outcome:
        a.assessment(due, "met", by=first)
    assert codes(outcome()) == {"conflict"}
    assert Assessment.objects.count() == entries("assessment.submitted") == 1


def test_of_two_adjudicators_at_once_one_decides(due):
    a.panel(due, "met", "not_met")
    other = a.person("other", "adjudicator")
    with meanwhile(lambda: adjudicate(decision(due, 0.0), verdicts={"a": "not_met"}, by=other, at=a.NOW)) as outcome:
        adjudicate(decision(due, 1.0), verdicts={"a": "met"}, by=a.a_person_with("adjudicator"), at=a.NOW)
    assert codes(outcome()) == {"conflict"}
    assert Resolution.objects.get().outcome == 1.0
    assert entries("resolution.made") == 1


def test_two_confirmations_at_once_make_one_decision(due):
    a.panel(due, "met", "met")
    with meanwhile(lambda: confirm(decision(due), by=a.a_person_with("adjudicator"), at=a.NOW)) as outcome:
        confirm(decision(due), by=a.a_person_with("resolver"), at=a.NOW)
    assert codes(outcome()) == {"conflict"}
    assert Resolution.objects.count() == entries("resolution.made") == 1


def test_of_two_draws_at_once_one_draws(due):
    for number in range(4):
        a.person(f"resolver-{number}", "resolver")
    with meanwhile(lambda: draw_resolvers(due, by=a.a_person_with("administrator"), at=a.NOW)) as outcome:
        draw_resolvers(due, by=a.a_person_with("analyst"), at=a.NOW)
    assert codes(outcome()) == {"conflict"}
    assert due.assignments.count() == entries("assignment.made") == 2


def test_an_assessment_that_waited_for_its_withdrawal_is_refused(due):
    first, second = a.person("first", "resolver"), a.person("second", "resolver")
    withdrawn, _ = a.assigned(due, first, second)
    with meanwhile(lambda: _assess_or_none(due, first)) as outcome:
        withdraw_assignment(withdrawn, reason="Away.", by=a.a_person_with("administrator"), at=a.NOW)
    assert outcome() is None
    assert not Assessment.objects.exists()


def _assess_or_none(prediction, resolver):
    try:
        return a.assessment(prediction, "met", by=resolver)
    except PermissionDenied:
        return None


def test_of_two_answers_at_once_one_counts(due):
    a.panel(due, "met", "met")
    confirm(decision(due), by=a.a_person_with("resolver"), at=a.NOW)
    told = {"criterion": due.revision.criteria.get(), "evidence": a.evidence(due), "text": "It is not so."}
    dispute = raise_dispute(Dispute(prediction=due, **told), by=a.a_person_with("viewer"), at=a.NOW)
    other = a.person("other", "adjudicator")
    rejected = DisputeAnswer(dispute=dispute, is_upheld=False, text="It is.")
    upheld = DisputeAnswer(dispute=dispute, is_upheld=True, text="Right.")
    with meanwhile(lambda: answer_dispute(rejected, by=other, at=a.NOW)) as outcome:
        row = decision(due, 0.0)
        by = a.a_person_with("adjudicator")
        answer_dispute(upheld, resolution=row, verdicts={"a": "not_met"}, by=by, at=a.NOW)
    assert codes(outcome()) == {"conflict"}
    assert Prediction.objects.get().resolution.outcome == 0.0
    assert (entries("dispute.answered"), entries("resolution.superseded")) == (1, 1)


def test_an_undoing_waits_for_who_submits_and_takes_their_assessment_out_of_count():
    trigger = a.trigger(a.case(resolvers_asked=2))
    prediction = a.prediction(trigger.case, trigger=trigger)
    first, second = a.person("first", "resolver"), a.person("second", "resolver")
    a.occurrence(trigger)
    a.assigned(prediction, first, second)
    judge = a.a_person_with("adjudicator")
    with meanwhile(lambda: undo_occurrence(trigger, reason="It did not.", by=judge, at=a.NOW)) as outcome:
        a.assessment(prediction, "met", by=first)
    assert outcome().is_undone
    assert not prediction.assessments.counting().exists()


def test_fewer_resolvers_asked_for_while_one_submits_settle_the_panel(due):
    first, second = a.person("first", "resolver"), a.person("second", "resolver")
    a.assigned(due, first, second)
    case = Case.objects.get()
    case.resolvers_asked = 1
    with meanwhile(lambda: amend_case(case, by=a.a_person_with("administrator"), at=a.NOW)) as outcome:
        a.assessment(due, "met", by=first)
    assert outcome() == case
    assert Prediction.objects.get().panel == Panel.AGREED


def test_a_forecast_that_met_the_trigger_at_the_ledger_does_not_count():
    """The forecast holds its prediction and the occurrence its trigger, so that neither waits for the other's row."""
    trigger = a.trigger()
    prediction, someone = a.prediction(trigger.case, trigger=trigger), a.forecaster()
    with meanwhile(lambda: a.forecast(prediction, by=someone, issued_at=a.on_day(51))) as outcome:
        a.occurrence(trigger, at=a.on_day(50))
    assert outcome() == Forecast.objects.get()
    a.resolution(prediction, known_at=a.on_day(50))
    scorekeeping.rescore(Prediction.objects.all(), at=a.NOW)
    score = Score.objects.get(forecaster=someone)
    assert (score.forecast_count, score.late_count, score.standing_us) == (0, 1, 0)
