"""Tables and paragraphs for a terminal: aligned, wrapped to its width, without a sign that could steer it."""

import shutil
import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from unicodedata import east_asian_width

NARROWEST, WIDEST = 40, 140
GAP = "  "


def terminal_width() -> int:
    """Columns to write in: those of the terminal (or COLUMNS), within what can be read; 100 where there is none."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((100, 24)).columns))


def printable(text: str) -> str:
    """`text` on one line without control characters, which could move the cursor or repaint what stands above."""
    return "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))


def columns_of(text: str) -> int:
    """How many columns `text` takes: East Asian signs take two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def paragraph(text: str, width: int, *, indent: str = "") -> str:
    hanging = " " * len(indent)
    return "\n".join(
        f"{indent if not k else hanging}{line}" for k, line in enumerate(_wrapped(text, width - len(indent)))
    )


def table(heading: Sequence[str], rows: Sequence[Sequence[str]], *, width: int, numbers: Sequence[int]) -> str:
    """Rows under their heading, the columns `numbers` to the right and unbroken, the others sharing what is left."""
    widths = _widths([heading, *rows], width, numbers)
    rule = GAP.join("─" * column for column in widths)
    return "\n".join([_row(heading, widths, numbers), rule, *(_row(row, widths, numbers) for row in rows)])


def cards(heading: Sequence[str], rows: Sequence[Sequence[str]], *, width: int) -> str:
    """The same rows for a narrow terminal: one cell below the other, each with its heading."""
    label = max(map(columns_of, heading)) + len(GAP)
    return "\n\n".join(
        "\n".join(paragraph(cell, width, indent=name.ljust(label)) for name, cell in zip(heading, row, strict=True))
        for row in rows
    )


def _widths(rows: Sequence[Sequence[str]], width: int, numbers: Sequence[int]) -> list[int]:
    needed = [max(columns_of(cell) for cell in column) for column in zip(*rows, strict=True)]
    texts = [k for k in range(len(needed)) if k not in numbers]
    free = width - len(GAP) * (len(needed) - 1) - sum(needed[k] for k in numbers)
    for left, k in zip(range(len(texts), 0, -1), sorted(texts, key=needed.__getitem__), strict=True):
        needed[k] = min(needed[k], max(1, free // left))
        free -= needed[k]
    return needed


def _row(cells: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> str:
    wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    lines = zip_longest(*wrapped, fillvalue="")
    return "\n".join(GAP.join(_aligned(line, widths, numbers)).rstrip() for line in lines)


def _aligned(line: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> list[str]:
    blanks = [" " * (width - columns_of(cell)) for cell, width in zip(line, widths, strict=True)]
    return [f"{blanks[k]}{cell}" if k in numbers else f"{cell}{blanks[k]}" for k, cell in enumerate(line)]


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns; where words hold wide signs, lines end early rather than late."""
    clean = printable(text)
    share = len(clean) / columns_of(clean) if clean else 1
    return textwrap.wrap(clean, max(1, int(width * share)), break_on_hyphens=False) or [""]
