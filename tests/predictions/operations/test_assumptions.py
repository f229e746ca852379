import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from predictions.models import Assumption, LedgerEntry
from predictions.operations.assumptions import amend_assumption, amend_indicator
from tests import builders as a
from tests.predictions.deeds import changed
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db
TODAY = a.NOW.date()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def amend(row, at=a.NOW, by=None, **values):
    deed = amend_assumption if isinstance(row, Assumption) else amend_indicator
    return deed(changed(row, **values), by=by or a.a_person_with("analyst"), at=at)


@pytest.mark.parametrize(
    ("build", "field", "given"),
    [
        (a.assumption, "statement", {"statement": ""}),
        (a.assumption, "statement", {"statement": "x" * 1001}),
        (a.assumption, "status", {"status": "proven"}),
        (a.assumption, "would_change_if", {"would_change_if": "x" * 1001}),
        (a.assumption, "review_on", {"review_on": YESTERDAY}),
        (a.indicator, "review_on", {"review_on": YESTERDAY}),
        (a.indicator, "observed_on", {"observed_on": TOMORROW}),
        (a.indicator, "observed_on", {"observation": "It fell."}),
    ],
)
def test_bad_input_is_refused_at_its_field(build, field, given):
    prediction = a.prediction()
    with refused(field):
        build(prediction, **given)


@pytest.mark.parametrize("day", [TODAY, TOMORROW, None])
def test_a_day_of_review_is_still_to_come(day):
    assert a.assumption(review_on=day).review_on == day


def test_the_day_is_that_of_who_enters_it():
    """At noon UTC it is the next day in Kiritimati already."""
    there, prediction = a.person("there", "analyst"), a.prediction()
    there.zone = "Pacific/Kiritimati"
    with refused("review_on"):
        a.assumption(prediction, by=there, review_on=TODAY)
    assert a.indicator(prediction, by=there, observed_on=TOMORROW).observed_on == TOMORROW


def test_what_has_come_up_may_be_amended_before_another_day_is_given():
    row, later = a.assumption(review_on=TODAY), a.NOW + timedelta(days=30)
    assert amend(row, later, status="unsupported").review_on == TODAY
    with refused("review_on"):
        amend(row, later, review_on=TOMORROW)
    assert amend(row, later, review_on=None).review_on is None


def test_an_amendment_is_one_entry_with_old_and_new_and_none_where_nothing_changed():
    row = a.indicator(review_on=TODAY)
    before = LedgerEntry.objects.count()
    amend(row)
    assert LedgerEntry.objects.count() == before
    amend(row, observed_on=YESTERDAY, observation="It fell.", review_on=None)
    (entry,) = LedgerEntry.objects.filter(seq__gte=before)
    said = json.loads(entry.payload.text)["changes"]
    assert said["observed_on"] == [None, str(YESTERDAY)]
    assert said["review_on"] == [str(TODAY), None]


def test_what_belongs_to_a_prediction_stays_with_it():
    row = a.assumption()
    other = a.prediction(row.prediction.case)
    with refused("prediction"):
        amend(row, prediction=other)


def test_who_is_asked_to_judge_neither_notes_nor_amends_before_they_have():
    both, prediction = a.person("both", "analyst", "resolver"), a.prediction(a.case(resolvers_asked=2))
    row = a.assumption(prediction)
    a.assigned(prediction, both)
    for deed in (lambda: a.indicator(prediction, by=both), lambda: amend(row, by=both, status="unsupported")):
        with pytest.raises(PermissionDenied):
            deed()
    a.assessment(prediction, by=both)
    assert amend(row, by=both, status="unsupported").status == "unsupported"


def test_days_far_off_are_kept():
    assert a.assumption(review_on=date(9999, 12, 31)).review_on.year == 9999
