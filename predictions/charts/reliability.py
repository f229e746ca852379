"""The reliability diagram: what was stated against what came true, recalibrated without bins (CORP)."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import sqrt

from predictions.charts.legend import Entry
from predictions.charts.lettering import element, percent, width_of
from predictions.charts.plot import LABEL_GAP, QUARTERS, Plot, area, bars, path, quarters, rulings, spaced
from predictions.charts.sheet import Sheet, sample

Point = tuple[float, float, float]  # stated probability, share that came true there (recalibrated), forecasts
Block = tuple[float, float, float, float]  # first and last stated probability, share that came true, forecasts
Band = tuple[Sequence[float], Sequence[float]]  # lower and upper edge, a value per point
LARGEST, LEAST = 8.0, 2.0  # radii of dots
STRIP = 3.0  # height of the bars beneath, in letters
BINS = 20  # of the bars beneath, each about a multiple of 5%
COLOUR, QUIET = "history-series-0", "history-series-5"


def reliability(
    points: Sequence[Point],
    blocks: Sequence[Block],
    band_lower: Sequence[float] | None,
    band_upper: Sequence[float] | None,
    *,
    n: int,
    title: str,
    description: str,
    pooled: bool = False,
    level: float = 0.9,
    key: str = "reliability",
    width: float = 400,
) -> str:
    """The CORP diagram as SVG text, to be put into a page that loads charts.css.

    `points`: (stated, recalibrated, forecasts) for each distinct stated probability, ascending. `blocks`: (first
    stated, last stated, recalibrated, forecasts) for each stretch on which the curve is level. The band has a value
    per point, or is None. `n` counts the scored forecasts, `pooled` says that they were rounded to a 1% grid.

    Between points the curve and the band run straight. A block's dot stands at the mean stated probability in it and
    has an area by its forecasts. The bars beneath count forecasts about each multiple of 5%. Of fewer than two
    forecasts the drawing is a sentence.
    Errors: ValueError for shapes that do not match, values outside [0, 1], stated probabilities that do not ascend or
    a block without points.
    """
    _refuse(points, blocks, band_lower, band_upper)
    sheet = Sheet(title, description, key, width)
    if n < 2 or not points:
        return sheet.says(_too_few(points))
    band = None if band_lower is None or band_upper is None else (band_lower, band_upper)
    grid = " Stated probabilities are pooled on a 1% grid." if pooled else ""
    return _diagram(sheet, points, blocks, band, level=level, caption=f"{sample(n)}.{grid}")


def reliability_table(
    points: Sequence[Point],
    blocks: Sequence[Block],
    band_lower: Sequence[float] | None,
    band_upper: Sequence[float] | None,
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The same numbers as (header, rows): a row per block, the band as it is drawn at the block's dot."""
    _refuse(points, blocks, band_lower, band_upper)
    header = ("Stated probability from", "to", "Forecasts", "Share that came true (recalibrated)")
    rows = tuple((percent(first), percent(last), f"{n:,.0f}", percent(share)) for first, last, share, n in blocks)
    if band_lower is None or band_upper is None:
        return header, rows
    stated = [point[0] for point in points]
    ends = (
        [percent(_between(stated, edge, _centre(block, points))) for edge in (band_lower, band_upper)]
        for block in blocks
    )
    banded = tuple((*row, *pair) for row, pair in zip(rows, ends, strict=True))
    return (*header, "Band at the block’s mean, low", "Band at the block’s mean, high"), banded


def _diagram(
    sheet: Sheet, points: Sequence[Point], blocks: Sequence[Block], band: Band | None, *, level: float, caption: str
) -> str:
    plot = _plot(sheet)
    strip = Plot(plot.left, plot.bottom + 6, plot.right, plot.bottom + 6 + STRIP * sheet.size)
    counted, most = _strip(points, strip)
    below = strip.bottom + 3.2 * sheet.size
    entries = _entries(f"{percent(level)} consistency band, if calibrated" if band else "", most)
    meanings, end = sheet.closing(entries, caption, below + 0.4 * sheet.size)
    return sheet.svg(
        [
            sheet.heading("Share that came true (recalibrated)"),
            *_band(points, band, plot),
            *rulings(plot, QUARTERS, percent, sheet.size),
            element("path", class_="history-mark", d=path([(plot.left, plot.bottom), (plot.right, plot.top)])),
            *_curve(points, plot),
            *_dots(blocks, points, plot),
            counted,
            *quarters(strip, sheet.size),
            sheet.footing("Stated probability", plot.left, plot.right, below),
            *meanings,
        ],
        end,
    )


