"""Tables and paragraphs for a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.management.terminal import cards, columns_of, paragraph, printable, table, terminal_width

TEXT = st.text(max_size=60)
ROWS = st.lists(st.tuples(TEXT, TEXT, st.floats(0, 1).map("{:.4f}".format)), max_size=4)


@pytest.mark.parametrize(("columns", "width"), [("80", 80), ("10", 40), ("400", 140), ("nonsense", 100)])
def test_the_width_is_the_terminals_within_what_can_be_read(monkeypatch, columns, width):
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("os.get_terminal_size", lambda *_: (_ for _ in ()).throw(OSError))
    assert terminal_width() == width


def test_signs_that_steer_a_terminal_become_blanks():
    assert printable("a\x1b[2Jb\u202ec\nd") == "a [2Jb c d"


@given(TEXT, st.integers(20, 120))
def test_a_paragraph_keeps_its_width_and_its_words(text, width):
    lines = paragraph(text, width, indent="  note: ").split("\n")
    assert all(columns_of(line) <= width for line in lines if len(line) > 9)
    assert "".join("".join(lines).removeprefix("  note: ").split()) == "".join(printable(text).split())


@given(ROWS, st.integers(40, 140))
def test_a_table_keeps_its_width_and_sets_numbers_to_the_right(rows, width):
    shown = table(("What", "Why", "How much"), rows, width=width, numbers=(2,)).split("\n")
    assert all(columns_of(line) <= width for line in shown)
    assert sum(line.endswith(tuple(row[2] for row in rows)) for line in shown if rows) >= len(rows)


def test_columns_stand_under_their_headings():
    shown = table(("Who", "Score"), [("Ada", "0.25"), ("a very long name", "10.5")], width=20, numbers=(1,))
    assert shown.split("\n") == [
        "Who            Score",
        "─────────────  ─────",
        "Ada             0.25",
        "a very long     10.5",
        "name",
    ]


def test_wide_signs_take_two_columns():
    assert columns_of("安全保障") == 8
    shown = table(("Who", "n"), [("安全", "1"), ("four", "2")], width=40, numbers=(1,)).split("\n")
    assert shown[2:] == ["安全  1", "four  2"]


def test_in_a_narrow_terminal_each_row_is_a_card():
    shown = cards(("Who", "Score"), [("Ada", "0.25"), ("Bob", "0.10")], width=40)
    assert shown == "Who    Ada\nScore  0.25\n\nWho    Bob\nScore  0.10"
