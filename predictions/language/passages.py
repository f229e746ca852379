"""A text cut into paragraphs and pieces, so that a page can show which words are marked."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

_LINE = re.compile(r"[^\r\n]+")
_FIRST_WORD = re.compile(r"\S+")
_ITEM = re.compile(r"\s*(?:[-–—*•‣▪●·>#]|\(?(?:\d{1,3}|[a-z])[.)])\s")
_ENDED = re.compile(r"[.!?:;…。！？]\W*$")
_NARROWEST, _WIDEST = 40, 120
"""Characters of a line that was broken by a program; nobody breaks lines beyond."""

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
    """What stands from `start` to `end` of the text; its pieces, one after the other, are exactly that."""

    start: int
    end: int
    pieces: tuple[Piece, ...]


def paragraphs(text: str, marks: Iterable[Span]) -> Iterator[Paragraph]:
    """The paragraphs of `text`, cut wherever a mark starts or ends. Marks may overlap in any way."""
    waiting, here = deque(sorted(marks)), list[Span]()
    for first, last in places_of_paragraphs(text):
        while waiting and waiting[0][0] < last:
            here.append(waiting.popleft())
        here = [mark for mark in here if mark[1] > first]
        yield Paragraph(first, last, tuple(_pieces(text, first, last, here)))


def places_of_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where they start and end: each line that is not blank is one, unless lines were broken to a width."""
    block: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        if line[0].isspace():
            continue
        if block and text[block[-1][1] : line.start()].replace("\r\n", "\n") not in {"\n", "\r"}:
            yield from _unbroken(text, block)
            block = []
        block.append(line.span())
    yield from _unbroken(text, block)


def _unbroken(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Lines that stand together, joined where each was filled as far as the next word allowed."""
    width = max((end - start for start, end in lines), default=0)
    told = [text[start:end] for start, end in lines]
    full = [_is_full(line, after, width) for line, after in pairwise(told)]
    is_broken = _NARROWEST <= width <= _WIDEST and 2 * sum(full) >= len(full) > 0
    if sum(full) == 1:  # the longest line is always full: alone it proves nothing unless it breaks a sentence
        is_broken = is_broken and not _ENDED.search(told[full.index(True)])
    first = 0
    for at, (_, end) in enumerate(lines):
        if at == len(full) or not (is_broken and full[at]):
            yield lines[first][0], end
            first = at + 1


def _is_full(line: str, after: str, width: int) -> bool:
    word = _FIRST_WORD.search(after)
    return not _ITEM.match(after) and len(line.rstrip()) + 1 + len(word[0] if word else "") > width


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
