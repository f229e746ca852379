import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.language.folding import Folded, cuts_cluster, fold
from predictions.language.resemblance import closest_passage

TEXT = (
    "Ministers met twice in spring. The revised strategy will, most observers agree, name economic security as a "
    "theme of its own. Spending on defence is to double within five years.\n\nThe opposition called the plan’s "
    "cost “unclear”."
)


def closest(text, quote):
    return closest_passage(Folded(text), fold(quote))


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("Spending on defense is to double within five years", "Spending on defence is to double within five years"),
        ("SPENDING ON DEFENCE IS TO DOUBLE", "Spending on defence is to double"),
        ("name economic security as a main theme of its own", "name economic security as a theme of its own"),
        ("economic security theme of its own", "economic security as a theme of its own"),
        ("the opposition called the plans cost unclear", "The opposition called the plan’s cost “unclear"),
        ("within five years the opposition called", "within five years.\n\nThe opposition called"),
    ],
)
def test_the_passage_a_reader_would_name_is_found(quote, passage):
    found = closest(TEXT, quote)
    assert found.text == passage == TEXT[found.start : found.end]
    assert 0.7 < found.similarity <= 1


@pytest.mark.parametrize("quote", ["zebra", "forty zebras crossed a river", "…", "the the the the"])
def test_nothing_is_named_where_nothing_comes_near(quote):
    assert closest(TEXT, quote) is None
    assert closest("", quote) is None


def test_case_alone_makes_no_difference():
    assert closest(TEXT, "MINISTERS met TWICE").similarity == 1


def test_a_rare_word_outweighs_many_common_ones():
    text = (
        "a plan of the day for each town was made by all. " * 3000 + "a plan of the day for each fleet was made by all."
    )
    found = closest(text, "a plan of this day for each fleet was made by all")
    assert found.text == "a plan of the day for each fleet was made by all"


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("revised strategy names security", "revised strategy that names national security"),
        ("plainly and at length revised strategy names security", "at length the revised strategy names security"),
    ],
)
def test_a_passage_is_found_whole_wherever_it_begins(quote, passage):
    for before in range(2 * len(quote)):
        assert closest(f"{'.' * before} {passage}. Ministers met.", quote).text == passage


def test_a_loose_paraphrase_is_still_named():
    found = closest(TEXT, "the new strategy makes economic security a major theme")
    assert "economic security as a theme" in found.text
    assert 0.5 <= found.similarity < 0.8


def test_a_script_without_blanks_is_compared_by_character():
    text = "今年の春に会議が開かれた。国家安全保障戦略は年末までに改定される見通しだ。野党は反対した。"
    assert closest(text, "国家安全保障戦略が年末までに改定される").text == "国家安全保障戦略は年末までに改定される"


def test_of_a_long_quote_the_beginning_is_compared():
    words = " ".join(f"word{n}" for n in range(500))
    found = closest(f"before {words} after", words.replace("word3 ", "term3 "))
    assert found.text.startswith("word0 word1 word2 word3")
    assert len(found.text) < 250


def test_lower_case_that_grows_moves_nothing():
    found = closest("İİİİ said the revised strategy", "the revized strategy")
    assert found.text == "the revised strategy"


@pytest.mark.parametrize(
    ("text", "quote", "passage"),
    [
        ("two visits to the cafe\u0301 today", "two visits to a cafe", "two visits to the cafe\u0301"),
        ("their x\u200dbeta plans failed", "beta plan failed", "x\u200dbeta plans failed"),
    ],
)
def test_a_passage_holds_whole_characters(text, quote, passage):
    assert closest(text, quote).text == passage


@given(st.text("ab é’\n\u0301語İ", max_size=60), st.text("ab é'\u0301語", min_size=1, max_size=30))
def test_whatever_is_named_stands_in_the_text_in_whole_characters(text, quote):
    found = closest(text, quote)
    if found is not None:
        assert found.text == text[found.start : found.end] != ""
        assert 0.5 <= found.similarity <= 1
        assert not cuts_cluster(text, found.start)
        assert not cuts_cluster(text, found.end)
