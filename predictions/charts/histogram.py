"""How the stated probabilities are spread: sharpness as one sees it."""

from collections.abc import Sequence
from itertools import pairwise

from predictions.charts.lettering import element, percent, width_of
from predictions.charts.plot import LABEL_GAP, Plot, bars, levels, plain, quarters, rulings
from predictions.charts.sheet import Sheet, sample


def histogram(
    edges: Sequence[float],
    counts: Sequence[int],
    *,
    title: str,
    description: str,
    key: str = "histogram",
    width: float = 400,
    height: float = 220,
) -> str:
    """A bar per bin, from each edge to the next, as SVG text for a page that loads charts.css.

    `height` is that of the plot with its numbers. Of fewer than two forecasts the drawing is a sentence.
    Errors: ValueError where there is not one edge more than counts, edges do not ascend within [0, 1] or a count is
    negative.
    """
    _refuse(edges, counts)
    sheet, n = Sheet(title, description, key, width), sum(counts)
    if n < 2:
        return sheet.says(_too_few(edges, counts))
    size, heights = sheet.size, levels(0, max(counts), most=5, whole=True)
    left = width_of(plain(heights[-1], 0), size) + LABEL_GAP + 2
    bottom = height - 3.4 * size
    plot = Plot(max(left, width_of("100%", size)), 2 * size, width - 20, bottom, upwards=(0, heights[-1]))
    boxes = [(*_slimmer(edges[k], edges[k + 1]), count) for k, count in enumerate(counts)]
    lines, end = sheet.paragraph(f"{sample(n)}.", top=height + 0.4 * size)
    return sheet.svg(
        [
            sheet.heading("Forecasts"),
            *rulings(plot, heights, lambda level: plain(level, 0), size),
            element("path", class_="chart-bar history-series-0", d=bars(plot, boxes)),
            *quarters(plot, size),
            sheet.footing("Stated probability", plot.left, plot.right, bottom + 3.2 * size),
            *lines,
        ],
        end + 0.2 * size,
    )


def histogram_table(
    edges: Sequence[float], counts: Sequence[int]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The same numbers as (header, rows): a row per bin."""
    _refuse(edges, counts)
    rows = tuple((percent(edges[k]), percent(edges[k + 1]), f"{count:,}") for k, count in enumerate(counts))
    return ("Stated probability from", "to", "Forecasts"), rows


def _refuse(edges: Sequence[float], counts: Sequence[int]) -> None:
    if len(edges) != len(counts) + 1:
        raise ValueError("edges must be one more than counts")
    ascending = all(sooner < later for sooner, later in pairwise(edges))
    if not (ascending and edges[0] >= 0 and edges[-1] <= 1):
        raise ValueError("edges must ascend within [0, 1]")
    if any(count < 0 for count in counts):
        raise ValueError("counts must not be negative")


def _too_few(edges: Sequence[float], counts: Sequence[int]) -> str:
    if not any(counts):
        return "No forecast here is scored yet, so there are no probabilities to count."
    only = next(k for k, count in enumerate(counts) if count)
    bin_ = f"between {percent(edges[only])} and {percent(edges[only + 1])}"
    return f"One forecast is scored ({sample(1)}), {bin_}. A histogram needs at least two."


def _slimmer(begin: float, end: float) -> tuple[float, float]:
    """A bar that leaves a gap to the next."""
    gap = 0.06 * (end - begin)
    return begin + gap, end - gap
