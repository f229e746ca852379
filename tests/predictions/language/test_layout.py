import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.language.layout import Layout, sentence_around

STRATEGY = """National Security Strategy

I. Purpose
This document says what Japan intends. It is the first of its kind.

Economic Security
Economic security is a new aim,
which the paper names for the first time.
- Strengthen supply chains
2.1 Measures
The measures follow.
(1) Critical goods
They are kept in store:
第一章 目的
本戦略は指針である。
A closing sentence stands here."""


def test_headings_are_short_lines_and_numbered_ones():
    assert [heading.text for heading in Layout(STRATEGY).headings] == [
        "National Security Strategy",
        "I. Purpose",
        "Economic Security",
        "2.1 Measures",
        "(1) Critical goods",
        "第一章 目的",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A short line",
        "The forces of the country are\nspread over islands and\nthe sea between them",
        "Who pays?\nNobody knows yet.",
        "- an item\nSomething else follows.",
        "lower case line\nSomething follows.",
        "A line of words that goes on for far longer than anybody would make a heading of\nSomething follows.",
    ],
)
def test_other_lines_are_no_headings(text):
    assert Layout(text).headings == []


def test_a_place_knows_its_paragraph_and_the_heading_above_it():
    layout = Layout(STRATEGY)
    at = STRATEGY.index("supply")
    assert layout.paragraph_at(at).number == 7
    assert layout.heading_over(at).text == "Economic Security"
    assert layout.heading_over(STRATEGY.index("Purpose")).text == "I. Purpose"
    assert Layout("Plain words. More of them.").heading_over(0) is None


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("One is here. Two is there. Three.", "Two", "Two is there."),
        ("It is the U.S. view. Next.", "view", "It is the U.S. view."),
        ("彼は来た。国家安全保障戦略である。終わり。", "安全", "国家安全保障戦略である。"),
        ("No stop at all", "stop", "No stop at all"),
        ("First line.\nSecond “line”. Third.", "Second", "Second “line”."),
    ],
)
def test_the_sentence_around_a_place(text, words, expected):
    start = text.index(words)
    paragraph = Layout(text).paragraph_at(start)
    first, last = sentence_around(text, paragraph, start, start + len(words), 500)
    assert text[first:last] == expected


@given(st.integers(0, 2000), st.sampled_from(["word ", "語", "e\u0301"]))
def test_a_long_sentence_is_cut_to_what_fits_around_the_place(at, piece):
    text = piece * 2100
    at = at * len(piece)
    first, last = sentence_around(text, Layout(text).paragraph_at(at), at, at + 1, 100)
    assert first <= at < last
    assert last - first <= 100
