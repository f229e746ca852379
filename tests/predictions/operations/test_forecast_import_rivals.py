"""An import beside other people: what it must not tell, what it must not take, and in what order it waits."""

from datetime import timedelta
from threading import Event, Thread
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from predictions import record
from predictions.models import Case, Forecast, Forecaster, LedgerEntry, Prediction
from predictions.models.bulk import as_uuid
from predictions.operations.accounts import command_line_account
from predictions.operations.forecast_import_holding import POSTGRES_DEADLOCK, conflict_of
from tests import builders as a
from tests.predictions.operations.import_files import RAIN, bring_in, faults, kinds, rain, said
from tests.predictions.test_record import row_counts

pytestmark = pytest.mark.django_db

OPEN = {"outcome": "", "resolved_at": "", "closed_at": "2900-01-01T00:00:00Z"}
GUESSES = [said(probability=str(k / 10)) for k in range(1, 10)]


# --- what is hidden stays so -------------------------------------------------------------------------------------


def test_a_dry_run_does_not_confirm_a_guess_at_a_hidden_forecast(analyst):
    bring_in([rain(**OPEN)], [said()])
    foretold = bring_in([], GUESSES, by=analyst, dry_run=True)
    assert (foretold.created["forecasts"], foretold.is_at_most) == (9, True)


def test_a_dry_run_counts_what_one_recorded_oneself(analyst):
    bring_in([rain(**OPEN)], [said()], by=analyst)
    assert bring_in([], GUESSES, by=analyst, dry_run=True).created["forecasts"] == 8


def test_a_dry_run_counts_what_everybody_sees(analyst):
    bring_in([rain(**OPEN)], [said()])
    Case.objects.update(hides_forecasts=False)
    foretold = bring_in([], GUESSES, by=analyst, dry_run=True)
    assert (foretold.created["forecasts"], foretold.is_at_most) == (8, False)


def test_whoever_has_the_database_is_told_all():
    bring_in([rain(**OPEN)], [said()], by=a.a_person_with("analyst"))
    foretold = bring_in([], GUESSES, dry_run=True, sees_all=True)
    assert (foretold.created["forecasts"], foretold.is_at_most) == (8, False)


# --- names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Consensus: median", "consensus:mine", " CONSENSUS: x"])
def test_no_name_of_a_consensus_is_taken_before_there_is_one(name):
    assert faults(bring_in(forecasts=[said(forecaster=name), said(forecaster=name)])) == [
        ("forecasts", 2, "forecaster"),
        ("forecasts", 3, "forecaster"),
    ]
    assert Forecaster.objects.of_consensus()


# --- nothing new -------------------------------------------------------------------------------------------------


def test_files_of_headers_alone_open_no_case():
    command_line_account(at=a.NOW)
    before = kinds()
    assert not any(bring_in([], []).created.values())
    assert kinds() == before


# --- the clock ---------------------------------------------------------------------------------------------------


def test_long_reading_beside_others_is_no_clock_that_runs_behind():
    later = a.NOW + timedelta(minutes=10)

    def meanwhile(step, count):
        if step == "forecasts read":
            entry = {"subject": None, "case": None, "by": command_line_account(at=a.NOW), "at": later}
            with transaction.atomic():
                record.append("test.elsewhere", {}, **entry)

    bring_in(progress=meanwhile, clock=lambda: later)
    assert Forecast.objects.get().recorded_at == later


# --- who is looked up --------------------------------------------------------------------------------------------


def test_filled_blanks_are_checked_at_once_and_not_one_by_one(django_assert_max_num_queries):
    names = [f"rain-{k}" for k in range(30)]
    bring_in([rain(external_id=name, **OPEN) for name in names], [])
    with django_assert_max_num_queries(60):
        findings = bring_in([RAIN | {"external_id": name} for name in names], [])
    assert findings.created["outcomes"] == 30


# --- two at once -------------------------------------------------------------------------------------------------


def test_two_who_wait_for_each_other_are_told_and_other_failures_are_not_hidden():
    cause = Exception()
    cause.sqlstate = POSTGRES_DEADLOCK
    fault = OperationalError()
    fault.__cause__ = cause
    assert conflict_of(fault).code == "conflict"
    with pytest.raises(OperationalError):
        conflict_of(OperationalError("disk full"))


def test_an_import_that_lost_the_race_saves_nothing():
    def meanwhile(step, count):
        if step == "forecasts read":
            bring_in()

    with pytest.raises(ValidationError) as refusal:
        bring_in(progress=meanwhile)
    assert refusal.value.code == "conflict"
    assert (Prediction.objects.count(), Forecast.objects.count()) == (1, 1)


def test_entries_made_ready_for_another_place_are_not_written():
    by, entries = command_line_account(at=a.NOW), LedgerEntry.objects.count()
    with transaction.atomic():
        first, at = record.next_place(a.NOW)
        sealed = record.seal("test", [(as_uuid(UUID(int=0)), "{}")], first=first + 1, case=None, by=by, at=at)
        with pytest.raises(RuntimeError):
            record.append_sealed(sealed)
    assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize("step", ["forecasts read", "predictions written", "forecasts written"])
def test_who_breaks_an_import_off_leaves_nothing(step):
    command_line_account(at=a.NOW)
    before = row_counts()

    def break_off(reached, _):
        if reached == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        bring_in(progress=break_off)
    assert row_counts() == before
    assert bring_in().is_written


def a_rival(held, stop):
    """Somebody who logs a forecast elsewhere: holds the forecaster first, the head of the ledger last."""
    try:
        with transaction.atomic():
            Forecaster.objects.select_for_update().get(name="Ann")
            held.set()
            stop.wait(1)
            by = command_line_account(at=a.NOW)
            record.append("test.elsewhere", {}, subject=None, case=None, by=by, at=a.NOW)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_an_import_waits_for_who_logs_a_forecast_and_neither_fails():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    bring_in()
    held, written = Event(), Event()
    rival = Thread(target=a_rival, args=(held, written))
    rival.start()
    held.wait(5)
    bring_in(forecasts=[said(probability="0.8")], progress=lambda step, _: "written" in step and written.set())
    rival.join()
    assert LedgerEntry.objects.filter(kind="test.elsewhere").count() == 1
    assert Forecast.objects.count() == 2
