"""A trigger that occurs closes what waited for it; one taken back opens it again; scores follow."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from predictions.models import Assignment, LedgerEntry, Prediction, Score, Trigger, TriggerOccurrence, Watch
from predictions.operations.triggers import amend_trigger, undo_occurrence, unwatch_trigger, watch_trigger
from tests import builders as a
from tests.predictions.refusals import refused

MICROSECOND = timedelta(microseconds=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def trigger():
    return a.trigger()


def undo(trigger, reason="It did not."):
    return undo_occurrence(trigger, reason=reason, by=a.a_person_with("resolver"), at=a.NOW)


def test_an_occurrence_stands_once_recorded(trigger):
    occurrence = a.occurrence(trigger)
    trigger.refresh_from_db()
    assert (trigger.occurrence, occurrence.recorded_at) == (occurrence, a.NOW)


def test_an_occurrence_in_the_future_is_refused(trigger):
    with refused("occurred_at", "future"):
        a.occurrence(trigger, at=a.NOW + MICROSECOND)
    assert a.occurrence(trigger, at=a.NOW).occurred_at == a.NOW


def test_a_second_occurrence_without_replacing_the_first_is_a_conflict(trigger):
    a.occurrence(trigger)
    with refused(saying="already on record", code="conflict"):
        a.occurrence(trigger)


def test_an_occurrence_is_mended_by_one_that_replaces_it_with_a_reason(trigger):
    first = a.occurrence(trigger)
    with refused("reason"):
        a.occurrence(trigger, at=a.on_day(40), supersedes=first)
    second = a.occurrence(trigger, at=a.on_day(40), supersedes=first, reason="Wrong day.")
    trigger.refresh_from_db()
    assert trigger.occurrence == second
    with refused("supersedes", code="conflict"):
        a.occurrence(trigger, supersedes=first, reason="Again.")


def test_an_undoing_needs_a_reason_and_something_to_undo(trigger):
    with refused(saying="No occurrence", code="conflict"):
        undo(trigger)
    a.occurrence(trigger)
    with refused("reason"):
        undo(trigger, reason=" ")
    undo(trigger)
    with refused(code="conflict"):
        undo(trigger)


def test_after_an_undoing_it_may_occur_again_and_the_chain_has_one_end(trigger):
    for day in (40, 41, 42):
        a.occurrence(trigger, at=a.on_day(day))
        trigger.refresh_from_db()
        assert trigger.occurrence.occurred_at == a.on_day(day)
        undo(trigger)
    trigger.refresh_from_db()
    assert trigger.occurrence is None
    rows = list(TriggerOccurrence.objects.order_by("id"))
    assert [row.is_undone for row in rows] == [False, True] * 3
    assert [row.supersedes for row in rows] == [None, *rows[:-1]]
    assert TriggerOccurrence.objects.standing().get() == rows[-1]


@pytest.mark.parametrize("field", ["statement", "note"])
def test_amending_a_trigger_from_a_stale_page_does_not_undo_its_occurrence(trigger, field):
    stale = Trigger.objects.get(pk=trigger.pk)
    occurrence = a.occurrence(trigger)
    setattr(stale, field, "Mended.")
    amend_trigger(stale, by=a.a_person_with("analyst"), at=a.NOW)
    stored = Trigger.objects.get(pk=trigger.pk)
    assert (stored.occurrence, getattr(stored, field)) == (occurrence, "Mended.")


def test_status_and_scores_follow_what_occurred_was_taken_back_and_occurred_again(
    trigger, django_capture_on_commit_callbacks
):
    prediction = a.prediction(trigger.case, trigger=trigger)
    standing_days = []

    def scored(deed):
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        standing_days.append(Score.objects.get().standing_us / 86_400_000_000)

    a.forecast(prediction, issued_at=a.on_day(0))
    scored(lambda: a.resolution(prediction, known_at=a.on_day(50)))
    scored(lambda: a.occurrence(trigger, at=a.on_day(20)))
    scored(lambda: undo(trigger))
    scored(lambda: a.occurrence(trigger, at=a.on_day(30)))
    assert standing_days == [50, 20, 50, 30]


def test_all_that_waited_closes_and_nothing_else(trigger):
    waiting = [a.prediction(trigger.case, trigger=trigger) for _ in range(2)]
    other = a.prediction(trigger.case)
    a.occurrence(trigger, at=a.on_day(20))
    assert set(Prediction.objects.due(a.on_day(21))) == set(waiting)
    assert list(Prediction.objects.open(a.on_day(21))) == [other]


def test_what_was_found_of_an_event_that_did_not_occur_counts_no_longer():
    trigger = a.trigger(a.case(resolvers_asked=2))
    prediction, untouched = (a.prediction(trigger.case, trigger=trigger) for _ in range(2))
    a.occurrence(trigger)
    people = a.panel(prediction, "met", "met")
    a.assigned(untouched, *people)
    undo(trigger)
    assert set(prediction.assignments.values_list("withdrawn_because", flat=True)) == {
        "Its trigger did not occur after all."
    }
    assert not prediction.assessments.counting().exists()
    assert Prediction.objects.get(pk=prediction.pk).panel == ""
    assert not Assignment.objects.standing().exists()
    assert untouched.assignments.count() == len(people)
    a.assigned(prediction, *people)
    for person, verdict in zip(people, ("met", "not_met"), strict=True):
        a.assessment(prediction, verdict, by=person)
    assert Prediction.objects.get(pk=prediction.pk).panel == "disagreed"


def test_to_watch_twice_is_to_watch_once_and_to_stop_twice_leaves_no_trace(viewer):
    trigger = a.trigger()
    for operation in (watch_trigger, watch_trigger, unwatch_trigger, unwatch_trigger):
        operation(trigger, by=viewer, at=a.NOW)
    kinds = LedgerEntry.objects.filter(subject=trigger.uuid).order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["trigger.posed", "trigger.watched", "trigger.unwatched"]
    Watch.objects.create(trigger=trigger, user=viewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Watch.objects.create(trigger=trigger, user=viewer)
