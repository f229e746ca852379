import re
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from predictions.language.anchoring import (
    CONTEXT,
    AmbiguousQuote,
    Anchor,
    ContextChanged,
    QuoteNotFound,
    anchor,
    anchor_in_context,
    describe,
    find_all,
    nearest_places,
    with_context,
)
from predictions.language.folding import cuts_cluster, fold
from tests.predictions.language.article import ARTICLE, CLAUSES

# Few characters, so that quotes recur; every kind that folds, drops, combines or pairs is among them.
VARIED = st.text("ab ’'“\n\xa0\xad\u200b\u200fﬃ-\u2011\u0301🇯", max_size=30)
STRAIGHT = str.maketrans("‘’“”\xa0\n\u2011", "''\"\"  -")


def visible(text):
    return bool(text) and bool(fold(text[0]).strip()) and bool(fold(text[-1]).strip())


def is_whole(text, start, end):
    return visible(text[start:end]) and not cuts_cluster(text, start) and not cuts_cluster(text, end)


@st.composite
def quoted(draw):
    """A text and a passage of it that begins and ends in whole, visible characters."""
    text = draw(VARIED)
    spans = [(i, j) for i in range(len(text)) for j in range(i + 1, len(text) + 1) if is_whole(text, i, j)]
    assume(spans)
    return text, *draw(st.sampled_from(spans))


def test_an_anchor_is_the_position_the_own_characters_and_the_context():
    text = "Second, Japan’s new strategy would likely double down. In particular, much else."
    assert anchor(text, "new strategy would likely") == Anchor(
        16, 41, "new strategy would likely", "Second, Japan’s ", " double down. In particular, muc"
    )


@pytest.mark.parametrize(
    ("text", "exact", "found"),
    [
        ("call out China’s behavior", "China's behavior", "China’s behavior"),
        ("call out China's behavior", "China’s behavior", "China's behavior"),
        ("he spoke of “realism”", '"realism"', "“realism”"),
        ("the Japan\u2011U.S. alliance", "Japan-U.S.", "Japan\u2011U.S."),
        ("will\xa0likely \n\n loom large", "will likely loom", "will\xa0likely \n\n loom"),
        ("the de\xadfence\u200b budget", "defence budget", "de\xadfence\u200b budget"),
        ("\ufeffthe defence budget", "the defence", "the defence"),
        ("the defence budget", "\ufeff de\xadfence \n", "defence"),
        ("the ﬁnal oﬃce ﬂoor", "final office", "ﬁnal oﬃce"),
        ("the final office floor", "ﬁnal oﬃce", "final office"),
        ("will \u200flikely\u200e loom", "will likely loom", "will \u200flikely\u200e loom"),
        ("\u2067שלום\u2069 likely", "שלום likely", "שלום\u2069 likely"),
        ("will likely loom", "will \u202blikely\u202c loom", "will likely loom"),
        ("a likely case", " likely ", "likely"),
        ("語日本の安全保障", "安全保障", "安全保障"),
        ("😀 is likely", "likely", "likely"),
    ],
)
def test_copies_that_differ_in_typography_anchor_at_the_texts_own_words(text, exact, found):
    result = anchor(text, exact)
    assert (result.start, result.end, result.exact) == (text.index(found), text.index(found) + len(found), found)


@pytest.mark.parametrize("exact", ["", " ", "\n\xa0", "\u200b\xad", "\ufeff \u2060"])
def test_an_empty_quote_is_refused(exact):
    for search in (anchor, find_all):
        with pytest.raises(ValueError, match="it is empty") as refusal:
            search("some text", exact)
        assert not isinstance(refusal.value, QuoteNotFound)


TWICE = "It is not likely to rain. It is very likely to snow."


@pytest.mark.parametrize(
    ("prefix", "suffix", "start"),
    [
        ("not ", "", 10),
        ("very ", "", 37),
        ("very", "", 37),
        ("It is\xa0very", "", 37),
        ("", " to rain", 10),
        ("", "to\nsnow", 37),
        ("is not ", " to rain", 10),
    ],
)
def test_of_several_places_the_context_decides(prefix, suffix, start):
    assert anchor(TWICE, "likely", prefix, suffix).start == start


