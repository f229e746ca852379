"""The passage of a text that comes closest to a quote which does not stand in it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import islice
from operator import itemgetter

from predictions.language.folding import Folded, cuts_cluster, places

# A word, or one character of a script that writes none apart (Chinese, Japanese, Korean).
_WORD = re.compile("[\u2e80-\ud7ff\uf900-\ufaff]|[^\\W\u2e80-\ud7ff\uf900-\ufaff]+")

# Bounds that keep the search short in a long text: how much of the quote is compared, how many of its words are
# counted, how many of the rarest are looked up, in how many places each, and how many neighbourhoods are compared.
_COMPARED = 200
_COUNTED = 24
_RAREST = 6
_PLACES = 2000
_WINDOWS = 4
# Unrelated passages of English score about 0.3, seldom more than 0.4.
_ALIKE = 0.5


@dataclass(frozen=True)
class Passage:
    """text[start:end], in code points; `similarity` to a quote, case aside: 0 nothing in common, 1 the same letters."""

    start: int
    end: int
    text: str
    similarity: float


def closest_passage(folded: Folded, quote: str) -> Passage | None:
    """The passage that most resembles the folded `quote`, case aside, or None if nothing comes near.

    Of a long quote the first 200 code points are compared. Similarity is difflib's ratio 2 M / T over characters.
    """
    text, wanted = _lowered(folded.text), _lowered(quote[:_COMPARED])
    _, start, end = max(
        (_aligned(text, window, wanted) for window in _windows(text, wanted)), key=itemgetter(0), default=(0, 0, 0)
    )
    similarity = _matched(wanted, text[start:end])
    return _passage(folded, start, end, similarity) if similarity >= _ALIKE else None


def closest_passages(folded: Folded, quote: str, most: int) -> list[Passage]:
    """Up to `most` passages that resemble the folded `quote`, the closest first, none of them within another."""
    text, wanted = _lowered(folded.text), _lowered(quote[:_COMPARED])
    spans = {_aligned(text, window, wanted)[1:] for window in _windows(text, wanted)}
    found = [(_matched(wanted, text[start:end]), start, end) for start, end in spans]
    kept: list[tuple[float, int, int]] = []
    for ratio, start, end in sorted(found, key=lambda each: (-each[0], each[1])):
        if ratio >= _ALIKE and all(end <= first or last <= start for _, first, last in kept):
            kept.append((ratio, start, end))
    return [_passage(folded, start, end, ratio) for ratio, start, end in kept[: max(most, 0)]]


def _matched(wanted: str, passage: str) -> float:
    return SequenceMatcher(None, wanted, passage, autojunk=False).ratio()


def _passage(folded: Folded, first: int, last: int, similarity: float) -> Passage:
    start, end = folded.span(first, last)
    while cuts_cluster(folded.original, start):
        start -= 1
    while cuts_cluster(folded.original, end):
        end += 1
    return Passage(start, end, folded.original[start:end], similarity)


def _lowered(text: str) -> str:
    """Lower case, unless a character would grow by it ("İ") and move what follows."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text


def _windows(text: str, quote: str) -> list[tuple[int, int]]:
    """The neighbourhoods where most of the quote's rare words stand as they stand in the quote."""
    width, slack = len(quote), len(quote) // 4
    offsets = {word[0]: word.start() for word in _WORD.finditer(quote)}
    votes: defaultdict[int, float] = defaultdict(float)
    for count, word in _rarest(text, offsets):
        for place in islice(places(text, word), _PLACES):
            votes[(place - offsets[word]) // width] += 1 / count
    best = nlargest(_WINDOWS, votes, key=votes.__getitem__)
    # A passage that begins in a block ends in the next one; what was inserted into it may need the slack.
    return [(max(0, block * width - slack), (block + 2) * width + slack) for block in best]


def _rarest(text: str, words: Iterable[str]) -> list[tuple[int, str]]:
    longest = sorted(words, key=len, reverse=True)[:_COUNTED]
    return sorted((count, word) for word in longest if (count := text.count(word)))[:_RAREST]


def _aligned(text: str, window: tuple[int, int], quote: str) -> tuple[int, int, int]:
    """The passage in the window whose words match the quote's best, in order: words matched, start, end."""
    wanted = _WORD.findall(quote)
    words = list(_WORD.finditer(text, *window))
    pivot = _matcher(words, wanted).find_longest_match()
    slack = len(wanted) // 4 + 1
    lowest = max(0, pivot.a - pivot.b - slack)
    nearby = words[lowest : pivot.a - pivot.b + len(wanted) + slack]
    blocks = _matcher(nearby, wanted).get_matching_blocks()
    head, tail = blocks[0], blocks[-2:][0]  # the last block is an empty one at the end
    first = max(0, head.a - head.b)
    last = min(len(nearby), tail.a + len(wanted) - tail.b) - 1
    return sum(block.size for block in blocks), nearby[first].start(), nearby[last].end()


def _matcher(words: list[re.Match[str]], wanted: list[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, [word[0] for word in words], wanted, autojunk=False)
