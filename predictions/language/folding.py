"""What counts as the same text: typographic signs folded together, with the way back to the original characters.

Copies of one article differ in their quotation marks, spaces, ligatures and invisible characters, not in their
meaning. Only such signs are folded: letters, accents, case, primes, en and em dashes stand as they are, and so do the
joiners U+200C and U+200D, which spell words in Persian and the languages of India.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from unicodedata import category

_WIDE_BLANKS = "".join(map(chr, range(0x2000, 0x200B)))
_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + _WIDE_BLANKS
# The soft hyphen stands for all that is not seen: zero-width space, word joiner, byte order mark, and the marks that
# tell in which direction a line runs, which a copy from a page seldom brings along.
_UNSEEN = "\xad"
_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
_ISOLATES, _ISOLATE_END = "\u2066\u2067\u2068\u2069", "\u2069"
_VARIANTS = {" ": _BLANKS, "'": "‘’‚‛ʼ", '"': "“”„‟", "-": "\u2010\u2011", _UNSEEN: "\u200b\u2060\ufeff" + _DIRECTIONS}
# The letters that Latin type joins into one sign, as PDFs keep them.
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = re.compile("[ﬀ-ﬆ]")
# Each begins with a plain character: the expression engine finds it ten times faster than a set or a repeat.
_UNSEEN_RUN = re.compile(f"{_UNSEEN}{_UNSEEN}*")
_BLANK_RUN = re.compile("  +")

_ZERO_WIDTH_JOINER = "\u200d"
# What extends the character before it without being a mark: skin tones, tags, Thai and Lao am, kana voicing.
_EXTENDING = re.compile("[\u200c\u200d\u0e33\u0eb3\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_PAIRED = re.compile("\r\n|[\ud800-\udbff][\udc00-\udfff]|[\u1100-\u11ff\uac00-\ud7a3][\u1160-\u11ff]")
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_LONGEST_FLAG_RUN = 64


class Folded:
    """A text with its typographic variants folded: `text` is the result, `span` leads back to `original`.

    A variant becomes its plain sign, a ligature its letters, a run of blanks one space, an invisible character nothing.
    """

    def __init__(self, original: str) -> None:
        self.original = original
        self._spelled = _Spelled(original)
        self._seen = _Shortened(_alike(self._spelled.text), _UNSEEN_RUN, "")
        self._single = _Shortened(self._seen.text, _BLANK_RUN, " ")
        self.text = self._single.text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original start and end of a folded passage that is not empty and has no blank at its ends."""
        return self._origin(start), self._origin(end - 1) + 1

    def parts_ligature(self, at: int) -> bool:
        """Whether a cut before text[at] would part the letters of one original character."""
        return self._spelled.has_any and 0 < at < len(self.text) and self._origin(at - 1) == self._origin(at)

    def _origin(self, position: int) -> int:
        spelled = self._seen.origin(self._single.origin(position))
        return self._spelled.origin(spelled) if self._spelled.has_any else spelled


class _Spelled:
    """A text with its ligatures spelled out, and for each position the one it had before."""

    def __init__(self, text: str) -> None:
        self._starts, self._origins, self._steps = [0], [0], [1]
        self.text, gained = text, 0
        self.has_any = any(ligature in text for ligature in _LIGATURES)  # cheaper than to look for all of them at once
        if not self.has_any:
            return
        for match in _LIGATURE.finditer(text):
            at, letters = match.start(), len(_LIGATURES[match[0]])
            self._starts += [at + gained, at + gained + letters]
            self._origins += [at, at + 1]
            self._steps += [0, 1]
            gained += letters - 1
        self.text = _LIGATURE.sub(lambda match: _LIGATURES[match[0]], text)

    def origin(self, position: int) -> int:
        stretch = bisect_right(self._starts, position) - 1
        return self._origins[stretch] + (position - self._starts[stretch]) * self._steps[stretch]


class _Shortened:
    """A text with every run shortened to `kept`, and for each position the one it had before."""

    def __init__(self, text: str, run: re.Pattern[str], kept: str) -> None:
        pieces, at, lost = [], 0, 0
        self._ends, self._losses = [0], [0]
        for match in run.finditer(text):
            start, end = match.span()
            pieces.append(text[at:start])
            at = end
            lost += end - start - len(kept)
            self._ends.append(end - lost)
            self._losses.append(lost)
        self.text = kept.join([*pieces, text[at:]])

    def origin(self, position: int) -> int:
        return position + self._losses[bisect_right(self._ends, position) - 1]


def fold(text: str) -> str:
    """The folded text alone."""
    return Folded(text).text


def places(text: str, part: str) -> Iterator[int]:
    """Where `part`, which is not empty, stands in `text`: each start in order, overlapping ones too."""
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def cuts_cluster(text: str, at: int) -> bool:
    """Whether a cut before text[at] would part what a reader sees as one character.

    Covers marks, joiners, skin tones, flags, Hangul, surrogate pairs and CR LF: Unicode Standard Annex 29 as far as
    the standard library's tables tell. Every joiner is taken to join, which the annex says of some only.
    """
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if after.isascii():
        return before == _ZERO_WIDTH_JOINER or before + after == "\r\n"
    return (
        before == _ZERO_WIDTH_JOINER
        or category(after).startswith("M")
        or _EXTENDING.match(after) is not None
        or _PAIRED.match(before + after) is not None
        or _parts_flag(text, at)
    )


def _parts_flag(text: str, at: int) -> bool:
    """A flag is two letters: an odd number of them before the cut leaves one alone."""
    if text[at] not in _FLAG_LETTERS:
        return False
    run = text[max(0, at - _LONGEST_FLAG_RUN) : at]
    return (len(run) - len(run.rstrip(_FLAG_LETTERS))) % 2 == 1


def _alike(text: str) -> str:
    # str.replace for each sign: on a long text that is not ASCII one str.translate takes ten times as long.
    for plain, variants in _VARIANTS.items():
        for variant in variants:
            text = text.replace(variant, plain)
    if _ISOLATE_END in text:  # each begins with one of the others, which are dear to look for where letters are Latin
        for isolate in _ISOLATES:
            text = text.replace(isolate, _UNSEEN)
    return text
