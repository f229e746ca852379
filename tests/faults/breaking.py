"""Ways in which a database fails, each real, each over at the end of its block."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
from django.db import connection

from predictions.models import LedgerPayload
from tests.faults.served import postgres_url

IS_SQLITE = connection.vendor == "sqlite"
REFUSE_AS_FULL = """CREATE FUNCTION pg_temp.full_disk() RETURNS trigger LANGUAGE plpgsql
AS $$BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END$$"""


def run(*statements: str) -> list[tuple]:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def on_a_file(folder: Path) -> Iterator[Path]:
    """SQLite keeps the tests' database in memory: what stands there goes to a file, and we with it."""
    file, settings, in_memory = folder / "forsooth.sqlite3", connection.settings_dict, connection.connection
    run(f"VACUUM INTO '{file}'")
    before = settings["NAME"], settings["OPTIONS"]
    settings["NAME"], settings["OPTIONS"] = f"file:{file}?mode=rw", settings["OPTIONS"] | {"timeout": 0.2}
    connection.connection = None
    try:
        yield file
    finally:
        connection.close()
        settings["NAME"], settings["OPTIONS"] = before
        connection.connection = in_memory


@contextmanager
def gone() -> Iterator[None]:
    """The server refuses everyone; the file was moved away."""
    try:
        with _moved_away() if IS_SQLITE else _refused():
            yield
    finally:
        connection.close()


@contextmanager
def _moved_away() -> Iterator[None]:
    file = Path(run("PRAGMA database_list")[0][2])
    connection.close()
    aside = file.rename(file.with_suffix(".aside"))
    try:
        yield
        assert not file.exists(), "an empty database was put in its place"
    finally:
        aside.rename(file)


@contextmanager
def _refused() -> Iterator[None]:
    name = connection.settings_dict["NAME"]
    with closing(psycopg.connect(postgres_url(NAME="postgres"), autocommit=True)) as keeper:
        keeper.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            cut_connections(keeper)
            yield
        finally:
            keeper.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def cut_connections(keeper: psycopg.Connection) -> None:
    """As a server does that restarts."""
    others = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    name = connection.settings_dict["NAME"]
    keeper.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM ({others}) AS others", [name])


@contextmanager
def full() -> Iterator[None]:
    """No page more can be written. PostgreSQL says so half-way, when the entry stands and its payload is to follow."""
    if IS_SQLITE:
        run("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
        ((before,),) = run("PRAGMA max_page_count")
        run("PRAGMA max_page_count = 1")  # no fewer than there are
        yield
        run(f"PRAGMA max_page_count = {before}")
        return
    table = LedgerPayload._meta.db_table
    run(REFUSE_AS_FULL, f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} EXECUTE FUNCTION pg_temp.full_disk()")
    yield
    run(f"DROP TRIGGER full_disk ON {table}")


@contextmanager
def held() -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    with ExitStack() as stack:
        if IS_SQLITE:
            file = run("PRAGMA database_list")[0][2]
            other = stack.enter_context(closing(sqlite3.connect(file, isolation_level=None)))
            other.execute("BEGIN IMMEDIATE")
        else:
            other = stack.enter_context(closing(psycopg.connect(postgres_url())))
            other.execute("SELECT 1 FROM predictions_loghead FOR UPDATE")
            run("SET statement_timeout = '200ms'")
        yield
        other.rollback()
    if not IS_SQLITE:
        run("RESET statement_timeout")


@contextmanager
def only_read() -> Iterator[None]:
    """Nothing may be written: a standby, or a disk that was mounted so after an error."""
    on, off = ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    if IS_SQLITE:
        on, off = ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
    run(on)
    yield
    run(off)
