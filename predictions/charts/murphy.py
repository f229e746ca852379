"""The Murphy diagram: two forecasters under every proper score at once."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from math import ceil

from predictions.charts.legend import Entry
from predictions.charts.lettering import element, width_of
from predictions.charts.plot import LABEL_GAP, QUARTERS, Plot, feet, levels, path, places_of, plain, rulings, spaced
from predictions.charts.sheet import Sheet, sample

LOOKS = ("history-line history-series-0", "history-line history-series-1 history-dash-1")
MOST_ROWS = 25


def murphy(
    thresholds: Sequence[float],
    curve_a: Sequence[float],
    curve_b: Sequence[float],
    names: tuple[str, str],
    *,
    n: int,
    title: str,
    description: str,
    key: str = "murphy",
    width: float = 400,
    height: float = 280,
) -> str:
    """Mean elementary scores of two forecasters over the thresholds, as SVG text for a page that loads charts.css.

    `n` counts the Predictions both forecast. `height` is that of the plot with its numbers; the legend adds its own.
    Of fewer than two Predictions or thresholds the drawing is a sentence.
    Errors: ValueError for curves of another length than the thresholds, thresholds that do not ascend within [0, 1],
    or scores that are negative or not numbers.
    """
    _refuse(thresholds, curve_a, curve_b)
    sheet = Sheet(title, description, key, width)
    if n < 2 or len(thresholds) < 2:
        return sheet.says(_too_few(n))
    entries = [Entry(look, name) for look, name in zip(LOOKS, names, strict=True)]
    caption = f"{sample(n)} predictions. A curve that is lower everywhere is better under every proper score."
    meanings, end = sheet.closing(entries, caption, height)
    return sheet.svg([*_diagram(sheet, thresholds, (curve_a, curve_b), height), *meanings], end)


def murphy_table(
    thresholds: Sequence[float], curve_a: Sequence[float], curve_b: Sequence[float], names: tuple[str, str]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The same numbers as (header, rows): of more than 25 thresholds every so many, the last one always."""
    _refuse(thresholds, curve_a, curve_b)
    every = ceil(len(thresholds) / MOST_ROWS) or 1
    kept = spaced(range(len(thresholds)), every)
    triples = ((thresholds[k], curve_a[k], curve_b[k]) for k in kept)
    header = ("Threshold", *(f"{name}: mean elementary score" for name in names), "Difference, first − second")
    rows = ((f"{at:.3g}", plain(a, 4), plain(b, 4), plain(a - b, 4)) for at, a, b in triples)
    return header, tuple(rows)


def _refuse(thresholds: Sequence[float], curve_a: Sequence[float], curve_b: Sequence[float]) -> None:
    for name, curve in {"curve_a": curve_a, "curve_b": curve_b}.items():
        if len(curve) != len(thresholds):
            raise ValueError(f"{name} must have a value for each threshold")
        if not all(0 <= value <= 1 for value in curve):
            raise ValueError(f"{name} must lie in [0, 1]")
    ascending = all(sooner < later for sooner, later in pairwise(thresholds))
    if not (ascending and all(0 <= threshold <= 1 for threshold in thresholds)):
        raise ValueError("thresholds must ascend within [0, 1]")


def _too_few(n: int) -> str:
    if n == 0:
        return "There is no resolved prediction yet that both forecast, so there is nothing to compare."
    return f"Both forecast {sample(n)} resolved prediction{'s' if n > 1 else ''}. A Murphy diagram needs at least two."


def _diagram(
    sheet: Sheet, thresholds: Sequence[float], curves: tuple[Sequence[float], ...], height: float
) -> Iterator[str]:
    """All but the legend, in the height given."""
    size, heights = sheet.size, levels(0, max(max(curve) for curve in curves) or 1.0)
    write = partial(plain, places=places_of(heights))
    left, bottom = width_of(write(heights[-1]), size) + LABEL_GAP + 2, height - 3.4 * size
    plot = Plot(left, 2 * size, sheet.width - 20, bottom, upwards=(0, heights[-1]))
    yield sheet.heading("Mean elementary score (lower is better)")
    yield from rulings(plot, heights, write, size)
    yield from feet(plot, QUARTERS, partial(plain, places=2), size)
    yield from _curves(thresholds, curves, plot)
    yield sheet.footing("Threshold", plot.left, plot.right, bottom + 3.2 * size)


def _curves(thresholds: Sequence[float], curves: tuple[Sequence[float], ...], plot: Plot) -> Iterator[str]:
    across = [plot.x(threshold) for threshold in thresholds]
    kept = spaced(across, 0.5)
    for look, curve in zip(LOOKS, curves, strict=True):
        yield element("path", class_=look, d=path((across[k], plot.y(curve[k])) for k in kept))