@pytest.mark.parametrize(
    ("prefix", "suffix"), [("", ""), (" ", " "), ("", " to"), ("quite ", ""), ("very ", " to rain"), ("\xad", "")]
)
def test_a_quote_that_the_context_leaves_open_is_refused_with_the_count(prefix, suffix):
    with pytest.raises(AmbiguousQuote, match="“likely” stands 2 times") as refusal:
        anchor(TWICE, "likely", prefix, suffix)
    assert (refusal.value.count, refusal.value.exact, refusal.value.closest) == (2, "likely", None)


def test_context_narrows_the_count():
    with pytest.raises(AmbiguousQuote, match="stands 2 times"):
        anchor("x a, y a, y a", "a", prefix="y")


def test_places_that_differ_in_typography_only_are_still_several():
    with pytest.raises(AmbiguousQuote, match="stands 2 times"):
        anchor("it's here and it’s there", "it's")


def test_context_is_not_asked_of_a_quote_that_stands_once():
    assert anchor("It will likely rain.", "likely", prefix="would ", suffix=" snow").start == 8


def test_a_quote_that_stands_everywhere_is_refused_without_counting_on():
    with pytest.raises(AmbiguousQuote, match="stands 10000 times or more"):
        anchor("a" * 20_000, "aa", prefix="a" * 9_000)


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("cafe\u0301", "cafe"),
        ("a\u0301b", "\u0301b"),
        ("🇯🇵", "🇯"),
        ("👩\u200d🔬", "👩"),
        ("likely", "Likely"),
        ("a–b", "a-b"),
        ("Japan US", "Japan-US"),
        ("eﬃcient", "eff"),
        ("eﬃcient", "icient"),
        ("", "likely"),
    ],
)
def test_half_a_character_or_another_spelling_is_not_found(text, exact):
    assert find_all(text, exact) == []
    with pytest.raises(QuoteNotFound, match="does not stand in the text") as refusal:
        anchor(text, exact)
    assert refusal.value.exact == exact


def test_a_place_that_cuts_a_character_does_not_make_a_quote_ambiguous():
    assert anchor("cafe\u0301 or cafe", "cafe").start == 9


def test_a_quote_not_found_names_the_closest_passage():
    text = "The strategy would likely double down on the alliance."
    with pytest.raises(QuoteNotFound, match="closest passage is “would likely double down on the alliance”") as refusal:
        anchor(text, "will likely double down on the alliance")
    closest = refusal.value.closest
    assert text[closest.start : closest.end] == closest.text == "would likely double down on the alliance"
    assert 0.8 < closest.similarity < 1


def test_a_long_quote_is_shortened_in_the_message():
    with pytest.raises(QuoteNotFound) as refusal:
        anchor("nothing of it", "word " * 1000)
    assert len(str(refusal.value)) < 200
    assert refusal.value.exact == "word " * 1000


@pytest.mark.parametrize(
    ("text", "prefix", "suffix"),
    [
        ("x" * 40 + "Q" + "y" * 40, "x" * 32, "y" * 32),
        ("Q", "", ""),
        ("ab" + "\u0301" * 3 + "x" * 30 + "Q" + "y" * 30 + "ab\u0301", "x" * 30, "y" * 30 + "a"),
        ("\u0301" * 40 + "Q" + "y" + "\u0301" * 40, "", ""),
        ("🇯🇵" * 20 + "xQ", "🇯🇵" * 15 + "x", ""),
    ],
)
def test_context_holds_at_most_32_code_points_and_whole_characters(text, prefix, suffix):
    result = anchor(text, "Q")
    assert (result.prefix, result.suffix) == (prefix, suffix)


@given(quoted())
def test_any_passage_at_its_own_place_is_found_there(case):
    text, start, end = case
    result = anchor(text, text[start:end], text[:start], text[end:])
    assert (result.start, result.end) == (start, end)
    assert result.exact == text[start:end]
    assert text[start - len(result.prefix) : start] == result.prefix
    assert text[end : end + len(result.suffix)] == result.suffix


@given(quoted())
def test_what_an_anchor_describes_is_found_again(case):
    text, start, end = case
    first = anchor(text, text[start:end], text[:start], text[end:])
    assert max(len(first.prefix), len(first.suffix)) <= CONTEXT
    assert anchor(text, first.exact, first.prefix, first.suffix) == first


@given(quoted())
def test_straight_and_curly_copies_anchor_at_the_same_offsets(case):
    text, start, end = case
    places = find_all(text, text[start:end])
    assert find_all(text, text[start:end].translate(STRAIGHT)) == places
    assert find_all(text.translate(STRAIGHT), text[start:end]) == places


