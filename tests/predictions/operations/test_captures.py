"""Who asks for a capture asks for one thing, within bounds; what comes of it is done elsewhere."""

import pytest
from django.conf import settings

from predictions import capture as capturing
from predictions.capture import LONGEST_TEXT
from predictions.models import Capture, CaptureContent, Case, LedgerEntry
from tests import builders as a
from tests.predictions.refusals import refused

ADDRESS = "https://example.org/rain"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everybody_is_here():
    a.case()


def ask(**fields):
    if "source" not in fields:
        fields.setdefault("case", Case.objects.earliest("id"))
    return a.asked_capture(**{"way": "address", "address": ADDRESS} | fields)


def test_what_is_asked_waits_for_its_turn_and_is_on_record():
    asked = Capture.objects.get(pk=ask().pk)
    assert (asked.stage, asked.asked_at, asked.asked_by) == ("asked", a.NOW, a.a_person_with("analyst"))
    entry = LedgerEntry.objects.first()
    assert (entry.kind, entry.subject) == ("capture.asked", asked.uuid)
    assert "stage" not in entry.payload.text


def test_what_is_handed_in_is_held_until_it_is_read():
    asked = a.asked_capture(b"\x00\xff\xfe\x01, whatever it may be")
    assert bytes(asked.content.content) == b"\x00\xff\xfe\x01, whatever it may be"
    capturing.run(asked.pk, clock=lambda: a.NOW)
    assert not CaptureContent.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field", "saying"),
    [
        ({"address": ""}, "address", "Give an address"),
        ({"address": "ftp://example.org"}, "address", "valid URL"),
        ({"address": "javascript:alert(1)"}, "address", "valid URL"),
        ({"address": f"https://example.org/{'x' * 1000}"}, "address", "1000"),
        ({"title": "x" * 301}, "title", "300"),
        ({"way": "file", "text": b""}, "file", "empty"),
        ({"way": "text", "text": ""}, "text", "empty"),
        ({"way": "text", "text": " \n"}, "text", "empty"),
        ({"way": "text", "text": "a\x00b"}, "text", "NUL"),
        ({"way": "text", "text": "x" * (LONGEST_TEXT + 1)}, "text", "5,000,001 characters"),
        ({"way": "text", "text": "雨" * (settings.CAPTURE_LARGEST_BYTES // 3 + 1)}, "text", "too large"),
        ({"way": "file", "text": b"x" * (settings.CAPTURE_LARGEST_BYTES + 1)}, "file", "too large"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_captured_is_refused_at_its_field(fields, field, saying):
    with refused(field, saying):
        ask(**fields)
    assert not Capture.objects.exists()
    assert not CaptureContent.objects.exists()


def test_an_address_that_its_case_has_a_source_of_is_captured_again():
    source = a.source(url=ADDRESS)
    assert ask(case=source.case).source == source
    assert ask(case=a.case()).source is None


def test_the_source_that_is_named_tells_the_case():
    source = a.source()
    asked = ask(source=source, case=a.case())
    assert asked.case == source.case
    assert LedgerEntry.objects.first().subject == source.uuid


def test_nobody_keeps_all_the_workers_busy(settings):
    settings.CAPTURES_AT_ONCE = 2
    first = ask(address=f"{ADDRESS}/1")
    ask(address=f"{ADDRESS}/2")
    with refused(saying="2 captures of yours are still under way"):
        ask(address=f"{ADDRESS}/3")
    ask(by=a.person("another", "analyst"))
    Capture.objects.filter(pk=first.pk).update(stage="failed", failure="It was so.")
    ask(address=f"{ADDRESS}/3")


def test_a_worker_is_called_once_the_request_is_written(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as messages:
        asked = a.asked_capture("It is likely to rain.")
        assert messages == []
    asked.refresh_from_db()
    assert asked.stage == "done"
    for message in messages:  # a message that comes twice does no harm
        message()
    assert asked.source.snapshots.count() == 1
