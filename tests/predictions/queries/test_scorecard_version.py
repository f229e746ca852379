"""Figures are remembered as long as nothing they depend on changes, and no longer."""

import pytest
from django.core.cache import cache

from predictions.models import Case, Score, ScoringRun
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecard_version import remembered, version
from predictions.queries.scorecards import scorecard
from predictions.tasks import rescore_stale
from tests import builders as a
from tests.predictions.queries import scores

pytestmark = pytest.mark.django_db


def settled(**fields):
    on = a.prediction(**fields)
    a.forecast(on)
    a.resolution(on)
    rescore_stale()
    return on


def make_private(user):
    a.case(is_private=True, members=[a.a_person_with("analyst")])


CHANGES = {
    "a forecast": lambda user: a.forecast(),
    "a resolution": lambda user: a.resolution(a.prediction()),
    "a run": lambda user: ScoringRun.objects.create(kernel_version="1", ledger_seq=0, started_at=a.NOW),
    "an older run that goes on": lambda user: ScoringRun.objects.filter(pk=user.run.pk).update(replaced_count=99),
    "a case closed to the reader": make_private,
    "another kernel": None,
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_bears_on_a_score_changes_the_version(viewer, change, monkeypatch):
    settled()
    viewer.run = ScoringRun.objects.get()
    ScoringRun.objects.create(kernel_version="1", ledger_seq=0, started_at=a.NOW)
    before = version(viewer).shared
    if CHANGES[change]:
        CHANGES[change](viewer)
    else:
        monkeypatch.setattr("predictions.queries.scorecard_version.KERNEL_VERSION", "next")
    assert version(viewer).shared != before


def test_readers_who_see_the_same_share_figures_and_others_do_not(viewer, people):
    settled()
    assert version(viewer).shared == version(people["analyst"]).shared
    a.case(is_private=True, members=[people["analyst"]])
    assert version(viewer).shared != version(people["analyst"]).shared
    assert version(viewer).shared != version(people["nobody"]).shared


def test_figures_are_made_once_for_each_selection_and_version(viewer):
    made = []
    for selection, of in [(Selection(), "1"), (Selection(), "1"), (Selection(theme="war"), "1"), (Selection(), "2")]:
        remembered("figures", selection, of, lambda: made.append(1))
    assert len(made) == 3


def test_what_a_reader_sees_once_hiding_ends_by_the_clock_is_counted(viewer):
    hiding, theirs = a.prediction(a.case(hides_forecasts=True), closes_at=a.on_day(36500)), a.forecaster()
    a.forecast(hiding, by=theirs)
    of = version(viewer)
    for is_ended in (False, False, True):
        # Behind the ledger, as the clock has it: no entry tells of it.
        Case.objects.filter(pk=hiding.case_id).update(hides_forecasts=not is_ended)
        now = version(viewer)
        assert now == of
        assert (now.own != of.own) == is_ended
        assert scorecard(Selection(forecaster=theirs), user=viewer, now=a.NOW).unresolved == int(is_ended)


def test_a_card_follows_the_record_at_once(viewer):
    settled()
    assert scorecard(Selection(), user=viewer, now=a.NOW).n == 1
    settled()
    assert scorecard(Selection(), user=viewer, now=a.NOW).n == 2


def test_what_the_cache_holds_is_what_is_shown_again(viewer):
    [by], on = scores.forecasters(1), scores.resolved(3)
    scores.keep([scores.score(each, by) for each in on])
    first = scorecard(Selection(), user=viewer, now=a.NOW)
    Score.objects.all().delete()  # behind the back of every run, which nothing of ours does
    assert scorecard(Selection(), user=viewer, now=a.NOW) == first
    cache.clear()
    assert scorecard(Selection(), user=viewer, now=a.NOW).n == 0


def test_what_is_hidden_while_open_is_never_remembered_for_another(viewer):
    theirs = a.forecaster()
    a.forecast(a.prediction(a.case(hides_forecasts=True), closes_at=a.on_day(36500)), by=theirs)
    writer = a.a_person_with("analyst")
    for user, seen in ((viewer, 0), (writer, 1), (viewer, 0)):
        card = scorecard(Selection(forecaster=theirs), user=user, now=a.NOW)
        assert (card.unresolved, card.summary["n_unresolved"], len(card.rows)) == (seen, seen, seen)
