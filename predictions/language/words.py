"""What counts as a word, and which scripts write none apart.

A word is a run of letters, digits and their marks; an apostrophe joins two runs, a hyphen parts them. Chinese,
Japanese, Thai, Lao, Khmer and Burmese write no blanks between words: there, characters are counted.
"""

import re
from unicodedata import category

MARKS = "".join(
    sign for sign in map(chr, [*range(0x300, 0x1E00), *range(0x20D0, 0x2100)]) if category(sign).startswith("M")
)
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
SIGN = f"[\\w{MARKS}]"
"""One character of a word."""

SPACED_SIGN = f"(?![{UNSPACED}]){SIGN}"
"""One character of a word in a script that parts words by blanks."""

_WORD = re.compile(f"{SIGN}+(?:['’]{SIGN}+)*")
_UNSPACED_SIGN = re.compile(f"[{UNSPACED}]")
_SEEN = re.compile(r"\S")


def count_words(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))


def count_characters(text: str) -> int:
    """Code points that are not blanks."""
    return sum(1 for _ in _SEEN.finditer(text))


def is_unspaced(text: str) -> bool:
    """Whether more than half of what is written in `text` belongs to scripts without blanks between words."""
    return 2 * len(_UNSPACED_SIGN.findall(text)) > count_characters(text)
