"""The legend names every line and stays on the sheet."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from predictions.charts.legend import Entry, legend
from predictions.charts.lettering import width_of

SIZE = 14.0
names = st.text("abcW 国", min_size=1, max_size=60)


def texts(drawn):
    return [read for part in drawn if (read := ET.fromstring(part)).tag == "text"]


@given(st.lists(names, max_size=8), st.sampled_from([280.0, 420.0, 720.0]))
def test_entries_stay_on_the_sheet_and_apart(given_names, width):
    drawn, end = legend([Entry("history-line", name, "67.5%") for name in given_names], width=width, top=100, size=SIZE)
    reached = {}
    for text in texts(drawn):
        x, y = float(text.get("x")), float(text.get("y"))
        assert x - 36 >= reached.get(y, -1)
        reached[y] = x + width_of(text.text, SIZE)
        assert reached[y] <= width + 0.1
        assert 100 < y < end


def test_a_long_name_is_shortened_but_never_its_value():
    drawn, _ = legend([Entry("history-line", "A" * 200, "67.5%")], width=280, top=0, size=SIZE)
    assert texts(drawn)[0].text.endswith("…: 67.5%")


def test_no_entries_take_no_room():
    assert legend([], width=400, top=70, size=SIZE) == ([], 70)
