"""Database triggers that refuse to change or delete what is only ever added to, or to delete what must last.

They stand on SQLite and PostgreSQL. Django rebuilds a SQLite table, and with it drops the table's triggers, whenever a
field is altered: so the guards are put back after every migration, and `missing` tells whether they stand.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import User
from predictions.models.capture import Original, OriginalBytes
from predictions.models.checkpoint import Checkpoint, LedgerKey
from predictions.models.erasure import ERASED, FREE_TEXT, Erasure
from predictions.models.forecaster import Forecaster
from predictions.models.ledger import LedgerEntry, LedgerPayload, LedgerTile, Rationale
from predictions.models.prediction import Prediction
from predictions.models.rows import AppendOnly
from predictions.models.source import Snapshot, SnapshotText

REFUSAL = "is only ever added to"
ERASURES = Erasure._meta.db_table
HOLDER_OF: dict[type[models.Model], tuple[type[models.Model], str]] = {
    SnapshotText: (Snapshot, "snapshot_id"),
    OriginalBytes: (Original, "original_id"),
}
"""Side tables that do not name their entry themselves: the row that does, and the column by which they name it."""
ERASABLE = (LedgerPayload, Rationale, OriginalBytes)
"""Models whose rows may be deleted once an erasure of their entry is on record; words in others may be blanked."""

SQLITE_REFUSE = """CREATE TRIGGER "{table}_no_{verb}" BEFORE {VERB} ON "{table}"{unless}
BEGIN SELECT RAISE(ABORT, '{table} {refusal}'); END"""
# REPLACE deletes the row in its way without firing delete triggers, unless recursive_triggers is on.
SQLITE_NO_REPLACE = """CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}"
WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {clash})
BEGIN SELECT RAISE(ABORT, '{table} {refusal}'); END"""
SQLITE_NEXT_SEQ = """CREATE TRIGGER "{table}_in_order" BEFORE INSERT ON "{table}"
WHEN NEW.seq IS NOT (SELECT COALESCE(MAX(seq) + 1, 0) FROM "{table}")
BEGIN SELECT RAISE(ABORT, '{table} is written in order'); END"""

# ruff: noqa: S608 (names of our own tables)
POSTGRES_REFUSAL = f"RAISE EXCEPTION '% {REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';"
# By the schema of the guarded table: a temporary table of that name would be found first otherwise.
POSTGRES_IS_ERASED = f"""EXECUTE format('SELECT EXISTS (SELECT 1 FROM %1$I.%2$I held JOIN %1$I.{ERASURES}'
' ON erased_id = held.seq WHERE held.%3$I = $1)', TG_TABLE_SCHEMA, TG_ARGV[0], TG_ARGV[1])
INTO is_erased USING (earlier ->> TG_ARGV[2])::bigint;"""
POSTGRES_UNLESS_BLANKED = f"""DECLARE is_erased boolean; later jsonb := to_jsonb(NEW); earlier jsonb := to_jsonb(OLD);
BEGIN
{POSTGRES_IS_ERASED}
IF is_erased AND later - TG_ARGV[3:] = earlier - TG_ARGV[3:] AND NOT EXISTS (SELECT 1 FROM unnest(TG_ARGV[3:]) name
WHERE later -> name IS DISTINCT FROM earlier -> name AND later ->> name IS DISTINCT FROM '{ERASED}')
THEN RETURN NEW; END IF;
{POSTGRES_REFUSAL}
END"""
POSTGRES_UNLESS_ERASED = f"""DECLARE is_erased boolean; earlier jsonb := to_jsonb(OLD);
BEGIN
{POSTGRES_IS_ERASED}
IF is_erased THEN RETURN OLD; END IF;
{POSTGRES_REFUSAL}
END"""
POSTGRES_FUNCTIONS = {
    "forsooth_refuse": f"BEGIN {POSTGRES_REFUSAL} END",
    "forsooth_refuse_unless_blanked": POSTGRES_UNLESS_BLANKED,
    "forsooth_refuse_unless_erased": POSTGRES_UNLESS_ERASED,
}
POSTGRES_FUNCTION = "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
# To the letter as pg_get_triggerdef writes them, so that what stands can be compared with what is meant.
POSTGRES_ROW = "CREATE TRIGGER {table}_no_{verb} BEFORE {VERBS} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}"
POSTGRES_TRUNCATE = (
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION forsooth_refuse()"
)
SQLITE_STANDING = "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
POSTGRES_STANDING = (
    "SELECT pg_get_triggerdef(pg_trigger.oid, true), proname, prosrc FROM pg_trigger"
    " JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgenabled = 'A'"
)


def guarded_models() -> list[type[models.Model]]:
    """Every model whose rows stay as they were written."""
    kept = [model for model in apps.get_app_config("predictions").get_models() if issubclass(model, AppendOnly)]
    ledger = [LedgerEntry, LedgerTile, LedgerPayload, Checkpoint, LedgerKey]
    return [*kept, *ledger, Rationale, SnapshotText, OriginalBytes]


def lasting_models() -> list[type[models.Model]]:
    """Models whose rows change and are never deleted: the database looks up none of them for each forecast."""
    return [User, Forecaster, Prediction]


def _sqlite_triggers(model: type[models.Model], connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    table = model._meta.db_table
    for verb in ("delete",) if model in lasting_models() else ("update", "delete"):
        filled = {"table": table, "verb": verb, "VERB": verb.upper(), "refusal": REFUSAL}
        yield f"{table}_no_{verb}", SQLITE_REFUSE.format(**filled, unless=_sqlite_exception(model, verb))
    clash = " OR ".join(_clashes(model, connection))
    yield f"{table}_no_replace", SQLITE_NO_REPLACE.format(table=table, clash=clash, refusal=REFUSAL)
    if model is LedgerEntry:
        yield f"{table}_in_order", SQLITE_NEXT_SEQ.format(table=table)


def _sqlite_exception(model: type[models.Model], verb: str) -> str:
    """Where an erasure of its entry is on record, a row of words is deleted, and words in other rows are blanked."""
    holder, key, own = _holder(model)
    held = f'"{ERASURES}" JOIN "{holder}" held ON held.seq = erased_id WHERE held.{key} = OLD.{own}'
    if verb == "delete" and model in ERASABLE:
        return f"\nWHEN NOT EXISTS (SELECT 1 FROM {held})"
    if verb == "update" and (words := _columns_of_words(model)):
        columns = [field.column for field in model._meta.concrete_fields]
        terms = [f'NEW."{name}" IS OLD."{name}"' for name in columns if name not in words]
        terms += [f'(NEW."{name}" IS OLD."{name}" OR NEW."{name}" = \'{ERASED}\')' for name in words]
        return f"\nWHEN NOT (EXISTS (SELECT 1 FROM {held}) AND {' AND '.join(terms)})"
    return ""


def _holder(model: type[models.Model]) -> tuple[str, str, str]:
    """The table whose row names the entry of a row of `model`, its key, and the column of `model` with that key."""
    if model in HOLDER_OF:
        holder, own = HOLDER_OF[model]
        return holder._meta.db_table, "id", own
    return model._meta.db_table, "seq", "seq"


def way_to_entry(model: type[models.Model]) -> str:
    """The lookup by which rows of a guarded model are found that an entry recorded."""
    return f"{HOLDER_OF[model][1].removesuffix('_id')}__entry" if model in HOLDER_OF else "entry"


def _columns_of_words(model: type[models.Model]) -> list[str]:
    fields: list[Any] = [model._meta.get_field(name) for name in FREE_TEXT.get(model._meta.model_name or "", ())]
    return [field.column for field in fields]


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
    table, refuse = model._meta.db_table, "forsooth_refuse()"
    words = _columns_of_words(model)
    held = ", ".join(f"'{name}'" for name in (*_holder(model), *words))
    if model in lasting_models():
        said = [("delete", "DELETE", refuse)]
    elif model in ERASABLE:
        said = [("change", "UPDATE", refuse), ("delete", "DELETE", f"forsooth_refuse_unless_erased({held})")]
    elif words:
        said = [("change", "UPDATE", f"forsooth_refuse_unless_blanked({held})"), ("delete", "DELETE", refuse)]
    else:
        said = [("change", "DELETE OR UPDATE", refuse)]
    for verb, verbs, function in said:
        yield f"{table}_no_{verb}", POSTGRES_ROW.format(table=table, verb=verb, VERBS=verbs, function=function)
    yield f"{table}_no_truncate", POSTGRES_TRUNCATE.format(table=table)


def triggers(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, str]]:
    """Name → (table, SQL) of every guard that should stand in this kind of database."""
    of_model = _sqlite_triggers if connection.vendor == "sqlite" else _postgres_triggers
    of = [*guarded_models(), *lasting_models()]
    return {name: (m._meta.db_table, sql) for m in of for name, sql in of_model(m, connection)}


def standing(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of the guards that stand and do what they should: the text of each is compared, not its name alone."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            found = {sql for (sql,) in cursor.execute(SQLITE_STANDING).fetchall()}
        else:
            cursor.execute(POSTGRES_STANDING)
            found = {sql for sql, function, body in cursor.fetchall() if POSTGRES_FUNCTIONS.get(function) == body}
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
            for name, body in POSTGRES_FUNCTIONS.items():
                cursor.execute(POSTGRES_FUNCTION.format(name=name, body=body))
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


def lift_before_migration(*, using: str, plan: Sequence[Any] = (), **_: Any) -> None:
    """Take the guards down on SQLite: it renames no table while one names a table or column that is not there yet.

    They are put up again after the last migration; where one failed, the check at start tells that they are missing.
    """
    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        lift(connection)


def _drop(cursor: Any, name: str, table: str, connection: BaseDatabaseWrapper) -> None:
    on_table = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on_table}')


def install_after_migration(*, using: str, **_: Any) -> None:
    install(connections[using])
