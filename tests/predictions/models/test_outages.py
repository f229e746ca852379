import sqlite3

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from psycopg import errors

from predictions.models.outages import RETRY_AFTER_SECONDS, TOLD, kind_of, outage_of


def raised(fault, cause):
    fault.__cause__ = cause
    return fault


def of_sqlite(name):
    cause = sqlite3.OperationalError("…")
    cause.sqlite_errorname = name
    return raised(OperationalError("…"), cause)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (of_sqlite("SQLITE_FULL"), 507),
        (of_sqlite("SQLITE_BUSY"), 503),
        (of_sqlite("SQLITE_BUSY_SNAPSHOT"), 503),
        (of_sqlite("SQLITE_LOCKED_SHAREDCACHE"), 503),
        (of_sqlite("SQLITE_CANTOPEN"), 503),
        (of_sqlite("SQLITE_IOERR_WRITE"), 503),
        (of_sqlite("SQLITE_READONLY_DBMOVED"), 503),
        (of_sqlite("SQLITE_ERROR"), None),
        (of_sqlite("SQLITE_CORRUPT"), None),
        (raised(OperationalError("…"), errors.DiskFull("…")), 507),
        (raised(OperationalError("…"), errors.AdminShutdown("…")), 503),
        (raised(OperationalError("…"), errors.CannotConnectNow("…")), 503),
        (raised(OperationalError("…"), errors.TooManyConnections("…")), 503),
        (raised(OperationalError("…"), errors.QueryCanceled("…")), 503),
        (raised(OperationalError("…"), errors.DeadlockDetected("…")), 503),
        (raised(OperationalError("…"), psycopg.OperationalError("connection failed")), 503),
        (raised(InterfaceError("…"), psycopg.InterfaceError("the connection is closed")), 503),
        (raised(ProgrammingError("…"), errors.UndefinedTable("…")), None),
        (raised(IntegrityError("…"), errors.UniqueViolation("…")), None),
        (raised(DatabaseError("…"), errors.RestrictViolation("…")), None),
        (ConnectionRefusedError("of another server"), None),
        (ZeroDivisionError(), None),
        (None, None),
    ],
    ids=lambda value: kind_of(value) if isinstance(value, Exception) else str(value),
)
def test_outages_are_told_from_faults_of_the_code(fault, status):
    assert outage_of(fault) == status
    assert status is None or (status in TOLD and status in RETRY_AFTER_SECONDS)


def test_a_server_that_is_not_there_is_an_outage():
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect("postgres://127.0.0.1:1/forsooth", connect_timeout=5)
    assert outage_of(raised(OperationalError("…"), refused.value)) == 503


def test_the_log_is_told_the_kind_of_a_fault_and_none_of_its_words():
    assert kind_of(of_sqlite("SQLITE_BUSY")) == "SQLITE_BUSY"
    assert kind_of(raised(OperationalError("…"), errors.DiskFull("of ann-quill"))) == "53100"
    assert (
        kind_of(raised(OperationalError("…"), psycopg.OperationalError("password of ann-quill"))) == "OperationalError"
    )
