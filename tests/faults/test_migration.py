"""The newest migrations run over a long ledger: 50,000 entries, a million in the long form. Guards stand before and
after, every entry is what it was, and the time is told."""

import sqlite3
import time
from contextlib import closing
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import User
from predictions import merkle, record
from predictions.models import guards
from predictions.models.bulk import as_uuid
from tests import builders as a
from tests.faults import forms
from tests.faults.served import Place
from tests.faults.soundness import guards_of, require_whole

BEFORE = "0015"
"""The last migration of the release whose ledgers are out there."""
ENTRIES = forms.of(short=50_000, long=1_000_000)
BATCH = 10_000

pytestmark = pytest.mark.django_db


def migrate(place: Place, *words: str) -> str:
    done = place.command("migrate", "--verbosity", "1", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def write(place: Place, table: str, columns: str, rows: list[tuple]) -> None:
    with closing(place.open()) as database:
        if isinstance(database, sqlite3.Connection):
            marks = ", ".join("?" * len(rows[0]))
            database.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
            database.commit()
            return
        with database.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def fill(place: Place) -> None:
    """A ledger as the release wrote it, past today's models."""
    who, at = User(pk=1, uuid=uuid4()), a.NOW
    time_of = connection.ops.adapt_datetimefield_value(at)
    for first in range(0, ENTRIES, BATCH):
        uuids = [uuid4() for _ in range(BATCH)]
        said = [(as_uuid(u), merkle.canonical({"actor": str(who.uuid), "uuid": str(u)}).decode()) for u in uuids]
        sealed = record.seal("test.made", said, first=first, case=None, by=who, at=at)
        entries = [(*entry[:-1], u.hex, time_of, "test.made") for entry, u in zip(sealed.entries, uuids, strict=True)]
        write(place, "predictions_ledgerentry", 'seq, "commit", leaf, leaf_hash, subject, at, kind', entries)
        payloads = [(*payload, 1) for payload in sealed.payloads]
        write(place, "predictions_ledgerpayload", "seq, text, salt, actor_id", payloads)
    write(place, "predictions_loghead", "id, next_seq, last_at", [(1, ENTRIES, time_of)])


def test_the_newest_migrations_run_over_a_long_ledger(another_place):
    place = another_place
    migrate(place, "predictions", BEFORE)  # from nothing on: on SQLite the guards of today keep a column from going
    fill(place)
    before, leaves = guards_of(place), place.rows("SELECT seq, leaf_hash FROM predictions_ledgerentry ORDER BY seq")
    assert "predictions_ledgerentry_no_truncate" in before or connection.vendor == "sqlite"
    began = time.monotonic()
    migrate(place)
    took = time.monotonic() - began
    assert guards_of(place) >= before | set(guards.triggers(connection))
    assert place.rows("SELECT seq, leaf_hash FROM predictions_ledgerentry ORDER BY seq") == leaves
    assert require_whole(place) == ENTRIES
    print(f"{ENTRIES:,} entries migrated in {took:.0f} s, with the start of the command")
