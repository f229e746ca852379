"""A text cut into paragraphs and pieces, so that a page can show which words are marked."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

PARAGRAPHS = re.compile(r"[^\r\n]+")

Span = tuple[int, int, int]
"""Start, end (code points, end exclusive) and number of a mark."""


@dataclass(frozen=True)
class Piece:
    """Words of a text and the numbers of the marks that lie on all of them; `begins` and `ends` are those that do so
    with this piece."""

    text: str
    marks: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """A line of the text from `start` to `end`; its pieces, one after the other, are exactly its text."""

    start: int
    end: int
    pieces: tuple[Piece, ...]


def paragraphs(text: str, marks: Iterable[Span]) -> Iterator[Paragraph]:
    """The lines of `text` that are not empty, cut wherever a mark starts or ends. Marks may overlap in any way."""
    waiting, here = deque(sorted(marks)), list[Span]()
    for line in PARAGRAPHS.finditer(text):
        first, last = line.span()
        while waiting and waiting[0][0] < last:
            here.append(waiting.popleft())
        here = [mark for mark in here if mark[1] > first]
        yield Paragraph(first, last, tuple(_pieces(text, first, last, here)))


def _pieces(text: str, first: int, last: int, marks: list[Span]) -> Iterator[Piece]:
    edges = {edge for start, end, _ in marks for edge in (start, end) if first < edge < last}
    for at, until in pairwise(sorted({first, last} | edges)):
        covering = [mark for mark in marks if mark[0] <= at and until <= mark[1]]
        yield Piece(
            text[at:until],
            tuple(number for _, _, number in covering),
            tuple(number for start, _, number in covering if start == at),
            tuple(number for _, end, number in covering if end == until),
        )
