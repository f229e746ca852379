"""While the database is gone, held, read-only or full, everybody is told so in their own form, and nothing is left half
written; afterwards all is as before, without a restart."""

import json
import logging

import psycopg
import pytest
from django.apps import apps
from django.db import close_old_connections
from django.test import Client

from predictions.models import LedgerEntry
from predictions.models.outages import TOLD
from tests import builders as a
from tests.faults import breaking
from tests.faults.served import postgres_url

pytestmark = pytest.mark.django_db(transaction=True)

FAULTS = {
    "gone": (breaking.gone, 503),
    "held": (breaking.held, 503),
    "read-only": (breaking.only_read, 503),
    "full": (breaking.full, 507),
}
STILL_READ = ("held", "read-only", "full")
HEADINGS = {503: "Not just now", 507: "No room left"}


@pytest.fixture
def forecast(database):
    """What to send, as a program and as a form."""
    on, by = a.prediction(closes_at=a.on_day(20_000)), a.forecaster()
    long = "Because. " * 5_000  # more than what room a page happens to have
    given = {"prediction": str(on.uuid), "forecaster": str(by.uuid), "words": "70%", "issued": "2026-02-01T00:00Z"}
    given |= {"rationale": long}
    return {"body": given, "form": given | {"prediction": on.pk, "forecaster": by.pk, "kind": "probability"}}


def logged_by(program, forecast):
    return program.post("/api/forecasts/", json.dumps(forecast["body"]), content_type="application/json")


def entered_in(browser, forecast):
    prediction = forecast["form"]["prediction"]
    return browser.post(f"/predictions/forecast/add/?prediction={prediction}", forecast["form"])


def all_rows():
    return {model: model._base_manager.count() for model in apps.get_models()}


def test_a_program_is_told_when_to_come_again_and_nothing_is_written(program, forecast, caplog):
    for fault, (break_it, status) in FAULTS.items():
        before = all_rows()
        with break_it():
            answer = logged_by(program, forecast)
        assert answer.status_code == status, fault
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.json() == {"detail": TOLD[status]}
        assert all_rows() == before, fault
        assert logged_by(program, forecast).status_code == 201, fault
    assert not [record for record in caplog.records if record.exc_info], "no traceback for what is no fault of the code"


def test_a_person_is_shown_a_page_that_says_so_and_nothing_is_written(browser, forecast, caplog):
    for fault, (break_it, status) in FAULTS.items():
        before = all_rows()
        with break_it():
            answer = entered_in(browser, forecast)
        assert answer.status_code == status, fault
        assert int(answer.headers["Retry-After"]) > 0
        page = answer.content.decode()
        assert f"<h1>{HEADINGS[status]}</h1>" in page
        assert TOLD[status] in page
        assert all_rows() == before, fault
        assert entered_in(browser, forecast).status_code == 302, fault
    assert not [record for record in caplog.records if record.exc_info]


def test_what_is_recorded_can_still_be_read(program, browser, forecast):
    assert logged_by(program, forecast).status_code == 201
    for fault in STILL_READ:
        with FAULTS[fault][0]():
            assert program.get("/api/forecasts/").json()["results"][0]["words"] == "70%"
            assert browser.get("/predictions/forecast/").status_code == 200, fault
            assert Client().get("/readyz").status_code == 200, fault


def test_while_the_database_is_gone_everybody_is_answered_in_the_form_they_ask_for(program, browser):
    who = json.dumps({"username": "some-analyst", "password": a.PASSWORD})
    with breaking.gone():
        assert "<h1>Not just now</h1>" in browser.get("/scorecards/").content.decode()
        signed_in = program.post("/api/tokens/", who, content_type="application/json")
        for answer in (browser.get("/api/cases/"), program.get("/api/cases/"), signed_in):
            assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/json")
        assert browser.get("/agreement.json", headers={"accept": "application/json"}).json()["detail"]
        assert Client().get("/livez").json() == {"status": "ok"}
        ready = Client().get("/readyz")
        assert (ready.status_code, ready.json()["parts"]) == (503, {"database": "failing", "disk": "ok"})
        assert "Retry-After" in ready.headers
    assert Client().get("/readyz").status_code == 200


@pytest.mark.skipif(breaking.IS_SQLITE, reason="a server that restarts")
def test_after_a_restart_of_the_server_the_very_next_request_is_answered(program, forecast):
    """It finds its connection cut, which `conn_health_checks` sees, and makes another."""
    assert logged_by(program, forecast).status_code == 201
    with psycopg.connect(postgres_url(NAME="postgres"), autocommit=True) as keeper:
        breaking.cut_connections(keeper)
    close_old_connections()  # as every request does first
    assert logged_by(program, forecast).status_code == 201


@pytest.mark.skipif(breaking.IS_SQLITE, reason="SQLite's full disk has no place: see the tests above")
def test_wherever_the_disk_runs_full_nothing_is_half_written(program, forecast):
    breaking.run(breaking.REFUSE_AS_FULL)
    for name in ("ledgerentry", "ledgerpayload", "loghead", "forecast", "rationale"):
        before, table, event = all_rows(), f"predictions_{name}", "UPDATE" if name == "loghead" else "INSERT"
        breaking.run(f"CREATE TRIGGER full_disk AFTER {event} ON {table} EXECUTE FUNCTION pg_temp.full_disk()")
        assert logged_by(program, forecast).status_code == 507, name
        assert all_rows() == before, name
        breaking.run(f"DROP TRIGGER full_disk ON {table}")
        assert logged_by(program, forecast).status_code == 201
    seqs = list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(len(seqs)))


def test_a_fault_of_the_code_is_no_outage(program, browser, forecast, caplog):
    """A table that is missing is told of as what it is, with its traceback in the log alone."""
    breaking.run("ALTER TABLE auth_group RENAME TO elsewhere")
    try:
        for answer in (logged_by(program, forecast), browser.get("/scorecards/")):
            assert answer.status_code == 500
            assert b"Traceback" not in answer.content
            assert b"auth_group" not in answer.content
        assert [record.levelno for record in caplog.records if record.exc_info] == [logging.ERROR] * 2
    finally:
        breaking.run("ALTER TABLE elsewhere RENAME TO auth_group")
