"""Anyone may contest a decision with evidence; somebody who had no part in it answers."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from predictions.models import Dispute, DisputeAnswer, Forecast, Prediction, Resolution, Score
from predictions.operations.disputes import answer_dispute, raise_dispute
from predictions.operations.forecasts import log_forecast
from predictions.operations.resolutions import confirm, resolve
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided():
    """A prediction that one person decided: it is true."""
    prediction = a.prediction()
    a.resolution(prediction)
    return prediction


def disputed(prediction, *, by="viewer", **values):
    prediction = Prediction.objects.for_show().get(pk=prediction.pk)
    given = {"criterion": prediction.revision.criteria.first(), "text": "It was dry."} | values
    given = given if "evidence" in given else {**given, "evidence": a.evidence(prediction)}
    by = by if isinstance(by, User) else a.a_person_with(by)
    return raise_dispute(Dispute(prediction=prediction, **given), by=by, at=a.NOW)


def answered(dispute, *, by="adjudicator", anew=None, verdict="not_met", **values):
    """Upheld where `anew` gives the values of the decision that replaces the disputed one."""
    row = DisputeAnswer(**{"dispute": dispute, "is_upheld": anew is not None, "text": "So we found.", **values})
    decision = anew if anew is None else Resolution(**{"known_at": a.on_day(50), **anew})
    by = by if isinstance(by, User) else a.a_person_with(by)
    return answer_dispute(row, resolution=decision, verdicts={"a": verdict}, by=by, at=a.NOW)


def own_forecast(prediction, someone):
    row = Forecast(prediction=prediction, forecaster=a.forecaster(account=someone), words="70%", issued_at=a.on_day(1))
    log_forecast(row, by=someone, at=a.NOW)


# --- raising -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["viewer", "analyst", "resolver", "adjudicator", "administrator"])
def test_whoever_sees_a_decision_may_dispute_it(decided, role):
    dispute = disputed(decided, by=role)
    assert (dispute.resolution, dispute.raised_by.username, dispute.raised_at) == (
        Resolution.objects.get(),
        f"some-{role}",
        a.NOW,
    )


def test_who_does_not_see_it_does_not_dispute_it():
    prediction = a.prediction(a.case(is_private=True, members=[a.a_person_with("resolver")]))
    a.resolution(prediction)
    with pytest.raises(PermissionDenied):
        disputed(prediction, by="viewer")


def test_what_is_not_decided_is_not_disputed():
    prediction = a.prediction()
    with refused(saying="cannot be done now", code="conflict"):
        raise_dispute(Dispute(prediction=prediction), by=a.a_person_with("viewer"), at=a.NOW)


def test_a_final_decision_is_disputed_like_a_provisional_one(decided):
    assert Resolution.objects.get().is_final(a.NOW)
    assert disputed(decided).pk


@pytest.mark.parametrize(
    ("field", "build"),
    [
        ("criterion", lambda: {"criterion": None}),
        ("criterion", lambda: {"criterion": a.prediction().revision.criteria.get()}),
        ("evidence", lambda: {"evidence": None}),
        ("evidence", lambda: {"evidence": a.evidence()}),
        ("text", lambda: {"text": ""}),
        ("text", lambda: {"text": "x" * 2001}),
    ],
)
def test_bad_input_is_refused_at_its_field(decided, field, build):
    values = build()
    values.setdefault("evidence", a.evidence(decided))
    with refused(field):
        disputed(decided, **values)


# --- answering ---------------------------------------------------------------------------------------------------


def test_not_upheld_the_decision_stands(decided):
    answer = answered(disputed(decided))
    assert (answer.answered_at, answer.answered_by) == (a.NOW, a.a_person_with("adjudicator"))
    assert Resolution.objects.get() == Prediction.objects.get().resolution


def test_upheld_a_decision_replaces_the_disputed_one_with_its_own_notice_period(decided):
    decided.case.notice_hours = 24
    decided.case.save()
    answered(disputed(decided), anew={"outcome": 0.0})
    first, second = Resolution.objects.order_by("id")
    assert (second.supersedes, second.outcome, second.reason) == (first, 0.0, "A dispute was upheld: So we found.")
    assert (second.final_at, first.final_at) == (a.NOW + timedelta(hours=24), None)
    assert Prediction.objects.get().resolution == second


def test_upheld_it_is_scored_anew(decided, django_capture_on_commit_callbacks):
    a.forecast(decided, "70%")
    with django_capture_on_commit_callbacks(execute=True):
        answered(disputed(decided), anew={"outcome": 0.0})
    assert round(Score.objects.get().brier, 12) == 0.49


@pytest.mark.parametrize(("is_upheld", "anew"), [(True, None), (False, {"outcome": 0.0})])
def test_who_upholds_decides_anew_and_nobody_else(decided, is_upheld, anew):
    dispute = disputed(decided)
    with refused("is_upheld"):
        answered(dispute, anew=anew, is_upheld=is_upheld)


def test_a_dispute_is_answered_once(decided):
    dispute = disputed(decided)
    answered(dispute)
    for anew in (None, {"outcome": 0.0}):
        with refused(saying="answered already", code="conflict"):
            answered(dispute, anew=anew)


def test_a_dispute_of_a_decision_that_was_replaced_meanwhile_is_answered_but_not_upheld(decided):
    disputes = [disputed(decided), disputed(decided)]
    answered(disputes[0], anew={"outcome": 0.0})
    with refused(saying="replaced meanwhile", code="conflict"):
        answered(disputes[1], anew={"outcome": 0.5}, by=a.person("second", "adjudicator"))
    answered(disputes[1], by=a.person("third", "adjudicator"))


# --- who answers -------------------------------------------------------------------------------------------------


def test_neither_who_opened_it_nor_a_forecaster_answers(decided):
    opener, forecaster = a.person("opener", "adjudicator"), a.person("forecaster", "adjudicator", "analyst")
    own_forecast(decided, forecaster)
    dispute = disputed(decided, by=opener)
    for party in (opener, forecaster):
        with pytest.raises(PermissionDenied):
            answered(dispute, by=party)
    answered(dispute)


def test_who_decided_does_not_answer_not_even_from_another_account():
    judge = a.person("judge", "adjudicator")
    again = a.person("judge-again", "adjudicator")
    again.email = judge.email.upper()
    again.save()
    prediction = a.prediction()
    row = Resolution(prediction=prediction, outcome=1.0, known_at=a.on_day(50))
    resolve(row, verdicts={"a": "met"}, by=judge, at=a.NOW)
    dispute = disputed(prediction)
    for account in (judge, again):
        with pytest.raises(PermissionDenied):
            answered(dispute, by=account)
    answered(dispute)


def test_who_assessed_it_does_not_answer_and_the_answer_rests_on_as_many_resolvers():
    prediction = a.prediction(a.case(resolvers_asked=2))
    people = a.panel(prediction, "met", "met")
    confirm(Resolution(prediction=prediction, known_at=a.on_day(50)), by=a.a_person_with("resolver"), at=a.NOW)
    dispute = disputed(prediction)
    people[0].groups.set(a.a_person_with("adjudicator").groups.all())
    with pytest.raises(PermissionDenied):
        answered(dispute, by=User.objects.get(pk=people[0].pk))
    answered(dispute, anew={"outcome": 0.0})
    second = Resolution.objects.standing().get()
    assert (second.basis, second.resolver_count) == ("adjudicated", 2)
