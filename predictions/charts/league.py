"""A league as intervals about 0: who can be told from their peers, and who cannot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from predictions.charts.forest import COLOUR, Axis, Row, forest
from predictions.charts.legend import Entry
from predictions.charts.lettering import tidy
from predictions.charts.plot import Plot, levels, places_of, plain
from predictions.charts.sheet import NARROW, Sheet, sample

MOST = 50
FEW = 10  # a value of fewer is drawn hollow, its interval dashed


@dataclass(frozen=True)
class _Row:
    name: str
    value: float
    low: float | None
    high: float | None
    n: int


def league(
    names: Sequence[str],
    value: Sequence[float],
    low: Sequence[float | None],
    high: Sequence[float | None],
    n: Sequence[int],
    *,
    title: str,
    description: str,
    measure: str = "Peer Brier points (above 0: better than peers)",
    interval: str = "95% interval",
    key: str = "league",
    width: float = 400,
) -> str:
    """A row per forecaster, in the order given, as SVG text for a page that loads charts.css.

    `n` counts scored Predictions; below 10 a row is hollow and dashed. Low or high None: no interval is drawn. Below
    a width of 560 the name stands above its interval, else beside it. Only the first 50 rows are drawn, which the
    drawing says. Of no row it is a sentence, of one too if that has no interval.
    Errors: ValueError for lengths that differ, values that are not finite, or a low above its high.
    """
    rows = _rows(names, value, low, high, n)
    sheet = Sheet(title, description, key, width)
    if not rows or (len(rows) == 1 and rows[0].low is None):
        return sheet.says(_too_few(rows))
    plot, content = _forest(sheet, rows[:MOST])
    meanings, end = sheet.closing(_entries(rows[:MOST], interval), _caption(rows), plot.bottom + 2.4 * sheet.size)
    return sheet.svg([sheet.heading(measure), *content, *meanings], end)


def league_table(
    names: Sequence[str],
    value: Sequence[float],
    low: Sequence[float | None],
    high: Sequence[float | None],
    n: Sequence[int],
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The same numbers as (header, rows): all rows, a dash for what is not known."""
    rows = _rows(names, value, low, high, n)
    ends = ((row.value, row.low, row.high) for row in rows)
    numbers = (tuple("–" if end is None else _signed(end, 2) for end in three) for three in ends)
    header = ("Forecaster", "n", "Value", "Interval, low", "Interval, high")
    return header, tuple((row.name, f"{row.n:,}", *three) for row, three in zip(rows, numbers, strict=True))


def _rows(
    names: Sequence[str],
    value: Sequence[float],
    low: Sequence[float | None],
    high: Sequence[float | None],
    n: Sequence[int],
) -> list[_Row]:
    for name, column in {"value": value, "low": low, "high": high, "n": n}.items():
        if len(column) != len(names):
            raise ValueError(f"{name} must have an entry for each name")
        if not all(entry is None or abs(entry) < float("inf") for entry in column):
            raise ValueError(f"{name} must be finite")
    rows = [_Row(*row) for row in zip(names, value, low, high, n, strict=True)]
    if any(row.low is not None and row.high is not None and row.low > row.high for row in rows):
        raise ValueError("low must not be above high")
    return rows


def _too_few(rows: Sequence[_Row]) -> str:
    if not rows:
        return "Nobody is ranked yet: no forecaster has enough scored predictions."
    row = rows[0]
    said = f"Only {tidy(row.name)} is listed: {_signed(row.value, 2)}, {sample(row.n)}"
    return f"{said}, too few for an interval. A league needs at least two."


def _forest(sheet: Sheet, rows: Sequence[_Row]) -> tuple[Plot, list[str]]:
    ticks = _ticks(rows, 5 if sheet.width < NARROW else 8)
    places = places_of(ticks)
    drawn = [
        Row(row.name, f"{_signed(row.value, places + 1)}, {sample(row.n)}", row.value, row.low, row.high, row.n < FEW)
        for row in rows
    ]
    return forest(sheet, drawn, Axis(ticks, [_signed(tick, places) for tick in ticks], marked=0.0))


def _ticks(rows: Sequence[_Row], most: int) -> list[float]:
    """Round numbers under all intervals and 0, as far to the left as the values ask and as far to the right."""
    shown = [end for row in rows for end in (row.value, row.low, row.high) if end is not None]
    return levels(min(0.0, *shown), max(0.0, *shown), most=most) if any(shown) else [-1.0, 0.0, 1.0]


def _entries(rows: Sequence[_Row], interval: str) -> Iterator[Entry]:
    if any(row.low is not None for row in rows):
        yield Entry(f"chart-interval {COLOUR}", interval)
    if any(row.n < FEW for row in rows):
        yield Entry(f"chart-interval-few {COLOUR}", f"n below {FEW}")


def _caption(rows: Sequence[_Row]) -> str:
    ends = [(row.low, row.high) for row in rows if row.low is not None and row.high is not None]
    around = sum(low <= 0 <= high for low, high in ends)
    drawn = f" Only the first {MOST} of {len(rows):,} forecasters are drawn." if len(rows) > MOST else ""
    return f"n counts scored predictions. Intervals that include 0: {around:,}\xa0of\xa0{len(ends):,}.{drawn}"


def _signed(value: float, places: int) -> str:
    """A number that says on which side of 0 it lies."""
    return f"+{plain(value, places)}" if round(value, places) > 0 else plain(value, places)
