"""Rows of a value with its interval over one axis: the name and the numbers of each beside it or above."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from predictions.charts.lettering import element, number, shortened, tidy, width_of, words
from predictions.charts.plot import Plot, foot
from predictions.charts.sheet import NARROW, Sheet

COLOUR = "history-series-0"


@dataclass(frozen=True)
class Row:
    """A name, its numbers as they are written, and what is drawn. `is_few`: hollow and dashed."""

    name: str
    numbers: str
    value: float
    low: float | None
    high: float | None
    is_few: bool = False


@dataclass(frozen=True)
class Axis:
    """Levels with their labels, and the value that all are compared with."""

    ticks: Sequence[float]
    labels: Sequence[str]
    marked: float


def forest(sheet: Sheet, rows: Sequence[Row], axis: Axis) -> tuple[Plot, list[str]]:
    """The plot and what is drawn in and about it."""
    size, narrow = sheet.size, sheet.width < NARROW
    left, right = _sides(sheet, rows, max(width_of(label, size) for label in (axis.labels[0], axis.labels[-1])))
    step, top = (3.0 if narrow else 1.9) * size, 1.8 * size
    bottoms = [top + step * (k + 1) for k in range(len(rows))]
    plot = Plot(left, top, right, bottoms[-1] + 0.3 * size, (axis.ticks[0], axis.ticks[-1]))
    return plot, [
        *_uprights(plot, axis, bottoms if narrow else (), size),
        *(foot(plot.x(tick), plot.bottom, label, size) for tick, label in zip(axis.ticks, axis.labels, strict=True)),
        *(part for row in zip(rows, bottoms, strict=True) for part in _row(*row, plot, sheet)),
    ]


def _sides(sheet: Sheet, rows: Sequence[Row], label: float) -> tuple[float, float]:
    """Across the sheet where names stand above, between names and numbers where they stand beside."""
    left, right = label / 2 + 1, sheet.width - label / 2 - 1
    if sheet.width >= NARROW:
        left += min(0.32 * sheet.width, max(width_of(tidy(row.name), sheet.size) for row in rows) + 8)
        right -= max(width_of(row.numbers, sheet.size) for row in rows) + 8
    return left, right


def _uprights(plot: Plot, axis: Axis, bottoms: Sequence[float], size: float) -> Iterator[str]:
    """A line down from each tick, broken where names stand above their intervals: it would run through them."""
    for tick in (*axis.ticks, *(() if axis.marked in axis.ticks else (axis.marked,))):
        x, look = number(plot.x(tick)), "chart-zero" if tick == axis.marked else "history-grid"
        pieces = [(bottom - 1.25 * size, bottom + 0.05 * size) for bottom in bottoms] or [(plot.top, plot.bottom)]
        yield element("path", class_=look, d="".join(f"M{x} {number(top)}V{number(end)}" for top, end in pieces))


def _row(row: Row, bottom: float, plot: Plot, sheet: Sheet) -> Iterator[str]:
    """The name, the numbers and the interval, which is level with them where there is room."""
    size, narrow = sheet.size, sheet.width < NARROW
    baseline = bottom - (1.5 if narrow else 0.35) * size
    middle = bottom - 0.6 * size if narrow else baseline - 0.35 * size
    room = sheet.width - width_of(row.numbers, size) - size if narrow else plot.left - size
    yield words("text", shortened(tidy(row.name), room, size), class_="chart-name", x=0, y=baseline)
    yield words("text", row.numbers, class_="history-axis", text_anchor="end", x=sheet.width, y=baseline)
    yield from _interval(row, plot, middle)


def _interval(row: Row, plot: Plot, y: float) -> Iterator[str]:
    few = "-few" if row.is_few else ""
    if row.low is not None and row.high is not None:
        ends = {"x1": plot.x(row.low), "x2": plot.x(row.high), "y1": y, "y2": y}
        yield element("line", class_=f"chart-interval{few} {COLOUR}", **ends)
    look = f"chart-dot-few {COLOUR}" if few else f"history-dot {COLOUR}"
    yield element("circle", class_=look, cx=plot.x(row.value), cy=y, r=4)
