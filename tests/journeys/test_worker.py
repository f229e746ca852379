"""The grown set-up by environment variables alone: PostgreSQL, a Redis broker, a Celery worker with its beat."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from accounts.models import User
from predictions.models import Mail, Notice, NoticeChoice, Prediction, Score
from predictions.operations.accounts import demo_people
from tests import builders as a
from tests.racing import ledger_files

ROOT = Path(__file__).parents[2]
CASEBOOK = ROOT / "predictions" / "casebooks" / "japan-nss-2022.yaml"
REDIS = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/15")
NOBODY_LISTENS = "redis://127.0.0.1:1/0"
PATIENCE = 60  # seconds; a loaded machine starts a worker slowly

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def redis_answers() -> bool:
    address = urlsplit(REDIS)
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address.hostname, address.port or 6379)) == 0


@pytest.fixture(autouse=True)
def services():
    missing = [
        name
        for name, stands in (("PostgreSQL", connection.vendor == "postgresql"), ("Redis", redis_answers()))
        if not stands
    ]
    if missing and os.environ.get("REQUIRE_SERVICES"):
        pytest.fail(f"missing: {', '.join(missing)}")
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")


def environment(broker: str, **more: str) -> dict[str, str]:
    """What an operator sets: the database of this test, the files of its ledger, a broker."""
    db = connection.settings_dict
    person = f"{db['USER']}:{db['PASSWORD']}@" if db["USER"] else ""
    place = f"{db['HOST']}:{db['PORT']}" if db["HOST"] and db["PORT"] else db["HOST"]
    url = f"postgres://{person}{place}/{db['NAME']}"
    return {**os.environ, **ledger_files(), "DATABASE_URL": url, "CELERY_BROKER_URL": broker, **more}


@pytest.fixture
def worker(tmp_path):
    """A Celery worker with its beat, sweeping each second; its queue is its own and is emptied afterwards."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "--beat",
        "--pool",
        "solo",
        "--loglevel",
        "INFO",
    ]
    command += ["--schedule", str(tmp_path / "beat")]
    log = (tmp_path / "log").open("w+")
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(REDIS, SWEEP_SECONDS="1"), stdout=log, stderr=subprocess.STDOUT
    )
    yield process
    process.terminate()
    process.wait(PATIENCE)
    subprocess.run(
        [sys.executable, "-m", "celery", "-A", "config", "purge", "-f"], check=True, env=environment(REDIS), cwd=ROOT
    )
    with log:
        log.seek(0)
        assert "Traceback" not in log.read()


def load_casebook(broker: str) -> None:
    demo_people(at=a.NOW)
    judges = ["--resolver", "first=demo-resolver", "--resolver", "second=demo-resolver-2"]
    judges += ["--adjudicator", "demo-adjudicator"]
    command = [sys.executable, "manage.py", "load_casebook", str(CASEBOOK), *judges]
    subprocess.run(command, check=True, cwd=ROOT, env=environment(broker), timeout=PATIENCE)


def wait_for_scores(count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while Score.objects.count() < count:
        assert time.monotonic() < deadline, f"only {Score.objects.count()} scores after {PATIENCE} s"
        time.sleep(0.2)


def test_a_worker_scores_what_another_process_recorded(worker):
    load_casebook(REDIS)
    wait_for_scores(4)
    assert {round(score.brier, 6) for score in Score.objects.all()} == {0.105625, 0.0625}


def test_a_worker_tells_at_once_and_sends_one_mail_for_each_person(tmp_path, request):
    """Between the worker that the recording calls and the beat of each second, each mail goes once."""
    mails = tmp_path / "mails"
    request.getfixturevalue("monkeypatch").setenv("EMAIL_URL", f"file://{mails}")
    resolver = demo_people(at=a.NOW)["demo-resolver"]
    User.objects.filter(pk=resolver.pk).update(email="demo@example.org")
    NoticeChoice.objects.create(user=resolver, by_mail="at_once")
    request.getfixturevalue("worker")
    load_casebook(REDIS)
    deadline = time.monotonic() + PATIENCE
    while Notice.objects.filter(recipient=resolver, mail__sent_at__isnull=False).count() < 5:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    time.sleep(3)  # so that the beat comes round again
    written = [path.read_text() for path in mails.iterdir()]
    assert len(written) == Mail.objects.filter(recipient=resolver).count()
    assert sum(text.count("/notices/") - text.count("All your notices") for text in written) == 5


def test_with_the_broker_down_everything_is_recorded_and_the_sweep_scores_it_later(request):
    load_casebook(NOBODY_LISTENS)
    assert Prediction.objects.resolved().count() == 4
    assert not Score.objects.exists()
    request.getfixturevalue("worker")
    wait_for_scores(4)
