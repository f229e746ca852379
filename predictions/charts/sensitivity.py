"""What a score would be on other readings of the same words: a row per scale, over one axis."""

from collections.abc import Sequence

from predictions.charts.forest import COLOUR, Axis, Row, forest
from predictions.charts.legend import Entry
from predictions.charts.lettering import percent
from predictions.charts.plot import levels, places_of, plain
from predictions.charts.sheet import NARROW, Sheet

NOTHING = "No forecast here was read out of the words of a scale."
HEADER = ("Scale", "Low end", "Point", "High end")
PLACES = 4


def sensitivity(
    names: Sequence[str],
    low: Sequence[float],
    point: Sequence[float],
    high: Sequence[float],
    *,
    reference: float,
    title: str,
    description: str,
    measure: str,
    reference_name: str = "always 50%",
    are_probabilities: bool = False,
    key: str = "sensitivity",
    width: float = 400,
) -> str:
    """A row per reading, in the order given, as SVG text for a page that loads charts.css.

    `point` is drawn as a dot, `low` and `high` – what the ends of the words' ranges come to, in either order – as the
    ends of a line through it. `reference` is the value that all are compared with, from 0 to 1 as they are. Below a
    width of 560 the name stands above its line, else beside it. Of no row it is a sentence.
    Errors: ValueError for lengths that differ or values outside 0 to 1.
    """
    _require_shares(names, low, point, high, [reference])
    sheet = Sheet(title, description, key, width)
    if not names:
        return sheet.says(NOTHING)
    rows = [_row(*told, are_probabilities) for told in zip(names, low, point, high, strict=True)]
    plot, content = forest(sheet, rows, _axis(rows, reference, 5 if width < NARROW else 8, are_probabilities))
    entries = (Entry(f"chart-interval {COLOUR}", "low to high end"), Entry("chart-zero", reference_name))
    meanings, end = sheet.closing(entries, "Dots: words read at the scale’s points.", plot.bottom + 2.4 * sheet.size)
    return sheet.svg([sheet.heading(measure), *content, *meanings], end)


def sensitivity_table(
    names: Sequence[str],
    low: Sequence[float],
    point: Sequence[float],
    high: Sequence[float],
    *,
    are_probabilities: bool = False,
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The same numbers as (header, rows)."""
    _require_shares(names, low, point, high, [])
    write = percent if are_probabilities else _score
    return HEADER, tuple((name, *map(write, ends)) for name, *ends in zip(names, low, point, high, strict=True))


def _require_shares(names: Sequence[str], *columns: Sequence[float]) -> None:
    if any(len(column) != len(names) for column in columns[:3]):
        raise ValueError("low, point and high must have an entry for each name")
    if not all(0 <= value <= 1 for column in columns for value in column):
        raise ValueError("values must lie from 0 to 1")


def _row(name: str, low: float, point: float, high: float, are_probabilities: bool) -> Row:
    ends = min(low, point, high), max(low, point, high)
    told = percent(point) if are_probabilities else _score(point)
    return Row(name, told, point, *ends)


def _axis(rows: Sequence[Row], reference: float, most: int, are_probabilities: bool) -> Axis:
    ends = [end for row in rows for end in (row.low, row.high) if end is not None]
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0] if are_probabilities else levels(0.0, max(reference, *ends), most=most)
    labels = [percent(tick) if are_probabilities else plain(tick, places_of(ticks)) for tick in ticks]
    return Axis(ticks, labels, marked=reference)


def _score(value: float) -> str:
    return plain(value, PLACES)
