"""Database triggers that refuse to change or delete what is only ever added to, or to delete what must last.

They stand on SQLite and PostgreSQL. Django rebuilds a SQLite table, and with it drops the table's triggers, whenever a
field is altered: so the guards are put back after every migration, and `missing` tells whether they stand.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import User
from predictions.models.capture import OriginalBytes
from predictions.models.checkpoint import Checkpoint, LedgerKey
from predictions.models.forecaster import Forecaster
from predictions.models.ledger import LedgerEntry, LedgerPayload, LedgerTile, Rationale
from predictions.models.rows import AppendOnly
from predictions.models.source import SnapshotText

REFUSAL = "is only ever added to"

SQLITE_REFUSE = """CREATE TRIGGER "{table}_no_{verb}" BEFORE {VERB} ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table} {refusal}'); END"""
# REPLACE deletes the row in its way without firing delete triggers, unless recursive_triggers is on.
SQLITE_NO_REPLACE = """CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}"
WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {clash})
BEGIN SELECT RAISE(ABORT, '{table} {refusal}'); END"""
SQLITE_NEXT_SEQ = """CREATE TRIGGER "{table}_in_order" BEFORE INSERT ON "{table}"
WHEN NEW.seq IS NOT (SELECT COALESCE(MAX(seq) + 1, 0) FROM "{table}")
BEGIN SELECT RAISE(ABORT, '{table} is written in order'); END"""

POSTGRES_BODY = f"BEGIN RAISE EXCEPTION '% {REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END"
POSTGRES_FUNCTION = f"""CREATE OR REPLACE FUNCTION forsooth_refuse() RETURNS trigger LANGUAGE plpgsql
AS $${POSTGRES_BODY}$$"""
# To the letter as pg_get_triggerdef writes them, so that what stands can be compared with what is meant.
POSTGRES_ROW = (
    "CREATE TRIGGER {table}_no_change BEFORE DELETE OR UPDATE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION forsooth_refuse()"
)
POSTGRES_DELETE = (
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION forsooth_refuse()"
)
POSTGRES_TRUNCATE = (
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION forsooth_refuse()"
)
STANDING = {
    "sqlite": ("SELECT sql FROM sqlite_master WHERE type = 'trigger'", []),
    "postgresql": (
        "SELECT pg_get_triggerdef(pg_trigger.oid, true) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " WHERE tgenabled = 'A' AND prosrc = %s",
        [POSTGRES_BODY],
    ),
}


def guarded_models() -> list[type[models.Model]]:
    """Every model whose rows stay as they were written."""
    kept = [model for model in apps.get_app_config("predictions").get_models() if issubclass(model, AppendOnly)]
    ledger = [LedgerEntry, LedgerTile, LedgerPayload, Checkpoint, LedgerKey]
    return [*kept, *ledger, Rationale, SnapshotText, OriginalBytes]


def lasting_models() -> list[type[models.Model]]:
    """Models whose rows change and are never deleted: the database looks up neither for each forecast."""
    return [User, Forecaster]


def _sqlite_triggers(model: type[models.Model], connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    table = model._meta.db_table
    for verb in ("delete",) if model in lasting_models() else ("update", "delete"):
        yield f"{table}_no_{verb}", SQLITE_REFUSE.format(table=table, verb=verb, VERB=verb.upper(), refusal=REFUSAL)
    clash = " OR ".join(_clashes(model, connection))
    yield f"{table}_no_replace", SQLITE_NO_REPLACE.format(table=table, clash=clash, refusal=REFUSAL)
    if model is LedgerEntry:
        yield f"{table}_in_order", SQLITE_NEXT_SEQ.format(table=table)


def _clashes(model: type[models.Model], connection: BaseDatabaseWrapper) -> Iterator[str]:
    """The conditions on which a row stands in the way of NEW: one for each thing that must be unique."""
    for field in model._meta.concrete_fields:
        if field.unique:
            yield f'"{field.column}" = NEW."{field.column}"'
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            columns = [model._meta.get_field(name).column for name in constraint.fields]  # type: ignore[union-attr]
            terms = [f'"{column}" = NEW."{column}"' for column in columns]
            where: Any = constraint._get_condition_sql(model, connection.schema_editor())  # type: ignore[attr-defined]
            if where:
                terms += [where, re.sub(r'"\w+"', r"NEW.\g<0>", where)]
            yield f"({' AND '.join(terms)})"


def _postgres_triggers(model: type[models.Model], _: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    table = model._meta.db_table
    if model in lasting_models():
        yield f"{table}_no_delete", POSTGRES_DELETE.format(table=table)
    else:
        yield f"{table}_no_change", POSTGRES_ROW.format(table=table)
    yield f"{table}_no_truncate", POSTGRES_TRUNCATE.format(table=table)


def triggers(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, str]]:
    """Name → (table, SQL) of every guard that should stand in this kind of database."""
    of_model = _sqlite_triggers if connection.vendor == "sqlite" else _postgres_triggers
    of = [*guarded_models(), *lasting_models()]
    return {name: (m._meta.db_table, sql) for m in of for name, sql in of_model(m, connection)}


def standing(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of the guards that stand and do what they should: the text of each is compared, not its name alone."""
    with connection.cursor() as cursor:
        cursor.execute(*STANDING[connection.vendor])
        found = {sql for (sql,) in cursor.fetchall()}
    return {name for name, (_, sql) in triggers(connection).items() if sql in found}


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of guards that should stand and do not, among the tables that exist."""
    return sorted(_expected(connection).keys() - standing(connection))


def _expected(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, str]]:
    tables = set(connection.introspection.table_names())
    return {name: (table, sql) for name, (table, sql) in triggers(connection).items() if table in tables}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put up every guard that is not standing. Harmless when they all stand."""
    absent, expected = missing(connection), triggers(connection)
    with connection.cursor() as cursor:
        if absent and connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        for name in absent:
            table, sql = expected[name]
            _drop(cursor, name, table, connection)
            cursor.execute(sql)
            if connection.vendor == "postgresql":
                # ALWAYS: they hold under session_replication_role = replica too.
                cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"')


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the guards down; for a test that must empty its database."""
    with connection.cursor() as cursor:
        for name, (table, _) in _expected(connection).items():
            _drop(cursor, name, table, connection)


def _drop(cursor: Any, name: str, table: str, connection: BaseDatabaseWrapper) -> None:
    on_table = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on_table}')


def install_after_migration(*, using: str, **_: Any) -> None:
    install(connections[using])
