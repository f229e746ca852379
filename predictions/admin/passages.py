"""A text cut into paragraphs and pieces, so that a page can show which words are quoted."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

PARAGRAPHS = re.compile(r"[^\r\n]+")


@dataclass(frozen=True)
class Piece:
    """Words of a text and the numbers of the quotes that they are part of; `begins` are those that begin here."""

    text: str
    quotes: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()


def paragraphs(text: str, quotes: Iterable[tuple[int, int, int]]) -> Iterator[list[Piece]]:
    """The lines of `text` that are not empty, cut wherever one of the (start, end, number) quotes starts or ends."""
    quotes = sorted(quotes)
    for line in PARAGRAPHS.finditer(text):
        first, last = line.span()
        here = [quote for quote in quotes if quote[0] < last and quote[1] > first]
        yield list(_pieces(text, first, last, here))


def _pieces(text: str, first: int, last: int, quotes: list[tuple[int, int, int]]) -> Iterator[Piece]:
    edges = {edge for start, end, _ in quotes for edge in (start, end) if first < edge < last}
    cuts = sorted({first, last} | edges)
    for at, until in pairwise(cuts):
        covering = tuple(number for start, end, number in quotes if start <= at and until <= end)
        begins = tuple(number for start, _, number in quotes if start == at)
        yield Piece(text[at:until], covering, begins)
