import csv
import io
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.exchange.forecast_table import csv_text


def cell(value):
    return csv_text(["h"], [[value]]).removeprefix('"h"\r\n').removesuffix("\r\n")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("", '""'),
        ("likely", '"likely"'),
        ('say "likely"', '"say ""likely"""'),
        ("two\nlines, one cell", '"two\nlines, one cell"'),
        ("0.70", '"0.70"'),
        (7, "7"),
        (-7, "-7"),
        (0.1 + 0.2, "0.30000000000000004"),
        (-0.25, "-0.25"),
        (np.float64(0.105625), "0.105625"),
        (Decimal("0.70"), "0.70"),
        (True, '"true"'),
        (float("inf"), '"inf"'),
        (float("-inf"), '"\'-inf"'),
        (float("nan"), '"nan"'),
        (Decimal("NaN"), '"NaN"'),
        (date(2022, 12, 16), '"2022-12-16"'),
        (datetime(2022, 12, 16, 9, tzinfo=UTC), '"2022-12-16T09:00:00+00:00"'),
        (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
    ],
)
def test_cell_is_written_by_its_kind(value, expected):
    assert cell(value) == expected


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", " ", "   ", "\u00a0", "\u3000", "'"])
def test_text_that_could_be_a_formula_is_defused(sign, before):
    assert cell(f"{before}{sign}1") == f'"\'{before}{sign}1"'


@pytest.mark.parametrize("text", ["1 = 1", "a@b.example", "'quoted' words", "’tis", "70% - 80%"])
def test_text_that_is_no_formula_stays_as_it_is(text):
    assert cell(text) == f'"{text}"'


def test_headings_are_defused_too():
    assert csv_text(["=a", "b"], []) == '"\'=a","b"\r\n'


def test_row_unlike_its_header_is_refused():
    with pytest.raises(ValueError, match="3 cells under 2 headings"):
        csv_text(["a", "b"], [[1, 2, 3]])


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2)))
def test_every_text_comes_back_with_at_most_an_apostrophe_before_it(rows):
    read = list(csv.reader(io.StringIO(csv_text(["a", "b"], rows), newline=""), strict=True))[1:]
    cells = [pair for row in zip(read, rows, strict=True) for pair in zip(*row, strict=True)]
    for written, text in cells:
        assert written in (text, f"'{text}")
        assert not written.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
        assert not written.startswith(("\t", "\r", "\n"))


@given(st.text(), st.text())
def test_two_texts_never_become_the_same_cell(one, other):
    assert (cell(one) == cell(other)) == (one == other)
