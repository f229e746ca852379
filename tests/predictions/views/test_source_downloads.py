"""A source as a citation and its quotes as annotations, for whoever sees them."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from predictions.exchange.annotation import read_annotations
from predictions.operations.sources import attach_text
from tests import builders as a

pytestmark = pytest.mark.django_db

FILES = ("source-annotations", "source-csl", "source-bibtex")
TEXT = "It is likely to rain. <script>Nobody</script> minds the rain."


@pytest.fixture
def reader(client, viewer):
    client.force_login(viewer)
    return client


@pytest.fixture
def source(people):
    period = {"published_at": a.on_day(-1), "published_until": a.on_day(0), "published_precision": "day"}
    source = a.source(title="Rain & <b>shine</b>", url="https://example.org/rain", **period)
    attach_text(source, TEXT, by=a.a_person_with("analyst"), at=a.NOW)
    return source


def asked(reader, name, source):
    return reader.get(reverse(name), {"source": str(source.uuid)})


def test_quotes_are_a_collection_of_annotations(reader, source):
    later, sooner = a.quote(source, "Nobody"), a.quote(source, "likely", external_id="q1")
    replaced = a.quote(source, "minds")
    a.quote(source, "minds the rain", supersedes=replaced, reason="Longer.")
    answer = asked(reader, "source-annotations", source)
    assert answer["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    assert answer["Content-Disposition"] == 'attachment; filename="rain-bshineb.annotations.jsonld"'
    told = answer.json()
    items = told["first"]["items"]
    assert [item["id"] for item in items[:2]] == [f"urn:uuid:{sooner.uuid}", f"urn:uuid:{later.uuid}"]
    assert (told["total"], len(items)) == (3, 3)
    assert items[0]["target"]["source"] == "https://example.org/rain"
    assert "<" not in answer.content.decode()
    rows = read_annotations(answer.content)
    assert [TEXT[row.start :][: len(row.exact)] for row in rows] == [row.exact for row in rows]


def test_the_copy_that_an_annotation_names_is_the_text_of_that_time(reader, source, analyst):
    quote = a.quote(source, "likely")
    answer = reader.get(reverse("quote-annotation"), {"quote": str(quote.uuid)})
    copy = answer.json()["target"]["state"]["cached"][0]
    assert reader.get(copy).json()["text"] == TEXT
    attach_text(source, "New: " + TEXT, by=analyst, at=a.on_day(70))
    assert reader.get(copy).json()["text"] == TEXT
    newer = reader.get(reverse("quote-annotation"), {"quote": str(quote.uuid)}).json()["target"]
    assert newer["selector"][1]["start"] == 5 + TEXT.index("likely")
    assert reader.get(newer["state"]["cached"][0]).json()["text"] == "New: " + TEXT
    for digest, status in (("0" * 64, 404), ("x", 404), ("0\x00", 404), ("", 400)):
        assert reader.get(f"/api/sources/{source.uuid}/text/", {"sha256": digest}).status_code == status


def test_a_source_without_quotes_is_an_empty_collection(reader):
    told = asked(reader, "source-annotations", a.source(title="日本")).json()
    assert (told["total"], told.get("first")) == (0, None)


def test_a_source_is_cited(reader, source):
    answer = asked(reader, "source-csl", source)
    assert answer["Content-Type"] == "application/vnd.citationstyles.csl+json"
    assert "<b>" not in answer.content.decode()
    [told] = json.loads(answer.content)
    assert told["title"] == "Rain & <b>shine</b>"
    assert told["issued"] == {"date-parts": [[2025, 12, 31]]}
    assert told["accessed"] == {"date-parts": [[2026, 3, 1]]}
    answer = asked(reader, "source-bibtex", source)
    assert answer["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert r"title = {{Rain \& <b>shine</b>}}" in answer.content.decode()
    assert "date = {2025-12-31}" in answer.content.decode()


@pytest.mark.parametrize(
    ("period", "parts"),
    [
        ({}, None),
        ({"published_at": a.NOW}, [[2026, 3, 1]]),
        (
            {"published_at": a.on_day(0), "published_until": a.on_day(31), "published_precision": "month"},
            [[2026, 1]],
        ),
        (
            {"published_at": a.on_day(0), "published_until": a.on_day(31), "published_precision": "estimated"},
            [[2026, 1, 1], [2026, 1, 31]],
        ),
        ({"published_at": a.on_day(0), "zone": "America/New_York"}, [[2025, 12, 31]]),
    ],
)
def test_the_date_of_issue_is_told_as_exactly_as_it_is_known(reader, period, parts):
    [told] = asked(reader, "source-csl", a.source(**period)).json()
    assert told.get("issued", {}).get("date-parts") == parts


def test_what_is_hidden_is_not_there(reader):
    keeper = a.person("keeper", "analyst")
    case = a.case(is_private=True, by=keeper, members=[a.a_person_with("analyst")])
    quote = a.quote(a.source(case))
    for name in FILES:
        assert asked(reader, name, quote.source).status_code == 404
        assert reader.get(reverse(name), {"source": "nonsense\x00"}).status_code == 404
    assert reader.get(reverse("quote-annotation"), {"quote": str(quote.uuid)}).status_code == 404


def test_many_quotes_ask_as_much_as_one(reader, source):
    counts = []
    for words in (("likely",), ("rain.", "Nobody", "minds")):
        for each in words:
            a.quote(source, each, suffix=" <" if each == "rain." else "")
        with CaptureQueriesContext(connection) as queries:
            asked(reader, "source-annotations", source)
        counts.append(len(queries))
    assert counts[0] == counts[1]
