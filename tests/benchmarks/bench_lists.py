"""Times of the admin's lists, their filters and the API's lists in a database of any size, through Django's client.

Fill one first, for example with a million forecasts:
    python /work/shared/tools/synth.py /tmp/world --size 1M
    DATABASE_URL=sqlite:////tmp/big.sqlite3 .venv/bin/python manage.py migrate
    DATABASE_URL=sqlite:////tmp/big.sqlite3 .venv/bin/python manage.py import_forecasts \
        /tmp/world/predictions.csv /tmp/world/forecasts.csv
Run: DEBUG=1 DATABASE_URL=sqlite:////tmp/big.sqlite3 .venv/bin/python -m tests.benchmarks.bench_lists

It adds one account per role that it reads as, and nothing else.
"""

import os
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import User  # noqa: E402
from predictions.models import Forecast, LedgerEntry, Prediction  # noqa: E402
from tests.benchmarks import machine  # noqa: E402

ROUNDS = 7
ROLES = ("viewer", "analyst", "administrator")
PAGES = (
    "/",
    "/predictions/prediction/",
    "/predictions/prediction/?q=synthetic",
    "/predictions/prediction/?status=open",
    "/predictions/forecast/",
    "/predictions/forecast/?p=100",
    "/predictions/forecast/?q=synthetic",
    "/predictions/forecast/?q=nowhere",
    "/predictions/forecast/?basis__exact=coded",
    "/predictions/forecast/?forecaster__id__exact={forecaster}",
    "/predictions/forecast/?prediction__id__exact={prediction}",
    "/predictions/forecast/?prediction__case__id__exact={case}",
    "/predictions/forecaster/",
    "/predictions/forecaster/?q=f0001",
    "/predictions/ledgerentry/",
    "/predictions/ledgerentry/?q=nowhere",
    "/predictions/ledgerentry/?about=quote.",
    "/predictions/ledgerentry/?payload__case__id__exact={case}",
    "/predictions/resolution/",
    "/predictions/resolution/?outcome=annulled",
    "/predictions/source/",
    "/predictions/case/",
    "/predictions/evidence/",
    "/predictions/prediction/{prediction}/change/",
    "/api/forecasts/",
    "/api/forecasts/?forecaster={forecaster_uuid}",
    "/api/forecasts/?case={case_uuid}",
    "/api/forecasts/?theme={theme}",
    "/api/forecasts/?prediction={prediction_uuid}",
    "/api/predictions/",
    "/api/resolutions/",
)


def reader(role: str) -> User:
    user, _ = User.objects.get_or_create(username=f"bench-{role}", defaults={"is_staff": True})
    user.groups.set(Group.objects.filter(name=role))
    return user


def measure(client: Client, address: str) -> None:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    slowest = max(float(query["time"]) for query in queries) * 1000
    print(f"  {address:64} {statistics.median(times):8.1f} ms  {len(queries):3} queries, slowest {slowest:6.0f} ms")


def main() -> None:
    settings.SECURE_SSL_REDIRECT, settings.DEBUG = False, False
    prediction = Prediction.objects.filter(forecasts__isnull=False).first()
    forecaster = Forecast.objects.order_by("pk").first().forecaster
    named = {"prediction": prediction.pk, "prediction_uuid": prediction.uuid, "theme": prediction.theme}
    named |= {"case": prediction.case_id, "case_uuid": prediction.case.uuid}
    named |= {"forecaster": forecaster.pk, "forecaster_uuid": forecaster.uuid}
    print(f"{connection.vendor}: {Forecast.objects.count():,} forecasts, {LedgerEntry.objects.count():,} entries")
    print(machine.told())
    for role in ROLES:
        client = Client(headers={"host": "localhost"})
        client.force_login(reader(role))
        print(f"{role}, median of {ROUNDS}")
        for address in PAGES:
            measure(client, address.format(**named))
    print(machine.told())


if __name__ == "__main__":
    main()
