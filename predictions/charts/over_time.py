"""A mean score over time, with its interval, a reference to beat and the n that it rests on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import groupby, pairwise

from predictions.charts.axes import Frame, date_ticks
from predictions.charts.legend import Entry
from predictions.charts.lettering import element, width_of
from predictions.charts.plot import LABEL_GAP, Plot, area, bars, foot, levels, path, places_of, plain, rulings, spaced
from predictions.charts.sheet import Sheet, sample

STRIP = 2.4  # height of the strip of n, in letters
DOT_SPACING = 9.0
MOST_DOTS = 40  # of a longer line only the ends get a dot
INSET = 8.0  # from the sides of the plot to the first and the last mean, so that their bars are whole
FEW = 10  # a mean of fewer is drawn hollow
COLOUR, QUIET = "history-series-0", "history-series-5"


@dataclass(frozen=True)
class _Mean:
    at: datetime
    value: float | None
    low: float | None
    high: float | None
    n: int


def over_time(
    moments: Sequence[datetime],
    values: Sequence[float | None],
    counts: Sequence[int],
    *,
    title: str,
    description: str,
    low: Sequence[float | None] | None = None,
    high: Sequence[float | None] | None = None,
    reference: float | None = 0.25,
    reference_label: str = "always 50%",
    name: str = "mean so far",
    interval: str = "95% interval",
    key: str = "over-time",
    width: float = 400,
    height: float = 260,
) -> str:
    """A running or periodic mean Brier score as SVG text, to be put into a page that loads charts.css.

    A value and its n (`counts`) per moment; a value None breaks the line, `low` or `high` None the interval there.
    Dots of n below 10 are hollow. The strip beneath shows n. Days are those of the zone of the first moment.
    `height` is that of the plot with its dates. Of fewer than two means the drawing is a sentence.
    Errors: ValueError for lengths that differ, moments without zone or not ascending, scores outside [0, 1].
    """
    means = _means(moments, values, counts, low, high)
    sheet = Sheet(title, description, key, width)
    known = [mean for mean in means if mean.value is not None]
    if len(known) < 2:
        return sheet.says(_too_few(known))
    banded = any(_is_ranged(mean) for mean in known)
    entries = _entries(known, name, interval if banded else "", (reference, reference_label))
    caption = f"{sample(known[0].n)} at the first mean, {known[-1].n:,} at the last."
    meanings, end = sheet.closing(entries, caption, height)
    return sheet.svg([*_diagram(sheet, means, reference, height), *meanings], end)


def over_time_table(
    moments: Sequence[datetime],
    values: Sequence[float | None],
    counts: Sequence[int],
    low: Sequence[float | None] | None = None,
    high: Sequence[float | None] | None = None,
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The same numbers as (header, rows): a row per moment, a dash for what is not known."""
    header = ("Up to", "n", "Mean Brier score (0–1)", "Interval, low", "Interval, high")
    rows = (
        (mean.at.date().isoformat(), f"{mean.n:,}", *(_score(value) for value in (mean.value, mean.low, mean.high)))
        for mean in _means(moments, values, counts, low, high)
    )
    return header, tuple(rows)


def _means(
    moments: Sequence[datetime],
    values: Sequence[float | None],
    counts: Sequence[int],
    low: Sequence[float | None] | None,
    high: Sequence[float | None] | None,
) -> list[_Mean]:
    none = [None] * len(moments)
    columns = {"values": values, "counts": counts, "low": low or none, "high": high or none}
    for name, column in columns.items():
        if len(column) != len(moments):
            raise ValueError(f"{name} must have an entry for each moment")
        if name != "counts" and not all(value is None or 0 <= value <= 1 for value in column):
            raise ValueError(f"{name} must lie in [0, 1]")
    if any(at.utcoffset() is None for at in moments):
        raise ValueError("moments must have a time zone")
    if any(later <= sooner for sooner, later in pairwise(moments)):
        raise ValueError("moments must ascend")
    return [_Mean(*row) for row in zip(moments, values, low or none, high or none, counts, strict=True)]


def _too_few(known: Sequence[_Mean]) -> str:
    if not known:
        return "No prediction here is scored yet, so there is no score to follow over time."
    mean = known[0]
    said = f"The mean Brier score is {_score(mean.value)} (0–1, lower is better; {sample(mean.n)})"
    return f"{said}, on {mean.at.date().isoformat()} only. A line over time needs two moments."


