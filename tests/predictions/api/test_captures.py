"""A program asks for a capture, looks how far it has come, and reads what it gave."""

import json
from http import HTTPStatus

import pytest

from predictions import capture as capturing
from predictions.models import Capture
from tests import builders as a

TEXT = "They say it is likely to rain."


def post(api, **body):
    return api.post("/api/captures/", json.dumps(body), content_type="application/json")


def test_a_text_is_handed_in_and_read_at_the_end(api):
    case = a.case()
    answer = post(api, case=str(case.uuid), text=TEXT, title="On rain")
    assert answer.status_code == HTTPStatus.CREATED
    assert (answer.json()["stage"], answer.json()["source"]) == ("asked", None)
    capturing.run(Capture.objects.get().pk)
    shown = api.get(answer.headers["Location"]).json()
    assert (shown["stage"], shown["is_unchanged"], shown["failure"]) == ("done", False, "")
    assert api.get(f"/api/sources/{shown['source']}/").json()["title"] == "On rain"
    assert api.get(f"/api/snapshots/{shown['snapshot']}/text/").json()["text"] == TEXT


def test_an_address_is_asked_for_a_source_on_record(api):
    source = a.source()
    shown = post(api, source=str(source.uuid), address="https://example.org/rain").json()
    assert (shown["source"], shown["case"], shown["way"]) == (str(source.uuid), str(source.case.uuid), "address")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": TEXT}, "case"),
        ({"case": "here"}, "address"),
        ({"case": "here", "text": ""}, "text"),
        ({"case": "here", "text": " \n"}, "text"),
        ({"case": "here", "text": None}, "text"),
        ({"case": "here", "address": "ftp://example.org/"}, "address"),
        ({"case": "here", "address": "example.org"}, "address"),
        ({"case": "here", "address": "https://example.org/" + "x" * 1000}, "address"),
        ({"case": "here", "text": TEXT, "title": "x" * 301}, "title"),
        ({"case": "hidden", "text": TEXT}, "case"),
        ({"source": "hidden", "text": TEXT}, "source"),
        ({"case": "here", "text": TEXT, "stage": "done"}, "stage"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_cannot_be_captured_is_refused_at_its_field(api, body, field):
    hidden = a.case(is_private=True)
    rows = {("case", "here"): a.case(), ("case", "hidden"): hidden, ("source", "hidden"): a.source(hidden)}
    body = {key: str(rows[key, value].uuid) if (key, value) in rows else value for key, value in body.items()}
    answer = post(api, **body)
    assert (answer.status_code, list(answer.json())) == (HTTPStatus.BAD_REQUEST, [field])
    assert not Capture.objects.exists()


def test_too_many_at_once_are_a_conflict(api, settings):
    settings.CAPTURES_AT_ONCE = 1
    case = str(a.case().uuid)
    assert post(api, case=case, text=TEXT).status_code == HTTPStatus.CREATED
    assert post(api, case=case, text=TEXT).status_code == HTTPStatus.CONFLICT


def test_lists_are_filtered_by_case_and_source(api):
    one, other = a.capture(), a.capture("It may snow.")
    for shelf, row in (("captures", one), ("snapshots", one.snapshot)):
        for query in (f"case={one.case.uuid}", f"source={one.source.uuid}"):
            shown = api.get(f"/api/{shelf}/?{query}").json()["results"]
            assert [each["uuid"] for each in shown] == [str(row.uuid)]
    assert len(api.get("/api/captures/").json()["results"]) == 2
    assert other.stage == "done"


def test_a_snapshot_names_what_it_was_read_from(api):
    done = a.capture(b"It may rain.", file_name="rain.txt")
    original = api.get(f"/api/snapshots/{done.snapshot.uuid}/").json()["original"]
    assert (original["kind"], original["length"], original["file_name"]) == ("text", 12, "rain.txt")
    assert api.get(f"/api/snapshots/{a.capture().snapshot.uuid}/").json()["original"] is None
