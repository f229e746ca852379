import time

import pytest

from predictions.exchange.document import Unreadable
from predictions.exchange.document_html import article, parsed
from predictions.exchange.document_reading import tidied
from tests.predictions.exchange.files import ARTICLE, PAGE

UNSEEN = "de\xadfence \u200bﬁnal \u200flikely\u202e می\u200cخواهم 👩\u200d🔬 A\u2060B\ufeff"
LONG = "The new strategy will likely double down on the alliance, observers say, and the budget will grow. " * 4


def paragraphs(page):
    text, notes = article(parsed(page))
    return tidied(text).split("\n\n"), notes


def test_the_article_is_read_paragraph_by_paragraph_and_its_furniture_left_out():
    assert paragraphs(PAGE) == (ARTICLE, [])


def test_every_sign_stands_as_it_stood_even_where_it_is_not_seen():
    for page in (
        f"<html><body><article><p>{LONG}</p><p>{UNSEEN}</p></article></body></html>",
        f"<html><body><p>{UNSEEN}",
    ):
        assert UNSEEN in paragraphs(page)[0]


def test_character_references_are_read():
    page = "<html><body><p>It&rsquo;s likely&nbsp;&mdash; de&shy;fence&#8203; &amp; &#x1F642; &lt;b&gt;"
    assert paragraphs(page)[0] == ["It’s likely\xa0— de\xadfence\u200b & 🙂 <b>"]


def test_where_no_article_can_be_told_all_the_text_of_the_page_is_kept_and_that_is_said():
    text, notes = paragraphs("<body><footer><p>Rain<script>x</script><p>is likely.</footer><select>a</select>")
    assert text == ["Rain", "is likely."]
    assert notes == ["The article could not be told from the rest of the page: all of its text is kept."]


def test_an_xml_declaration_is_no_obstacle():
    page = f'<?xml version="1.0" encoding="shift_jis"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{LONG}雨</p></body></html>'
    assert paragraphs(page)[0] == [f"{LONG}雨"]


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul", "blockquote", "span", "font", "article"])
def test_a_hundred_thousand_nested_tags_are_answered_at_once(tag):
    started = time.monotonic()
    with pytest.raises(Unreadable, match="nested deeper"):
        paragraphs(f"<html><body>{f'<{tag}>' * 100_000}<p>deep")
    assert time.monotonic() - started < 2


def test_a_page_nested_as_deep_as_pages_are_is_read():
    assert LONG.strip() in paragraphs(f"<html><body>{'<div>' * 200}<p>{LONG}</p>{'</div>' * 200}</body></html>")[0]


@pytest.mark.parametrize("page", ["", " ", "<!-- only -->", "<?xml?>"])
def test_a_page_of_nothing_is_unreadable_or_empty(page):
    try:
        text, _ = article(parsed(page))
    except Unreadable:
        return
    assert tidied(text) == ""


def test_a_script_is_never_read():
    page = (
        f"<html><body><p>{LONG}</p><script>alert('s')</script><style>p {{}}</style><noscript>n</noscript><svg><text>g"
    )
    assert paragraphs(page)[0] == [LONG.strip()]
