"""Deciding a prediction: verdicts, outcome, since when it could be known; and deciding it anew."""

from datetime import timedelta

import pytest

from predictions.models import Prediction, Resolution, Score
from predictions.operations.resolutions import resolve
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


def decide(prediction, verdicts="met", *, by="resolver", relied_on=(), at=a.NOW, **values):
    """`verdicts`: by letter, or one for all criteria."""
    if isinstance(verdicts, str):
        verdicts = {row.label: verdicts for row in prediction.revision.criteria.all()}
    given = {"known_at": a.on_day(50)} | values
    row = Resolution(prediction=prediction, **given)
    return resolve(row, verdicts=verdicts, relied_on=relied_on, by=a.a_person_with(by), at=at)


def replace(first, verdicts="met", **values):
    return decide(first.prediction, verdicts, by="adjudicator", **{"supersedes": first, "reason": "Misread.", **values})


@pytest.fixture
def prediction():
    return a.prediction()


@pytest.fixture
def two():
    """A prediction of two criteria by a rule."""
    return lambda rule: a.prediction(criteria=("It rains.", "It pours."), outcome_rule=rule)


def test_a_decision_keeps_what_it_rests_on(prediction):
    evidence = a.evidence(prediction)
    stored = Resolution.objects.get(pk=decide(prediction, outcome=1.0, relied_on=[evidence, evidence]).pk)
    assert (stored.outcome, stored.resolved_at, stored.revision) == (1.0, a.NOW, prediction.revision)
    assert [str(verdict) for verdict in stored.verdicts.all()] == ["(a) met"]
    assert [row.evidence for row in stored.relied_on.all()] == [evidence]
    prediction.refresh_from_db()
    assert prediction.resolution == stored


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("outcome", {}),
        ("outcome", {"outcome": float("nan")}),
        ("outcome", {"outcome": -0.0}),
        ("outcome", {"outcome": -0.1}),
        ("outcome", {"outcome": 1.2}),
        ("outcome", {"outcome": 1e-30}),
        ("annulled", {"outcome": 1.0, "annulled": "ambiguous"}),
        ("annulled", {"annulled": "bored"}),
        ("known_at", {"outcome": 1.0, "known_at": None}),
        ("known_at", {"outcome": 1.0, "known_at": a.NOW + timedelta(microseconds=1)}),
        ("__all__", {"outcome": 1.0, "known_precision": "day"}),
        ("verdicts", {"outcome": 1.0, "verdicts": {}}),
        ("verdicts", {"outcome": 1.0, "verdicts": {"a": ""}}),
        ("verdicts", {"outcome": 1.0, "verdicts": {"a": "perhaps"}}),
        ("verdicts", {"outcome": 1.0, "verdicts": {"a": "met", "z": "met"}}),
        ("verdicts", {"annulled": "ambiguous", "verdicts": {"a": "perhaps"}}),
        ("rationale", {"outcome": 1.0, "rationale": "a\x00b"}),
    ],
    ids=str,
)
def test_bad_input_is_refused_at_its_field(prediction, field, values):
    with refused(field):
        decide(prediction, **values)
    assert not Resolution.objects.exists()


def test_what_is_known_this_instant_can_be_decided_at_once(prediction):
    assert decide(prediction, outcome=1.0, known_at=a.NOW).known_at == a.NOW


# --- the rule ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "verdicts", "outcome"),
    [
        ("all", {"a": "met", "b": "met"}, 1.0),
        ("all", {"a": "met", "b": "not_met"}, 0.0),
        ("any", {"a": "met", "b": "cannot_tell"}, 1.0),
        ("share", {"a": "met", "b": "partly_met"}, 0.75),
    ],
)
def test_left_out_the_outcome_is_made_by_the_rule_and_a_contrary_one_is_refused(two, rule, verdicts, outcome):
    prediction = two(rule)
    with refused("outcome", f"make the outcome {outcome:g}"):
        decide(prediction, verdicts, outcome=0.4)
    assert decide(prediction, verdicts).outcome == outcome
    assert decide(two(rule), verdicts, outcome=outcome).outcome == outcome


