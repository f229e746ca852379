"""Annotations keep to the W3C model, and what is written is read back."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.exchange import annotation as w3c

AT = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=9)))
SHA = "ab" * 32
WORDS = w3c.Quoted("urn:uuid:1", "https://example.org/a", AT, "the words", "before ", " after", "q1")
PLACED = w3c.Quoted(
    **{**WORDS.__dict__, "start": 7, "end": 16, "taken": AT, "sha256": SHA, "cached": "https://f.example/text"}
)
MOTIVATIONS = {"assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting"}
MOTIVATIONS |= {"identifying", "linking", "moderating", "questioning", "replying", "tagging"}


def test_an_annotation_has_the_shape_of_the_recommendation():
    told = w3c.annotation(PLACED)
    assert told["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (told["id"], told["type"]) == ("urn:uuid:1", "Annotation")
    assert told["motivation"] in MOTIVATIONS
    assert told["created"] == "2026-03-01T03:00:00Z"
    target = told["target"]
    assert target["source"] == "https://example.org/a"
    words, position = target["selector"]
    assert words == {"type": "TextQuoteSelector", "exact": "the words", "prefix": "before ", "suffix": " after"}
    assert position == {"type": "TextPositionSelector", "start": 7, "end": 16}
    assert target["state"]["type"] == "TimeState"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", target["state"]["sourceDate"])
    copy, named = target["state"]["cached"]
    assert copy == "https://f.example/text"
    assert named == "ni:///sha-256;q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s"
    assert told["body"]["purpose"] in MOTIVATIONS


def test_a_quote_without_a_text_has_its_words_alone():
    target = w3c.annotation(WORDS)["target"]
    assert [selector["type"] for selector in target["selector"]] == ["TextQuoteSelector"]
    assert "state" not in target


def test_a_collection_holds_its_quotes_on_one_page():
    told = w3c.collection("https://f.example/c", "Quotes", [WORDS, PLACED])
    assert (told["type"], told["total"]) == ("AnnotationCollection", 2)
    assert told["first"]["partOf"] == told["id"]
    assert "@context" not in told["first"]["items"][0]
    assert w3c.collection("urn:x", "None", []).get("first") is None


SIGNS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)


@given(SIGNS.filter(str.strip), SIGNS, SIGNS, st.integers(0, 10**6))
def test_whatever_is_written_is_read_back(exact, prefix, suffix, start):
    quote = w3c.Quoted("urn:1", "urn:2", AT, exact, prefix, suffix, "n", start, start + 1, AT, SHA)
    text = w3c.written(w3c.collection("urn:x", exact, [quote, quote]))
    assert not set("<>&\u2028\u2029") & set(text)
    rows = w3c.read_annotations(text.encode())
    for number, row in enumerate(rows, 1):
        assert (row.item, row.exact, row.prefix, row.suffix, row.name) == (number, exact, prefix, suffix, "n")
        assert (row.start, row.sha256, row.source) == (start, SHA, "urn:2")


@pytest.mark.parametrize("form", ["one", "list", "page", "collection"])
def test_one_a_list_a_page_and_a_collection_are_read(form):
    one, both = w3c.annotation(WORDS), w3c.collection("urn:x", "c", [WORDS])
    value = {"one": one, "list": [one], "page": both.get("first"), "collection": both}[form]
    [row] = w3c.read_annotations(json.dumps(value).encode())
    assert row.exact == "the words"
    assert w3c.read_annotations(json.dumps(w3c.collection("urn:x", "c", [])).encode()) == []


def changed(path, value):
    """The file of one annotation with one thing in it changed, or taken out where the value is None."""
    told = json.loads(json.dumps(w3c.annotation(PLACED)))
    *way, last = path
    inner = told
    for step in way:
        inner = inner[step]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    ("path", "value", "saying"),
    [
        (["type"], "Note", "type: expected"),
        (["target"], "https://example.org", "target: expected an object"),
        (["target", "source"], None, "target.source: expected text"),
        (["target", "source"], "x" * 2001, "target.source: has 2,001"),
        (["target", "selector"], None, "expected a TextQuoteSelector"),
        (["target", "selector"], [{"type": "TextQuoteSelector", "exact": "a"}] * 2, "expected one TextQuoteSelector"),
        (["target", "selector", 0, "exact"], None, "exact: expected text"),
        (["target", "selector", 0, "exact"], " ", "exact: expected text"),
        (["target", "selector", 0, "exact"], 7, "exact: expected text"),
        (["target", "selector", 0, "exact"], "x" * 501, "exact: has 501"),
        (["target", "selector", 0, "exact"], "a\x00", "NUL"),
        (["target", "selector", 0, "exact"], "a\ud800", "surrogate"),
        (["target", "selector", 0, "prefix"], ["a"], "prefix: expected text"),
        (["target", "selector", 0, "suffix"], "x" * 201, "suffix: has 201"),
        (["target", "selector", 1, "start"], -1, "expected whole numbers"),
        (["target", "selector", 1, "start"], True, "expected whole numbers"),
        (["target", "selector", 1, "start"], 7.0, "expected whole numbers"),
        (["target", "selector", 1, "end"], 7, "expected whole numbers"),
        (["target", "selector", 1, "end"], 2**60, "expected whole numbers"),
        (["target", "selector", 1, "end"], None, "expected whole numbers"),
        (["body", "value"], "x" * 81, "body.value: has 81"),
        (["body", "value"], 3, "body.value: expected text"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_field(path, value, saying):
    with pytest.raises(w3c.AnnotationFaults, match=saying) as caught:
        w3c.read_annotations(changed(path, value))
    assert len(caught.value.faults) == 1
    assert path == ["type"] or caught.value.faults[0].startswith("line 1: annotation 1: ")


def test_every_fault_is_told_and_none_is_read():
    content = b'[\n{"type": "Annotation"},\n\n{"type": "Annotation", "target": {}}, 7]'
    with pytest.raises(w3c.AnnotationFaults) as caught:
        w3c.read_annotations(content)
    assert [fault[:21] for fault in caught.value.faults] == [
        "line 2: annotation 1:",
        "line 4: annotation 2:",
        "line 1: annotation 3:",
    ]


@pytest.mark.parametrize(
    "value", [7, "a", None, {"type": "AnnotationPage"}, {"type": "AnnotationCollection", "first": "urn:x"}]
)
def test_another_file_is_refused(value):
    with pytest.raises(w3c.AnnotationFaults):
        w3c.read_annotations(json.dumps(value).encode())


def test_a_file_that_goes_on_elsewhere_and_one_too_long_are_refused():
    page = w3c.collection("urn:x", "c", [WORDS])["first"]
    with pytest.raises(w3c.AnnotationFaults, match="next"):
        w3c.read_annotations(json.dumps(page | {"next": "urn:y"}).encode())
    with pytest.raises(w3c.AnnotationFaults, match="too many"):
        w3c.read_annotations(json.dumps([1] * 1001).encode())


def test_a_name_of_a_text_that_is_none_is_passed_over():
    [row] = w3c.read_annotations(changed(["target", "state", "cached"], ["ni:///sha-256;short", 7]))
    assert row.sha256 is None


def test_times_are_in_utc():
    assert w3c.annotation(WORDS)["created"] == AT.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
