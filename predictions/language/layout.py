"""The paragraphs of a plain text and, as far as a plain text tells, its headings."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from predictions.language.folding import cuts_cluster

LONGEST_HEADING = 80
LONGEST_NUMBERED = 120
MOST_WORDS = 12

_LINE = re.compile(r"[^\r\n]*[^\s][^\r\n]*")
_NUMBERED = re.compile(
    r"#{1,6} +\S"
    r"|(?:chapter|section|part|annex|appendix|article|title)\s+(?:\d+|[ivxlc]+|[a-z])\b"
    r"|(?:[0-9]{1,3}(?:\.[0-9]{1,3}){0,5}[.)]?|(?:[ivxlc]{1,7}|[a-z])[.)])\s+(?-i:[^\W_a-z])"
    r"|\([0-9a-z]{1,4}\)\s*\S"
    r"|第\s*[0-9０-９一二三四五六七八九十百]+\s*[章節部条編]"
    r"|[0-9０-９一二三四五六七八九十ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+[\s　．、.)）]*(?=[\u3040-\u9fff])",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*[-–—*•·‣○●]\s")
_SENTENCE_STARTS = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[^\Wa-z]|[\"'“‘(\[])|[。！？][」』）]*")
_SENTENCE_END = re.compile(r"[.!?…。！？:;,：；，、][\"'”’」』)\]]*\Z")


@dataclass(frozen=True)
class Paragraph:
    """A line that is not blank; numbers count from 1."""

    number: int
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Layout:
    """Where the paragraphs and headings of a text stand."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.paragraphs = [Paragraph(k, line.start(), line[0]) for k, line in enumerate(_LINE.finditer(text), 1)]
        self._starts = [paragraph.start for paragraph in self.paragraphs]

    @cached_property
    def headings(self) -> list[Paragraph]:
        """Lines that look like headings. Guessed: a plain text does not say which they are.

        A heading is short (80 code points, 12 words), without a sign at its end that would end or go on with a
        sentence, not an item of a list, and stands after a blank line, a finished sentence or another heading; or it
        is numbered ("2.1 …", "IV …", "Chapter 3", "第一章", "# …"). What follows it does not begin in small letters.
        """
        found: list[Paragraph] = []
        lines = self.paragraphs
        for before, line, after in zip([None, *lines], lines, lines[1:], strict=False):
            if after.text.lstrip()[0].islower():
                continue
            if _is_numbered(line.text) or (_is_short(line.text) and self._is_apart(before, line, found)):
                found.append(line)
        return found

    def _is_apart(self, before: Paragraph | None, line: Paragraph, found: list[Paragraph]) -> bool:
        if before is None or (found and found[-1] is before) or _SENTENCE_END.search(before.text.rstrip()):
            return True
        between = self._text[before.end : line.start]
        return between.replace("\r\n", "\n").count("\n") > 1

    def paragraph_at(self, position: int) -> Paragraph:
        """The paragraph in which the character at `position`, not a blank between paragraphs, stands."""
        return self.paragraphs[bisect_right(self._starts, position) - 1]

    def heading_over(self, position: int) -> Paragraph | None:
        """The heading in which, or nearest above which, the character at `position` stands."""
        at = bisect_right(self._heading_starts, position) - 1
        return self.headings[at] if at >= 0 else None

    @cached_property
    def _heading_starts(self) -> list[int]:
        return [heading.start for heading in self.headings]


def _is_numbered(line: str) -> bool:
    line = line.strip()
    is_closed = _SENTENCE_END.search(line)
    return len(line) <= LONGEST_NUMBERED and not is_closed and _NUMBERED.match(line) is not None


def _is_short(line: str) -> bool:
    text = line.strip()
    return (
        len(text) <= LONGEST_HEADING
        and len(text.split()) <= MOST_WORDS
        and not text[0].islower()
        and any(sign.isalpha() for sign in text)
        and not _BULLET.match(line)
        and not _SENTENCE_END.search(text)
    )


def sentence_around(text: str, paragraph: Paragraph, start: int, end: int, longest: int) -> tuple[int, int]:
    """Start and end of the sentence of `paragraph` that holds text[start:end], at most `longest` code points of it."""
    cuts = [found.end() for found in _SENTENCE_STARTS.finditer(text, paragraph.start, max(paragraph.end, end))]
    first = max((cut for cut in cuts if cut <= start), default=paragraph.start)
    last = min((cut for cut in cuts if cut >= end), default=max(paragraph.end, end))
    if last - first > longest:
        first = _next_word(text, max(first, start - longest // 2), start)
        last = _last_word(text, end, min(last, first + longest)) if first + longest < last else last
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def _next_word(text: str, at: int, start: int) -> int:
    """Where a word begins at or after text[at], so that none is cut; in a script without blanks, any character."""
    blank = text.find(" ", at, start)
    at = at if blank < 0 else blank + 1
    while at < start and cuts_cluster(text, at):
        at += 1
    return at


def _last_word(text: str, end: int, at: int) -> int:
    """The same for the end of the last word before text[at]."""
    blank = text.rfind(" ", end, at + 1)
    at = at if blank < 0 else blank
    while at > end and cuts_cluster(text, at):
        at -= 1
    return at
