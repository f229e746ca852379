"""What the lines of a drawing mean, in rows under it."""

from collections.abc import Iterable
from dataclasses import dataclass

from predictions.charts.lettering import element, shortened, tidy, width_of, words

SWATCH, GAP = 30.0, 6.0
ROW = 1.6  # height of a row, in letters


@dataclass(frozen=True)
class Entry:
    """A sample (`look`: its CSS classes), a name that may be shortened and a value that may not."""

    look: str
    name: str
    value: str = ""

    def text(self, room: float, size: float) -> str:
        """Name and value, as much of the name as the room allows."""
        value = f": {self.value}" if self.value else ""
        return shortened(tidy(self.name), room - width_of(value, size), size) + value


def legend(entries: Iterable[Entry], *, width: float, top: float, size: float) -> tuple[list[str], float]:
    """The entries as markup, filled into rows from `top` on, and where the last row ends."""
    x, y, drawn = 0.0, top, []
    for entry in entries:
        text = entry.text(width - SWATCH - GAP, size)
        needed = SWATCH + GAP + width_of(text, size)
        if x and x + needed > width:
            x, y = 0.0, y + ROW * size
        drawn += _entry(entry.look, text, x, y + size, size)
        x += needed + 2 * size
    return drawn, y + ROW * size if drawn else top


def _entry(look: str, text: str, x: float, baseline: float, size: float) -> list[str]:
    middle = baseline - 0.35 * size
    return [
        _sample(look, x, middle, size),
        words("text", text, class_="history-legend", x=x + SWATCH + GAP, y=baseline),
    ]


def _sample(look: str, x: float, middle: float, size: float) -> str:
    if "-band" in look or "-bar" in look:
        return element("rect", class_=look, x=x, y=middle - 0.35 * size, width=SWATCH, height=0.7 * size)
    if "-dot" in look:
        return element("circle", class_=look, cx=x + SWATCH / 2, cy=middle, r=0.35 * size)
    return element("line", class_=look, x1=x, x2=x + SWATCH, y1=middle, y2=middle)
