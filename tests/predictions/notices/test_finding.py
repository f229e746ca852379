"""Whom what is told: one law for each kind of notice, and that each is told once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from predictions import notices, tasks
from predictions.models import Assignment, DisputeAnswer, Notice, NoticeMark, Prediction, Resolution
from predictions.operations.accounts import grant_role
from predictions.operations.assessments import withdraw_assignment
from predictions.operations.disputes import answer_dispute
from predictions.operations.resolutions import resolve
from predictions.operations.triggers import undo_occurrence, unwatch_trigger, watch_trigger
from tests import builders as a
from tests.predictions.notices.people import disputed, forecast_by, found, told

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CLOSE = a.on_day(100)


@pytest.fixture
def poser(people):
    """Who posed every prediction of the builders."""
    return a.a_person_with("analyst").username


@pytest.fixture
def asked(people):
    """An assignment of `ann`, who is a resolver."""
    [row] = a.assigned(a.prediction(a.case(resolvers_asked=2)), a.person("ann", "resolver"))
    return row


def test_who_is_asked_to_assess_is_told_once(asked):
    assert found() == [("ann", "assigned")]
    assert found() == []
    [text] = told(asked.resolver)
    assert text.startswith("You are asked to assess “Statement")
    assert text.endswith("which closes 10 April 2026.")


def test_who_is_asked_again_after_it_was_withdrawn_is_told_again(asked):
    found()
    withdraw_assignment(asked, reason="Ill.", by=a.a_person_with("administrator"), at=a.NOW)
    assert found() == []
    a.assigned(asked.prediction, asked.resolver)
    assert found() == [("ann", "assigned")]
    assert len(told(asked.resolver)) == 1


def test_who_has_submitted_is_not_told_that_it_is_asked_for(asked):
    a.assessment(asked.prediction, by=asked.resolver)
    assert found() == found(CLOSE - DAY) == []
    assert ("ann", "assess_overdue") not in found(CLOSE + 9 * DAY)


@pytest.mark.parametrize(
    ("at", "kinds"),
    [
        (CLOSE - 4 * DAY, []),
        (CLOSE - 3 * DAY, ["assess_soon"]),
        (CLOSE, []),
        (CLOSE + 7 * DAY - timedelta(microseconds=1), []),
        (CLOSE + 7 * DAY, ["assess_overdue"]),
    ],
)
def test_an_assessment_is_due_soon_before_the_close_and_overdue_a_week_after(asked, at, kinds):
    found()
    assert [kind for who, kind in found(at) if who == "ann"] == kinds
    assert [kind for who, kind in found(at) if who == "ann"] == []


def test_an_assessment_is_overdue_a_week_after_it_was_asked_for_at_the_earliest(asked):
    Assignment.objects.update(assigned_at=CLOSE + 6 * DAY)
    assert ("ann", "assess_overdue") not in found(CLOSE + 8 * DAY)
    assert ("ann", "assess_overdue") in found(CLOSE + 13 * DAY)


def test_who_forecast_is_told_that_it_closes(people, poser):
    on = a.prediction()
    a.forecast(on)
    forecast_by(people["analyst"], on)
    assert found(CLOSE - 3 * DAY) == [("analyst", "closing")]
    assert found(CLOSE - 2 * DAY) == []
    [text] = told(people["analyst"], CLOSE - 3 * DAY)
    assert text.endswith("which you forecast, closes 10 April 2026.")


def test_who_posed_it_is_told_that_it_is_overdue(poser):
    a.prediction()
    assert found(CLOSE + 6 * DAY) == []
    assert found(CLOSE + 7 * DAY) == [(poser, "overdue")]
    assert found(CLOSE + 8 * DAY) == []


def test_what_a_trigger_closed_is_overdue_a_week_after_that_was_recorded(poser):
    on = a.prediction(case := a.case(), trigger=a.trigger(case))
    a.occurrence(on.trigger, at=a.on_day(50))
    assert found(a.NOW + 6 * DAY) == []
    assert found(a.NOW + 7 * DAY) == [(poser, "overdue")]


def test_what_was_posed_after_its_close_is_overdue_a_week_after_that(poser):
    a.prediction(closes_at=a.on_day(40))
    assert found(a.NOW + 6 * DAY) == []
    assert found(a.NOW + 7 * DAY) == [(poser, "overdue")]


def test_what_is_decided_or_imported_is_never_overdue(poser):
    a.resolution(a.prediction())
    a.prediction(origin="imported")
    assert "overdue" not in [kind for _, kind in found(CLOSE + 8 * DAY)]


def test_an_occurrence_is_told_to_who_watches_and_whom_that_concerns_which_waits(people, poser):
    trigger = a.trigger(case := a.case(resolvers_asked=1))
    on = a.prediction(case, trigger=trigger)
    watch_trigger(trigger, by=people["viewer"], at=a.NOW)
    forecast_by(people["analyst"], on)
    a.assigned(on, people["resolver"])
    found()
    a.occurrence(trigger)
    assert found() == [(who, "occurred") for who in ("analyst", "resolver", "viewer")]  # not to who recorded it
    undo_occurrence(trigger, reason="No.", by=people["adjudicator"], at=a.NOW)
    assert ("viewer", "occurred") in found()
    taken_back, first = told(people["viewer"])
    assert "did not occur after all" in taken_back
    assert first.endswith("That record no longer stands.")


def test_who_watches_no_longer_is_not_told(people):
    trigger = a.trigger()
    for operation in (watch_trigger, unwatch_trigger):
        operation(trigger, by=people["viewer"], at=a.NOW)
    a.occurrence(trigger)
    assert found() == []


def test_a_decision_is_told_to_whom_it_concerns_and_not_to_who_made_it(people, poser):
    trigger = a.trigger(case := a.case())
    on = a.prediction(case, trigger=trigger)
    forecast_by(people["analyst"], on)
    watch_trigger(trigger, by=people["viewer"], at=a.NOW)
    a.resolution(on)
    assert found() == [("analyst", "resolved"), (poser, "resolved"), ("viewer", "resolved")]


def test_a_dispute_is_told_to_who_decided_and_who_may_answer_and_an_answer_to_who_raised_it(people, poser):
    a.resolution(on := a.prediction())
    found()
    row = disputed(on, people["viewer"])
    decider = a.a_person_with("resolver").username
    assert found() == sorted([("adjudicator", "disputed"), (poser, "disputed"), (decider, "disputed")])
    answer = DisputeAnswer(dispute=row, is_upheld=False, text="It was wet.")
    answer_dispute(answer, by=people["adjudicator"], at=a.NOW)
    assert found() == [(poser, "answered"), ("viewer", "answered")]
    assert "upheld" not in str(told(people["viewer"]))


def test_a_score_is_told_in_person_and_again_when_it_changes(people):
    on, analyst = a.prediction(), people["analyst"]
    forecast_by(analyst, on)
    a.forecast(on, "20%")
    first = a.resolution(on)
    found()
    tasks.rescore_stale()
    assert found() == [("analyst", "scored")]
    a.forecast(on, "30%")
    tasks.rescore_stale()
    assert found() == []  # computed anew, and the same
    second = Resolution(prediction=on, supersedes=first, reason="Misread.", outcome=0.0, known_at=a.on_day(50))
    resolve(second, verdicts={"a": "not_met"}, by=people["adjudicator"], at=a.NOW)
    tasks.rescore_stale()
    assert ("analyst", "scored") in found()
    assert [text.split(" “")[0] for text in told(analyst) if "core" in text] == [
        "Your score on",
        "Your forecasts on",
    ]


def test_scores_of_old_decisions_are_no_news(people):
    on = a.prediction()
    forecast_by(people["analyst"], on)
    a.resolution(on)
    tasks.rescore_stale()
    assert ("analyst", "scored") not in found(a.NOW + 31 * DAY)


def test_a_role_that_an_administrator_takes_is_told_to_all_of_them(administrator, viewer):
    other = a.person("root")
    other.is_superuser = other.is_staff = True
    other.save()
    grant_role(administrator, "resolver", by=administrator, at=a.NOW)
    grant_role(viewer, "resolver", by=administrator, at=a.NOW)
    assert found() == [("administrator", "granted"), ("root", "granted")]
    assert told(administrator) == ["administrator gave themselves the role resolver."]
    administrator.groups.remove(administrator.groups.get(name="administrator"))
    del administrator.roles
    assert told(administrator) == []


def test_accounts_that_cannot_sign_in_are_told_nothing(asked):
    asked.resolver.is_active = False
    asked.resolver.save()
    assert found() == []


def test_a_lost_message_is_made_good_by_the_sweep_whatever_came_between(people, poser):
    a.resolution(a.prediction())
    for _ in range(5):
        a.forecast()
    a.resolution(a.prediction())
    assert found() == [(poser, "resolved")] * 2


def test_imported_decisions_are_nobodys_news(people):
    on = a.prediction(origin="imported")
    forecast_by(people["analyst"], on)
    a.resolution(on, origin="imported")
    tasks.rescore_stale()
    assert found() == []


def test_the_mark_never_goes_back(people):
    a.resolution(a.prediction())
    notices.find(at=a.NOW)
    late = NoticeMark.objects.get()
    a.resolution(a.prediction())
    notices.find(at=a.NOW)
    seq = NoticeMark.objects.get().told_seq
    assert seq > late.told_seq
    assert notices.finding._move(late, late.told_seq, "", a.NOW) is None
    assert NoticeMark.objects.get().told_seq == seq
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeMark.objects.create(pk=2)


def test_one_thing_is_one_notice_whoever_finds_it(asked):
    found()
    row = Notice.objects.get()
    twin = Notice(recipient=row.recipient, kind=row.kind, about=row.about, made_at=a.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_finding_asks_as_often_for_three_as_for_one(people, django_assert_num_queries, asked):
    def more():
        case = a.case()
        on = a.prediction(case, trigger=a.trigger(case))
        forecast_by(people["analyst"], on)
        a.occurrence(on.trigger)
        a.resolution(on)
        disputed(on, a.a_person_with("viewer"))

    notices.find(at=a.NOW)
    more()
    people["adjudicator"].groups.clear()  # whether one may answer is asked for each dispute
    with CaptureQueriesContext(connection) as once:
        notices.find(at=a.NOW)
    for _ in range(3):
        more()
    with django_assert_num_queries(len(once)):
        notices.find(at=a.NOW)
    assert Prediction.objects.count() == 5
