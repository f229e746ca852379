import json

import pytest
from django.core.exceptions import PermissionDenied

from predictions.models import LedgerEntry, Rating
from predictions.operations.ratings import rate_matrix
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """Evidence on one prediction, and another prediction of the same case."""
    prediction = a.prediction()
    return a.evidence(prediction), a.prediction(prediction.case)


def test_evidence_is_rated_against_any_prediction_of_its_case_once_by_each(pair):
    item, other = pair
    zoe = a.person("zoe", "analyst")
    rows = [a.rating(item), a.rating(item, other), a.rating(item, by=zoe)]
    assert set(Rating.objects.standing()) == set(rows)
    with refused("__all__", "rated this already", code="conflict"):
        a.rating(item, other)


@pytest.mark.parametrize(
    ("field", "given"),
    [("consistency", {"consistency": "X"}), ("__all__", {"consistency": ""}), ("note", {"note": "x" * 501})],
    ids=str,
)
def test_bad_input_is_refused_at_its_field(pair, field, given):
    with refused(field):
        a.rating(pair[0], **given)


def test_a_later_opinion_replaces_the_earlier_with_a_reason_and_both_stay(pair):
    first = a.rating(pair[0], consistency="I")
    with refused("reason"):
        a.rating(pair[0], consistency="C", supersedes=first)
    second = a.rating(pair[0], consistency="C", supersedes=first, reason="Read again.")
    with refused("supersedes", code="conflict"):
        a.rating(pair[0], supersedes=first, reason="Again.")
    taken_back = a.rating(pair[0], consistency="", supersedes=second, reason="A slip.")
    assert list(Rating.objects.standing()) == [taken_back]
    assert a.rating(pair[0], supersedes=taken_back, reason="After all.").consistency == "I"
    assert Rating.objects.count() == 4


def test_nobody_replaces_what_another_rated(pair):
    first, zoe = a.rating(pair[0]), a.person("zoe", "analyst")
    with refused("supersedes", "another"):
        a.rating(pair[0], supersedes=first, reason="No.", by=zoe)


def test_evidence_that_was_replaced_is_rated_no_more(pair):
    item, _ = pair
    a.evidence(item.prediction, supersedes=item, reason="Misread.")
    with refused("evidence", "Rate the newest", code="conflict"):
        a.rating(item)


def test_who_is_asked_to_judge_rates_once_they_have(pair):
    both = a.person("both", "analyst", "resolver")
    prediction = a.prediction(a.case(resolvers_asked=2))
    a.assigned(prediction, both)
    with pytest.raises(PermissionDenied):
        a.rating(a.evidence(prediction), by=both)
    a.assessment(prediction, by=both)
    a.rating(a.evidence(prediction), by=both)


def test_a_matrix_is_saved_whole_with_an_entry_for_each_cell_or_not_at_all(pair):
    item, other = pair
    by, third = a.a_person_with("analyst"), a.evidence(other)

    def cells():
        return [Rating(evidence=item, prediction=each, consistency="I") for each in (item.prediction, other)]

    with refused("consistency"):
        rate_matrix([*cells(), Rating(evidence=third, prediction=other, consistency="?")], by=by, at=a.NOW)
    assert not Rating.objects.exists()
    before = LedgerEntry.objects.count()
    saved = rate_matrix(cells(), by=by, at=a.NOW)
    assert LedgerEntry.objects.count() == before + 2
    said = json.loads(saved[0].entry.payload.text)
    assert (said["consistency"], said["evidence"], said["item"]) == ("I", str(item.uuid), "It was seen.")