def test_a_share_entered_to_six_places_is_the_share_that_the_rule_makes():
    thirds = a.prediction(criteria=("One.", "Two.", "Three."), outcome_rule="share")
    verdicts = {"a": "met", "b": "not_met", "c": "not_met"}
    assert decide(thirds, verdicts, outcome=0.333333).outcome == 1 / 3


@pytest.mark.parametrize(
    ("rule", "verdicts"),
    [
        ("judged", {"a": "met", "b": "met"}),
        ("all", {"a": "met", "b": "cannot_tell"}),
        ("share", {"a": "met", "b": "cannot_tell"}),
    ],
)
def test_what_the_rule_leaves_open_is_for_the_resolver_to_say(two, rule, verdicts):
    prediction = two(rule)
    with refused("outcome", "Give an outcome"):
        decide(prediction, verdicts)
    assert decide(prediction, verdicts, outcome=0.25).outcome == 0.25


@pytest.mark.parametrize("verdicts", [{}, {"a": ""}, {"a": "met"}, {"a": "cannot_tell", "b": ""}], ids=str)
def test_an_annulment_needs_no_verdicts_and_keeps_those_given(two, verdicts):
    row = decide(two("all"), verdicts, annulled="premise_failed")
    assert (row.outcome, row.annulled) == (None, "premise_failed")
    assert {each.criterion.label: each.verdict for each in row.verdicts.all()} == {
        k: v for k, v in verdicts.items() if v
    }


# --- deciding anew -----------------------------------------------------------------------------------------------


def test_a_second_decision_that_replaces_none_is_a_conflict(prediction):
    decide(prediction, outcome=1.0)
    for by in ("resolver", "adjudicator"):
        with refused(saying="already resolved", code="conflict"):
            decide(prediction, by=by, outcome=0.0)


def test_two_who_looked_at_the_same_page_do_not_both_decide(prediction):
    pages = [Prediction.objects.for_show().get(pk=prediction.pk) for _ in range(2)]
    decide(pages[0], outcome=1.0)
    with refused(code="conflict"):
        decide(pages[1], outcome=0.0)
    assert Resolution.objects.get().outcome == 1.0


def test_a_decision_is_replaced_once_with_a_reason_and_only_the_newest(prediction):
    first = decide(prediction, outcome=1.0)
    with refused("reason"):
        replace(first, outcome=0.0, reason=" ")
    second = replace(first, outcome=0.0)
    for stale in (first, Resolution.objects.get(pk=first.pk)):
        with refused(saying="recorded since", code="conflict"):
            replace(stale, outcome=0.5)
    third = replace(second, outcome=0.5)
    prediction.refresh_from_db()
    assert prediction.resolution == third
    assert Resolution.objects.standing().get() == third
    assert [row.outcome for row in Resolution.objects.order_by("id")] == [1.0, 0.0, 0.5]


def test_the_decision_of_another_prediction_is_not_replaced_here(prediction):
    decide(prediction, outcome=1.0)
    other = decide(a.prediction(), outcome=1.0)
    with refused(code="conflict"):
        decide(prediction, by="adjudicator", outcome=0.0, supersedes=other, reason="Misread.")


def test_scores_follow_every_decision_and_vanish_with_an_annulment(prediction, django_capture_on_commit_callbacks):
    a.forecast(prediction, "70%")
    costs = []

    def scored(deed):
        with django_capture_on_commit_callbacks(execute=True):
            row = deed()
        costs.append([round(score.brier, 12) for score in Score.objects.all()])
        return row

    first = scored(lambda: decide(prediction, outcome=1.0))
    second = scored(lambda: replace(first, outcome=0.0))
    third = scored(lambda: replace(second, annulled="ambiguous"))
    scored(lambda: replace(third, outcome=0.5))
    assert costs == [[0.09], [0.49], [], [0.04]]
