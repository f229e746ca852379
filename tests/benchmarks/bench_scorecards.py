"""Times of scorecards in a database of a million forecasts: server time through the test client, and queries.

The database is the one that DATABASE_URL names, filled beforehand:

    python ../shared/tools/synth.py /tmp/world --size 1M
    .venv/bin/python manage.py migrate
    .venv/bin/python manage.py import_forecasts /tmp/world/predictions.csv /tmp/world/forecasts.csv
    .venv/bin/python manage.py rescore --all

Run: DEBUG=1 HTTPS=0 .venv/bin/python -m tests.benchmarks.bench_scorecards
"""

import os
import statistics
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from predictions.models import Forecast, Forecaster, Score  # noqa: E402
from predictions.queries.scorecard_comparison import comparison  # noqa: E402
from predictions.queries.scorecard_league import league  # noqa: E402
from predictions.queries.scorecards import Selection  # noqa: E402
from tests.benchmarks import machine  # noqa: E402

ROUNDS = 7
WARM = "warm"
COLD = "cold"


def measure(name: str, work: Callable[[], object], *, state: str = WARM) -> None:
    """The median of seven, after one that warms; cold ones start from an empty cache each time."""
    work()
    times = []
    for _ in range(ROUNDS):
        if state == COLD:
            cache.clear()
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    if state == COLD:
        cache.clear()
    with CaptureQueriesContext(connection) as queries:
        work()
    print(f"{name:44} {state} {statistics.median(times):9.1f} ms {len(queries):4} queries")


def reader() -> tuple[User, Client]:
    user, _ = User.objects.get_or_create(username="bench-reader", defaults={"email": "bench@example.org"})
    user.groups.add(Group.objects.get(name=Role.VIEWER))
    client = Client()
    client.force_login(user)
    return user, client


def main() -> None:
    settings.ALLOWED_HOSTS, settings.DEBUG = ["testserver"], False
    user, client = reader()
    one, other = Forecaster.objects.issuing().order_by("name")[:2]
    print(f"{Forecast.objects.count():,} forecasts, {Score.objects.count():,} scores, {connection.vendor}")
    print(machine.told())
    for state in (WARM, COLD):
        measure("page, everything", lambda: shown(client, "/scorecards/card/"), state=state)
        measure("page, one forecaster", lambda: shown(client, f"/scorecards/card/?forecaster={one.uuid}"), state=state)
        measure("page, the index", lambda: shown(client, "/scorecards/"), state=state)
        measure("league table", lambda: league(Selection(), user=user), state=state)
        measure("comparison of two", lambda: comparison(one, other, within=Selection(), user=user), state=state)
    measure("API, everything", lambda: shown(client, "/api/scorecards/"))


def shown(client: Client, address: str) -> bytes:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    return response.content


if __name__ == "__main__":
    main()