@given(quoted())
def test_the_places_are_exactly_the_passages_that_fold_alike(case):
    text, start, end = case
    ends = [(i, j) for i in range(len(text)) for j in range(i + 1, len(text) + 1) if is_whole(text, i, j)]
    alike = [(i, j) for i, j in ends if fold(text[i:j]) == fold(text[start:end])]
    assert find_all(text, text[start:end]) == alike


@pytest.mark.skipif(not ARTICLE.exists(), reason="the article's text is not ours to publish; it lies in ../shared")
@pytest.mark.parametrize("clause", CLAUSES)
@pytest.mark.parametrize("retyped", [str, lambda text: text.translate(STRAIGHT), lambda text: text.replace(" ", "\n ")])
def test_the_quotes_of_the_case_stand_once_in_the_article(clause, retyped):
    text = ARTICLE.read_text(encoding="utf-8")
    [independent] = re.finditer(re.sub("[’']", "[’']", re.sub(r"\s+", r"\\s+", clause)), text)
    result = anchor(text, retyped(clause))
    assert (result.start, result.end) == independent.span()
    assert result.exact == text[result.start : result.end] == clause
    assert find_all(text, retyped(clause)) == [independent.span()]


CLUSTERS = st.lists(st.sampled_from(["a", "b", " ", "\n", ".", "👩\u200d🚀", "e\u0301"]), min_size=1, max_size=40)


@given(CLUSTERS.map("".join), st.integers(0, 60), st.integers(1, 12))
def test_what_is_described_is_found_again_at_its_own_place(text, start, length):
    start = min(start, len(text) - 1)
    end = min(len(text), start + length)
    try:
        found = describe(text, start, end)
    except AmbiguousQuote:
        return  # no words around it differ
    except ValueError:
        assert not fold(text[start:end]).strip()
        return
    assert anchor(text, found.exact, found.prefix, found.suffix) == found
    assert text[start:end].strip() in found.exact


def test_context_is_as_long_as_it_takes_and_stays_so():
    text = "x" * 100 + "It may rain. " + "y" * 60 + "It may rain. " + "y" * 60 + "z"
    place = text.index("It may", 120)
    found = describe(text, place, place + 12)
    assert len(found.suffix) > CONTEXT
    assert anchor(text, found.exact, found.prefix, found.suffix) == found


# --- in its context, and the places that come near ---------------------------------------------------------------


def test_in_its_context_a_quote_stands_between_the_same_words_or_not_at_all():
    text = "So they say it is likely to rain, and it is likely to snow."
    assert anchor_in_context(text, "likely to rain").start == text.index("likely")
    assert anchor_in_context(text, "likely to rain", "it  is", ", and") == anchor(text, "likely to rain")
    assert anchor_in_context(text, "likely", suffix="to snow").start == text.rindex("likely")
    with pytest.raises(ContextChanged, match="among other words than before"):
        anchor_in_context(text, "likely to rain", "it was")
    with pytest.raises(AmbiguousQuote, match="stands 2 times"):
        anchor_in_context(text, "likely", "it is")
    with pytest.raises(QuoteNotFound, match="does not stand") as refusal:
        anchor_in_context(text, "likely to hail")
    assert refusal.value.closest is None


@given(quoted())
def test_whatever_is_anchored_is_found_again_in_the_context_it_was_given(of):
    text, start, end = of
    found = with_context(text, start, end)
    with suppress(AmbiguousQuote):
        again = anchor_in_context(text, found.exact, found.prefix, found.suffix)
        assert fold(again.exact).strip() == fold(found.exact).strip()


def test_words_that_stand_twice_are_told_with_those_around_them():
    with pytest.raises(AmbiguousQuote, match=r"at “I say the rest stays; not the rest\.” and at “") as refusal:
        anchor("I say the rest stays; not the rest.", "the rest")
    assert len(refusal.value.contexts) == 2


def test_the_nearest_places_are_the_exact_ones_and_then_what_resembles_them():
    text = "It may well rain. Some say that it may hardly rain at all. Nobody knows. It may well rain again."
    found = [place.exact for place in nearest_places(text, "may well rain")]
    assert found[:2] == ["may well rain", "may well rain"]
    assert nearest_places(text, "completely different matters") == []
    ends = sorted((place.start, place.end) for place in nearest_places(text, "may well rain", most=4))
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))
