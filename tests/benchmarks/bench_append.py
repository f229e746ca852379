"""What a ledger entry costs with one client: a row with its entry, beside the bare insert of the same row.

Both with the same durability: one transaction, committed to the disk. The disk's own fsync is timed beside them.
Run: DEBUG=1 DATABASE_URL=sqlite:////tmp/append.sqlite3 .venv/bin/python -m tests.benchmarks.bench_append [ROWS]
(into a database of its own that was migrated: it adds a case, a prediction and the rows)
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from predictions import record  # noqa: E402
from predictions.models import (  # noqa: E402
    Case,
    Criterion,
    Forecast,
    Forecaster,
    Prediction,
    PredictionRevision,
)
from predictions.operations.cases import open_case  # noqa: E402
from predictions.operations.forecasters import name_forecaster  # noqa: E402
from predictions.operations.forecasts import log_forecast  # noqa: E402
from predictions.operations.predictions import pose_prediction  # noqa: E402

WARM = 20


def someone() -> User:
    user, _ = User.objects.get_or_create(username="bench", defaults={"is_staff": True})
    user.groups.set(Group.objects.filter(name__in=["analyst", "administrator"]))
    return User.objects.get(pk=user.pk)


def world(by: User) -> tuple[Prediction, Forecaster]:
    at, name = timezone.now(), f"bench-{time.time_ns()}"
    case = open_case(Case(external_id=name, title=name, selection="All."), by=by, at=at)
    revision = PredictionRevision(statement="It rains.", opens_at=at, closes_at=at + timezone.timedelta(days=30))
    row = Prediction(case=case, theme="weather")
    prediction = pose_prediction(row, revision, [Criterion(label="a", text="Rain falls.")], by=by, at=at)
    return prediction, name_forecaster(Forecaster(name=name), by=by, at=at)


def timed(do: Callable[[], object], rows: int) -> list[float]:
    """Milliseconds of each, once it runs warm."""
    times = []
    for k in range(rows + WARM):
        began = time.perf_counter()
        do()
        if k >= WARM:
            times.append((time.perf_counter() - began) * 1000)
    return times


def fsyncs(rows: int) -> list[float]:
    place = os.environ.get("DATABASE_URL", "").removeprefix("sqlite:///")
    folder = Path(place).parent if connection.vendor == "sqlite" and place else None
    with tempfile.NamedTemporaryFile(dir=folder) as file:

        def write() -> None:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())

        return timed(write, rows)


def main() -> None:
    settings.DEBUG = False  # which keeps every statement in mind
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    by = someone()
    prediction, forecaster = world(by)
    own = {"prediction": prediction, "revision": prediction.revision, "forecaster": forecaster, "recorded_by": by}

    def row() -> Forecast:
        at = timezone.now()
        return Forecast(**own, words="70%", probability=0.7, basis="stated", issued_at=at, recorded_at=at)

    def bare() -> None:
        with transaction.atomic():
            made = row()
            made.entry_id = 0
            made.save()

    def with_entry() -> None:
        made = row()
        with transaction.atomic():
            record.keep(made, "forecast.created", by=by, at=made.recorded_at)

    def verb() -> None:
        at = timezone.now()
        log_forecast(Forecast(prediction=prediction, forecaster=forecaster, words="70%", issued_at=at), by=by, at=at)

    print(f"{connection.vendor}, {rows} rows each in turn, medians; load {os.getloadavg()}")
    kinds = {"bare insert": bare, "row with its entry": with_entry, "log_forecast, the whole verb": verb}
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    syncs: list[float] = []
    for _ in range(5):  # in turn, so that a busy moment of the machine falls on all
        syncs += fsyncs(rows // 5)
        for name, do in kinds.items():
            taken[name] += timed(do, rows // 5)
    print(f"  {'fsync of 4 KiB':30} {statistics.median(syncs):7.2f} ms")
    floor = statistics.median(taken["bare insert"])
    for name, times in taken.items():
        middle = statistics.median(times)
        print(f"  {name:30} {middle:7.2f} ms   {middle / floor:5.2f} times the bare insert")


if __name__ == "__main__":
    main()
