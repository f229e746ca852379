"""A process that serves tells loudly, as it starts, that the record is not guarded."""

import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from config.startup import tell_of_missing_guards
from predictions.models import LedgerEntry, guards
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


def said_by(program, tmp_path):
    """What a process that serves says of itself, on a database with a table that nothing guards."""
    database = tmp_path / "any.sqlite3"
    with closing(sqlite3.connect(database)) as unguarded:
        unguarded.execute(f"CREATE TABLE {LedgerEntry._meta.db_table} (id INTEGER PRIMARY KEY)")
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "DEBUG": "1"}
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )


def test_a_server_that_is_loaded_before_it_forks_hands_no_open_connection_on(tmp_path):
    program = "import config.wsgi; from django.db import connection; print(connection.connection)"
    assert said_by(program, tmp_path).stdout == "None\n"


def test_a_server_of_asgi_loads_the_site_within_its_running_loop(tmp_path):
    loading = "async def load(): return importlib.import_module('config.asgi').application"
    program = f"import asyncio, importlib\n{loading}\nprint(asyncio.run(load()) is not None)"
    assert (said := said_by(program, tmp_path)).stdout == "True\n"
    assert "is missing" in said.stderr
