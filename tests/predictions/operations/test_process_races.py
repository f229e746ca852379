"""Two processes that judge at the same instant leave one consistent result and one entry for each deed. PostgreSQL."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from accounts.roles import Role
from predictions.models import Forecast, LedgerEntry, Panel, Prediction, Resolution, TriggerOccurrence
from predictions.models.times import microseconds
from tests import builders as a
from tests.racing import ledger_files

ROOT = Path(__file__).parents[3]
ROUNDS = 4  # whichever comes first, the law holds
DONE = {"done": True}

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="two processes want a server between them"),
]


class Racers:
    """Two processes, each with a connection of its own to this test's database."""

    def __init__(self):
        address = f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{connection.settings_dict['NAME']}"
        self.processes = [self._start(address) for _ in range(2)]
        for process in self.processes:
            assert process.stdout.readline() == "ready\n"

    @staticmethod
    def _start(address):
        environment = {**os.environ, **ledger_files(), "DATABASE_URL": address, "PYTHONPATH": str(ROOT), "DEBUG": "1"}
        command = [sys.executable, "-m", "tests.racing_process"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)

    def race(self, *requests):
        begins = time.time() + 0.05
        for process, request in zip(self.processes, requests, strict=True):
            process.stdin.write(json.dumps({**request, "at": begins}) + "\n")
            process.stdin.flush()
        return [json.loads(process.stdout.readline()) for process in self.processes]

    def stop(self):
        for process in self.processes:
            process.stdin.close()
            process.wait(10)
            process.stdout.close()


@pytest.fixture
def race():
    for role in Role:
        a.a_person_with(role)
    racers = Racers()
    yield racers.race
    racers.stop()


def entries(kind):
    return LedgerEntry.objects.filter(kind=kind).count()


def due():
    return a.prediction(a.case(resolvers_asked=2), closes_at=a.on_day(40))


def test_the_quorum_is_reached_once_by_two_processes(race):
    first, second = a.person("first", "resolver"), a.person("second", "resolver")
    for _ in range(ROUNDS):
        row, before = due(), entries("assessment.submitted")
        a.assigned(row, first, second)
        asked = {"deed": "assess", "prediction": row.pk}
        told = race({**asked, "by": "first", "verdict": "met"}, {**asked, "by": "second", "verdict": "not_met"})
        assert told == [DONE, DONE]
        assert Prediction.objects.get(pk=row.pk).panel == Panel.DISAGREED
        assert entries("assessment.submitted") == before + 2


def test_a_double_click_in_two_processes_submits_once(race):
    first, second = a.person("first", "resolver"), a.person("second", "resolver")
    for _ in range(ROUNDS):
        row, before = due(), entries("assessment.submitted")
        a.assigned(row, first, second)
        told = race(*[{"deed": "assess", "prediction": row.pk, "by": "first", "verdict": "met"}] * 2)
        assert sorted(told, key=str) == [DONE, {"refused": ["conflict"]}]
        assert entries("assessment.submitted") == before + 1


def test_of_two_adjudicators_in_two_processes_one_decides(race):
    a.person("one", "adjudicator")
    a.person("other", "adjudicator")
    for number in range(ROUNDS):
        row = due()
        a.panel(row, "met", "not_met")
        asked = {"deed": "decide", "prediction": row.pk}
        told = race({**asked, "by": "one", "verdict": "met"}, {**asked, "by": "other", "verdict": "not_met"})
        assert sorted(told, key=str) == [DONE, {"refused": ["conflict"]}]
        assert Resolution.objects.filter(prediction=row).count() == 1
        assert entries("resolution.made") == number + 1


def test_a_forecast_that_meets_its_trigger_in_another_process_is_kept_and_never_counts(race):
    for number in range(ROUNDS):
        case = a.case()
        trigger, who = a.trigger(case), a.forecaster()
        row = a.prediction(case, trigger=trigger)
        occurred, forecast = race(
            {"deed": "occur", "trigger": trigger.pk},
            {"deed": "forecast", "prediction": row.pk, "forecaster": who.pk},
        )
        assert occurred == DONE
        assert TriggerOccurrence.objects.count() == entries("trigger.occurred") == number + 1
        assert (forecast == DONE) == Forecast.objects.filter(prediction=row).exists()
        closing_at = Prediction.objects.for_show().get(pk=row.pk).closing_at
        assert microseconds(closing_at) == microseconds(a.on_day(50))
        assert all(each.issued_at >= closing_at for each in Forecast.objects.filter(prediction=row))
