"""A plotting area over two ranges of numbers, with round numbers along its sides."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil, floor, log10

from predictions.charts.lettering import element, number, percent, words

QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
LABEL_GAP = 10.0  # between the plot and the numbers beside it: a dot on the edge needs some of it
HAIR = 1e-9  # so that 1.1 / 0.1 counts as 11


@dataclass(frozen=True)
class Plot:
    """A rectangle in drawing units (y grows downwards) over the ranges `across` and `upwards`."""

    left: float
    top: float
    right: float
    bottom: float
    across: tuple[float, float] = (0.0, 1.0)
    upwards: tuple[float, float] = (0.0, 1.0)

    def x(self, value: float) -> float:
        """Where a value of the range across lies."""
        return self.left + (value - self.across[0]) / (self.across[1] - self.across[0]) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Where a value of the range upwards lies: the greater, the higher."""
        share = (value - self.upwards[0]) / (self.upwards[1] - self.upwards[0])
        return self.bottom - share * (self.bottom - self.top)


def levels(low: float, high: float, *, most: int = 6, whole: bool = False) -> list[float]:
    """At most so many round numbers that reach from `low` or just below it to `high` or just above it.

    They are 1, 2 or 5 times a power of ten apart, `whole` numbers on request. Of one number a range of 1 is made.

    >>> levels(0, 0.31), levels(-3, 8, most=5), levels(0, 2, whole=True)
    ([0.0, 0.1, 0.2, 0.3, 0.4], [-5.0, 0.0, 5.0, 10.0], [0.0, 1.0, 2.0])
    """
    high = high if high > low else low + 1
    least = floor(log10((high - low) / most))
    for step in (digit * 10.0**exponent for exponent in count(least) for digit in (1, 2, 5)):
        first, last = floor(low / step + HAIR), ceil(high / step - HAIR)
        if last - first < most and (step >= 1 or not whole):
            break
    return [round(index * step, 12) + 0.0 for index in range(first, last + 1)]


def plain(value: float, places: int) -> str:
    """A number as people read it: thousands apart, a true minus, and none before a zero.

    >>> plain(-1234.5, 1), plain(-0.01, 1)
    ('−1,234.5', '0.0')
    """
    return f"{round(value, places) + 0.0:,.{places}f}".replace("-", "−")


def places_of(given: Sequence[float]) -> int:
    """How many decimals tell these levels apart."""
    return max(0, -floor(log10(given[1] - given[0]) + HAIR))


def rulings(plot: Plot, given: Iterable[float], write: Callable[[float], str], size: float) -> Iterator[str]:
    """A line across for each level, its number to the left."""
    for level in given:
        y = plot.y(level)
        yield element("line", class_="history-grid", x1=plot.left, x2=plot.right, y1=y, y2=y)
        place = {"x": plot.left - LABEL_GAP, "y": y + 0.35 * size}
        yield words("text", write(level), class_="history-axis", text_anchor="end", **place)


def feet(plot: Plot, given: Iterable[float], write: Callable[[float], str], size: float) -> Iterator[str]:
    """A short stroke below the plot for each level, and its number under that."""
    for level in given:
        yield foot(plot.x(level), plot.bottom, write(level), size)


def foot(x: float, bottom: float, label: str, size: float, anchor: str = "middle") -> str:
    """One stroke with its label."""
    stroke = element("line", class_="history-grid", x1=x, x2=x, y1=bottom, y2=bottom + 0.4 * size)
    return stroke + words("text", label, class_="history-axis", text_anchor=anchor, x=x, y=bottom + 1.6 * size)


def quarters(plot: Plot, size: float) -> Iterator[str]:
    """The probabilities under a plot."""
    return feet(plot, QUARTERS, percent, size)


def path(places: Iterable[tuple[float, float]], start: str = "M") -> str:
    """Straight lines through places of the drawing; a second path that begins with `L` goes on from the first."""
    return "".join(f"{'L' if index else start}{number(x)} {number(y)}" for index, (x, y) in enumerate(places))


def area(upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]]) -> str:
    """What lies between two lines over the same x; of a single x a slim upright, which could not be seen else."""
    if len(upper) == 1:
        ((x, high),), ((_, low),) = upper, lower
        upper, lower = [(x - 3, high), (x + 3, high)], [(x - 3, low), (x + 3, low)]
    return path(upper) + path(lower[::-1], "L") + "Z"


def bars(plot: Plot, given: Iterable[tuple[float, float, float]]) -> str:
    """(from, to, height) as one path of upright boxes that stand on the bottom of the plot."""
    return "".join(
        f"M{number(plot.x(begin))} {number(plot.bottom)}V{number(plot.y(height))}"
        f"H{number(plot.x(end))}V{number(plot.bottom)}Z"
        for begin, end, height in given
        if height
    )


def spaced(across: Sequence[float], least: float) -> list[int]:
    """Which places to keep so that neighbours lie at least so far apart: always the first and the last.

    >>> spaced([0, 1, 2, 3, 4], 2), spaced([0, 0.1, 0.2], 1), spaced([], 1)
    ([0, 2, 4], [0, 2], [])
    """
    kept: list[int] = []
    for index, x in enumerate(across):
        if not kept or x - across[kept[-1]] >= least:
            kept.append(index)
    if kept and kept[-1] != len(across) - 1:
        kept[max(1, len(kept) - 1) :] = [len(across) - 1]
    return kept
