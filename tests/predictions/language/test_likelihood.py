"""Where a text speaks of likelihood."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.language.likelihood import likelihood_mentions
from predictions.language.scales import SCALES, UnreadableProbability, read

IPCC, KENT, SURVEY = "ipcc-ar6", "kent-1964", "survey-2017"


def told(text, scale="icd203-2015"):
    """What is marked and what it is read as, in hundredths."""
    return [
        (each.words, None if each.reading is None else float(100 * each.reading.point))
        for each in likelihood_mentions(text, scale)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Japan will likely revise it.", [("likely", 67.5)]),
        ("It is Very  Likely to pass", [("Very  Likely", 87.5)]),
        ("A revision is unlikely", [("unlikely", 32.5)]),
        ("It will almost certainly happen", [("almost certainly", 97)]),
        ("It will almost certainly not happen", [("almost certainly", 97)]),
        ("The chance is remote.", [("remote", 3)]),
        ("He lives in a remote village.", []),
        ("Certain people think so", []),
        ("unlikelihood is no such word", []),
    ],
)
def test_terms_of_the_scale_are_marked_in_any_case_and_whole(text, found):
    assert told(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is not likely to pass", [("not likely", 32.5)]),
        ("It isn’t likely", [("isn’t likely", 32.5)]),
        ("It is no longer probable", [("no longer probable", 32.5)]),
        ("It is not unlikely", [("not unlikely", None)]),
        ("It is hardly likely", [("hardly likely", None)]),
        ("It is by no means almost certain", [("by no means almost certain", None)]),
        ("It is not only likely", [("likely", 67.5)]),
    ],
)
def test_a_negated_term_is_its_opposite_where_it_plainly_has_one_and_otherwise_no_number(text, found):
    assert told(text) == found


def test_what_to_enter_for_a_negated_term_can_be_read():
    (mention,) = likelihood_mentions("not likely")
    assert (mention.words, mention.reading) == ("not likely", read("unlikely"))


@pytest.mark.parametrize(
    ("text", "scale", "found"),
    [
        ("It is highly likely", "icd203-2015", [("highly likely", None)]),
        ("It is highly likely", "phia-2025", [("highly likely", 85)]),
        ("It is more likely now", "icd203-2015", [("more likely", None)]),
        ("It is more likely than not", IPCC, [("more likely than not", 58)]),
        ("It will probably not rain", "icd203-2015", [("probably", 67.5)]),
        ("It will probably not rain", KENT, [("probably not", 30)]),
        ("It will probably not rain", SURVEY, [("probably not", 26.5)]),
        ("That is a realistic possibility", "phia-2025", [("a realistic possibility", 45)]),
    ],
)
def test_the_longest_words_count_and_what_the_scale_lacks_is_marked_without_a_number(text, scale, found):
    assert told(text, scale) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It may rain", ["may"]),
        ("It may well rain, and could snow", ["may well", "could"]),
        ("War cannot be ruled out", ["cannot be ruled out"]),
        ("Nobody can't rule out a storm", ["can't rule out"]),
        ("Perhaps in May, perhaps never", ["perhaps"]),
        ("Its military might matters", []),
        ("As soon as possible", []),
    ],
)
def test_words_that_leave_it_open_are_marked_without_a_number(text, words):
    assert told(text) == [(each, None) for each in words]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("There is a 70 per cent chance of rain", [("a 70 per cent chance", 70)]),
        ("We put the probability at 65%.", [("65%", 65)]),
        ("The chance of default is between 10 and 20%.", [("between 10 and 20%", 15)]),
        ("He gives it one chance in ten", [("one chance in ten", 10)]),
        ("a two-thirds chance", [("a two-thirds chance", 66.6667)]),
        ("It is a coin flip", [("a coin flip", 50)]),
        ("at odds of 3 to 1 against", [("odds of 3 to 1 against", 25)]),
        ("at least a 60% chance", [("at least a 60% chance", None)]),
        ("Growth of 3 per cent, two in three voters, two-thirds of them", []),
        ("They won 3 to 1 on Saturday", []),
    ],
)
def test_numbers_are_marked_where_they_are_probabilities(text, found):
    assert told(text) == found


def test_places_are_counted_in_code_points():
    text = "𝒳 é: it is likely"
    (mention,) = likelihood_mentions(text)
    assert text[mention.start : mention.end] == mention.words == "likely"


def test_an_unknown_scale_is_refused():
    with pytest.raises(UnreadableProbability, match="no scale"):
        likelihood_mentions("likely", "nobody's")


WORDS = ["likely", "not ", "very ", "may ", "70% ", "chance ", "of ", "odds ", "3 to 1 ", "probably ", "unlikely "]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(WORDS)).map("".join) | st.text(), st.sampled_from(list(SCALES)))
def test_mentions_lie_apart_in_order_and_what_they_are_read_as_can_be_entered(text, scale):
    end = 0
    for mention in likelihood_mentions(text, scale):
        assert end <= mention.start < mention.end
        assert text[mention.start : mention.end] == mention.words
        end = mention.end
        if mention.reading is not None:
            again = read(mention.reading.words, scale)
            assert again.point == mention.reading.point
            assert Decimal(0) <= again.point <= 1
        else:
            assert mention.reason
