"""Tables of forecasts as CSV that a spreadsheet opens without running anything."""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

# What spreadsheets take for the start of a formula, also behind white space, and the full-width forms that some of
# them convert. Apostrophes before it count too, so that taking one away always gives back the text as it was.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a header and rows as CSV: RFC 4180 with CRLF, every text quoted, numbers bare, None empty.

    Floats keep every digit (`repr`), decimals stay as entered, days and times are ISO 8601, truths `true` and `false`.
    Text a spreadsheet would take for a formula gets an apostrophe before it; whoever reads the file back takes one
    away before such text. Encode as UTF-8, with a byte order mark where Excel is to open it. Raises ValueError for a
    row whose length is not the header's.
    """
    return _line(header) + "".join(_line(_as_long_as(header, row)) for row in rows)


def _as_long_as(header: Sequence[str], row: Sequence[object]) -> Sequence[object]:
    if len(row) != len(header):
        raise ValueError(f"a row of {len(row)} cells under {len(header)} headings")
    return row


def _line(cells: Iterable[object]) -> str:
    return ",".join(map(_cell, cells)) + "\r\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _quoted(str(value).lower())
    if isinstance(value, int | float | Decimal) and math.isfinite(value):
        # A numpy float is a float, but its own repr is no number.
        return repr(float(value)) if isinstance(value, float) else str(value)
    return _quoted(value.isoformat() if isinstance(value, date) else str(value))


def _quoted(text: str) -> str:
    return '"' + guarded(text).replace('"', '""') + '"'


def guarded(text: str) -> str:
    """`text` with an apostrophe before it if a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
