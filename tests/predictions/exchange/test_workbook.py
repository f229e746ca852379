"""A workbook in which nothing runs."""

import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from predictions.exchange.workbook import LONGEST_TEXT, workbook

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", "=cmd|' /C calc'!A0"]
FORMULAS += ["http://example.org/", "mailto:a@example.org", "file:///etc/passwd", "{=1+1}", "1e5", "0042"]


def sheet_of(*cells):
    """The XML of a sheet with one row of these."""
    written = workbook(["heading"] * len(cells), [cells], sheet="rows")
    with zipfile.ZipFile(io.BytesIO(written)) as book:
        assert not [name for name in book.namelist() if re.search("vba|external|macro|rels/sheet", name)]
        return book.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_a_link_or_a_number_is_text(text):
    sheet = sheet_of(text)
    assert 'r="A2" t="inlineStr"' in sheet
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


@pytest.mark.parametrize(("number", "written"), [(0, "0"), (-1, "-1"), (0.1, "0.1"), (Decimal("0.25"), "0.25")])
def test_numbers_stay_numbers(number, written):
    assert f'<c r="A2"><v>{written}</v></c>' in sheet_of(number)


def test_what_is_no_number_is_told_in_words():
    sheet = sheet_of(None, True, float("inf"), datetime(2026, 3, 1, tzinfo=UTC))
    assert 'r="A2"' not in sheet
    assert all(f"<t>{told}</t>" in sheet for told in ("true", "inf", "2026-03-01T00:00:00+00:00"))


def test_text_longer_than_a_cell_is_cut_and_says_so():
    assert "x…</t>" in sheet_of("x" * (LONGEST_TEXT + 1))
    assert "…" not in sheet_of("x" * LONGEST_TEXT)


def test_what_xml_cannot_hold_does_not_break_the_file():
    assert "_x001B_" in sheet_of("a\x1bb")
