"""Rows a second and peak memory of `import_forecasts`, validation and ledger included, in a fresh database each time.

Run: python ../shared/tools/synth.py /tmp/1M --size 1M
     .venv/bin/python -m tests.benchmarks.bench_import /tmp/1M [postgres:///NAME] [--runs 5]

Each run is a process of its own: `manage.py import_forecasts … --no-rescore`, from its start to its end. With the
address of an empty PostgreSQL database that may be dropped and made anew, it is measured beside SQLite.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MANAGE = [sys.executable, "manage.py"]


def fresh(address: str) -> None:
    """An empty database at `address`, with its tables."""
    if address.startswith("postgres"):
        name = address.rsplit("/", 1)[1]
        subprocess.run(["dropdb", "--if-exists", name], check=True)
        subprocess.run(["createdb", name], check=True)
    else:
        for file in Path(address.removeprefix("sqlite:///")).parent.glob("bench.sqlite3*"):
            file.unlink()
    run(address, "migrate", "--verbosity", "0")


def run(address: str, *arguments: str) -> tuple[str, float, float]:
    """What a command says, its seconds and its largest resident megabytes."""
    environment = {**os.environ, "DEBUG": "1", "DATABASE_URL": address}
    began = time.perf_counter()
    with subprocess.Popen(
        [*MANAGE, *arguments], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        told = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{told}")
    return told, time.perf_counter() - began, used.ru_maxrss / 1024


def machine_told() -> str:
    """In a process of its own: what it takes would count as that of the commands started after it."""
    return subprocess.check_output([sys.executable, "-m", "tests.benchmarks.machine"], text=True).strip()


def measure(address: str, folder: Path, runs: int) -> None:
    files = [str(folder / "predictions.csv"), str(folder / "forecasts.csv")]
    seconds, memory, rows = [], [], 0
    for _ in range(runs):
        fresh(address)
        told, took, most = run(address, "import_forecasts", *files, "--no-rescore")
        rows = int(re.search(r"Created: .*?forecasts ([\d,]+)", told)[1].replace(",", ""))  # type: ignore[index]
        seconds.append(took)
        memory.append(most)
    _, idle, _ = run(address, "check")
    rate = rows / statistics.median(seconds)
    engine = "PostgreSQL" if address.startswith("postgres") else "SQLite"
    print(
        f"{engine:11} {rows:>10,} rows  {statistics.median(seconds):7.1f} s ({min(seconds):.1f} to {max(seconds):.1f})"
        f"  {rate:8,.0f} rows/s  peak {max(memory):5.0f} MB  start of a command {idle:.1f} s  median of {runs}"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("postgres", nargs="?")
    asked.add_argument("--runs", type=int, default=5)
    told = asked.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {machine_told()}")
    with tempfile.TemporaryDirectory() as place:
        measure(f"sqlite:///{place}/bench.sqlite3", told.folder, told.runs)
    if told.postgres:
        measure(told.postgres, told.folder, told.runs)
    print(machine_told())


if __name__ == "__main__":
    main()
