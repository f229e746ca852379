"""How long the server takes for the reading page of a long text, first and later, and for the proposal of a prediction.

    DEBUG=1 DATABASE_URL=… .venv/bin/python -m tests.benchmarks.bench_reading

The text is written here, 200,000 code points in which every third sentence foretells something; it has 20 quotes with
a prediction each. "First" finds the claims anew, as the first reader in each server process has it.
"""

import os
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBUG", "1")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from predictions.operations.sources import attach_text  # noqa: E402
from predictions.queries import readings  # noqa: E402
from tests import builders as a  # noqa: E402

LENGTH, QUOTES, TIMES = 200_000, 20, 15
PARAGRAPH = (
    "The ministry met for the {n}th time and agreed on the text. It is likely that budget {n} will be raised before "
    "the end of the year. Nobody in the room had read all of it. The committee published its minutes at night.\n\n"
)


def long_text() -> str:
    count = LENGTH // len(PARAGRAPH) + 1
    return "".join(PARAGRAPH.format(n=n) for n in range(count))[:LENGTH]


def a_source():
    source = a.source()
    attach_text(source, long_text(), by=a.a_person_with("analyst"), at=a.NOW)
    for n in range(0, QUOTES * 20, 20):
        a.posed_from(a.quote(source, f"It is likely that budget {n} will be raised"))
    return source


def milliseconds(client: Client, url: str, *, is_first: bool) -> tuple[list[float], list[float]]:
    """By the wall's clock, and of this process alone: other work on the machine counts in the first only."""
    took, worked = [], []
    for _ in range(TIMES):
        if is_first:
            readings.claims_of.cache_clear()
        began, worked_before = time.perf_counter(), time.process_time()
        answer = client.get(url)
        took.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - worked_before))
        assert answer.status_code == 200, answer.status_code
    return took, worked


def measure() -> None:
    source = a_source()
    client, page = Client(), reverse("reading", args=[source.uuid])
    client.force_login(a.a_person_with("analyst"))
    text = source.snapshots.get().uuid
    posing = f"{reverse('posing', args=[source.uuid])}?text={text}&start=60&end=140"
    client.get(page)  # templates are read once
    for name, url, is_first in (
        ("reading page, first", page, True),
        ("reading page, later", page, False),
        ("reading page, part 2, first", f"{page}?part=2", True),
        ("form of a prediction", posing, False),
    ):
        took, worked = map(statistics.median, milliseconds(client, url, is_first=is_first))
        print(f"{name:30} median {took:4.0f} ms, of which this process worked {worked:4.0f} ms (n = {TIMES})")
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    print(f"{'queries of the page':30} {len(queries)}")


def main() -> None:
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT, settings.DEBUG = ["*"], False, False
    print(connection.vendor, f"{LENGTH:,} code points, {QUOTES} quotes, parts of {readings.PART:,}")
    with transaction.atomic():
        measure()
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