def _diagram(sheet: Sheet, means: Sequence[_Mean], reference: float | None, height: float) -> Iterator[str]:
    """All but the legend, in the height given."""
    size, heights = sheet.size, _heights(means, reference)
    write = partial(plain, places=places_of(heights))
    left, bottom = width_of(write(heights[-1]), size) + LABEL_GAP + 2, height - (STRIP + 2.4) * size
    plot = Plot(left, 2.2 * size, sheet.width - 4, bottom, upwards=(heights[0], heights[-1]))
    ends = means[0].at, means[-1].at.astimezone(means[0].at.tzinfo)
    frame = Frame(left + INSET, plot.top, plot.right - INSET, bottom, *ends)
    most = max(1, *(mean.n for mean in means))
    strip = Plot(left, bottom + 6, plot.right, bottom + 6 + STRIP * size, upwards=(0, most))
    yield sheet.heading("Mean Brier score (0–1, lower is better)")
    yield from _bands(means, frame, plot)
    yield from rulings(plot, heights, write, size)
    yield from _reference(reference, plot)
    yield from _lines(means, frame, plot)
    yield _strip(means, frame, strip)
    yield from (foot(tick.x, strip.bottom, tick.label, size, tick.anchor) for tick in date_ticks(frame, size))


def _heights(means: Iterable[_Mean], reference: float | None) -> list[float]:
    """From 0, so that half as high is half the loss."""
    shown = [value for mean in means for value in (mean.value, mean.high, reference) if value is not None]
    return levels(0, min(1.0, max(0.05, *shown)))


def _bands(means: Iterable[_Mean], frame: Frame, plot: Plot) -> Iterator[str]:
    """The interval, an area for each stretch on which there is one."""
    for ranged, stretch in groupby(means, key=_is_ranged):
        run = list(stretch)
        if ranged:
            kept = [run[index] for index in spaced([frame.x(mean.at) for mean in run], 0.5)]
            upper = [(frame.x(mean.at), plot.y(mean.high or 0.0)) for mean in kept]
            lower = [(frame.x(mean.at), plot.y(mean.low or 0.0)) for mean in kept]
            yield element("path", class_=f"history-band {COLOUR}", d=area(upper, lower))


def _is_ranged(mean: _Mean) -> bool:
    return None not in (mean.value, mean.low, mean.high)


def _reference(reference: float | None, plot: Plot) -> Iterator[str]:
    if reference is not None:
        y = plot.y(reference)
        yield element("line", class_="history-mark", x1=plot.left, x2=plot.right, y1=y, y2=y)


def _lines(means: Iterable[_Mean], frame: Frame, plot: Plot) -> Iterator[str]:
    """A line for each stretch without a gap, and dots that can be told apart."""
    for known, stretch in groupby(means, key=lambda mean: mean.value is not None):
        run = list(stretch)
        if known:
            places = [(frame.x(mean.at), plot.y(mean.value or 0.0)) for mean in run]
            across = [x for x, _ in places]
            yield element("path", class_=f"history-line {COLOUR}", d=path(places[k] for k in spaced(across, 0.5)))
            for k in spaced(across, DOT_SPACING if len(run) <= MOST_DOTS else frame.right):
                yield _dot(*places[k], hollow=run[k].n < FEW)


def _dot(x: float, y: float, *, hollow: bool) -> str:
    return element("circle", class_=f"{'chart-dot-few' if hollow else 'history-dot'} {COLOUR}", cx=x, cy=y, r=3)


def _strip(means: Sequence[_Mean], frame: Frame, strip: Plot) -> str:
    """n under each mean: a bar, or where bars would merge the area under a line."""
    across = [frame.x(mean.at) for mean in means]
    room = min(later - sooner for sooner, later in pairwise(across))
    if room < 3:
        places = [(across[k], strip.y(means[k].n)) for k in spaced(across, 0.5)]
        drawn = area(places, [(x, strip.bottom) for x, _ in places])
    else:
        half, sized = min(0.35 * room, INSET), replace(strip, across=(strip.left, strip.right))
        drawn = bars(sized, ((x - half, x + half, mean.n) for x, mean in zip(across, means, strict=True)))
    return element("path", class_=f"chart-bar {QUIET}", d=drawn)


def _entries(known: Sequence[_Mean], name: str, interval: str, reference: tuple[float | None, str]) -> Iterator[Entry]:
    yield Entry(f"history-line {COLOUR}", name, _score(known[-1].value))
    if interval:
        yield Entry(f"history-band {COLOUR}", interval)
    if reference[0] is not None:
        yield Entry("history-mark", reference[1], f"{reference[0]:.3g}")
    if any(mean.n < FEW for mean in known):
        yield Entry(f"chart-dot-few {COLOUR}", f"n below {FEW}")
    yield Entry(f"chart-bar {QUIET}", "n", f"at most {max(mean.n for mean in known):,}")


def _score(value: float | None) -> str:
    return "–" if value is None else plain(value, 3)
