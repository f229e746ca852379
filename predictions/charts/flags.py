"""Labels of vertical lines, laid out like flags on masts: none leaves the sheet, covers another or crosses a line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from predictions.charts.axes import Frame
from predictions.charts.lettering import element, number, shortened, tidy, width_of, words

GAP = 5.0  # between a line and its label, and between two labels
ROW = 1.5  # height of a row, in letters


@dataclass(frozen=True)
class Flag:
    """A label beside the line at x: it reaches from `start` to `end`, in a row counted upwards from the plot."""

    x: float
    text: str
    start: float
    end: float
    row: int = 0

    @property
    def anchor(self) -> str:
        """SVG's text-anchor: the text begins at its line or ends at it."""
        return "start" if self.start > self.x else "end"

    def overlaps(self, other: "Flag") -> bool:
        """Whether the two, masts included, would touch in one row."""
        return min(self.x, self.start) < max(other.x, other.end) + GAP and (
            min(other.x, other.start) < max(self.x, self.end) + GAP
        )


def flags(marks: Iterable[tuple[float, str]], *, width: float, size: float) -> list[Flag]:
    """A flag for each (x, label) on a sheet from 0 to `width`, letters `size` high.

    A flag flies to the right where there is room, else to the side that has more, shortened if it must be. Those to
    the right are hung from right to left, those to the left from left to right: so each mast stays beside the flags
    below its own, and only where two long flags face each other does a mast pass behind one.
    """
    flying = sorted((_flying(x, tidy(label), width, size) for x, label in marks), key=lambda flag: flag.x)
    rightwards = [flag for flag in flying if flag.anchor == "start"]
    leftwards = [flag for flag in flying if flag.anchor == "end"]
    hung: list[Flag] = []
    for flag in rightwards[::-1] + leftwards:
        taken = {other.row for other in hung if flag.overlaps(other)}
        hung.append(replace(flag, row=next(row for row in range(len(hung) + 1) if row not in taken)))
    return hung


def room_above(hung: Sequence[Flag], size: float) -> float:
    """The height that the rows of flags take above the plot."""
    return ROW * size * (1 + max((flag.row for flag in hung), default=-1))


def masts(hung: Sequence[Flag], frame: Frame, size: float) -> Iterator[str]:
    """The marks as markup: a dashed line from the time axis up to each label, broken where it would strike another."""
    for flag in hung:
        path = f"M{number(flag.x)} {number(frame.bottom)}"
        for other in _struck(flag, hung):
            foot = _foot(other, frame, size)
            path += f"V{number(foot + 4)}M{number(flag.x)} {number(foot - size)}"
        foot = _foot(flag, frame, size)
        yield element("path", class_="history-mark", d=f"{path}V{number(foot - 0.8 * size)}")
        x = flag.start if flag.anchor == "start" else flag.end
        yield words("text", flag.text, class_="history-label", text_anchor=flag.anchor, x=x, y=foot)


def _foot(flag: Flag, frame: Frame, size: float) -> float:
    return frame.top - 0.85 * size - ROW * size * flag.row


def _struck(flag: Flag, hung: Iterable[Flag]) -> list[Flag]:
    """The flags whose text this mast would strike through, lowest first."""
    struck = [other for other in hung if other.row < flag.row and other.start - 1 < flag.x < other.end + 1]
    return sorted(struck, key=lambda other: other.row)


def _flying(x: float, label: str, width: float, size: float) -> Flag:
    right, left = width - x - GAP, x - GAP
    needed = width_of(label, size)
    if needed <= right or right >= left:
        text = shortened(label, right, size)
        return Flag(x, text, x + GAP, x + GAP + width_of(text, size))
    text = shortened(label, left, size)
    return Flag(x, text, x - GAP - width_of(text, size), x - GAP)
