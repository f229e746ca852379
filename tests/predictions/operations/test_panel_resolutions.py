"""Deciding on what several resolvers found: confirmed in one step where they agree, adjudicated where they do not."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from predictions.models import Forecast, Prediction, Resolution
from predictions.operations.forecasts import log_forecast
from predictions.operations.resolutions import adjudicate, confirm, resolve
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessed():
    """A prediction on which these verdicts were found, a resolver each."""

    def build(*verdicts, **fields):
        prediction = a.prediction(a.case(resolvers_asked=max(2, len(verdicts)), **fields))
        a.panel(prediction, *verdicts)
        return prediction

    return build


def confirmed(prediction, by="resolver", at=a.NOW, **values):
    row = Resolution(prediction=prediction, **{"known_at": a.on_day(50), **values})
    return confirm(row, by=by if isinstance(by, User) else a.a_person_with(by), at=at)


def adjudicated(prediction, by="adjudicator", verdicts=None, **values):
    row = Resolution(prediction=prediction, **{"outcome": 1.0, "known_at": a.on_day(50), "rationale": "Wet.", **values})
    by = by if isinstance(by, User) else a.a_person_with(by)
    return adjudicate(row, verdicts=verdicts or {"a": "met"}, by=by, at=a.NOW)


@pytest.mark.parametrize(
    ("verdicts", "verb"),
    [
        ((), None),
        (("met",), None),
        (("met", "met"), confirmed),
        (("met", "not_met"), adjudicated),
        (("cannot_tell", "cannot_tell"), confirmed),
        (("cannot_tell", "cannot_tell"), adjudicated),
    ],
)
def test_who_decides_how_follows_from_what_was_found_and_nobody_decides_alone(assessed, verdicts, verb):
    prediction, is_open = assessed(*verdicts), {"cannot_tell"} == set(verdicts)
    others = {confirmed, adjudicated} - {verb} if not is_open else set()
    for other in (*others, a.resolution):
        with refused(saying="cannot be done now", code="conflict"):
            other(prediction)
    if verb:
        decision = verb(prediction)
        assert Prediction.objects.get(pk=prediction.pk).resolution == decision


@pytest.mark.parametrize("verb", [confirmed, adjudicated])
def test_where_one_person_decides_nothing_is_confirmed_or_adjudicated(verb):
    prediction = a.prediction()
    with refused(saying="cannot be done now", code="conflict"):
        verb(prediction)


def test_what_they_agree_on_is_confirmed_in_one_step_with_what_it_rests_on():
    prediction = a.prediction(a.case(resolvers_asked=2), criteria=("One.", "Two."), outcome_rule="share")
    people, evidence = [a.person(f"r{k}", "resolver") for k in (1, 2)], a.evidence(prediction)
    a.assigned(prediction, *people)
    for by, verdicts in zip(
        people, ({"a": "met", "b": "not_met"}, {"a": "partly_met", "b": "partly_met"}), strict=True
    ):
        a.assessment(prediction, verdicts, by=by, relied_on=[evidence])
    row = confirmed(prediction, by=people[0], outcome=0.9)
    assert (row.outcome, row.annulled, row.basis_in_words()) == (0.5, "", "the resolvers agreed, 2 resolvers")
    assert [one.evidence for one in row.relied_on.all()] == [evidence]
    assert not row.verdicts.exists()  # they came to the same outcome by different verdicts


def test_verdicts_that_all_share_are_those_of_the_decision(assessed):
    assert [str(one) for one in confirmed(assessed("met", "met")).verdicts.all()] == ["(a) met"]


def test_where_they_cannot_tell_confirming_annuls(assessed):
    row = confirmed(assessed("cannot_tell", "cannot_tell"), outcome=1.0)
    assert (row.outcome, row.annulled, row.basis) == (None, "unverifiable", "agreed")


@pytest.mark.parametrize("values", [{"known_at": None}, {"known_at": a.NOW + timedelta(seconds=1)}])
def test_confirming_wants_to_know_since_when_it_could_be_known(assessed, values):
    prediction = assessed("met", "met")
    with refused("known_at"):
        confirmed(prediction, **values)


def test_an_adjudicator_says_why_and_keeps_how_many_judged(assessed):
    prediction = assessed("met", "not_met", "met")
    with refused("rationale"):
        adjudicated(prediction, rationale=" ")
    row = adjudicated(prediction)
    assert row.basis_in_words() == "adjudicated, 3 resolvers"


def test_what_rests_on_one_resolver_says_so():
    prediction = a.prediction(a.case(resolvers_asked=1))
    a.panel(prediction, "met")
    assert confirmed(prediction).basis_in_words() == "the resolvers agreed, 1 resolver (not independently resolved)"


def test_who_judged_or_was_asked_to_does_not_adjudicate_nor_replace():
    prediction = a.prediction(a.case(resolvers_asked=2))
    idle = a.person("idle", "resolver")
    a.assigned(prediction, idle)
    parties = [*a.panel(prediction, "met", "not_met"), idle]
    for party in parties:
        party.groups.set(a.a_person_with("adjudicator").groups.all())
    parties = [User.objects.get(pk=party.pk) for party in parties]
    for party in parties:
        with pytest.raises(PermissionDenied):
            adjudicated(prediction, by=party)
    first = adjudicated(prediction)
    row = Resolution(prediction=prediction, supersedes=first, reason="No.", outcome=0.0, known_at=a.on_day(50))
    for party in parties:
        with pytest.raises(PermissionDenied):
            resolve(row, verdicts={"a": "not_met"}, by=party, at=a.NOW)


@pytest.mark.parametrize(("verb", "verdict"), [(confirmed, "met"), (adjudicated, "not_met")])
def test_who_forecast_on_it_decides_nothing(assessed, verb, verdict):
    prediction, judge = assessed("met", verdict), a.person("judge", "analyst", "resolver", "adjudicator")
    own = Forecast(prediction=prediction, forecaster=a.forecaster(account=judge), words="70%", issued_at=a.on_day(1))
    log_forecast(own, by=judge, at=a.NOW)
    with pytest.raises(PermissionDenied):
        verb(prediction, by=judge)


def test_a_replacement_rests_on_what_the_first_decision_rested_on(assessed):
    first = confirmed(assessed("met", "met"))
    alone = a.resolution(a.prediction())
    rests_on = []
    for replaced in (first, alone):
        row = Resolution(prediction=replaced.prediction, supersedes=replaced, reason="Misread.", outcome=0.0)
        row.known_at = a.on_day(50)
        resolve(row, verdicts={"a": "not_met"}, by=a.a_person_with("adjudicator"), at=a.NOW)
        rests_on.append((row.basis, row.resolver_count))
    assert rests_on == [("adjudicated", 2), ("direct", 0)]


@pytest.mark.parametrize(("hours", "final_at"), [(0, None), (48, a.NOW + timedelta(hours=48))])
def test_the_notice_period_of_the_case_says_when_a_decision_is_final(assessed, hours, final_at):
    assert confirmed(assessed("met", "met", notice_hours=hours)).final_at == final_at
    assert adjudicated(assessed("met", "not_met", notice_hours=hours)).final_at == final_at
    assert a.resolution(a.prediction(a.case(notice_hours=hours))).final_at == final_at