def _refuse(
    points: Sequence[Point],
    blocks: Sequence[Block],
    band_lower: Sequence[float] | None,
    band_upper: Sequence[float] | None,
) -> None:
    if (band_lower is None) != (band_upper is None):
        raise ValueError("band_lower and band_upper must both be given or both be None")
    _refuse_shares("points", (value for point in points for value in point[:2]))
    _refuse_shares("blocks", (value for block in blocks for value in block[:3]))
    _refuse_disorder("points", [point[0] for point in points])
    _refuse_disorder("blocks", [block[0] for block in blocks])
    if not all(row[-1] > 0 for row in (*points, *blocks)):
        raise ValueError("points and blocks must each hold forecasts")
    for name, band in {"band_lower": band_lower, "band_upper": band_upper}.items():
        if band is not None and len(band) != len(points):
            raise ValueError(f"{name} must have a value for each point")
        _refuse_shares(name, band or ())


def _refuse_disorder(name: str, stated: Sequence[float]) -> None:
    if any(later <= sooner for sooner, later in pairwise(stated)):
        raise ValueError(f"{name} must have ascending stated probabilities")


def _refuse_shares(name: str, values: Iterable[float]) -> None:
    for value in values:
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must lie in [0, 1], not {value}")


def _too_few(points: Sequence[Point]) -> str:
    if not points:
        return "No forecast here is scored yet, so there is no diagram of what was stated against what came true."
    stated, share, _ = points[0]
    came = {0.0: "it did not come true", 1.0: "it came true"}.get(share, f"{percent(share)} of it came true")
    return (
        f"One forecast is scored ({sample(1)}): {percent(stated)} was stated, and {came}. A diagram needs at least two."
    )


def _plot(sheet: Sheet) -> Plot:
    """A square, below the heading."""
    left, right, top = width_of("100%", sheet.size) + LABEL_GAP + 2, sheet.width - 20, 2.2 * sheet.size
    return Plot(left, top, right, top + right - left)


def _band(points: Sequence[Point], band: Band | None, plot: Plot) -> Iterator[str]:
    if band:
        across = [plot.x(point[0]) for point in points]
        kept = spaced(across, 1)
        lower, upper = ([(across[index], plot.y(edge[index])) for index in kept] for edge in band)
        yield element("path", class_=f"history-band {COLOUR}", d=area(upper, lower))


def _curve(points: Sequence[Point], plot: Plot) -> Iterator[str]:
    """The recalibrated shares, without the points that lie on a level line between their neighbours."""
    shares = [point[1] for point in points]
    bends = [
        (plot.x(point[0]), plot.y(point[1]))
        for index, point in enumerate(points)
        if not 0 < index < len(points) - 1 or not shares[index - 1] == shares[index] == shares[index + 1]
    ]
    if len(bends) > 1:
        yield element("path", class_=f"history-line {COLOUR}", d=path(bends))


def _dots(blocks: Sequence[Block], points: Sequence[Point], plot: Plot) -> Iterator[str]:
    most = max((block[3] for block in blocks), default=1.0)
    for block in blocks:
        place = {"cx": plot.x(_centre(block, points)), "cy": plot.y(block[2])}
        radius = max(LEAST, LARGEST * sqrt(block[3] / most))
        yield element("circle", class_=f"history-dot {COLOUR}", **place, r=radius)


def _centre(block: Block, points: Sequence[Point]) -> float:
    """The mean stated probability in a block."""
    inside = points[bisect_left(points, block[0], key=_stated) : bisect_right(points, block[1], key=_stated)]
    if not inside:
        raise ValueError(f"blocks must hold points: none lies from {block[0]} to {block[1]}")
    return sum(point[0] * point[2] for point in inside) / sum(point[2] for point in inside)


def _stated(point: Point) -> float:
    return point[0]


def _strip(points: Iterable[Point], place: Plot) -> tuple[str, int]:
    """The bars beneath, and what the tallest counts. Bins lie about the multiples, where people put their numbers."""
    counts: Counter[int] = Counter()
    for stated, _, count in points:
        counts[round(BINS * stated)] += round(count)
    most = max(1, *counts.values())
    strip = Plot(place.left, place.top, place.right, place.bottom, upwards=(0, most))
    boxes = ((max(0, (k - 0.42) / BINS), min(1, (k + 0.42) / BINS), counts[k]) for k in sorted(counts))
    return element("path", class_=f"chart-bar {QUIET}", d=bars(strip, boxes)), most


def _entries(band: str, most: int) -> Iterator[Entry]:
    yield Entry(f"history-line {COLOUR}", "came true, recalibrated")
    yield Entry("history-mark", "calibrated")
    yield Entry(f"history-dot {COLOUR}", "a block, area by its n")
    if band:
        yield Entry(f"history-band {COLOUR}", band)
    yield Entry(f"chart-bar {QUIET}", "forecasts about each 5%", f"at most {most:,}")


def _between(across: Sequence[float], values: Sequence[float], at: float) -> float:
    """The value at a place, straight between its neighbours, level beyond the ends."""
    index = bisect_left(across, at)
    if index in {0, len(across)}:
        return values[min(index, len(across) - 1)]
    begin, end = across[index - 1], across[index]
    return values[index - 1] + (at - begin) / (end - begin) * (values[index] - values[index - 1])
