"""Ratings, assumptions and indicators are hidden from who is asked to judge, until they have, at every place."""

import pytest

from predictions.models import Assumption, Indicator, LedgerEntry, Rating
from predictions.operations.assessments import withdraw_assignment
from predictions.queries.histories import prediction_history
from tests import builders as a

pytestmark = pytest.mark.django_db
READINGS = ("rating.", "assumption.", "indicator.")


@pytest.fixture
def prediction():
    return a.prediction(a.case(resolvers_asked=2))


@pytest.fixture
def rows(prediction):
    return [a.rating(a.evidence(prediction)), a.assumption(prediction), a.indicator(prediction)]


def sees(user, prediction):
    """How many of each kind `user` sees, in their table and in the ledger, and lines of the prediction's history."""
    tables = [model.objects.visible_to(user).count() for model in (Rating, Assumption, Indicator)]
    entries = [LedgerEntry.objects.visible_to(user).filter(kind__startswith=kind).count() for kind in READINGS]
    told = [line.sentence for line in prediction_history(prediction, user=user)]
    return tables, entries, sum("rated evidence" in each or "noted the" in each for each in told)


ALL, NONE = ([1, 1, 1], [1, 1, 1], 3), ([0, 0, 0], [0, 0, 0], 0)


def test_all_who_see_the_case_see_what_analysts_make_of_it(rows, prediction, people):
    told = [sees(people[role], prediction) for role in ("viewer", "analyst", "resolver", "adjudicator")]
    assert told == [ALL] * 4


def test_who_is_asked_to_judge_sees_none_of_it_until_they_have(rows, prediction, resolver):
    other = a.person("other", "resolver")
    a.assigned(prediction, resolver, other)
    assert sees(resolver, prediction) == NONE
    a.assessment(prediction, by=other)
    assert (sees(resolver, prediction), sees(other, prediction)) == (NONE, ALL)
    a.assessment(prediction, by=resolver)
    assert sees(resolver, prediction) == ALL


def test_who_is_no_longer_asked_sees_it_again(rows, prediction, resolver, administrator):
    (assignment,) = a.assigned(prediction, resolver)
    withdraw_assignment(assignment, reason="Ill.", by=administrator, at=a.NOW)
    assert sees(resolver, prediction) == ALL


def test_to_be_asked_hides_nothing_of_other_predictions(rows, prediction, resolver):
    a.assigned(a.prediction(prediction.case), resolver)
    assert sees(resolver, prediction) == ALL


def test_what_one_wrote_before_one_was_asked_stays_in_ones_ledger(prediction):
    both = a.person("both", "analyst", "resolver")
    a.rating(a.evidence(prediction), by=both)
    a.assumption(prediction, by=both)
    a.assigned(prediction, both)
    tables, entries, lines = sees(both, prediction)
    assert (tables, entries, lines) == ([1, 0, 0], [1, 1, 0], 2)


def test_a_private_case_is_for_its_people(people):
    secret = a.prediction(a.case(is_private=True))
    a.rating(a.evidence(secret))
    a.assumption(secret)
    a.indicator(secret)
    assert {str(sees(user, secret)) for user in people.values()} == {str(NONE)}
    assert sees(a.a_person_with("analyst"), secret) == ALL
