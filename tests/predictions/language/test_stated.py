"""Numbers in figures and in words, as ranges and as odds."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.language.numerals import ONES, value_of
from predictions.language.scales import UnreadableProbability, describe, read


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("two in three", "66.6667%"),
        ("Two out of three", "66.6667%"),
        ("two-thirds", "66.6667%"),
        ("a third", "33.3333%"),
        ("three quarters", "75%"),
        ("nine tenths", "90%"),
        ("one half", "50%"),
        ("one chance in ten", "10%"),
        ("a one-in-ten chance", "10%"),
        ("one in a hundred", "1%"),
        ("1 in 20 chance", "5%"),
        ("seventy per cent", "70%"),
        ("seventy-five percent", "75%"),
        ("a 70 per cent chance", "70%"),
        ("a probability of about 70%", "70%"),
        ("70% likely", "70%"),
        ("about 0.7", "70%"),
        ("70 to 80 per cent", "75% (70–80%)"),
        ("70-80 %", "75% (70–80%)"),
        ("70–80%", "75% (70–80%)"),
        ("70% to 80%", "75% (70–80%)"),
        ("between 60 and 70%", "65% (60–70%)"),
        ("Between 60% and 70%", "65% (60–70%)"),
        ("from sixty to seventy per cent", "65% (60–70%)"),
        ("0.6 to 0.7", "65% (60–70%)"),
        ("12.5-20%", "16.25% (12.5–20%)"),
        ("a coin flip", "50%"),
        ("the toss of a coin", "50%"),
        ("a toss-up", "50%"),
        ("fifty-fifty", "50%"),
        ("50-50", "50%"),
        ("an even chance", "50%"),
        ("even odds", "50%"),
        ("odds of 3 to 1", "75%"),
        ("odds of three to one in favour", "75%"),
        ("the odds are 3-1", "75%"),
        ("3-1 on", "75%"),
        ("3 to 1 against", "25%"),
        ("odds of 3:1 against", "25%"),
        ("ten to one against", "9.0909%"),
    ],
)
def test_numbers_are_understood_as_people_put_them(words, told):
    reading = read(words)
    assert describe(reading) == told
    assert (reading.words, reading.is_coded) == (words, False)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("3 to 1", "odds of 3 to 1 (for), or 3 to 1 against"),
        ("70-80", "Write 70 to 80%"),
        ("80 to 70%", "lower end of a range first"),
        ("70% to 80", "with its unit at the end"),
        ("between 70 and 80", "with its unit at the end"),
        ("70 to 120%", "between 0 and 1"),
        ("eleven in ten", "between 0 and 1"),
        ("odds of 3 to 0", "two numbers above 0"),
        ("at least 70%", "one end only"),
        ("better than even", "one end only"),
        ("more than half", "one end only"),
        ("up to a third", "one end only"),
        ("could be 70%", "“could” carries no probability"),
    ],
)
def test_what_has_two_meanings_or_one_end_is_refused_with_what_to_write(words, told):
    with pytest.raises(UnreadableProbability, match=re.escape(told)):
        read(words)


@pytest.mark.parametrize(
    "words",
    [
        "1/3",
        "third",
        "the third",
        "two third",
        "a thirds",
        "seventy",
        "even",
        "a coin",
        "7 in nought",
        "odds-on",
        "70 to 80 to 90%",
        "-10 to 20%%",
        "٧٠ to ٨٠%",
        "70‒80%",
        "70 – 80",
        "seventy to eighty",
        "fifty fifty fifty",
    ],
)
def test_what_is_no_number_stays_unread(words):
    with pytest.raises(UnreadableProbability):
        read(words)


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_range_has_its_ends_and_its_middle_in_every_notation(one, other):
    low, high = min(one, other), max(one, other)
    for words in (f"{low} to {high}%", f"{low}-{high} per cent", f"between {low}% and {high}%", f"{low}% – {high}%"):
        if (low, high) == (50, 50):
            continue
        reading = read(words)
        assert (reading.low, reading.high) == (Decimal(low) / 100, Decimal(high) / 100)
        assert reading.point == Decimal(low + high) / 200


@given(st.integers(1, 1000), st.integers(1, 1000))
def test_odds_for_and_against_come_to_one(one, other):
    total = read(f"odds of {one} to {other}").point + read(f"{one} to {other} against").point
    assert abs(total - 1) <= Decimal("0.000001")


@given(st.integers(1, 19), st.integers(1, 19))
def test_a_share_in_words_is_the_share_in_figures(part, whole):
    part, whole = min(part, whole), max(part, whole)
    assert read(f"{ONES[part]} in {ONES[whole]}").point == read(f"{part} in {whole}").point


def test_numerals_have_their_values():
    assert [value_of(each) for each in ("zero", "twelve", "thirty", "forty-two", "forty two")] == [0, 12, 30, 42, 42]
    assert [value_of(each) for each in ("a hundred", "hundred", "ten thousand", "a million", "007")] == [
        100,
        100,
        10_000,
        1_000_000,
        7,
    ]
