"""Supervisors are told whether each part is well, and nobody is told anything else."""

from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F
from django.utils import timezone

from predictions import checkpoints, tasks
from predictions.models import LogHead, guards
from tests import builders as a

pytestmark = pytest.mark.django_db

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
SOUND = {"database": "ok", "migrations": "ok", "guards": "ok", "clock": "ok", "ledger": "ok", "disk": "ok"}


def drop_a_guard(settings):
    name, (table, _) = next(iter(guards.triggers(connection).items()))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def forget_a_migration(settings):
    MigrationRecorder(connection).migration_qs.filter(app="predictions").order_by("-name")[:1].get().delete()


def set_the_clock_back(settings):
    LogHead.objects.update(last_at=timezone.now() + timedelta(seconds=90))


def restore_an_older_copy(settings):
    checkpoints.sign(a.NOW)
    LogHead.objects.update(next_seq=F("next_seq") - 1)


def use_up_the_disk(settings):
    settings.DISK_LEAST_FREE = 10**18


def stop_the_broker(settings):
    settings.CELERY_TASK_ALWAYS_EAGER = False


@pytest.fixture(autouse=True)
def _a_broker_that_is_not_there(monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_url", NOBODY_LISTENS)


@pytest.mark.parametrize(
    ("change", "part", "status", "word"),
    [
        (forget_a_migration, "migrations", 503, "unavailable"),
        (drop_a_guard, "guards", 503, "unavailable"),
        (set_the_clock_back, "clock", 503, "unavailable"),
        (restore_an_older_copy, "ledger", 503, "unavailable"),
        (use_up_the_disk, "disk", 200, "degraded"),
        (stop_the_broker, "broker", 200, "degraded"),
    ],
)
def test_what_is_not_well_is_told(client, settings, change, part, status, word):
    a.source()
    assert client.get("/readyz").json() == {"status": "ok", "parts": SOUND}
    change(settings)
    answer = client.get("/readyz")
    told = answer.json()
    assert (answer.status_code, told["status"], told["parts"][part]) == (status, word, "failing")
    assert [name for name, word in told["parts"].items() if word != "ok"] == [part]
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert client.get("/livez").status_code == 200


def test_a_broker_that_answers_is_told_of(client, settings, monkeypatch):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setattr(current_app.conf, "broker_url", "memory://localhost")
    assert client.get("/readyz").json() == {"status": "ok", "parts": SOUND | {"broker": "ok"}}


def test_without_a_broker_none_is_missed():
    assert tasks.broker_answers() is None


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_whoever_asks_is_answered_at_once_and_nothing_is_kept(client, settings, address, django_assert_max_num_queries):
    settings.SECURE_SSL_REDIRECT = True  # asked from inside, past the proxy
    client.get(address)
    with django_assert_max_num_queries(0 if address == "/livez" else 6):
        answer = client.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"] == "application/json"
    assert not answer.cookies
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_before_anything_is_recorded_the_site_is_ready(client):
    assert not LogHead.objects.exists()
    assert client.get("/readyz").status_code == 200
