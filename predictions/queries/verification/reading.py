"""Reading a ledger of any size while it is written to: of one moment, in blocks, and spelled as the ledger does."""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from django.db import connection, models, transaction
from django.db.models import BigIntegerField, F, Func, QuerySet, TextField

from predictions.models.rows import plain

BLOCK = 2000
MOST_KNOWN = 50_000
NULL = "null"


@contextmanager
def steady_view() -> Iterator[None]:
    """Everything read within is of one moment, and nobody who writes meanwhile has to wait."""
    if connection.in_atomic_block:
        yield
        return
    begins = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = begins  # type: ignore[attr-defined]


def blocks(rows: QuerySet[Any], key: str, size: int = 0) -> Iterator[list[Any]]:
    """The tuples of `rows`, whose first member is `key`, in its order: never more than `size`, or `BLOCK`, at once."""
    last, size = None, size or BLOCK
    while True:
        block = list((rows if last is None else rows.filter(**{f"{key}__gt": last})).order_by(key)[:size])
        if block:
            yield block
            last = block[-1][0]
        if len(block) < size:
            return


class AsStored(Func):
    """A uuid, a time or a day as the database hands it out quickest: `spelled_…` make of it what the ledger writes."""

    output_field = TextField()
    template = "(+%(expressions)s)"  # the sign takes from a column the type that Python's driver would make of it

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(%(expressions)s)::text"
        if isinstance(self.source_expressions[0].output_field, models.DateTimeField):
            template = """TO_CHAR(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
        return self.as_sql(compiler, connection, template=template, **extra)


def stored(path: str) -> AsStored:
    return AsStored(F(path))


class Microseconds(Func):
    """A time in whole microseconds since 1970 (`times.microseconds`), made by the database."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        at = "%(expressions)s"
        fraction = f"CAST(SUBSTR(SUBSTR({at}, 21, 6) || '000000', 1, 6) AS INTEGER)"
        template = f"(CAST(STRFTIME('%%%%s', SUBSTR({at}, 1, 19)) AS INTEGER) * 1000000 + {fraction})"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"
        return self.as_sql(compiler, connection, template=template, **extra)


# --- values in the ledger's spelling: canonical JSON ---------------------------------------------------------------


spelled_text = encode_basestring


@lru_cache(1 << 16, typed=True)
def spelled_number(value: float | bool | None) -> str:
    """Canonical JSON of a number, a truth value or nothing; a float as the decimal text that the ledger holds."""
    if value is None or isinstance(value, bool):
        return NULL if value is None else str(value).lower()
    return str(value) if isinstance(value, int) else f'"{plain(value)}"'


def spelled(value: Any) -> str:
    """Canonical JSON of what a payload holds, which has no floats."""
    if isinstance(value, str):
        return spelled_text(value)
    if value is None or isinstance(value, int):
        return spelled_number(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def spelled_uuid(value: str | None) -> str:
    """Of a uuid that was read by `stored`."""
    if value is None:
        return NULL
    if len(value) == 32:  # SQLite keeps the bare digits
        return f'"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"'
    return f'"{value}"'


@lru_cache(1 << 12)
def spelled_time(value: str | None) -> str:
    """Of a time that was read by `stored`."""
    if value is None:
        return NULL
    if value[10] == " ":  # as Django writes it in SQLite
        return f'"{value[:10]}T{value[11:19]}.{value[20:] or "000000"}Z"'
    return f'"{value}"'


class Known(OrderedDict[Any, Any]):
    """What is looked up by key again and again: loaded for a block at once, and so many kept at hand."""

    def __init__(self, load: Callable[[set[Any]], Mapping[Any, Any]], *, of_nothing: Any = NULL) -> None:
        super().__init__()
        self._load, self._of_nothing = load, of_nothing

    def learn(self, keys: set[Any]) -> None:
        if missing := keys - self.keys() - {None}:
            while self and len(self) + len(missing) > MOST_KNOWN:
                self.popitem(last=False)
            # A key that leads nowhere reads as nothing, and is found to differ.
            self.update(dict.fromkeys((*missing, None), self._of_nothing) | dict(self._load(missing)))
        self.setdefault(None, self._of_nothing)


def uuids_of(model: type[models.Model]) -> Known:
    """By the key of a row, its uuid as the ledger spells it."""

    def load(keys: set[Any]) -> dict[Any, str]:
        found = model._base_manager.filter(pk__in=keys).values_list("pk", stored("uuid"))
        return {key: spelled_uuid(uuid) for key, uuid in found}

    return Known(load)
