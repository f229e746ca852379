"""How far the judging of a prediction has come, told from its rows and the clock; and what may be done when."""

from datetime import timedelta

import pytest

from predictions.models import Dispute, DisputeAnswer, Judgement, Prediction, judgement
from predictions.operations.disputes import answer_dispute, raise_dispute
from predictions.policy import ROLES_BY_VERB, VERBS_BY_STATE, is_time_to
from tests import builders as a

BEFORE_CLOSE, AFTER_CLOSE = a.on_day(99), a.on_day(101)
DONE_ON_A_PREDICTION = {
    "draw_resolvers", "assign_resolver", "withdraw_assignment", "assess", "confirm", "adjudicate", "resolve",
    "replace_resolution", "dispute", "answer_dispute", "amend_prediction",
}  # fmt: skip

pytestmark = pytest.mark.django_db


def state_of(prediction, now):
    return judgement(Prediction.objects.for_show().get(pk=prediction.pk), now)


@pytest.mark.parametrize(
    ("resolvers", "verdicts", "before", "after"),
    [
        (0, (), "direct", "direct"),
        (1, (), "waiting", "assessing"),
        (2, ("met",), "waiting", "assessing"),
        (1, ("met",), "agreed", "agreed"),
        (2, ("met", "met"), "agreed", "agreed"),
        (2, ("met", "not_met"), "disagreed", "disagreed"),
        (2, ("cannot_tell", "cannot_tell"), "cannot_tell", "cannot_tell"),
    ],
)
def test_once_all_asked_have_judged_it_is_decided_though_it_would_close_later(resolvers, verdicts, before, after):
    prediction = a.prediction(a.case(resolvers_asked=resolvers))
    a.panel(prediction, *verdicts)
    assert (state_of(prediction, BEFORE_CLOSE), state_of(prediction, AFTER_CLOSE)) == (before, after)


def test_a_decision_is_provisional_until_its_notice_period_is_over():
    prediction = a.prediction(a.case(resolvers_asked=0, notice_hours=48))
    final_at = a.resolution(prediction).final_at
    assert final_at == a.NOW + timedelta(hours=48)
    assert state_of(prediction, final_at - timedelta(microseconds=1)) == Judgement.PROVISIONAL
    assert state_of(prediction, final_at) == Judgement.FINAL


def test_without_a_notice_period_a_decision_is_final_at_once():
    prediction = a.prediction()
    assert a.resolution(prediction).final_at is None
    assert state_of(prediction, a.NOW) == Judgement.FINAL


def test_a_decision_is_disputed_until_the_dispute_is_answered():
    prediction = a.prediction()
    a.resolution(prediction)
    held = {"criterion": prediction.revision.criteria.get(), "evidence": a.evidence(prediction)}
    dispute = Dispute(prediction=prediction, text="No.", **held)
    raise_dispute(dispute, by=a.a_person_with("viewer"), at=a.NOW)
    assert state_of(prediction, a.NOW) == Judgement.DISPUTED
    answer = DisputeAnswer(dispute=dispute, is_upheld=False, text="Yes.")
    answer_dispute(answer, by=a.a_person_with("adjudicator"), at=a.NOW)
    assert state_of(prediction, a.NOW) == Judgement.FINAL


# --- what may be done when ---------------------------------------------------------------------------------------


def test_every_state_says_what_may_be_done_and_every_verb_is_done_in_some_state():
    assert VERBS_BY_STATE.keys() == set(Judgement)
    assert set().union(*VERBS_BY_STATE.values()) == DONE_ON_A_PREDICTION <= ROLES_BY_VERB.keys()


@pytest.mark.parametrize("state", ["agreed", "disagreed", "cannot_tell", "provisional", "disputed", "final"])
@pytest.mark.parametrize("verb", ["draw_resolvers", "assign_resolver", "withdraw_assignment", "assess"])
def test_nothing_is_gathered_once_the_verdicts_are_together(state, verb):
    assert verb not in VERBS_BY_STATE[Judgement(state)]


def test_whether_it_is_time_is_asked_of_the_prediction_and_the_clock():
    prediction = a.prediction(a.case(resolvers_asked=1))
    assert is_time_to("assess", prediction, AFTER_CLOSE)
    assert not is_time_to("resolve", prediction, AFTER_CLOSE)
