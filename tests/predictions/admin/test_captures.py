"""The page on which a source is captured, and the one that shows how far it has come."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.models import Capture, Source
from tests import builders as a

pytestmark = pytest.mark.django_db

ADD = "/predictions/capture/add/"
TEXT = "They say it is likely to rain.\nNobody knows when."


def progress(capture, then=""):
    return f"/predictions/capture/{capture.pk}/change/{then}"


@pytest.fixture
def desk(client, analyst):
    client.force_login(analyst)
    return client


def test_from_a_pasted_text_to_its_source_in_two_steps(desk, django_capture_on_commit_callbacks):
    case = a.case()
    assert desk.get(ADD).context["adminform"].form.initial["case"] == case.pk
    with django_capture_on_commit_callbacks(execute=True):
        asked = desk.post(ADD, {"case": case.pk, "text": TEXT.replace("\n", "\r\n")})
    shown = desk.get(asked.url, follow=True)
    source = Source.objects.get()
    assert shown.redirect_chain == [(f"/predictions/source/{source.pk}/change/", 302)]
    assert "The text is kept." in shown.content.decode()
    assert source.snapshots.get().body.text == TEXT


def test_a_file_is_taken_with_its_name(desk):
    case = a.case()
    desk.post(ADD, {"case": case.pk, "file": SimpleUploadedFile("rain.html", b"<p>It may rain.</p>")})
    asked = Capture.objects.get()
    assert (asked.way, asked.file_name, bytes(asked.content.content)) == ("file", "rain.html", b"<p>It may rain.</p>")


def test_a_file_or_a_text_counts_for_more_than_the_address(desk):
    entered = {"case": a.case().pk, "address": "https://example.org/rain", "text": TEXT}
    desk.post(ADD, entered)
    assert (Capture.objects.get().way, Capture.objects.get().address) == ("text", "https://example.org/rain")


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({}, "__all__", "Give an address, choose a file, or paste the text."),
        ({"text": TEXT, "file": b"rain"}, "__all__", "not both"),
        ({"text": TEXT, "case": ""}, "case", "Choose the case"),
        ({"address": "ftp://example.org/"}, "address", "valid URL"),
        ({"text": "  \n"}, "text", "empty"),
        ({"file": b""}, "file", "empty"),
        ({"file": b"x" * 11_000_000}, "file", "too large"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_captured_is_told_at_its_field(desk, sent, field, words):
    sent = {"case": a.case().pk} | sent
    if "file" in sent:
        sent["file"] = SimpleUploadedFile("rain.txt", sent["file"])
    answer = desk.post(ADD, sent)
    assert words in str(answer.context["adminform"].form.errors[field])
    assert not Capture.objects.exists()


def test_capturing_again_begins_with_what_is_known(desk):
    source = a.source(url="https://example.org/rain")
    asked = desk.get(f"/predictions/source/{source.pk}/capture/", follow=True)
    initial = asked.context["adminform"].form.initial
    assert (initial["address"], initial["case"]) == (source.url, source.case_id)
    desk.post(ADD, {"source": source.pk, "address": source.url})
    assert (Capture.objects.get().source, Capture.objects.get().case) == (source, source.case)


def test_the_case_is_that_of_the_readers_last_capture(desk, analyst):
    for _ in range(2):
        a.asked_capture()
    assert "case" not in desk.get(ADD).context["adminform"].form.initial or not _initial_case(desk)
    mine = a.asked_capture(by=analyst)
    a.asked_capture()
    assert _initial_case(desk) == mine.case_id


def _initial_case(desk):
    return desk.get(ADD).context["adminform"].form.initial["case"]


def test_while_it_is_under_way_the_page_looks_again_by_itself(desk):
    asked = a.asked_capture()
    text = desk.get(progress(asked, "?then=source")).content.decode()
    assert "predictions/look_again.js" in text
    assert 'aria-current="step">Waiting for its turn' in text
    done = desk.get(progress(a.capture())).content.decode()
    assert "look_again" not in done
    assert "Open the source" in done


def test_a_failure_is_told_with_what_can_be_done_about_it(desk, people):
    failed = a.asked_capture(way="address", address="https://example.org/rain?a=1&b=2", case=a.case())
    Capture.objects.filter(pk=failed.pk).update(stage="failed", failure="The server <b>answered</b> 404 Not Found.")
    answer = desk.get(progress(failed))
    text = answer.content.decode()
    assert "The server &lt;b&gt;answered&lt;/b&gt; 404 Not Found." in text
    retry, by_quotation = answer.context["again_url"], answer.context["quotation_url"]
    assert desk.get(retry).context["adminform"].form.initial["address"] == failed.address
    assert desk.get(by_quotation).context["adminform"].form.initial["url"] == failed.address
    desk.force_login(people["viewer"])
    assert "Try again" not in desk.get(progress(failed)).content.decode()


def test_what_is_unchanged_is_said_to_be(desk):
    first = a.capture(TEXT)
    again = a.capture(TEXT, source=first.source)
    text = desk.get(progress(again, "?then=source"), follow=True).content.decode()
    assert "The text is unchanged" in text
    assert "done: unchanged" in desk.get("/predictions/capture/").content.decode()


def test_quotes_that_were_not_found_again_are_told(desk):
    quote = a.orphaned()
    captured = a.capture("A third text altogether.", source=quote.source)
    text = desk.get(progress(captured, "?then=source"), follow=True).content.decode()
    assert "1 of 1 quotes was not found again" in text
    assert f"/predictions/quote/{quote.pk}/settle/" in text


def test_only_analysts_capture_and_nobody_changes_what_was_asked(client, people):
    asked = a.asked_capture()
    for role in ("viewer", "resolver", "adjudicator", "administrator"):
        client.force_login(people[role])
        assert client.get(ADD).status_code == 403
        assert client.get(progress(asked)).status_code == 200
        assert client.post(progress(asked), {"title": "Mine"}).status_code == 403


def test_a_capture_in_a_private_case_is_not_found(desk):
    asked = a.asked_capture(case=a.case(is_private=True))
    assert desk.get(progress(asked)).status_code == 404
    assert desk.get("/predictions/capture/").context["cl"].result_count == 0
    assert desk.post(ADD, {"case": asked.case_id, "text": TEXT}).status_code == 200
    assert Capture.objects.count() == 1


def test_list_asks_as_often_for_three_captures_as_for_one(desk):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            a.capture()
        with CaptureQueriesContext(connection) as queries:
            shown = desk.get("/predictions/capture/").context["cl"].result_list
        counts.append(len(queries))
    assert (len(shown), counts[0]) == (3, counts[1])
