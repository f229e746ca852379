"""Many rows at once, past the ORM: statements of many rows on SQLite, COPY on PostgreSQL. Only ever inserts.

The database's own constraints and guards hold as for any other row; what only `full_clean` checks is the caller's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import chain, islice
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, models
from numpy.typing import NDArray

from predictions.models.times import microseconds

Values = Sequence[Any]
CACHE_KIB = 128 * 1024
TOGETHER, STATEMENTS = 100, 50
"""Rows to a statement: SQLite's guards make each statement keep a journal of its own, which is dear for a row alone."""
# What a value of `column_value` is to PostgreSQL, whose binary COPY takes the bytes of a column as they come.
COPIED_AS = {"DateTimeField": "int8", "UUIDField": "bytea", "CharField": "text", "TextField": "text"}
POSTGRES_EPOCH_US = 946_684_800_000_000
AS_THEY_ARE = {bool, int, float, str, type(None)}
"""Types of which a value goes into its column as it is; no table that is written in bulk has a column of JSON."""


def write_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Values], *, common: Mapping[str, Any] | None = None
) -> None:
    """Insert `rows`, whose values stand in the order of `names`, the model's fields or their attributes (`case_id`).

    Values are numbers, truths, bytes, text and None, each of its column's type; times and uuids as `as_times` and
    `as_uuid` make them. Whole numbers must fit their columns: PostgreSQL's driver cuts what is wider, without a word.
    `common` holds what is the same in every row. A column that is not named gets the database's default: the next
    key, or null.
    """
    common = common or {}
    if connection.vendor == "postgresql":
        _copy(model, (*names, *common), ((*row, *common.values()) for row in rows) if common else rows)
    else:
        _insert(f"INSERT INTO {_target(model, (*names, *common))} VALUES ", len(names), rows, [*common.values()])  # noqa: S608


def _target(model: type[models.Model], names: Sequence[str]) -> str:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    return f"{connection.ops.quote_name(model._meta.db_table)} ({columns})"


def _insert(insert: str, width: int, rows: Iterable[Values], common: list[Any]) -> None:
    waiting, most = iter(rows), connection.features.max_query_params or TOGETHER * width
    together = max(1, min(TOGETHER, (most - len(common)) // width))
    with connection.cursor() as cursor:
        while block := list(islice(waiting, together * STATEMENTS)):
            whole = len(block) - len(block) % together
            several: Any = ([*common, *chain(*block[at : at + together])] for at in range(0, whole, together))
            cursor.executemany(insert + _places(together, width, len(common)), several)
            cursor.executemany(insert + _places(1, width, len(common)), [[*common, *row] for row in block[whole:]])


def _places(count: int, width: int, common: int) -> str:
    """Numbered places of so many rows, what all have in common being given once, before them."""
    shared = [f"?{1 + k}" for k in range(common)]
    starts = range(common, common + count * width, width)
    return ", ".join(f"({', '.join([*(f'?{1 + start + k}' for k in range(width)), *shared])})" for start in starts)


def _copy(model: type[models.Model], names: Sequence[str], rows: Iterable[Values]) -> None:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    statement = f"COPY {_target(model, names)} FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
        copy.set_types([COPIED_AS.get(field.get_internal_type()) or field.db_type(connection) for field in fields])
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
    """Insert sound, unsaved instances, each field as the ORM would write it. They do not learn their keys."""
    fields = _given(model)
    rows = ([column_value(field, instance) for field in fields] for instance in instances)
    write_rows(model, [field.attname for field in fields], rows)


def _values(fields: Sequence[Any], instances: Iterable[models.Model]) -> Iterator[Values]:
    for instance in instances:
        yield [field.get_db_prep_save(field.pre_save(instance, True), connection) for field in fields]


def column_value(field: Any, instance: models.Model) -> Any:
    """What `instance` holds in `field`, as `write_rows` takes it."""
    value = field.pre_save(instance, True)
    if type(value) in AS_THEY_ARE:
        return value
    if isinstance(value, UUID):
        return as_uuid(value)
    return as_time(value) if isinstance(value, datetime) else field.get_db_prep_save(value, connection)


def as_uuid(value: UUID) -> bytes | str:
    """A uuid as the columns of this database take it from `write_rows`."""
    return value.bytes if connection.vendor == "postgresql" else value.hex


def as_time(moment: datetime) -> int | str:
    """A time as the columns of this database take it from `write_rows`."""
    if connection.vendor == "postgresql":
        return microseconds(moment) - POSTGRES_EPOCH_US
    return str(moment.astimezone(UTC).replace(tzinfo=None))  # as Django writes it


def as_times(us: NDArray[np.int64]) -> list[Any]:
    """Times, given in microseconds since 1970, as the columns of this database take them from `write_rows`."""
    if connection.vendor == "postgresql":
        return (us - POSTGRES_EPOCH_US).tolist()
    # As `as_time`: times are compared as text there, so that two spellings would come in the wrong order.
    written = np.datetime_as_string(us.astype("M8[us]")).tolist()
    return [f"{m[:10]} {m[11:19] if m[20:] == '000000' else m[11:]}" for m in written]


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
