"""A source's text is kept whole, once, and only if every quote stands in it."""

import hashlib

import pytest

from predictions.capture import LONGEST_TEXT
from predictions.models import LedgerEntry, QuoteAnchor, Snapshot, SnapshotText, Source
from predictions.operations.sources import amend_source, attach_text
from tests import builders as a
from tests.predictions.refusals import refused

TEXT = "Rain is “likely”.\r\nSnow is not. 🌧 日本"

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return a.source()


def attach(source, text=TEXT):
    return attach_text(source, text, by=a.a_person_with("analyst"), at=a.NOW)


def test_a_text_is_kept_as_it_is_under_its_digest(source):
    snapshot = Snapshot.objects.get(pk=attach(source).pk)
    assert snapshot.body.text == TEXT
    assert (snapshot.sha256, snapshot.length) == (hashlib.sha256(TEXT.encode()).hexdigest(), len(TEXT))
    assert (snapshot.captured_at, snapshot.captured_by) == (a.NOW, a.a_person_with("analyst"))


@pytest.mark.parametrize(
    ("text", "saying"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("a\x00b", "NUL"),
        ("a\ud800b", "surrogate"),
        ("x" * (LONGEST_TEXT + 1), "5,000,001 characters"),
    ],
    ids=["nothing", "blanks", "NUL", "surrogate", "too long"],
)
def test_a_text_that_cannot_be_kept_is_refused(source, text, saying):
    with refused("text", saying):
        attach(source, text)


def test_the_same_text_is_kept_once_per_source(source):
    attach(source)
    with refused(saying="already holds exactly that text"):
        attach(source)
    assert attach(a.source()).sha256 == Snapshot.objects.first().sha256


def test_attaching_a_text_anchors_every_standing_quote_whatever_its_quotation_marks(source):
    quotes = [a.quote(source, 'Rain is "likely"'), a.quote(source, "Snow is not"), a.quote(source, "日本")]
    replaced = a.quote(source, "Hail is not")
    a.quote(source, "is not. 🌧", supersedes=replaced, reason="Misread.")
    attach(source)
    found = {anchor.quote: TEXT[anchor.start : anchor.end] for anchor in QuoteAnchor.objects.all()}
    assert [found[quote] for quote in quotes] == ["Rain is “likely”", "Snow is not", "日本"]
    assert len(found) == 4
    assert replaced not in found


def test_one_quote_that_is_not_there_refuses_the_whole_text_and_names_each_that_is_missing(source):
    a.quote(source, "Rain is likely to fall", external_id="there-not")
    a.quote(source, "Snow is not")
    a.quote(source, "never said", external_id="never")
    for name in ("there-not", "never"):
        with refused("text", name):
            attach(source, "Rain is likely to stop. Snow is not.")
    with refused("text", "Rain is likely to stop"):
        attach(source, "Rain is likely to stop. Snow is not.")
    assert not Snapshot.objects.exists()
    assert not SnapshotText.objects.exists()
    assert not QuoteAnchor.objects.exists()


def test_a_later_text_gets_anchors_of_its_own_and_the_earlier_ones_stay(source):
    quote = a.quote(source, "Snow is not")
    first, second = attach(source), attach(source, "Updated. " + TEXT)
    assert [(row.snapshot, row.start) for row in quote.anchors.order_by("id")] == [
        (first, TEXT.index("Snow")),
        (second, TEXT.index("Snow") + len("Updated. ")),
    ]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("title", {"title": ""}),
        ("url", {"url": "ftp://example.org"}),
        ("url", {"url": "javascript:alert(1)"}),
        ("reliability", {"reliability": "G"}),
        ("zone", {"zone": "Mars"}),
        ("text_sha256", {"text_sha256": "abc"}),
        ("text_sha256", {"text_sha256": "A" * 64}),
        ("text_sha256", {"text_sha256": "a" * 64 + "\n"}),
        ("text_length", {"text_length": 2**53}),
        ("note", {"note": "x" * 5001}),
    ],
    ids=str,
)
def test_bad_input_is_refused_at_its_field(source, field, given):
    case = source.case
    with refused(field):
        a.source(case, **given)


def test_what_is_amended_is_told_by_field_and_what_is_not_leaves_no_entry(source):
    old = source.title
    source.title = "Mended"
    amend_source(source, by=a.a_person_with("analyst"), at=a.NOW)
    assert Source.objects.get(pk=source.pk).title == "Mended"
    with refused("title"):
        source.title = ""
        amend_source(source, by=a.a_person_with("analyst"), at=a.NOW)
    source.title = "Mended"
    entry = LedgerEntry.objects.first()
    assert f'"changes":{{"title":["{old}","Mended"]}}' in entry.payload.text
    amend_source(source, by=a.a_person_with("analyst"), at=a.NOW)
    assert LedgerEntry.objects.first() == entry


def test_two_stale_pages_do_not_undo_each_others_changes(source):
    pages = [Source.objects.get(pk=source.pk) for _ in range(2)]
    pages[0].title, pages[1].publisher = "Mended", "The Paper"
    amend_source(pages[0], by=a.a_person_with("analyst"), at=a.NOW)
    pages[1].title = "Mended"
    amend_source(pages[1], by=a.a_person_with("analyst"), at=a.NOW)
    assert str(Source.objects.get(pk=source.pk)) == "The Paper: Mended"
