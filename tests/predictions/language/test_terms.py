import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.language.terms import MOST_TERMS, Reading, Term, UnreadableTerm, read_terms


def found(term, text):
    return [text[start:end] for start, end in Term(term).places(Reading(text))]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("threat", "Threats; a threat, THREAT-like, non-threat and threatened", ["threat", "THREAT", "threat"]),
        ("threat*", "Threats; a threat, threatened", ["Threats", "threat", "threatened"]),
        ("challeng* order", "It challenged order; challenges Order", ["challenged order", "challenges Order"]),
        ("economic security", "economic-security\neconomic  security, economic–security", 3),
        ("counter-strike", "counter strike, counter-strike, counterstrike", ["counter strike", "counter-strike"]),
        ("economic security", "economic\nsecurity", ["economic\nsecurity"]),
        ("economic security", "Economic\n\nsecurity", []),
        ("economic security", "Economic\r\n \r\nsecurity", []),
        ("economic security", "bio-economic securityware", []),
        ("China", "China's and China’s, Indochina", ["China", "China"]),
        ("U.S.", "the U.S. and the U.S.A, USA", ["U.S."]),
        ("2013", "in 2013, not 20131", ["2013"]),
        ("strasse", "Straße und STRASSE", ["Straße", "STRASSE"]),
        ("café", "cafe\u0301, café, cafe", ["cafe\u0301", "café"]),
        ("cafe", "cafe\u0301, café, cafe", ["cafe"]),
        ("programme", "pro\xadgramme", ["pro\xadgramme"]),
        ("istanbul", "İstanbul Istanbul", ["Istanbul"]),
        ("安全保障", "国家安全保障戦略は安全保障の", ["安全保障", "安全保障"]),
        ("nss", "新NSSは", ["NSS"]),
        ("ความ", "ความมั่นคง", ["ความ"]),
        ("b b b", "xb b b b", ["b b b"]),
    ],
)
def test_a_term_matches_whole_words_whatever_their_dress(term, text, expected):
    assert found(term, text) == expected if isinstance(expected, list) else len(found(term, text)) == expected


@pytest.mark.parametrize("text", ["*", "--", "…", "a*b", "se*ur* x", "x" * 101])
def test_what_names_no_word_is_refused_with_its_line(text):
    with pytest.raises(UnreadableTerm, match=re.escape(text[:10])):
        Term(text)


def test_terms_are_read_one_on_each_line_and_each_once():
    assert [term.text for term in read_terms(" threat \n\nEconomic-Security\neconomic  security\nTHREAT")] == [
        "threat",
        "Economic-Security",
    ]
    with pytest.raises(UnreadableTerm, match="at most"):
        read_terms("\n".join(f"w{k}" for k in range(MOST_TERMS + 1)))


PIECES = st.sampled_from(
    ["ab", "AB", "abc", "b", "ß", "é", "e\u0301", "İ", "日本", " ", "  ", "-", "\n", ".", "’", "\xad", "1"]
)


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(["ab", "ab b", "日本", "1", "é", "ab*"]))
def test_places_are_in_order_and_hold_the_term(text, term):
    end = 0
    for start, stop in Term(term).places(Reading(text)):
        assert end <= start < stop <= len(text)
        assert found(term, text[start:stop]) == [text[start:stop]]
        end = stop


@settings(max_examples=200)
@given(st.lists(st.sampled_from(["ab", "Ab", "abc", "cab", "b", "ab."]), max_size=30))
def test_counts_are_those_of_whoever_counts_word_by_word(words):
    text = " ".join(words)
    naive = sum(word.strip(".").casefold() == "ab" for word in text.split())
    assert len(found("ab", text)) == naive
    begins = sum(word.casefold().startswith("ab") for word in text.split())
    assert len(found("ab*", text)) == begins


@pytest.mark.parametrize("term", ["a*", "aa*", "a* c", "é*", "b* d"])
def test_a_run_of_letters_without_end_is_looked_through_in_time(term):
    assert found(term, "b" + "aé" * 100_000 + " c") == []


@pytest.mark.parametrize("told", ["éa", "e\u0301a"])
def test_a_word_that_begins_with_an_accent_in_two_signs_may_have_any_ending(told):
    assert found("é*", f"x{told} {told}") == [told]


def test_a_term_holds_no_nul():
    with pytest.raises(UnreadableTerm, match="NUL"):
        Term("a\x00b")
