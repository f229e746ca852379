"""How fast a ledger of any size is verified, beside the floor: reading the same rows and hashing them once, no more.

Fill a database first, as bench_lists says.
Run: DEBUG=1 DATABASE_URL=sqlite:////tmp/big.sqlite3 .venv/bin/python -m tests.benchmarks.bench_verify [ROUNDS]
"""

import hashlib
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402

from predictions.management.collector import rested_collector  # noqa: E402
from predictions.models import Forecast, LedgerEntry, LedgerPayload  # noqa: E402
from predictions.queries.verification import verify  # noqa: E402
from predictions.queries.verification.reading import blocks, steady_view  # noqa: E402

LEDGER = ("seq", "leaf", "leaf_hash", "kind", "commit")
ROWS = [field.attname for field in Forecast._meta.concrete_fields]


def hashed_leaves() -> None:
    """Floor of --fast: the leaves, hashed."""
    with steady_view():
        for block in blocks(LedgerEntry.objects.values_list("seq", "leaf", "leaf_hash"), "seq"):
            for _, leaf, _ in block:
                hashlib.sha256(leaf).digest()


def read_rows() -> None:
    """Floor of the whole: entries, payloads and forecasts, and a SHA-256 of each leaf and payload."""
    with steady_view():
        for block in blocks(LedgerEntry.objects.values_list(*LEDGER), "seq"):
            for _, leaf, _, _, _ in block:
                hashlib.sha256(leaf).digest()
            within = LedgerPayload.objects.filter(entry__gte=block[0][0], entry__lte=block[-1][0])
            for text, _ in within.values_list("text", "salt"):
                hashlib.sha256(text.encode()).digest()
        for _ in blocks(Forecast._base_manager.values_list(*ROWS), "id"):
            pass


def full() -> None:
    report(verify())


def fast() -> None:
    report(verify(fast=True))


def report(findings) -> None:
    if not findings.is_sound:
        raise SystemExit(f"First fault: {findings.first.words}")


def measure(name: str, do: Callable[[], None], count: int, rounds: int) -> float:
    times, cpu = [], []
    for _ in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        with rested_collector():  # as the command does
            do()
        times.append(time.perf_counter() - began)
        cpu.append(time.process_time() - worked)
    taken = statistics.median(times)
    spent = statistics.median(cpu)
    print(f"  {name:28} {taken:7.1f} s  {count / taken:9,.0f} entries/s  ({spent:5.1f} s of CPU here)", flush=True)
    return taken


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    count = LedgerEntry.objects.count()
    forecasts = Forecast.objects.count()
    print(
        f"{connection.vendor}: {count:,} entries, {forecasts:,} forecasts, median of {rounds}, load {os.getloadavg()}"
    )
    of_fast = measure("leaves read and hashed", hashed_leaves, count, rounds)
    fast_taken = measure("verify_ledger --fast", fast, count, rounds)
    of_full = measure("rows read, leaves hashed", read_rows, count, rounds)
    full_taken = measure("verify_ledger", full, count, rounds)
    print(f"  ratio to its floor: fast {fast_taken / of_fast:.1f}, full {full_taken / of_full:.1f}")
    print(f"  largest memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MiB")


if __name__ == "__main__":
    main()
