import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.language import scales
from predictions.language.scales import (
    DEFAULT_SCALE,
    SCALES,
    Reading,
    Unquantifiable,
    UnreadableProbability,
    describe,
    read,
    scale_named,
)

ICD_203 = [
    ("almost no chance", "0.01", "0.03", "0.05"),
    ("remote", "0.01", "0.03", "0.05"),
    ("very unlikely", "0.05", "0.125", "0.2"),
    ("highly improbable", "0.05", "0.125", "0.2"),
    ("unlikely", "0.2", "0.325", "0.45"),
    ("improbable", "0.2", "0.325", "0.45"),
    ("roughly even chance", "0.45", "0.5", "0.55"),
    ("roughly even odds", "0.45", "0.5", "0.55"),
    ("likely", "0.55", "0.675", "0.8"),
    ("probable", "0.55", "0.675", "0.8"),
    ("very likely", "0.8", "0.875", "0.95"),
    ("highly probable", "0.8", "0.875", "0.95"),
    ("almost certain", "0.95", "0.97", "0.99"),
    ("nearly certain", "0.95", "0.97", "0.99"),
]


PHIA = [
    ("remote chance", "0", "0.025", "0.05"),
    ("highly unlikely", "0.1", "0.15", "0.2"),
    ("unlikely", "0.25", "0.3", "0.35"),
    ("realistic possibility", "0.4", "0.45", "0.5"),
    ("likely", "0.55", "0.65", "0.75"),
    ("probable", "0.55", "0.65", "0.75"),
    ("highly likely", "0.8", "0.85", "0.9"),
    ("almost certain", "0.95", "0.975", "1"),
]
KENT = [
    ("impossible", "0", "0", "0"),
    ("almost certainly not", "0.02", "0.07", "0.12"),
    ("probably not", "0.2", "0.3", "0.4"),
    ("chances about even", "0.4", "0.5", "0.6"),
    ("probable", "0.63", "0.75", "0.87"),
    ("almost certain", "0.87", "0.93", "0.99"),
    ("certain", "1", "1", "1"),
]
IPCC = [  # the exclusive reading, and after it the nested range as published
    ("exceptionally unlikely", "0", "0.005", "0.01", "0", "0.01"),
    ("extremely unlikely", "0.01", "0.03", "0.05", "0", "0.05"),
    ("very unlikely", "0.01", "0.055", "0.1", "0", "0.1"),
    ("unlikely", "0.1", "0.215", "0.33", "0", "0.33"),
    ("about as likely as not", "0.33", "0.495", "0.66", "0.33", "0.66"),
    ("more likely than not", "0.5", "0.58", "0.66", "0.5", "1"),
    ("likely", "0.66", "0.78", "0.9", "0.66", "1"),
    ("very likely", "0.9", "0.945", "0.99", "0.9", "1"),
    ("extremely likely", "0.95", "0.97", "0.99", "0.95", "1"),
    ("virtually certain", "0.99", "0.995", "1", "0.99", "1"),
]
SURVEY = [
    ("almost no chance", "0.01", "0.02", "0.05"),
    ("highly unlikely", "0.05", "0.05", "0.1"),
    ("chances are slight", "0.1", "0.1", "0.15"),
    ("improbable", "0.07", "0.15", "0.28"),
    ("little chance", "0.1", "0.15", "0.2"),
    ("unlikely", "0.1", "0.2", "0.2875"),
    ("we doubt", "0.15", "0.25", "0.33"),
    ("probably not", "0.2", "0.265", "0.3875"),
    ("about even", "0.5", "0.5", "0.5"),
    ("better than even", "0.55", "0.6", "0.6"),
    ("likely", "0.65", "0.7", "0.75"),
    ("probable", "0.65", "0.7", "0.7875"),
    ("we believe", "0.6", "0.7", "0.8"),
    ("probably", "0.65", "0.75", "0.8"),
    ("very good chance", "0.75", "0.8", "0.85"),
    ("highly likely", "0.8425", "0.9", "0.95"),
    ("almost certainly", "0.9", "0.95", "0.9775"),
]
TABLES = {
    "icd203-2015": ICD_203,
    "phia-2025": PHIA,
    "kent-1964": KENT,
    "ipcc-ar6": [row[:4] for row in IPCC],
    "survey-2017": SURVEY,
}


@pytest.mark.parametrize("key", SCALES)
def test_each_shipped_scale_holds_exactly_the_terms_of_its_source(key):
    told = [(term.name, term.low, term.point, term.high) for term in scale_named(key).terms]
    assert told == [(row[0], *map(Decimal, row[1:])) for row in TABLES[key]]


