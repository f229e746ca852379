"""Where the sentences of a text stand: paragraphs and wrapped lines first, then the splitter for its language."""

import re
from collections.abc import Iterator
from itertools import pairwise

from sentencex import get_sentence_boundaries

_LINE = re.compile(r"[^\r\n\u2028\u2029\x85\v\f]+")
# What a line may begin with that is no part of its sentence: list marks, numbers of items, marks of a heading.
_MARK = re.compile(r"[\s\ufeff]*(?:(?:[-–—*•‣◦▪■●○·>]|#{1,6}|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])[ \t\u3000\xa0]+)?")
_ENDED = re.compile(r"[.!?…。！？][\"'”’»)\]」』]*$")
_FIRST_WORD = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]|\S+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_CLOSING = re.compile(r"""\s*(["'”’»)\]]+)(?=\s|$)""")
_BLANK = re.compile(r"[\s\ufeff]+")

WIDEST_LINE = 120
"""Characters: nobody breaks lines by hand beyond."""
_NARROWEST_LINE = 30
_WINDOW = 4_000
"""Characters the splitter is given at a time: its time grows with the square of quotation marks left open."""


def sentence_spans(text: str, *, splitter: str, continues: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of `text`, in order: no blanks or list marks around, never across a paragraph.

    A line break inside a paragraph counts as a blank where the line was full or the sentence plainly goes on.
    `continues` tells by how a sentence begins that it belongs to the one before.
    """
    for start, end in _paragraphs(text, continues):
        mark = _MARK.match(text, start, end)
        begins = mark.end() if mark else start
        yield from _joined(text, _pieces(text, begins, end, splitter), continues)


def _paragraphs(text: str, continues: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    block: list[tuple[int, int]] = []
    for match in _LINE.finditer(text):
        if block and _is_blank_line_between(text, block[-1][1], match.start()):
            yield from _unwrapped(text, block, continues)
            block = []
        if match[0].strip("\ufeff").strip():
            block.append(match.span())
    yield from _unwrapped(text, block, continues)


def _is_blank_line_between(text: str, end: int, start: int) -> bool:
    between = text[end:start]
    return between.replace("\r\n", "\n") not in {"\n", "\r"} or "\u2029" in between


def _unwrapped(text: str, lines: list[tuple[int, int]], continues: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Lines that stand together, joined where a break only wraps a sentence."""
    if not lines:
        return
    width = max(len(text[start:end].rstrip()) for start, end in lines)
    is_wrapped = _is_wrapped(text, lines, width)
    first, last = lines[0]
    for (begins, ends), (start, end) in pairwise(lines):
        if not _goes_on(text[begins:ends], text[start:end], continues, is_wrapped=is_wrapped, width=width):
            yield first, last
            first = start
        last = end
    yield first, last


def _is_wrapped(text: str, lines: list[tuple[int, int]], width: int) -> bool:
    """Whether most lines are as full as the width allows, as a program leaves them that wraps."""
    if not _NARROWEST_LINE <= width <= WIDEST_LINE:
        return False
    pairs = [(text[slice(*one)], text[slice(*next_)]) for one, next_ in pairwise(lines)]
    full = sum(_is_full(one, after, width) for one, after in pairs)
    return full * 3 >= len(pairs) * 2


def _is_full(line: str, after: str, width: int) -> bool:
    word = _FIRST_WORD.search(after)
    return len(line.rstrip()) + 1 + len(word[0] if word else "") > width


def _goes_on(line: str, after: str, continues: re.Pattern[str], *, is_wrapped: bool, width: int) -> bool:
    mark = _MARK.match(after)
    begins = mark.end() if mark else 0
    line = line.rstrip()
    if after[:begins].strip() or _ENDED.search(line[-20:]):
        return False
    if is_wrapped and _is_full(line, after, width):
        return True
    return line[-1:] not in {":", "："} and bool(continues.match(after, begins))


def _pieces(text: str, start: int, end: int, splitter: str) -> Iterator[tuple[int, int]]:
    """What the splitter finds in text[start:end], a window at a time.

    It is shown blanks for line breaks, and letters for apostrophes, which it would take for quotation marks.
    """
    flat = _APOSTROPHE.sub("x", text[start:end].replace("\r", " ").replace("\n", " "))
    before = at = 0
    while at < len(flat):
        window = flat[at : at + _WINDOW]
        ends = [at + found["end_index"] for found in get_sentence_boundaries(splitter, window)]
        if at + _WINDOW < len(flat):  # where the window ends, the last sentence need not
            ends.pop()
        for each in ends:
            yield start + before, start + each
            before = each
        at = ends[-1] if ends else at + _WINDOW
    if before < len(flat):
        yield start + before, end


def _joined(text: str, pieces: Iterator[tuple[int, int]], continues: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Pieces without blanks around; what goes on with the one before is joined to it."""
    held: tuple[int, int] | None = None
    for start, end in pieces:
        begins = start
        if held and (closing := _CLOSING.match(text, start, end)):  # a straight quotation mark that closes, not opens
            held, begins = (held[0], closing.end(1)), closing.end()
        trimmed = _trimmed(text, begins, end)
        if trimmed is None:
            continue
        if held and continues.match(text, trimmed[0]):
            held = held[0], trimmed[1]
            continue
        if held:
            yield held
        held = trimmed
    if held:
        yield held


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    kept = text[start:end].rstrip("\ufeff").rstrip()
    blank = _BLANK.match(kept)
    begins = blank.end() if blank else 0
    return (start + begins, start + len(kept)) if begins < len(kept) else None
