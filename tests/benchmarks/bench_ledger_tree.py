"""Times of the ledger's tree over a million entries: growing it, proofs from its rows, and a signature over it.

Run, in an empty database of its own:
    DEBUG=1 LEDGER_GUARD_FILE=/tmp/bench.guard DATABASE_URL=sqlite:////tmp/tree.sqlite3 \
        .venv/bin/python -m tests.benchmarks.bench_ledger_tree

Beside each proof stands the floor: one row read by its key. It fills the ledger with entries that say nothing.
"""

import os
import random
import resource
import statistics
import time
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from predictions import checkpoints, merkle  # noqa: E402
from predictions.models import LedgerEntry, LogHead  # noqa: E402
from predictions.models.bulk import as_time, renew_statistics, write_rows  # noqa: E402
from predictions.queries import ledger_proofs  # noqa: E402

SIZE = int(os.environ.get("SIZE", "1000000"))
ROUNDS = 101


def fill() -> None:
    rows = ((k, "ab" * 32, b"leaf", merkle.leaf_hash(str(k).encode()), None) for k in range(SIZE))
    common = {"at": as_time(timezone.now()), "kind": "bench.made"}
    write_rows(LedgerEntry, ("seq", "commit", "leaf", "leaf_hash", "subject"), rows, common=common)
    LogHead.objects.update_or_create(pk=1, defaults={"next_seq": SIZE})
    renew_statistics(LedgerEntry)


def told(name: str, deed: Callable[[int], Any]) -> None:
    times, chance = [], random.Random(1)
    for _ in range(ROUNDS):
        place = chance.randrange(1, SIZE)
        began = time.perf_counter()
        deed(place)
        times.append((time.perf_counter() - began) * 1000)
    print(f"  {name:40} {statistics.median(times):8.2f} ms, slowest {max(times):.1f}")


def main() -> None:
    call_command("migrate", verbosity=0)
    if LedgerEntry.objects.exists():
        raise SystemExit("This database has a ledger already. Name an empty one.")
    with transaction.atomic():
        fill()
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    with transaction.atomic():
        import_module("predictions.migrations.0016_ledger_is_a_tree").grow(apps, SimpleNamespace(connection=connection))
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    seconds = time.perf_counter() - began
    print(f"{connection.vendor}, {SIZE:,} entries; the tree of migration 0016 in {seconds:.1f} s, {more:.0f} MB more")
    leaves = [merkle.leaf_hash(str(k).encode()) for k in range(SIZE)]
    began = time.perf_counter()
    merkle.root(leaves)
    print(f"  {'the frontier alone, in memory':40} {time.perf_counter() - began:8.2f} s")
    print(f"Median of {ROUNDS}")
    told("one entry by its key (the floor)", lambda place: LedgerEntry.objects.get(pk=place))
    told("inclusion proof", lambda place: ledger_proofs.inclusion(place, SIZE))
    told("consistency proof", lambda place: ledger_proofs.consistency(place, SIZE))
    told("root at an older size", ledger_proofs.root_at)
    began = time.perf_counter()
    checkpoints.sign(timezone.now())
    print(f"  {'the first checkpoint':40} {(time.perf_counter() - began) * 1000:8.2f} ms")


if __name__ == "__main__":
    main()
