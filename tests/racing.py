"""Two who write at once: one begins while the other has not committed yet, and waits. Needs real threads."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction

PATIENCE = 10


@contextmanager
def shared_database(folder):
    """A database that every thread can open for itself: PostgreSQL's as it is, SQLite's as a copy in a file.

    What is written within is seen by other threads alone (`at_once(1, …)`) where it is a copy.
    """
    if connection.vendor != "sqlite":
        yield
        return
    settings, path = connection.settings_dict, str(folder / "shared.sqlite3")
    with sqlite3.connect(path) as copy:
        connection.connection.backup(copy)
    copy.close()
    own, settings["NAME"] = settings["NAME"], path
    try:
        yield
    finally:
        settings["NAME"] = own


def at_once(count, deed):
    """What became of `deed` in each of so many threads that begin it at the same instant."""
    gate = threading.Barrier(count)

    def done(_):
        gate.wait(PATIENCE)
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(done, range(count)))


def is_waited_for():
    """Whether another connection waits for this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0] > 0


@contextmanager
def meanwhile(deed):
    """What is done within is not yet committed when another thread begins `deed` and comes to wait for it.

    Gives a function that returns what became of `deed`: its result, or what it raised.
    """

    def told():
        try:
            return deed()
        except ValidationError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        yield lambda: other.result(PATIENCE)
        other = pool.submit(told)
        deadline = time.monotonic() + PATIENCE
        while not is_waited_for():
            assert time.monotonic() < deadline, "nobody came to wait"
            assert not other.done(), "it should have waited"
            time.sleep(0.01)


def codes(refusal):
    return {error.code for error in ValidationError([refusal]).error_list}


def ledger_files() -> dict[str, str]:
    """What tells another process the key and the guard file of this test's ledger."""
    return {name: str(getattr(settings, name)) for name in ("LEDGER_KEY_FILE", "LEDGER_GUARD_FILE")}