def test_the_ranges_of_the_ipcc_are_nested_and_read_exclusively_for_scoring():
    terms = scale_named("ipcc-ar6").terms
    assert [(term.name, term.published) for term in terms] == [
        (row[0], (Decimal(row[4]), Decimal(row[5]))) for row in IPCC
    ]
    assert all(term.published[0] <= term.low and term.high <= term.published[1] for term in terms)
    assert describe(read("likely", "ipcc-ar6")) == (
        "likely (66–90%; published as 66–100%), taken as 78% (IPCC AR6, exclusive reading)"
    )


def test_the_survey_says_how_small_it_is():
    assert "n = 46" in scale_named("survey-2017").note
    assert "convenience sample" in scale_named("survey-2017").note


def test_a_word_that_means_certainty_is_shown_as_one_number():
    assert describe(read("certain", "kent-1964")) == "certain (100%), taken as 100% (Kent 1964)"


def test_the_terms_of_a_scale_come_before_numbers_in_words():
    with pytest.raises(UnreadableProbability, match="one end only"):
        read("better than even")
    assert read("better than even", "survey-2017").point == Decimal("0.6")


@pytest.mark.parametrize("words", ["may", "It might", "could well be", "cannot be ruled out", "perhaps", "possible"])
def test_words_that_leave_it_open_are_told_apart_from_what_is_no_likelihood(words):
    with pytest.raises(Unquantifiable, match="shown, not scored"):
        read(words)


@pytest.mark.parametrize(("term", "low", "point", "high"), ICD_203)
def test_each_term_of_icd_203_is_read_as_its_band_and_midpoint(term, low, point, high):
    expected = Reading(term, term, "icd203-2015", "midpoint", Decimal(low), Decimal(point), Decimal(high))
    assert read(term) == expected


def test_the_default_scale_is_icd_203_and_holds_no_other_terms():
    assert DEFAULT_SCALE == "icd203-2015"
    assert [term.name for term in scale_named(DEFAULT_SCALE).terms] == [row[0] for row in ICD_203]


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("improbably", "improbable"),
        ("probably", "probable"),
        ("almost certainly", "almost certain"),
        ("nearly certain", "nearly certain"),
        ("Very likely", "very likely"),
        ("  LIKELY\n", "likely"),
        ("“likely”", "likely"),
        ("'very \u00a0 likely'", "very likely"),
        ("would likely", "likely"),
        ("will probably", "probable"),
        ("will be very likely", "very likely"),
        ("would be unlikely", "unlikely"),
        ("is likely", "likely"),
        ("are unlikely", "unlikely"),
        ("It is likely", "likely"),
        ("it's almost certain", "almost certain"),
        ("it’s almost certain", "almost certain"),
    ],
)
def test_a_term_is_known_in_its_listed_forms_and_after_one_auxiliary(words, term):
    reading = read(words)
    assert (reading.words, reading.term, reading.is_coded) == (words, term, True)


@pytest.mark.parametrize(
    ("words", "point"),
    [
        ("70%", "0.7"),
        ("70 %", "0.7"),
        ("70\u202f%", "0.7"),
        ("70 per cent", "0.7"),
        ("70 Percent", "0.7"),
        ("67.5%", "0.675"),
        (".5%", "0.005"),
        ("0.7", "0.7"),
        (" “0.70” ", "0.7"),
        (".7", "0.7"),
        ("0.123456", "0.123456"),
        ("0.1234560", "0.123456"),
        ("0.000001", "0.000001"),
        ("7 in 10", "0.7"),
        ("7 out of 10", "0.7"),
        ("2 in 3", "0.666667"),
        ("1 in 3", "0.333333"),
        ("0", "0"),
        ("1", "1"),
        ("1.0", "1"),
        ("0%", "0"),
        ("100%", "1"),
        ("0 in 10", "0"),
    ],
)
def test_a_number_is_read_as_stated(words, point):
    reading = read(words)
    assert reading == Reading(words, "", "", "number", None, Decimal(point), None)
    assert str(reading.point) == point
    assert not reading.is_coded


OUTSIDE = "between 0 and 1"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("1.2", OUTSIDE),
        ("120%", OUTSIDE),
        ("100.0001%", OUTSIDE),
        ("101", OUTSIDE),
        ("11 in 10", OUTSIDE),
        ("-0", OUTSIDE),
        ("−0", OUTSIDE),
        ("-0.2", OUTSIDE),
        ("+0.2", OUTSIDE),
        ("- 20%", OUTSIDE),
        ("70", "write 70% or 0.7"),
        ("70.5", "write 70.5% or 0.705"),
        ("0.1234567", "six decimal places"),
        ("12.34567%", "six decimal places"),
        ("1 in 10000000", "six decimal places"),
        ("9999999 in 10000000", "six decimal places"),
        ("", "Say how probable it is. Write 70%"),
        (" \n ", "Say how probable it is. Write 70%"),
        ("“”", "Say how probable it is. Write 70%"),
        ("may", "“may” carries no probability"),
        ("could be", "“could” carries no probability"),
        ("It Might", "“might” carries no probability"),
    ],
)
def test_a_refusal_says_what_is_wrong(words, told):
    with pytest.raises(UnreadableProbability, match=re.escape(told)):
        read(words)


