"""The sheet that a drawing stands on: its box, its name for those who hear it, and running text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from predictions.charts.legend import Entry, legend
from predictions.charts.lettering import element, number, shortened, tidy, width_of, words

NAMESPACE = "http://www.w3.org/2000/svg"
NARROW = 560  # a drawing less wide is meant for a telephone and gets larger letters
LEAST_WIDTH = 340  # so that two instants to the minute fit under the plot
LINE = 1.4  # height of a line of running text, in letters
KEY = re.compile("[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True)
class Sheet:
    """A drawing `width` units wide. `key` begins the ids of its title and description: one per drawing and page.

    Errors: ValueError for a width below 340 or a key that is not letters, digits and hyphens.
    """

    title: str
    description: str
    key: str
    width: float

    def __post_init__(self) -> None:
        if self.width < LEAST_WIDTH:
            raise ValueError(f"width must be at least {LEAST_WIDTH}, not {self.width}")
        if not KEY.fullmatch(self.key):
            raise ValueError(f"key must be letters, digits and hyphens, not {self.key!r}")

    @property
    def size(self) -> float:
        """The height of a letter in drawing units, as in charts.css."""
        return 14.0 if self.width < NARROW else 13.0

    def svg(self, content: Iterable[str], height: float) -> str:
        """The drawing. A wide and a narrow one of the same key have ids of their own."""
        form = "narrow" if self.width < NARROW else "wide"
        name, told = f"{self.key}-{form}-title", f"{self.key}-{form}-desc"
        return element(
            "svg",
            words("title", self.title, id=name),
            words("desc", self.description, id=told),
            *content,
            xmlns=NAMESPACE,
            viewBox=f"0 0 {number(self.width)} {number(height)}",
            role="img",
            aria_labelledby=name,
            aria_describedby=told,
            class_=f"history-chart history-{form}",
        )

    def says(self, sentence: str) -> str:
        """A drawing that is only a sentence: where axes would pretend that there is something to see."""
        drawn, end = self.paragraph(sentence, top=self.size, look="history-empty")
        return self.svg(drawn, end + self.size)

    def paragraph(self, text: str, *, top: float, look: str = "history-legend") -> tuple[list[str], float]:
        """Running text from `top` on, broken into lines, and where the last line ends."""
        lines = list(_lines(text, self.width, self.size))
        drawn = [
            words("text", line, class_=look, x=0, y=top + self.size * (1 + LINE * row))
            for row, line in enumerate(lines)
        ]
        return drawn, top + LINE * self.size * len(lines)

    def heading(self, text: str) -> str:
        """What is counted upwards, written above the plot: it need not be read sideways there."""
        return words("text", shortened(tidy(text), self.width, self.size), class_="history-axis", x=0, y=self.size)

    def footing(self, text: str, left: float, right: float, y: float) -> str:
        """What is counted across, under its numbers."""
        text = shortened(tidy(text), self.width, self.size)
        x = max((left + right) / 2, width_of(text, self.size) / 2)
        return words("text", text, class_="history-axis", text_anchor="middle", x=x, y=y)

    def closing(self, entries: Iterable[Entry], caption: str, top: float) -> tuple[list[str], float]:
        """Legend and caption below a plot, and the height of the whole sheet."""
        meanings, end = legend(entries, width=self.width, top=top + 0.7 * self.size, size=self.size)
        lines, end = self.paragraph(caption, top=end + 0.2 * self.size)
        return [*meanings, *lines], end + 0.2 * self.size


def sample(n: int) -> str:
    """How many a figure rests on, never broken over two lines.

    >>> sample(1000).replace("\xa0", " ")
    'n = 1,000'
    """
    return f"n\xa0=\xa0{n:,}"


def _lines(text: str, room: float, size: float) -> Iterator[str]:
    """Broken at spaces, not at those that bind."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if line and width_of(longer, size) > room:
            yield shortened(line, room, size)
            longer = word
        line = longer
    yield shortened(line, room, size)
