"""A private case is seen by its people: whoever opens it or closes it to others, and whom they admit."""

import json

import pytest

from predictions.models import Case, LedgerEntry, Prediction
from predictions.operations.cases import admit, amend_case, dismiss
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


def people_of(case):
    return {membership.user.username for membership in case.memberships.all()}


@pytest.fixture
def private():
    return a.case(by=a.a_person_with("analyst"), is_private=True)


def test_who_opens_a_private_case_is_among_its_people(viewer, analyst):
    assert people_of(a.case(by=analyst, is_private=True)) == {"analyst"}
    assert people_of(a.case(by=analyst, is_private=True, members=[viewer, viewer])) == {"analyst", "viewer"}
    assert people_of(a.case(by=analyst, members=[viewer])) == set()


def test_a_case_on_which_others_work_is_made_private_by_an_administrator_who_takes_them_along(analyst, administrator):
    case = a.case(by=analyst)
    a.source(case)
    case.is_private = True
    with refused("is_private", saying="Others work on this case"):
        amend_case(case, by=analyst, at=a.NOW)
    amend_case(case, by=administrator, at=a.NOW)
    assert people_of(case) == {"analyst", "some-analyst", "administrator"}
    entry = LedgerEntry.objects.first()
    assert len(json.loads(entry.payload.text)["admitted"]) == 3


def test_who_makes_a_case_private_is_among_its_people(analyst, viewer):
    case = a.case(by=analyst)
    case.is_private = True
    amend_case(case, by=analyst, at=a.NOW)
    assert people_of(case) == {"analyst"}
    assert not Case.objects.visible_to(viewer).exists()


def test_people_are_admitted_once_and_dismissed_once(private, viewer):
    by, before = a.a_person_with("analyst"), LedgerEntry.objects.count()
    for deed, seen, entries in ((admit, True, 1), (admit, True, 1), (dismiss, False, 2), (dismiss, False, 2)):
        deed(private, viewer, by=by, at=a.NOW)
        assert Case.objects.visible_to(viewer).exists() == seen
        assert LedgerEntry.objects.count() == before + entries


def test_somebody_always_sees_a_private_case(private, analyst):
    last = a.a_person_with("analyst")
    with refused(saying="Admit another person first"):
        dismiss(private, last, by=last, at=a.NOW)
    admit(private, analyst, by=last, at=a.NOW)
    dismiss(private, last, by=analyst, at=a.NOW)
    assert people_of(private) == {"analyst"}


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("title", {"title": ""}),
        ("selection", {"selection": ""}),
        ("external_id", {"external_id": "not a slug"}),
        ("external_id", {"external_id": "taken"}),
        ("zone", {"zone": "Tokyo"}),
    ],
    ids=str,
)
def test_bad_input_is_refused_at_its_field(field, given):
    a.case(external_id="taken")
    with refused(field):
        a.case(**given)


# --- how many judge ----------------------------------------------------------------------------------------------


def asking(case, resolvers, by):
    case.resolvers_asked = resolvers
    return amend_case(case, by=by, at=a.NOW)


@pytest.mark.parametrize(
    ("before", "after", "analyst_may"),
    [(2, 3, True), (3, 2, True), (2, 1, False), (2, 0, False), (1, 1, True), (1, 0, False), (0, 1, True), (0, 2, True)],
)
def test_only_an_administrator_asks_for_fewer_than_two_resolvers(analyst, administrator, before, after, analyst_may):
    case = a.case(resolvers_asked=before)
    if not analyst_may:
        with refused("resolvers_asked", "Only an administrator"):
            asking(case, after, analyst)
    asking(case, after, analyst if analyst_may else administrator)
    assert Case.objects.get(pk=case.pk).resolvers_asked == after


@pytest.mark.parametrize("resolvers", [0, 1])
def test_nobody_else_opens_a_case_with_fewer_than_two(analyst, administrator, resolvers):
    with refused("resolvers_asked", "Only an administrator"):
        a.case(by=analyst, resolvers_asked=resolvers)
    assert a.case(by=administrator, resolvers_asked=resolvers).pk


@pytest.mark.parametrize(
    ("verdicts", "before", "after", "panel"),
    [
        (("met",), 2, 1, "agreed"),
        (("met", "not_met"), 3, 2, "disagreed"),
        (("met",), 3, 2, ""),
        (("met",), 2, 0, ""),
        (("met", "met"), 2, 3, "agreed"),  # the two have read each other's: nobody judges blind any more
        (("met", "met"), 2, 0, "agreed"),
    ],
)
def test_verdicts_are_put_together_anew_when_fewer_are_asked_for_and_never_taken_apart_for_more(
    administrator, verdicts, before, after, panel
):
    prediction = a.prediction(a.case(resolvers_asked=before))
    a.panel(prediction, *verdicts)
    asking(prediction.case, after, administrator)
    assert Prediction.objects.get(pk=prediction.pk).panel == panel
