"""A capture ends once, however often and by however many it is run; what fails says why and keeps nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from celery import current_app
from django.db import connection

from predictions import capture as capturing
from predictions import tasks
from predictions.capture.running import BROKE_OFF, MOST_TRIES, NOT_ALLOWED
from predictions.models import Capture, CaptureContent, Original, Snapshot, Source
from predictions.models.capture import CLAIM_LASTS, MESSAGE_TAKES
from predictions.operations.accounts import revoke_role
from predictions.operations.cases import dismiss
from tests import builders as a

TEXT = "It is likely to rain."

pytestmark = pytest.mark.django_db


def after(span):
    return lambda: a.NOW + span


def again(capture):
    return Capture.objects.get(pk=capture.pk)


def test_a_text_becomes_a_source_with_its_first_snapshot():
    done = a.capture(TEXT, title="On rain")
    assert (done.stage, done.ended_at, done.is_unchanged) == ("done", a.NOW, False)
    assert (done.source.title, done.source.case) == ("On rain", done.case)
    assert done.snapshot.body.text == TEXT
    assert done.snapshot.captured_by == a.a_person_with("analyst")
    assert not Original.objects.exists()


def test_a_text_without_a_title_is_called_by_its_beginning():
    assert a.capture("\n  Rain, and  more rain \nIt is likely.").source.title == "Rain, and more rain"


def test_a_file_is_kept_to_the_byte():
    done = a.capture(content := "Rain is “likely”.\r\n".encode(), file_name="rain.txt")
    original = done.snapshot.original
    assert bytes(original.body.content) == content
    assert (original.length, original.kind, original.file_name) == (len(content), "text", "rain.txt")
    assert original.entry == done.snapshot.entry
    assert done.source.title == "rain.txt"


def test_run_twice_it_is_done_once():
    asked = a.asked_capture(TEXT)
    for _ in range(2):
        capturing.run(asked.pk)
    assert again(asked).tries == 1
    assert Snapshot.objects.count() == 1


@pytest.fixture
def workers_to_come():
    """Messages wait for a worker that never comes."""
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a SQLite in memory takes no second writer")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how_many", [1, 2], ids=["one capture", "two captures of one address"])
def test_two_workers_at_once_make_one_source_and_one_snapshot(how_many, workers_to_come):
    case = a.case()
    address = {"address": "https://example.org/rain", "case": case}
    asked = [a.asked_capture(TEXT, **address).pk for _ in range(how_many)]
    start = Barrier(2)

    def work(key):
        start.wait()
        try:
            capturing.run(key)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, [asked[0], asked[-1]]))
    assert set(Capture.objects.values_list("stage", flat=True)) == {"done"}
    assert (Source.objects.count(), Snapshot.objects.count()) == (1, 1)


def test_what_one_worker_holds_no_other_takes_until_it_was_killed():
    asked = a.asked_capture(TEXT)
    Capture.objects.filter(pk=asked.pk).update(claim=asked.uuid, claimed_at=a.NOW, stage="reading", tries=1)
    capturing.run(asked.pk, clock=after(CLAIM_LASTS))
    assert again(asked).stage == "reading"
    capturing.run(asked.pk, clock=after(CLAIM_LASTS + timedelta(seconds=1)))
    assert again(asked).stage == "done"


def test_who_lost_their_claim_writes_nothing(monkeypatch):
    asked = a.asked_capture(TEXT)
    really_read = capturing.running.read

    def read_meanwhile(material):
        Capture.objects.filter(pk=asked.pk).update(claim=asked.uuid)  # another has taken it
        return really_read(material)

    monkeypatch.setattr(capturing.running, "read", read_meanwhile)
    capturing.run(asked.pk)
    assert again(asked).stage == "reading"
    assert not Source.objects.exists()


def test_the_sweep_takes_up_what_was_lost_and_what_was_killed():
    lost, killed, fresh = (a.asked_capture(f"{TEXT} {number}") for number in range(3))
    Capture.objects.filter(pk=killed.pk).update(claim=killed.uuid, claimed_at=a.NOW, stage="reading", tries=1)
    Capture.objects.filter(pk=fresh.pk).update(asked_at=a.NOW + CLAIM_LASTS)
    capturing.take_up_stale(clock=after(MESSAGE_TAKES))
    assert {again(each).stage for each in (lost, fresh)} == {"asked"}
    capturing.take_up_stale(clock=after(CLAIM_LASTS + timedelta(seconds=1)))
    assert [again(each).stage for each in (lost, killed, fresh)] == ["done", "done", "asked"]


def test_the_sweep_is_a_task_of_its_own():
    asked = a.asked_capture(TEXT)
    tasks.take_up_captures()
    assert again(asked).stage == "done"
    tasks.run_capture(10**9)


def test_what_breaks_off_again_and_again_is_given_up():
    asked = a.asked_capture(TEXT)
    Capture.objects.filter(pk=asked.pk).update(tries=MOST_TRIES)
    capturing.run(asked.pk)
    assert (again(asked).stage, again(asked).failure) == ("failed", BROKE_OFF)


@pytest.mark.parametrize("what", ["role", "case"])
def test_rights_are_asked_again_when_it_is_done(what):
    by = a.person("ada", "analyst")
    keeper = a.a_person_with("analyst")
    asked = a.asked_capture(TEXT, case=a.case(is_private=True, members=[by]), by=by)
    if what == "role":
        revoke_role(by, "analyst", by=a.a_person_with("administrator"), at=a.NOW)
    else:
        dismiss(asked.case, by, by=keeper, at=a.NOW)
    capturing.run(asked.pk)
    assert (again(asked).stage, again(asked).failure) == ("failed", NOT_ALLOWED)
    assert not Source.objects.exists()
    assert not CaptureContent.objects.exists()


def test_rights_that_are_lost_while_it_is_read_keep_it_from_being_kept(monkeypatch):
    by = a.person("ada", "analyst")
    asked = a.asked_capture(TEXT, by=by)
    really_read = capturing.running.read

    def read_meanwhile(material):
        revoke_role(by, "analyst", by=a.a_person_with("administrator"), at=a.NOW)
        return really_read(material)

    monkeypatch.setattr(capturing.running, "read", read_meanwhile)
    capturing.run(asked.pk)
    assert again(asked).failure == NOT_ALLOWED
    assert not Source.objects.exists()


def test_a_first_text_in_which_a_quote_is_missing_fails_and_names_it():
    source = a.source()
    a.quote(source, "it is unlikely to rain", external_id="q1")
    failed = a.capture("They say it is likely to rain.", source=source)
    assert failed.stage == "failed"
    assert "Quote q1" in failed.failure
    assert "it is likely to rain" in failed.failure
    assert not source.snapshots.exists()


def test_the_same_text_again_is_told_as_unchanged_and_kept_once():
    first = a.capture(TEXT)
    second = a.capture(TEXT, source=first.source)
    assert (second.is_unchanged, second.snapshot) == (True, first.snapshot)
    assert first.source.snapshots.count() == 1
