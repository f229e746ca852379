"""`rescore --all` in a database of a million forecasts, beside reading and writing the same rows as plainly as can be.

Run, on a database into which a world was imported (see bench_import.py):
    DATABASE_URL=sqlite:////tmp/world.sqlite3 DEBUG=1 .venv/bin/python -m tests.benchmarks.bench_rescore
    DATABASE_URL=postgres:///world DEBUG=1 .venv/bin/python -m tests.benchmarks.bench_rescore

The floors are those of the shared page `floors.md`. Reading: four columns of every forecast, without order, into one
numpy array. Writing: the very score rows, into a table that has no index but its key.
"""

import os
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from predictions import scorekeeping  # noqa: E402
from predictions.models import Forecast, Prediction, Score  # noqa: E402

ROUNDS = 5
COLUMNS = "prediction_id, forecaster_id, issued_us, probability"
SIGNED = np.dtype([(name, "i8") for name in ("prediction", "forecaster", "issued")] + [("probability", "f8")])
FRAMED = np.dtype(
    [("fields", ">i2")]
    + [(f"{name}{part}", kind) for name in "abc" for part, kind in (("_size", ">i4"), ("", ">i8"))]
    + [("p_size", ">i4"), ("p", ">f8")]
)
PREAMBLE, TRAILER = 19, 2
IS_POSTGRES = connection.vendor == "postgresql"


def read_floor() -> int:
    table = Forecast._meta.db_table
    with connection.cursor() as cursor:
        if not IS_POSTGRES:
            cursor.execute(f"SELECT {COLUMNS} FROM {table}")
            return len(np.fromiter(cursor.cursor if hasattr(cursor, "cursor") else cursor, SIGNED))
        with cursor.cursor.copy(f"COPY (SELECT {COLUMNS} FROM {table}) TO STDOUT (FORMAT BINARY)") as copy:
            whole = b"".join(bytes(block) for block in copy)
    return len(np.frombuffer(whole[PREAMBLE : len(whole) - TRAILER], FRAMED))


def write_floor(rows: list[tuple[Any, ...]]) -> int:
    fields = [field.column for field in Score._meta.concrete_fields]
    names = ", ".join(fields)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE floor AS SELECT {names} FROM {Score._meta.db_table} LIMIT 0")
        cursor.execute("CREATE UNIQUE INDEX floor_key ON floor (prediction_id, forecaster_id)")
        if IS_POSTGRES:
            kinds = [field.rel_db_type(connection).split(" ")[0] for field in Score._meta.concrete_fields]
            with cursor.cursor.copy(f"COPY floor ({names}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types([KINDS.get(kind, kind) for kind in kinds])
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO floor ({names}) VALUES ({', '.join(['%s'] * len(fields))})", rows)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE floor")
    return len(rows)


KINDS = {"bigint": "int8", "double": "float8", "integer": "int4", "boolean": "bool"}


def rescore() -> int:
    return scorekeeping.rescore(Prediction.objects.all(), at=timezone.now())


def tidy() -> None:
    """What PostgreSQL does by itself in the minutes between two runs: clear away the rows that were replaced."""
    if IS_POSTGRES:
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {Score._meta.db_table}")


def seconds(work: Callable[[], int]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    settings.DEBUG = False
    rescore()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = list(Score.objects.values_list(*(field.attname for field in Score._meta.concrete_fields)))
    times: dict[str, list[float]] = {"read": [], "write": [], "rescore --all": []}
    for _ in range(ROUNDS):
        tidy()
        times["read"].append(seconds(read_floor))
        times["write"].append(seconds(lambda: write_floor(rows)))
        times["rescore --all"].append(seconds(rescore))
    median = {name: statistics.median(each) for name, each in times.items()}
    forecasts, scored = Forecast.objects.count(), len(rows)
    print(f"{connection.vendor}: {forecasts:,} forecasts, {scored:,} score rows, medians of {ROUNDS}")
    for name, value in median.items():
        print(f"  {name:14} {value:7.2f} s")
    floor = median["read"] + median["write"]
    print(f"  ratio to read + write: {median['rescore --all'] / floor:.2f}; peak memory of the first run {own:.0f} MB")


if __name__ == "__main__":
    main()
