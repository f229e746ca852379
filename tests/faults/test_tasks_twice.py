"""A message that comes twice, late, or to two workers at once does what it would have done once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from celery import current_app
from django.conf import settings as site
from django.core import mail
from django.db import connection

from predictions import tasks
from predictions.models import Checkpoint, KeptReply, Mail, Notice, NoticeChoice, Prediction, Score, Snapshot
from tests import builders as a

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory knows one connection")


def resolved() -> list[list[int]]:
    """A prediction that was forecast and resolved while no message came through."""
    on = a.forecast().prediction
    a.resolution(on)
    return [[on.pk]]


def captured() -> list[int]:
    return [a.asked_capture().pk]


def told() -> list[int]:
    resolved()
    return []


def to_mail() -> list[int]:
    resolved()
    tasks.notices.find(at=a.NOW)
    return []


def lying() -> list[int]:
    a.asked_capture()
    return []


def old_reply() -> list[int]:
    KeptReply.objects.create(user=a.a_person_with("analyst"), key="1", made_at=a.NOW)
    return []


WORK = {
    "predictions.forget": old_reply,
    "predictions.rescore": resolved,
    "predictions.rescore_stale": told,
    "predictions.tell": told,
    "predictions.send_mails": to_mail,
    "predictions.sign_checkpoint": told,
    "predictions.capture": captured,
    "predictions.take_up_captures": lying,
}


@pytest.fixture(autouse=True)
def _mails_go(settings):
    settings.SENDS_MAIL = True
    mail.outbox = []


@pytest.fixture(autouse=True)
def _messages_are_lost(monkeypatch):
    """So that nothing is done before the test does it."""
    monkeypatch.setattr(tasks.BROKER, "rests_until", float("inf"))


@pytest.fixture
def follower(db):
    """Somebody who is told at once, by mail."""
    who = a.a_person_with("analyst")
    NoticeChoice.objects.create(user=who, by_mail="at_once")
    return who


def traces() -> dict[str, object]:
    """What a task may leave behind. Runs and claims are counted for nobody: they say that it ran."""
    models = (Score, Snapshot, Notice, Mail, Checkpoint, KeptReply)
    counted = {model.__name__: model.objects.count() for model in models}
    scores = sorted(Score.objects.values_list("prediction", "forecaster", "brier"))
    return {**counted, "scores": scores, "stale": Prediction.objects.stale().count(), "letters": len(mail.outbox)}


def run(name: str, words: list) -> None:
    current_app.tasks[name].apply(args=words, throw=True)


def test_every_task_of_ours_is_here():
    ours = {name for name in current_app.tasks if name.startswith("predictions.")}
    assert ours == WORK.keys() | {"predictions.anchor_checkpoint"}  # twice in checkpoints/test_anchors.py, once a day


@pytest.mark.django_db
@pytest.mark.parametrize("name", WORK)
def test_what_comes_twice_does_what_it_does_once(follower, name):
    words = WORK[name]()
    before = traces()
    run(name, words)
    once = traces()
    assert once != before
    run(name, words)
    assert traces() == once


def together(name: str, words: list) -> None:
    """Two workers begin at one instant."""
    start = Barrier(2)

    def work(_):
        try:
            start.wait(10)
            run(name, words)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))


@on_postgresql
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_what_two_workers_do_at_once_is_done_once(follower):
    # Before the others: what is captured is recorded by the clock, after which nothing can be recorded as of before.
    captures = {name: WORK[name]() for name in ("predictions.capture", "predictions.take_up_captures")}
    for name, prepare in WORK.items():
        words, letters = captures[name] if name in captures else prepare(), len(mail.outbox)
        before = traces()
        together(name, words)
        done = traces()
        assert done != before, name
        assert len(mail.outbox) - letters <= 1, name
        run(name, words)
        assert traces() == done, name


def test_no_message_is_held_back_longer_than_redis_waits_for_its_acknowledgement():
    """Redis hands out again what is not acknowledged by then; a task that runs longer is ended before."""
    assert site.CELERY_TASK_ACKS_LATE
    assert site.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert site.CELERY_TASK_TIME_LIMIT * 2 <= 3600
