"""A table as an Excel workbook in which text is text: no cell is a formula, a link or a number that was none."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import chain
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575
"""What a sheet holds besides its header."""
LONGEST_TEXT = 32_767
"""What a cell holds; what is longer is cut and ends with an ellipsis."""
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(header: Sequence[str], rows: Iterable[Sequence[object]], *, sheet: str) -> bytes:
    """Return a workbook of one sheet: numbers as numbers, None empty, everything else as text.

    Days and times are ISO 8601, truths `true` and `false`. Rows are written out as they come. Raises ValueError for
    more rows than a sheet holds.
    """
    content = BytesIO()
    options: dict[str, Any] = {**AS_TEXT, "constant_memory": True}
    with Workbook(content, options) as book:
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        for number, row in enumerate(chain([header], rows)):
            if number > MOST_ROWS:
                raise ValueError(f"a sheet holds {MOST_ROWS:,} rows")
            for column, value in enumerate(row):
                _write(page, number, column, value)
    return content.getvalue()


def _write(page: Worksheet, row: int, column: int, value: object) -> None:
    if value is None:
        return
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if is_number and math.isfinite(value):  # type: ignore[arg-type]
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, _text(value))


def _text(value: object) -> str:
    told = value.isoformat() if isinstance(value, date) else str(value)
    told = told.lower() if isinstance(value, bool) else told
    return told if len(told) <= LONGEST_TEXT else told[: LONGEST_TEXT - 1] + "…"
