"""Text in a drawing is safe, fits its room and is the same every time."""

import doctest
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.charts import lettering
from predictions.charts.lettering import element, shortened, width_of, words


def test_examples_in_the_docstrings_hold():
    outcome = doctest.testmod(lettering)
    assert outcome.attempted >= 2
    assert outcome.failed == 0


@given(st.text(st.characters(codec=None)))
def test_any_text_whatever_its_signs_is_well_formed_and_read_back_as_text(text):
    read = ET.fromstring(words("text", text, class_=text))
    assert list(read) == []
    assert read.text == (lettering.tidy(text) or None)
    assert read.get("class") == lettering.tidy(text)


@pytest.mark.parametrize("text", ['<script>alert("1")</script>', "]]> & '\"", "a\x00b", "line\none"])
def test_markup_in_a_text_stays_text(text):
    written = words("text", text)
    assert "<script" not in written
    assert not set("\x00\n") & set(written)


@given(st.text(max_size=80), st.floats(20, 400))
def test_a_shortened_text_fits_its_room(text, room):
    assert width_of(shortened(text, room, 13), 13) <= room


def test_a_text_that_fits_is_left_alone_and_one_that_does_not_says_so():
    assert shortened("Trigger", 400, 13) == "Trigger"
    assert shortened("Revised National Security Strategy", 100, 13).endswith("…")


def test_wide_scripts_take_wide_room():
    assert width_of("国家安全保障戦略", 10) >= 80


def test_numbers_are_rounded_to_one_decimal():
    assert element("line", x1=1 / 3, x2=2) == '<line x1="0.3" x2="2.0"/>'
