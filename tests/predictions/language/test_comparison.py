import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.language.comparison import CHARACTERS, WORDS, compare, parameters
from predictions.language.terms import Term, read_terms

OLD = "Strategy\n\nChina is an issue of concern. Relations matter.\n\nAlliances\nThe alliance is firm."
NEW = (
    "Strategy\n\nChina is the greatest strategic challenge. Economic security is new.\n\n"
    "Economic security\nEconomic security and the alliance; economic-security measures."
)


def one(term, old=OLD, new=NEW):
    [line] = compare(old, new, [Term(term)]).lines
    return line


def test_a_term_is_counted_in_both_texts_with_its_rate_and_place():
    line = one("economic security")
    assert (line.reference.count, line.revised.count) == (0, 4)
    assert line.reference.first is None
    assert line.revised.rate == pytest.approx(1000 * 4 / 21)
    assert line.revised.first.paragraph == 2
    assert line.revised.first.share == pytest.approx(NEW.index("Economic") / len(NEW))
    assert line.revised.sections == (("Strategy", 1), ("Economic security", 3))
    assert line.revised.headings == ("Economic security",)
    assert line.ratio.is_adjusted
    assert line.g2 > 0


def test_sizes_are_words_of_each_text():
    found = compare(OLD, NEW, [])
    assert (found.unit, found.reference_total, found.revised_total) == (WORDS, 14, 21)


def test_a_script_without_blanks_is_counted_by_characters_in_both():
    found = compare("国家安全保障戦略。", "The strategy of the state", read_terms("安全保障\nstrategy"))
    assert (found.unit, found.reference_total, found.revised_total) == (CHARACTERS, 9, 21)
    assert [(line.reference.count, line.revised.count) for line in found.lines] == [(1, 0), (0, 1)]
    assert parameters(found.unit)["unit"] == "characters"


def test_what_stands_in_neither_is_undefined_not_nought():
    line = one("zebra")
    assert (line.g2, line.ratio.value, line.ratio.low) == (None, None, None)


def test_a_term_of_less_than_a_word_cannot_outnumber_the_words():
    line = one("t", "t't't", "x y")
    assert line.reference.count == 3
    assert line.ratio.value is not None


@pytest.mark.parametrize(("old", "new"), [("", "words"), ("words", "…")])
def test_a_text_without_words_is_refused(old, new):
    with pytest.raises(ValueError, match="no words"):
        compare(old, new, [Term("a")])


def test_a_passage_shows_the_words_around_its_term_within_the_paragraph():
    found = compare(OLD, NEW, [Term("greatest")])
    passage = found.revised.passage(found.lines[0].revised.first)
    assert (passage.before, passage.words) == ("China is the ", "greatest")
    assert passage.after == " strategic challenge. Economic security is new."
    assert passage.heading == "Strategy"
    long = compare("a", "word " * 100 + "here" + " word" * 100, [Term("here")])
    cut = long.revised.passage(long.lines[0].revised.first)
    assert cut.before.startswith("…")
    assert cut.after.endswith("…")


@settings(max_examples=50)
@given(st.lists(st.sampled_from(["rain", "Rain", "sun", "and\n", "rain.\n\n"]), min_size=1, max_size=40))
def test_every_occurrence_lies_in_its_paragraph_and_sections_add_up(words):
    text = " ".join(words)
    found = compare(text, text, [Term("rain")])
    [line] = found.lines
    assert line.revised.count == text.casefold().count("rain")
    assert sum(count for _, count in line.revised.sections) == line.revised.count
    for place in line.revised.places:
        paragraph = found.revised.layout.paragraph_at(place.start)
        assert paragraph.start <= place.start < place.end <= paragraph.end
        assert "rain" in found.revised.passage(place).words.casefold()
