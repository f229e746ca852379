"""How slow this machine is just now, beside the one on which the shared page `floors.md` was measured.

Two rows of that page are measured anew: a million rows of integers into SQLite by `executemany` (its section 5), and
four columns of a million rows out of it by `fetchall` and `zip` into numpy arrays (section 4). A figure whose limit is
a time is read with it: where this says 1.5, what takes 150 ms here would have taken about 100 ms there.

Run: .venv/bin/python -m tests.benchmarks.machine
"""

import math
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROWS, ROUNDS = 1_000_000, 3
THERE = {"executemany": 1.09, "fetchall": 1.92}
"""Seconds, as that page has them."""


def slowness() -> dict[str, float]:
    """The median time of each, as a multiple of that page's."""
    rows = [(k, k % 8_000, k % 200, 1_700_000_000_000_000 + k, (k % 997) / 997) for k in range(ROWS)]
    with tempfile.TemporaryDirectory() as place, sqlite3.connect(Path(place) / "floor.sqlite3") as database:

        def write() -> None:
            database.execute("DROP TABLE IF EXISTS floor")
            database.execute("CREATE TABLE floor (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, at INTEGER, p REAL)")
            database.executemany("INSERT INTO floor VALUES (?, ?, ?, ?, ?)", rows)
            database.commit()

        def read() -> None:
            columns = zip(*database.execute("SELECT a, b, at, p FROM floor").fetchall(), strict=True)
            list(map(np.array, columns))

        return {
            name: statistics.median(_seconds(work) for _ in range(ROUNDS)) / THERE[name]
            for name, work in (("executemany", write), ("fetchall", read))
        }


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def told() -> str:
    found = slowness()
    each = ", ".join(f"{name} {ratio:.2f} ×" for name, ratio in found.items())
    mean = math.prod(found.values()) ** (1 / len(found))
    return f"this machine just now: {mean:.2f} × the time of floors.md ({each})"


if __name__ == "__main__":
    print(told())
