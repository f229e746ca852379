import zlib

import pytest

from predictions.exchange.document import Unreadable
from predictions.exchange.document_pdf import MOST_PAGES, read_pdf
from tests.predictions.exchange.files import locked, pdf, pdf_of, shown

TEXT = "It is likely that the new strategy will double down on the alliance."


def unreadable(body, longest=10_000):
    with pytest.raises(Unreadable) as refusal:
        read_pdf(body, longest)
    return str(refusal.value)


def test_text_title_author_and_language_are_read():
    read = read_pdf(pdf(TEXT, "Page two.", title="What next", author="Ann Bee", language="en-GB"), 10_000)
    assert read == (f"{TEXT}\n\nPage two.", "What next", "Ann Bee", "en-GB", [])


def test_a_pdf_that_states_nothing_is_not_guessed_at():
    assert read_pdf(pdf(TEXT), 10_000)[1:4] == ("", "", "")


def test_a_line_that_ends_a_sentence_before_the_margin_ends_a_paragraph():
    text = (
        "The first paragraph is as wide as the page\nand ends here.\nThe second paragraph is as wide as the\npage too."
    )
    assert read_pdf(pdf_of(shown(text)), 10_000).text == text.replace("here.\n", "here.\n\n")


def test_words_divided_at_the_end_of_a_line_are_joined_and_that_is_said():
    text = "a well-known long-term plan for de-\nfence in the long-\nterm and Anglo-\nSaxon"
    read = read_pdf(pdf_of(shown(text)), 10_000)
    assert read.text == "a well-known long-term plan for de\xadfence in the long-term and Anglo-\nSaxon"
    assert read.notes == ["2 words divided at the end of a line were joined; a soft hyphen stands in each."]


def test_a_pdf_of_pictures_is_said_to_have_no_text_layer():
    assert unreadable(pdf("", "")) == (
        "This PDF has no text layer: its pages are pictures. Give a copy with text, or paste the words."
    )


def test_pages_without_text_are_counted():
    assert read_pdf(pdf(TEXT, "", ""), 10_000).notes == ["2 of its 3 pages hold no text."]


def test_a_locked_pdf_is_said_to_be_encrypted():
    assert unreadable(locked(pdf(TEXT), "secret")).startswith("This PDF is encrypted")


def test_a_pdf_that_only_its_owner_locked_opens():
    assert read_pdf(locked(pdf(TEXT), ""), 10_000).text == TEXT


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7",
        b"%PDF-1.7\n" + b"\0" * 500,
        pdf(TEXT)[:300],
        pdf(TEXT).replace(b"/Pages", b"/Pagan"),
        pdf_of(shown(TEXT)).replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"),
    ],
    ids=["only a head", "noughts", "cut short", "no pages", "pages in a circle"],
)
def test_a_broken_pdf_is_said_to_be_broken(body):
    assert "broken" in unreadable(body) or "no text layer" in unreadable(body)


def test_too_much_text_and_too_many_pages_are_refused():
    assert unreadable(pdf(TEXT), longest=20) == "The text is longer than the 20 characters that are kept."
    assert unreadable(pdf_of(shown("x"), pages=MOST_PAGES + 1)).startswith("This PDF has 2,001 pages; at most 2,000")


@pytest.mark.parametrize(
    ("content", "filters"),
    [
        (zlib.compress(b" " * 80_000_000, 9), b"/FlateDecode"),
        (zlib.compress(zlib.compress(b" " * 80_000_000, 9)), b"[/FlateDecode /FlateDecode]"),
    ],
    ids=["a bomb", "a bomb in a bomb"],
)
def test_a_stream_that_unpacks_to_too_much_is_not_unpacked(content, filters):
    assert "broken" in unreadable(pdf_of(content, filters)) or "no text layer" in unreadable(pdf_of(content, filters))