@pytest.mark.parametrize(
    "words",
    [
        "NaN",
        "inf",
        "1e-3",
        "0_1",
        "７０%",
        "70％",
        "٠٫٧",
        "0٫7",
        "0,7",
        "70,5%",
        "0.",
        "00.7",
        "0.7.1",
        "0 .7",
        "1/3",
        "7 in 0",
        "7.5 in 10",
        "seven in nought",
        "seventy",
        "almost",
        "un likely",
        "most likely",
        "not likely",
        "would will likely",
        "likely.",
        "li\u212aely",
        "ｌｉｋｅｌｙ",
        "like\u00adly",
        "likely\x00",
        "٧ in ١٠",
        "9" * 5000 + "%",
        "0." + "1" * 5000,
    ],
)
def test_what_cannot_be_read_is_answered_with_all_that_can(words):
    with pytest.raises(UnreadableProbability) as refusal:
        read(words)
    message = str(refusal.value)
    assert "cannot be read" in message
    assert "70%, 0.7 or 7 in 10" in message
    assert all(term in message for term, *_ in ICD_203)
    assert len(message) < 400


@pytest.mark.parametrize("key", ["", "icd203", "ICD203-2015", "phia"])
def test_an_unknown_scale_is_refused_with_the_known_ones(key):
    with pytest.raises(UnreadableProbability, match="icd203-2015"):
        scale_named(key)
    with pytest.raises(UnreadableProbability, match="icd203-2015"):
        read("70%", scale=key)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("would likely", "likely (55–80%), taken as 67.5% (ICD 203)"),
        ("probably", "probable (55–80%), taken as 67.5% (ICD 203)"),
        ("remote", "remote (1–5%), taken as 3% (ICD 203)"),
        ("very unlikely", "very unlikely (5–20%), taken as 12.5% (ICD 203)"),
        ("7 in 10", "70%"),
        ("2 in 3", "66.6667%"),
        ("0", "0%"),
        ("1", "100%"),
        ("0.000001", "0.0001%"),
    ],
)
def test_a_reading_is_described_with_its_range_in_the_line(words, sentence):
    assert describe(read(words)) == sentence


@pytest.mark.parametrize("key", SCALES)
def test_a_scale_file_keeps_the_rules_of_scales(key):
    scale = SCALES[key]
    spellings = [spelling for term in scale.terms for spelling in term.spellings]
    assert scale.key == key
    assert all((scale.name, scale.version, scale.source, scale.method, scale.terms))
    assert len(set(spellings)) == len(spellings)
    assert all(read(spelling, key).is_coded for spelling in spellings)
    for term in scale.terms:
        assert 0 <= term.low <= term.point <= term.high <= 1
        assert scale.method != "midpoint" or term.point * 2 == term.low + term.high


def test_a_new_scale_needs_only_its_file(tmp_path):
    file = tmp_path / "weather.toml"
    file.write_text(
        'key = "weather-1"\nname = "Weather"\nversion = "1"\nsource = "none"\nmethod = "median"\n'
        '[[bands]]\nlow = 0.3\npoint = 0.45\nhigh = 0.5\nterms = [["a chance of", "chance"]]\n'
    )
    scale = scales._scale(file)
    assert scale.term("chance") == scale.terms[0]
    assert (scale.terms[0].name, scale.terms[0].point) == ("a chance of", Decimal("0.45"))


@given(st.integers(0, 1_000_000))
def test_six_places_survive_reading_in_every_notation(millionths):
    value = Decimal(millionths).scaleb(-6)
    for words in (f"{value:f}", f"{value * 100:f}%", f"{value * 100:f} per cent", f"{millionths} in 1000000"):
        assert read(words).point == value


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_shares_are_rounded_by_less_than_a_millionth_and_never_to_certainty(part, whole):
    part, whole = min(part, whole), max(part, whole) + 1
    try:
        point = read(f"{part} in {whole}").point
    except UnreadableProbability:
        assert min(part, whole - part) * 1_000_000 <= whole
    else:
        assert 0 < point < 1
        assert abs(Fraction(point) - Fraction(part, whole)) <= Fraction(1, 2_000_000)


@given(st.text())
def test_any_text_is_read_within_bounds_or_refused(words):
    try:
        reading = read(words)
    except UnreadableProbability:
        return
    assert 0 <= reading.point <= 1
    assert reading.words == words
