"""Running text on a sheet is broken at spaces and stays on it."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from predictions.charts.lettering import tidy, width_of
from predictions.charts.sheet import Sheet, sample

SHEET = Sheet("Title", "Told", "key", 340)


def lines(text):
    drawn, end = SHEET.paragraph(text, top=10)
    read = [ET.fromstring(part) for part in drawn]
    assert all(10 < float(part.get("y")) < end for part in read)
    return [part.text or "" for part in read]


@given(st.lists(st.text("abcW 国", min_size=1, max_size=12), max_size=30).map(" ".join))
def test_no_line_leaves_the_sheet_and_no_word_is_lost(text):
    said = lines(tidy(text))
    assert all(width_of(line, SHEET.size) <= SHEET.width for line in said)
    assert " ".join(said) == tidy(text)


def test_a_word_wider_than_the_sheet_is_shortened():
    assert lines(f"so {'W' * 90} on")[1].endswith("W…")


def test_a_sample_size_is_not_broken_over_two_lines():
    for ahead in range(20, 48):
        assert any("n = 1,000" in line for line in lines(f"{'x' * ahead} of {sample(1000)}."))


def test_letters_are_larger_where_the_sheet_is_narrow():
    assert [Sheet("", "", "k", width).size for width in (340, 559, 560, 720)] == [14, 14, 13, 13]
