"""Status and close are computed: the row and the database must say the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from predictions.models import Prediction, Status
from predictions.models.times import from_microseconds
from predictions.operations.triggers import undo_occurrence
from predictions.tasks import rescore
from tests import builders as a

pytestmark = pytest.mark.django_db

NOW = 50


def posed(opens=0, closes=100, occurred=None, known=None, outcome=1.0):
    """A prediction by days; `occurred`, `known`: None where that has not happened."""
    trigger = a.trigger()
    prediction = a.prediction(trigger.case, trigger=trigger, opens_at=a.on_day(opens), closes_at=a.on_day(closes))
    if occurred is not None:
        a.occurrence(trigger, at=a.on_day(occurred))
    if known is not None:
        annulled = {} if outcome is not None else {"annulled": "ambiguous"}
        a.resolution(prediction, outcome, known_at=a.on_day(known), **annulled)
    return Prediction.objects.for_show().get(pk=prediction.pk)


@pytest.mark.parametrize(
    ("said", "status", "close"),
    [
        ({}, "open", 100),
        ({"opens": 50}, "open", 100),
        ({"opens": 51}, "upcoming", 100),
        ({"closes": 51}, "open", 51),
        ({"closes": 50}, "due", 50),
        ({"closes": 49}, "due", 49),
        ({"occurred": 50}, "due", 50),
        ({"occurred": 20}, "due", 20),
        ({"occurred": 20, "closes": 10}, "due", 10),
        ({"opens": 55, "closes": 60, "occurred": 20}, "due", 20),
        ({"known": 30}, "resolved", 30),
        ({"known": 30, "occurred": 20}, "resolved", 20),
        ({"known": 20, "occurred": 30}, "resolved", 20),
        ({"known": 30, "closes": 10}, "resolved", 10),
        ({"known": 30, "outcome": 0.0}, "resolved", 30),
        ({"known": 30, "outcome": None}, "annulled", 30),
        ({"opens": 55, "known": 30}, "resolved", 30),
    ],
    ids=str,
)
def test_status_and_close_follow_from_what_is_on_record(said, status, close):
    prediction = posed(**said)
    assert prediction.status(a.on_day(NOW)) == status
    assert prediction.closing_at == a.on_day(close)


DAYS = st.integers(0, 8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    opens=DAYS,
    lasts=st.integers(1, 8),
    occurred=st.none() | DAYS,
    known=st.none() | DAYS,
    outcome=st.sampled_from([None, 0.0, 1.0]),
    now=st.integers(-1, 17),
)
def test_the_row_and_the_database_agree_on_status_and_close(*, opens, lasts, occurred, known, outcome, now):
    prediction = posed(opens, opens + lasts, occurred, known, outcome)
    moment = a.on_day(now)
    found = [s for s in Status if Prediction.objects.in_status(s, moment).filter(pk=prediction.pk).exists()]
    assert found == [prediction.status(moment)]
    (row,) = Prediction.objects.with_close().filter(pk=prediction.pk)
    told = [day for day in (opens + lasts, occurred, known) if day is not None]
    assert prediction.closing_at == from_microseconds(row.closing_us) == a.on_day(min(told))
    assert Prediction.objects.closing_within(3, moment).filter(pk=prediction.pk).exists() == (
        found == [Status.OPEN] and min(told) <= now + 3
    )


def test_an_imported_prediction_without_a_close_never_closes_by_itself():
    prediction = a.prediction(closes_at=None, origin="imported")
    assert prediction.closing_at is None
    assert prediction.status(a.on_day(10**5)) == Status.OPEN
    assert Prediction.objects.open(a.on_day(10**5)).get() == prediction
    assert not Prediction.objects.due(a.on_day(10**5)).exists()


def test_a_trigger_taken_back_opens_what_it_had_closed(resolver):
    prediction = posed(occurred=20)
    undo_occurrence(prediction.trigger, reason="It did not.", by=resolver, at=a.NOW)
    again = Prediction.objects.for_show().get()
    assert (again.status(a.on_day(NOW)), again.closing_at) == (Status.OPEN, a.on_day(100))
    a.occurrence(again.trigger, at=a.on_day(30))
    third = Prediction.objects.for_show().get()
    assert (third.status(a.on_day(NOW)), third.closing_at) == (Status.DUE, a.on_day(30))


def test_unscored_is_what_was_resolved_and_not_scored_since():
    withdrawn = a.prediction()
    a.forecast(withdrawn, "", kind="withdrawn")
    for each in (withdrawn, a.prediction()):
        a.resolution(each)
    a.resolution(a.prediction(), None, annulled="ambiguous")
    a.prediction()
    resolved = list(Prediction.objects.resolved())
    assert set(Prediction.objects.unscored()) == set(resolved)
    rescore([prediction.pk for prediction in resolved])
    assert not Prediction.objects.unscored().exists()


def test_a_new_decision_makes_a_prediction_unscored_again(adjudicator):
    prediction = a.prediction()
    first = a.resolution(prediction)
    rescore([prediction.pk])
    assert not Prediction.objects.unscored().exists()
    a.a_person_with("resolver").groups.set(adjudicator.groups.all())
    a.resolution(prediction, 0.0, verdict="not_met", supersedes=first, reason="Misread.")
    assert Prediction.objects.unscored().get() == prediction


# --- revisions ---------------------------------------------------------------------------------------------------


def digest(prediction):
    return prediction.revision.digest(list(prediction.revision.criteria.all()))


@pytest.mark.parametrize(
    "change",
    [
        {"statement": "It snows."},
        {"opens_at": a.on_day(1)},
        {"closes_at": a.on_day(99)},
        {"zone": "Asia/Tokyo"},
        {"outcome_rule": "all"},
        {"criteria": ("It snows.",)},
        {"criteria": ("It rains.", "It snows.")},
    ],
    ids=str,
)
def test_the_digest_changes_with_anything_that_a_forecaster_is_shown(change):
    shown = {"statement": "It rains.", "criteria": ("It rains.",)}
    assert digest(a.prediction(**shown)) == digest(a.prediction(**shown))
    assert digest(a.prediction(**shown)) != digest(a.prediction(**{**shown, **change}))
