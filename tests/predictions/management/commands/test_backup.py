"""A copy bears its name only once it is whole. Copying under writers is in tests/faults/test_backup.py."""

import sqlite3
from contextlib import closing
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from predictions.models import LedgerEntry, guards
from tests import builders as a

pytestmark = pytest.mark.django_db(transaction=True)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a tool of its own")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "copy.sqlite3"


def back_up(file):
    out = StringIO()
    call_command("backup", str(file), stdout=out)
    return out.getvalue().strip()


@on_sqlite
def test_a_copy_holds_all_entries_and_guards_and_is_for_its_owner_alone(file):
    a.source()
    assert back_up(file) == f"{file} holds {LedgerEntry.objects.count()} ledger entries and every guard."
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    with closing(sqlite3.connect(file)) as copy:
        with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
            copy.execute("DELETE FROM predictions_ledgerentry")
        assert copy.execute("SELECT count(*) FROM predictions_ledgerentry").fetchone() == (LedgerEntry.objects.count(),)


@on_sqlite
def test_nothing_is_overwritten_and_nothing_written_nowhere(file):
    file.write_text("of last week")
    with pytest.raises(CommandError, match="is there already"):
        back_up(file)
    assert file.read_text() == "of last week"
    with pytest.raises(CommandError, match="no folder"):
        back_up(file.parent / "elsewhere" / "copy.sqlite3")


@on_sqlite
def test_a_copy_without_its_guards_is_none(file):
    guards.lift(connection)
    try:
        with pytest.raises(CommandError, match="lacks guards"):
            back_up(file)
        assert not file.exists()
    finally:
        guards.install(connection)
    back_up(file)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL")
def test_on_postgresql_its_own_tool_is_named(file):
    with pytest.raises(CommandError, match="pg_dump --format=custom"):
        back_up(file)
