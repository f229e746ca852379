"""Whoever had to wait for another's transaction decides by what that one wrote. Needs real threads: PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.db import connection

from accounts.roles import Role
from predictions.models import Criterion, Forecast, LedgerEntry, Prediction, PredictionRevision, Resolution, Trigger
from predictions.operations.predictions import amend_prediction
from predictions.operations.triggers import amend_trigger
from tests import builders as a
from tests.racing import codes, meanwhile

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction at a time begin"),
]


@pytest.fixture(autouse=True)
def people():
    """There before the race: two threads would both make them."""
    for role in Role:
        a.a_person_with(role)


def test_of_two_resolvers_at_once_one_wins_and_the_other_is_told_of_a_conflict():
    prediction = a.prediction()
    with meanwhile(lambda: a.resolution(prediction, 0.0)) as outcome:
        a.resolution(prediction, 1.0)
    assert codes(outcome()) == {"conflict"}
    assert Resolution.objects.get().outcome == 1.0
    assert LedgerEntry.objects.filter(kind="resolution.made").count() == 1


def test_a_forecast_that_waited_for_a_decision_is_held_to_it():
    prediction, someone = a.prediction(), a.forecaster()
    late = a.on_day(51)
    with meanwhile(lambda: a.forecast(prediction, by=someone, issued_at=late)) as outcome:
        a.resolution(prediction, known_at=a.on_day(50))
    assert "issued_at" in outcome().error_dict
    assert not Forecast.objects.exists()


def test_a_forecast_that_waited_for_an_amendment_is_made_on_the_new_revision():
    prediction, someone = a.prediction(), a.forecaster()
    with meanwhile(lambda: a.forecast(prediction, by=someone)) as outcome:
        revision = PredictionRevision(prediction=prediction, statement="New.", opens_at=a.START, closes_at=a.NOW)
        amend_prediction(revision, [Criterion(label="a", text="New.")], by=a.a_person_with("analyst"), at=a.NOW)
    assert outcome().revision == revision


def test_of_two_occurrences_at_once_one_stands():
    trigger = a.trigger()
    with meanwhile(lambda: a.occurrence(trigger, at=a.on_day(20))) as outcome:
        a.occurrence(trigger, at=a.on_day(30))
    assert codes(outcome()) == {"conflict"}
    assert Trigger.objects.get().occurrence.occurred_at == a.on_day(30)


def test_an_amendment_that_waited_for_an_occurrence_leaves_it_standing():
    trigger = a.trigger()
    prediction = a.prediction(trigger.case, trigger=trigger)
    stale = Trigger.objects.get()
    stale.note = "Mended."
    with meanwhile(lambda: amend_trigger(stale, by=a.a_person_with("analyst"), at=a.NOW)) as outcome:
        a.occurrence(trigger, at=a.on_day(20))
    assert outcome().note == "Mended."
    assert Prediction.objects.due(a.on_day(20)).get() == prediction


def test_of_two_replacements_at_once_one_stands():
    first = a.forecast()
    mend = {"by": first.forecaster, "supersedes": first, "reason": "Misread."}
    with meanwhile(lambda: a.forecast(first.prediction, "60%", **mend)) as outcome:
        a.forecast(first.prediction, "50%", **mend)
    assert codes(outcome()) == {"conflict"}
    assert Forecast.objects.standing().get().probability == 0.5


def test_many_at_once_leave_a_ledger_without_gaps():
    case, before = a.case(), LedgerEntry.objects.count()

    def write(second):
        try:
            return a.source(case, title=f"At {second}")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(write, range(20)))) == 20
    entries = list(LedgerEntry.objects.order_by("seq"))
    assert [entry.seq for entry in entries] == list(range(before + 20))
    assert all(one.at <= later.at for one, later in pairwise(entries))
