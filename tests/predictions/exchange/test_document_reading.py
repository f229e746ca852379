import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.exchange.document import LONGEST, Document, Unreadable
from predictions.exchange.document_reading import read_here, tidied
from predictions.language.anchoring import anchor
from predictions.language.folding import fold
from tests.predictions.exchange.files import ARTICLE, PAGE, pdf, pdf_of, shown

TYPES = st.sampled_from(
    ["", "text/html", "text/plain", "text/html; charset=shift_jis", "application/pdf", "text/plain; charset=utf-16"]
)
SCRAPS = st.sampled_from(
    [
        b"%PDF-1.7\n",
        b"<html>",
        b"<meta charset=utf-16>",
        b"<p>",
        b"</",
        b"<![CDATA[",
        b"&#xD800;",
        b"&#0;",
        b"\x1b$B",
        b"\xff\xfe",
    ]
)


def test_a_page_is_read_with_what_it_states():
    assert read_here(PAGE.encode(), "text/html", "https://oracle.example/") == Document(
        kind="html",
        text="\n\n".join(ARTICLE),
        title="What comes next",
        publisher="The Daily Oracle",
        author="Ann Bee",
        published="2022-07-01T10:00:00+09:00",
        language="en-GB",
        note="",
    )


def test_a_pdf_and_a_text_are_read():
    assert read_here(pdf("Rain is likely.", title="Weather"), "", "") == Document("pdf", "Rain is likely.", "Weather")
    assert read_here(b"Rain\r\nis likely.\r\n", "text/plain", "") == Document("text", "Rain\nis likely.")


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\n\n\n\nb\n \t\nc", "a\n\nb\n\nc"),
        (" a \n b ", "a\nb"),
        ("a\x0cb\u2028c\u2029d", "a\nb\nc\n\nd"),
        ("\xa0a\u3000b\xad\u200b\ufeffﬁ\u200f", "\xa0a\u3000b\xad\u200b\ufeffﬁ\u200f"),
        ("\n\n", ""),
    ],
)
def test_lines_and_paragraphs_end_alike_and_every_other_sign_stands(text, tidy):
    assert tidied(text) == tidy


@given(st.text("ab \t\n\r\x0c\u2028\u2029\xa0", max_size=30))
def test_a_tidy_text_is_left_as_it_is(text):
    once = tidied(text)
    assert tidied(once) == once
    assert "\n\n\n" not in once
    assert once == once.strip(" \t\n")


@pytest.mark.parametrize(
    "run", [" ", "\n", " \n", "\r", "\u2029", "a", "a-", "a-\n", "<!-- a --> ", "<?xml", "&", "<p>"]
)
@pytest.mark.parametrize("kind", ["text/html", "text/plain", ""])
def test_a_long_run_of_anything_takes_no_longer_than_its_length(run, kind):
    started = time.monotonic()
    read_here(f"Rain {run * (60_000 // len(run))} sun".encode(), kind, "")
    assert time.monotonic() - started < 5  # the square of its length would take far longer


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        (b"", "", "The file is empty."),
        (b"<html><body><img src=x></body></html>", "text/html", "There is no text in it."),
        (b"a" * (LONGEST + 1), "text/plain", "The text is longer than the 5,000,000 characters that are kept."),
        (b"a\0b", "text/plain", "The file holds NUL"),
    ],
)
def test_what_holds_no_text_is_refused_in_plain_words(body, kind, why):
    with pytest.raises(Unreadable, match=why):
        read_here(body, kind, "")


def test_half_a_character_never_comes_through():
    for reference in ("&#xD800;", "&#55357;", "&#0;", "&#x110000;"):
        read = read_here(f"<html><body><p>Rain{reference} is likely.</p>".encode(), "text/html", "")
        read.text.encode()
        assert "\0" not in read.text


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("China’s “problematic” behaviour", 'China\'s "problematic" behaviour'),
        ("the de&shy;fence bud&#8203;get", "the defence budget"),
        ("the ﬁnal oﬃce", "the final office"),
        ("will&nbsp;likely\n  loom <i>large</i>", "will likely loom large"),
        ("&rlm;שלום&lrm; likely", "שלום likely"),
    ],
)
def test_a_quote_typed_plainly_anchors_in_what_was_read(said, quote):
    text = read_here(f"<html><body><p>Before. {said} and after.</p>".encode(), "text/html; charset=utf-8", "").text
    found = anchor(text, quote)
    assert text[found.start : found.end] == found.exact
    assert fold(found.exact) == fold(quote)


def test_a_quote_anchors_across_the_lines_and_divided_words_of_a_pdf():
    text = read_here(pdf_of(shown("The budget for de-\nfence will likely\ngrow.")), "", "").text
    assert anchor(text, "for defence will likely grow").exact == "for de\xadfence will likely\ngrow"


def test_a_form_feed_beside_a_sign_that_is_not_seen_is_a_blank():
    page = b"<html><body><p>It rains\x0cand it&#8203;pours.</p>"
    assert read_here(page, "text/html; charset=utf-8", "").text == "It rains and it\u200bpours."


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.lists(st.one_of(SCRAPS, st.binary(max_size=20))).map(b"".join)), TYPES)
def test_no_bytes_break_the_reading(body, kind):
    try:
        read = read_here(body, kind, "")
    except Unreadable:
        return
    read.text.encode()
    assert read.text.strip()
    assert "\0" not in read.text


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1_000_000), st.binary(min_size=1, max_size=8))
def test_a_pdf_that_was_damaged_anywhere_is_read_or_refused(place, damage):
    body = bytearray(pdf("Rain is likely.", title="Weather"))
    place %= len(body)
    body[place : place + len(damage)] = damage
    try:
        read_here(bytes(body), "application/pdf", "")
    except Unreadable:
        return
