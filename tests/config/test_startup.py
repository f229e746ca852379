"""A process that serves tells loudly, as it starts, that the record is not guarded."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from config.startup import tell_of_missing_guards
from predictions.models import guards
from tests.unguarded import lift

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


def test_each_missing_guard_is_told(caplog):
    with caplog.at_level(logging.CRITICAL, "config.startup"):
        tell_of_missing_guards()
        assert caplog.messages == []
        lift()
        tell_of_missing_guards()
    assert len(caplog.messages) == len(guards.missing(connection)) > 0
    assert all("is missing" in each and "manage.py migrate" in each for each in caplog.messages)


def test_a_server_that_is_loaded_before_it_forks_hands_no_open_connection_on(tmp_path):
    (database := tmp_path / "any.sqlite3").touch()
    program = "import config.wsgi; from django.db import connection; print(connection.connection)"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "None\n"
