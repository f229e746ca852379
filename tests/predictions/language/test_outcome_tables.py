"""Tables of verdicts and outcomes, read from the lines that people write."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.language.outcome_tables import VERDICTS, read

TABLE = read("a met, b met: 1\n(a) partly met: 0.5\nc cannot tell, a NOT MET: 0.25\notherwise: 0")


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        ({"a": "met", "b": "met"}, 1.0),
        ({"a": "met", "b": "not_met"}, 0.0),
        ({"a": "partly_met", "b": "met"}, 0.5),
        ({"a": "not_met", "c": "cannot_tell"}, 0.25),
        ({}, 0.0),
    ],
)
def test_the_first_line_that_fits_gives_the_outcome(verdicts, outcome):
    assert TABLE.outcome(verdicts) == outcome


def test_where_no_line_fits_there_is_no_outcome():
    assert read("a met: 1").outcome({"a": "not_met"}) is None


def test_a_line_may_speak_of_some_criteria_only_and_the_table_tells_which():
    assert TABLE.labels == {"a", "b", "c"}
    assert read("otherwise: 1").labels == set()


@pytest.mark.parametrize(
    ("written", "verdict"),
    [("met", "met"), ("partly_met", "partly_met"), ("Partly   Met", "partly_met"), ("cannot tell", "cannot_tell")],
)
def test_verdicts_are_read_as_people_write_them(written, verdict):
    assert read(f"\n  ( a ) {written} : 1.0 \n\n".replace("( a )", "(a)")).outcome({"a": verdict}) == 1.0


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no line"),
        (" \n\t\n", "no line"),
        ("a met", "Line 1 has no colon"),
        ("\na met: 1\nb met", "Line 3 has no colon"),
        ("a met: 2", "Line 1: “2” is no outcome"),
        ("a met: -0", "is no outcome"),
        ("a met: nan", "is no outcome"),
        ("a met: 0.1234567", "is no outcome"),
        ("a met: .5", "is no outcome"),
        ("a met: ٠", "is no outcome"),
        ("a met:", "“” is no outcome"),
        ("a perhaps: 1", "“a perhaps” is no verdict"),
        ("met: 1", "“met” is no verdict"),
        (": 1", "“” is no verdict"),
        ("a met,: 1", "“” is no verdict"),
        ("a met b met: 1", "is no verdict"),
        ("(a met: 1", "is no verdict"),
        ("a) met: 1", "is no verdict"),
        ("a met, a not met: 1", "judges criterion (a) twice"),
        ("otherwise: 0\na met: 1", "put it last"),
        ("otherwise: 0\notherwise: 1", "put it last"),
    ],
)
def test_a_line_that_cannot_be_read_is_told(text, fault):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 (the words are compared below, brackets and all)
        read(text)
    assert fault in str(refusal.value)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(sorted(VERDICTS)), min_size=1), st.integers(0, 100))
def test_what_is_written_out_is_read_back(verdicts, hundredths):
    line = ", ".join(f"{label} {verdict}" for label, verdict in verdicts.items())
    table = read(f"{line}: {hundredths / 100:.2f}")
    assert table.outcome({label: VERDICTS[verdict] for label, verdict in verdicts.items()}) == hundredths / 100


@given(st.text("ab(),: \n01.metnolcyp_", max_size=40))
def test_any_text_is_read_or_refused_in_words(text):
    with suppress(ValueError):
        assert read(text).lines
