"""A Celery worker that is killed in the midst of a task costs time and no score, with a real Redis between.

Whoever kills the one process that works on a message gives it back (`acks_late`, `reject_on_worker_lost`); whoever
kills the whole worker leaves the message to Redis for an hour, and to the sweep for a minute.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from celery import Celery
from django.db import connection

from predictions import tasks
from predictions.models import Score
from tests import builders as a
from tests.faults.served import PATIENCE, ROOT, Place, postgres_url
from tests.journeys.test_worker import REDIS, services

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
__all__ = ["services"]  # a fixture that skips, or fails, where they are missing


class Worker:
    """Celery with one process that works, in a group of its own."""

    def __init__(self, place: Place, folder: Path, *more: str) -> None:
        line = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1", "--without-gossip"]
        self._log = (folder / "worker.log").open("a")
        environment = place.environment(CELERY_BROKER_URL=REDIS, SWEEP_SECONDS="1")
        told = {"stdout": self._log, "stderr": self._log, "cwd": ROOT, "start_new_session": True}
        self.process = subprocess.Popen([*line, "--schedule", str(folder / "beat"), *more], env=environment, **told)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def kill_who_works(self) -> None:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.kill()
        self._log.close()


@pytest.fixture
def broker():
    with Celery(broker=REDIS) as messages:
        messages.control.purge()
        yield messages
        messages.control.purge()


@pytest.fixture
def worker(tmp_path):
    """Starts one; all are gone at the end."""
    place, started = Place.of_this_test(tmp_path), []

    def start(*more: str) -> Worker:
        started.append(Worker(place, tmp_path, *more))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@contextmanager
def held(prediction):
    """Whoever scores it has to wait until the end of the block."""
    with closing(psycopg.connect(postgres_url())) as other:
        other.execute("SELECT 1 FROM predictions_prediction WHERE id = %s FOR UPDATE", [prediction.pk])
        yield


def wait_until(holds) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


@pytest.fixture
def prediction(monkeypatch):
    """Forecast and resolved, and not scored: no message comes from here."""
    monkeypatch.setattr(tasks.BROKER, "rests_until", float("inf"))
    on = a.forecast().prediction
    a.resolution(on)
    assert not Score.objects.exists()
    return on


def test_a_message_whose_process_was_killed_is_worked_on_again(worker, broker, prediction):
    running = worker()
    with held(prediction):
        broker.send_task("predictions.rescore", args=[[prediction.pk]])
        wait_until(somebody_waits)
        running.kill_who_works()
        time.sleep(0.5)
        assert not Score.objects.exists()
    wait_until(Score.objects.exists)
    assert [round(score.brier, 6) for score in Score.objects.all()] == [0.09]


def test_what_a_killed_worker_left_is_done_by_the_sweep_of_the_next(worker, broker, prediction):
    first = worker()
    with held(prediction):
        broker.send_task("predictions.rescore", args=[[prediction.pk]])
        wait_until(somebody_waits)
        first.kill()
    worker("--beat")
    wait_until(Score.objects.exists)
    assert [round(score.brier, 6) for score in Score.objects.all()] == [0.09]
