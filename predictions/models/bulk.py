"""Many rows at once, past the ORM: statements of many rows on SQLite, COPY on PostgreSQL. Only ever inserts.

The database's own constraints and guards hold as for any other row; what only `full_clean` checks is the caller's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from itertools import chain, islice
from typing import Any

from django.db import connection, models

from predictions.models.times import iso_utc

Values = Sequence[Any]
CACHE_KIB = 128 * 1024
TOGETHER, STATEMENTS = 50, 100
"""Rows to a statement: SQLite's guards make each statement keep a journal of its own, which is dear for a row alone."""


def write_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Values], *, common: Mapping[str, Any] | None = None
) -> None:
    """Insert `rows`, whose values stand in the order of `names`, the model's fields or their attributes (`case_id`).

    Values are numbers, truths, bytes, None, and text; times as `time_text` writes them, uuids as 32 hex digits.
    `common` holds what is the same in every row. A column that is not named gets the database's default: the next
    key, or null.
    """
    names, rest = (*names, *(common or {})), tuple((common or {}).values())
    whole = ((*row, *rest) for row in rows) if rest else rows
    if connection.vendor == "postgresql":
        _copy(f"COPY {_target(model, names)} FROM STDIN", whole)
    else:
        _insert(f"INSERT INTO {_target(model, names)} VALUES ", len(names), whole)  # noqa: S608


def write_numbers(model: type[models.Model], names: Sequence[str], rows: Iterable[Values]) -> None:
    """As `write_rows` for numbers, truths and None alone, each of its column's type: bytes that PostgreSQL copies."""
    if connection.vendor != "postgresql":
        write_rows(model, names, rows)
        return
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    types = [field.db_type(connection) for field in fields]
    _copy(f"COPY {_target(model, names)} FROM STDIN (FORMAT BINARY)", rows, types)


def _target(model: type[models.Model], names: Sequence[str]) -> str:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    return f"{connection.ops.quote_name(model._meta.db_table)} ({columns})"


def _insert(insert: str, width: int, rows: Iterable[Values]) -> None:
    waiting, together = iter(rows), min(TOGETHER, (connection.features.max_query_params or TOGETHER * width) // width)
    one = "(" + ", ".join(["%s"] * width) + ")"
    with connection.cursor() as cursor:
        while block := list(islice(waiting, together * STATEMENTS)):
            whole = len(block) - len(block) % together
            several: Any = (list(chain(*block[at : at + together])) for at in range(0, whole, together))
            cursor.executemany(insert + ", ".join([one] * together), several)
            cursor.executemany(insert + one, block[whole:])


def _copy(statement: str, rows: Iterable[Values], types: Sequence[str] = ()) -> None:
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
        if types:
            copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def save_together(*instances: models.Model) -> None:
    """Save each as `save` would, without signals; on PostgreSQL in one round trip, so that none sees the others.

    New ones are inserted, the others updated whole. Only the last may be given its key by the database.
    """
    statements, values = [], list[Values]()
    for instance in instances:
        fields, insert, update = _statements(type(instance))
        is_new = instance._state.adding
        statements.append(insert if is_new else update)
        values.append([*next(_values(fields, [instance])), *([] if is_new else [instance.pk])])
    if connection.vendor == "postgresql":
        *first, last = statements
        before = ", ".join(f"s{k} AS ({statement})" for k, statement in enumerate(first))
        statements, values = [f"WITH {before} {last}" if first else last], [list(chain(*values))]
    with connection.cursor() as cursor:
        for statement, each in zip(statements, values, strict=True):
            cursor.execute(statement, each)
        if instances[-1].pk is None:
            [instances[-1].pk] = cursor.fetchone()
    for instance in instances:
        instance._state.adding, instance._state.db = False, connection.alias


@cache
def _statements(model: type[models.Model]) -> tuple[Sequence[Any], str, str]:
    """Which fields are written of a model, and how a row is inserted and updated; the latter ends with the key."""
    quote, key = connection.ops.quote_name, model._meta.pk
    column = quote(str(key.column))
    fields = _given(model)
    target, marks = _target(model, [field.name for field in fields]), ", ".join(["%s"] * len(fields))
    told = "" if key in fields else f" RETURNING {column}"
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    update = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {column} = %s"  # noqa: S608
    return fields, f"INSERT INTO {target} VALUES ({marks}){told}", update  # noqa: S608


def _given(model: type[models.Model]) -> list[Any]:
    """The fields of a row but for a key that the database gives."""
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]


def write_instances(model: type[models.Model], instances: Iterable[models.Model]) -> None:
    """Insert unsaved instances, each field as the ORM would write it. They do not learn their keys."""
    fields = _given(model)
    write_rows(model, [field.attname for field in fields], _values(fields, instances))


def _values(fields: Sequence[Any], instances: Iterable[models.Model]) -> Iterator[Values]:
    for instance in instances:
        yield [field.get_db_prep_save(field.pre_save(instance, True), connection) for field in fields]


def time_text(moment: datetime) -> str:
    """A time as the columns of this database take it from `write_rows`."""
    return time_texts([iso_utc(moment)])[0]


def time_texts(moments: Iterable[str]) -> list[str]:
    """Times that stand as the ledger writes them, `2026-11-22T05:19:03.123456Z`, as the columns take them."""
    if connection.vendor == "postgresql":
        return list(moments)
    # As Django writes them: times are compared as text there, so that two spellings would come in the wrong order.
    return [f"{m[:10]} {m[11:19] if m[20:26] == '000000' else m[11:26]}" for m in moments]


@contextmanager
def room_to_write() -> Iterator[None]:
    """For long writing: lets SQLite keep in memory the pages that random keys would fetch again and again."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = {-CACHE_KIB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")


def fire_constraints_at_once() -> None:
    """Check references with each statement from here to the end of the transaction, so that none queue up in memory."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def renew_statistics(*written: type[models.Model]) -> None:
    """After many rows: tell PostgreSQL's planner at once what autovacuum would tell it later, if it runs."""
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in written)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
