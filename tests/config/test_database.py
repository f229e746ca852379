"""How the database is spoken to: by whoever serves pages, and by commands and workers."""

import os
import secrets
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from config.database import SERVES_PAGES, database, folder_of

ROOT = Path(__file__).parents[2]
PAGES = {SERVES_PAGES: "1"}
POSTGRES = {"DATABASE_URL": "postgres://ada@db/forsooth"}
QUICK = "-c jit=off -c random_page_cost=1.1"


def test_pages_give_up_what_takes_too_long_and_commands_do_not():
    assert database(POSTGRES, default=None)["OPTIONS"] == {"connect_timeout": 5, "options": QUICK}
    of_pages = database(POSTGRES | PAGES, default=None)["OPTIONS"]["options"]
    assert of_pages == f"{QUICK} -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
    told = database(POSTGRES | PAGES | {"STATEMENT_SECONDS": "5"}, default=None)["OPTIONS"]["options"]
    assert "statement_timeout=5s" in told


def test_what_the_address_says_goes_before_our_own_but_for_the_patience_of_pages():
    url = "postgres://ada@db/forsooth?connect_timeout=1&options=-c%20work_mem=8MB"
    options = database({"DATABASE_URL": url}, default=None)["OPTIONS"]
    of_pages = database(PAGES | {"DATABASE_URL": url}, default=None)["OPTIONS"]["options"]
    assert of_pages.startswith(f"{options['options']} -c statement_timeout=30s")
    assert options == {"connect_timeout": 1, "options": f"{QUICK} -c work_mem=8MB"}
    assert database({"DATABASE_URL": "sqlite:////tmp/f?timeout=1"}, default=None)["OPTIONS"]["timeout"] == 1


@pytest.mark.parametrize(("stands", "serves"), [(True, True), (True, False), (False, True), (False, False)])
def test_only_a_command_makes_a_file_and_only_where_there_was_none_at_its_start(tmp_path, stands, serves):
    file = tmp_path / "for sooth?.sqlite3"
    if stands:
        file.touch()
    told = database(PAGES if serves else {}, default=file)
    assert told["NAME"].endswith("mode=rw") == (stands or serves)
    assert folder_of(told, default=tmp_path / "var") == tmp_path


def test_a_file_with_odd_signs_in_its_name_is_opened(tmp_path):
    file = tmp_path / "for sooth?%20#.sqlite3"
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE one (id integer)")
    told = database({"DATABASE_URL": ""}, default=file)
    with closing(sqlite3.connect(told["NAME"], uri=True)) as opened:
        assert opened.execute("SELECT count(*) FROM one").fetchone() == (0,)


def test_a_database_in_memory_stays_one():
    told = database({"DATABASE_URL": "sqlite://:memory:"}, default=None)
    assert (told["NAME"], folder_of(told, default="var")) == (":memory:", "var")


def test_whoever_serves_pages_says_so_before_the_settings_are_read():
    line = "import config.wsgi; from django.conf import settings as s; print(s.DATABASES['default']['OPTIONS'])"
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": secrets.token_urlsafe(50), **POSTGRES}
    served = subprocess.run(
        [sys.executable, "-c", line], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert "statement_timeout=30s" in served.stdout
