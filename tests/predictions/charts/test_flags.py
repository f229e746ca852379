"""Labels of marks stay on the sheet, apart from each other, and no line runs through one."""

from datetime import UTC, datetime
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.charts.axes import Frame
from predictions.charts.flags import flags, masts, room_above
from predictions.charts.lettering import width_of

WIDTH, SIZE = 420.0, 14.0
FRAME = Frame(40, 200, 414, 400, datetime(2022, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC))

marks = st.tuples(st.floats(40, 414), st.text("abcdeW ", min_size=1, max_size=50))


def hang(*given_marks):
    return flags(given_marks, width=WIDTH, size=SIZE)


@given(st.lists(marks, max_size=7))
def test_no_label_leaves_the_sheet_or_covers_another(given_marks):
    hung = hang(*given_marks)
    assert len(hung) == len(given_marks)
    assert all(0 <= flag.start <= flag.end <= WIDTH for flag in hung)
    for one, other in combinations(hung, 2):
        assert one.row != other.row or one.end < other.start or other.end < one.start


@given(st.lists(marks, max_size=7))
def test_no_line_runs_through_a_label(given_marks):
    hung = hang(*given_marks)
    for flag, path in zip(hung, list(masts(hung, FRAME, SIZE))[::2], strict=True):
        strokes = drawn(ET.fromstring(path).get("d"))
        for other in hung:
            if other is not flag and other.start < flag.x < other.end:
                foot = FRAME.top - 0.85 * SIZE - 1.5 * SIZE * other.row
                assert all(low <= foot - 0.7 * SIZE or high >= foot for high, low in strokes)


def drawn(path):
    """(top, bottom) of each stroke of a vertical path."""
    return [(float(rest.split("V")[1]), float(rest.split("V")[0].split()[1])) for rest in path.split("M")[1:]]


def test_two_marks_of_one_day_stand_one_above_the_other():
    trigger, outcome = hang((380, "Trigger"), (380, "Outcome known"))
    assert {trigger.row, outcome.row} == {0, 1}


def test_marks_far_apart_share_a_row():
    assert [flag.row for flag in hang((50, "Opened"), (380, "Closed"))] == [0, 0]


@pytest.mark.parametrize(("x", "anchor"), [(50, "start"), (200, "start"), (400, "end")])
def test_a_label_flies_to_the_side_that_has_room(x, anchor):
    assert hang((x, "Outcome known"))[0].anchor == anchor


def test_a_label_too_long_for_both_sides_takes_the_larger_and_is_shortened():
    (flag,) = hang((300, "Revised National Security Strategy adopted by the Cabinet"))
    assert flag.anchor == "end"
    assert flag.text.startswith("Revised National")
    assert flag.text.endswith("…")
    assert width_of(flag.text, SIZE) <= 300


def test_room_above_is_for_the_rows_in_use():
    assert room_above([], SIZE) == 0
    assert room_above(hang((380, "a"), (380, "b")), SIZE) == 2 * room_above(hang((380, "a")), SIZE)
