"""What changed between two texts, paragraph by paragraph, and within a paragraph word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import count, zip_longest
from typing import Literal

Kind = Literal["same", "changed", "removed", "added"]

PARAGRAPHS = re.compile(r"[^\r\n]+")
# A word with the blank after it, one character of a script that writes none apart, or a sign.
_WORD = re.compile(r"[^\W\u2e80-\ud7ff\uf900-\ufaff]+\s*|\s+|.", re.DOTALL)
# What is longer, and what comes after so many pairs, is shown whole, before and after: comparing words takes time.
_MOST_WORDS = 1000
_MOST_PAIRS = 300
# Below this share of words in common two paragraphs are two, not one that was changed.
_ALIKE = 0.4


@dataclass(frozen=True)
class Piece:
    """Words of a changed paragraph: `same` in both, `removed` from the older, `added` in the newer."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Change:
    """One paragraph: what it says where it is the same, was added or removed; its pieces where it was changed."""

    kind: Kind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Changes:
    """The paragraphs of two texts, in order."""

    paragraphs: tuple[Change, ...]

    def count(self, kind: Kind) -> int:
        return sum(each.kind == kind for each in self.paragraphs)


def changes(older: str, newer: str) -> Changes:
    """What became of each paragraph of `older`, and what is new in `newer`. Blanks at their ends do not count."""
    old, new = _paragraphs(older), _paragraphs(newer)
    return Changes(tuple(_compared(old, new)))


def _paragraphs(text: str) -> list[str]:
    return [stripped for line in PARAGRAPHS.findall(text) if (stripped := line.strip())]


def _compared(old: list[str], new: list[str]) -> Iterator[Change]:
    turns = count()
    for tag, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield from (_whole("same", text) for text in new[k:m])
        else:
            yield from _replaced(old[i:j], new[k:m], turns)


def _replaced(old: list[str], new: list[str], turns: Iterator[int]) -> Iterator[Change]:
    """Neighbours that have enough words in common are one paragraph that was changed."""
    for before, after in zip_longest(old, new):
        pieces = _pieces(before, after) if before and after and next(turns) < _MOST_PAIRS else None
        if pieces:
            yield Change("changed", pieces)
            continue
        if before:
            yield _whole("removed", before)
        if after:
            yield _whole("added", after)


def _whole(kind: Kind, text: str) -> Change:
    return Change(kind, (Piece(kind, text),))


def _pieces(before: str, after: str) -> tuple[Piece, ...] | None:
    """The words of both in order; None where they are not alike, or too long to tell."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        return None
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.quick_ratio() < _ALIKE or matcher.ratio() < _ALIKE:
        return None
    return tuple(_told(matcher, old, new))


def _told(matcher: SequenceMatcher[str], old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(new[k:m]))
            continue
        if j > i:
            yield Piece("removed", "".join(old[i:j]))
        if m > k:
            yield Piece("added", "".join(new[k:m]))
