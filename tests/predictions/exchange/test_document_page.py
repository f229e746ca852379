import pytest

from predictions.exchange.document_html import parsed
from predictions.exchange.document_page import Statements, statements
from tests.predictions.exchange.files import PAGE


def said(head="", body="<p>Rain</p>", language=""):
    return statements(
        parsed(f"<html{language}><head>{head}</head><body>{body}</body></html>"), "https://news.example/a"
    )


def linked(data):
    return f'<script type="application/ld+json">{data}</script>'


def test_a_page_that_states_it_all_is_believed():
    assert statements(parsed(PAGE), "https://oracle.example/a") == Statements(
        "What comes next", "The Daily Oracle", "Ann Bee", "2022-07-01T10:00:00+09:00", "en-GB"
    )


def test_a_page_that_states_nothing_is_not_guessed_at():
    assert said(body="<p>In 2021 nobody knew, says Ann Bee on 3 May 2020.</p>") == Statements()


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (linked('{"@type": "NewsArticle", "datePublished": "2022-12-16T09:00:00Z"}'), "2022-12-16T09:00:00Z"),
        (linked('{"@graph": [{"a": 1}, {"datePublished": "2022-12-16"}]}'), "2022-12-16"),
        (linked('[[{"datePublished": "2022-12-16 09:00"}]]'), "2022-12-16T09:00"),
        (linked("{broken") + '<meta name="date" content="2022-12-16">', "2022-12-16"),
        (linked("[" * 100_000), ""),
        (linked('{"datePublished": 2022}'), ""),
        ('<meta name="DC.date.issued" content="2022-12-16">', "2022-12-16"),
        ('<meta name="citation_publication_date" content="2022/12/16">', "2022-12-16"),
        ('<meta itemprop="datePublished" content="2022-12-16T09:00:00.123+0900">', "2022-12-16T09:00:00.123+0900"),
        ('<meta name="date" content="2022-13-45">', ""),
        ('<meta name="date" content="soon">', ""),
        ('<meta name="date">', ""),
    ],
)
def test_the_date_is_the_one_that_the_page_states(head, published):
    assert said(head).published == published


def test_a_date_in_the_address_is_a_statement_too():
    assert statements(parsed("<html><body><p>x"), "https://news.example/2022/12/16/what-next").published == "2022-12-16"


def test_the_time_of_an_article_is_its_date():
    assert said(body='<time itemprop="datePublished" datetime="2022-12-16">16 Dec</time>').published == "2022-12-16"


@pytest.mark.parametrize(
    ("head", "attribute", "language"),
    [
        ("", ' lang="ja"', "ja"),
        ("", ' lang="zh-Hant-TW"', "zh-Hant-TW"),
        ("", ' xml:lang="de"', "de"),
        ('<meta property="og:locale" content="en_US">', "", "en-US"),
        ('<meta http-equiv="Content-Language" content="fr">', "", "fr"),
        ('<meta property="og:locale" content="ja_JP">', ' lang="English please"', "ja-JP"),
        ("", ' lang="<script>"', ""),
        ("", "", ""),
    ],
)
def test_the_language_is_a_language_tag_or_nothing(head, attribute, language):
    assert said(head, language=attribute).language == language


def test_titles_are_one_line_of_a_bearable_length():
    title = said(f"<title>a\n\t b {'x' * 9000}</title>").title
    assert title.startswith("a b xxx")
    assert len(title) <= 500
