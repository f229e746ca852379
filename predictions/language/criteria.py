"""Criteria as people write them: one per line, `(b) The strategy names China ×2`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, product
from string import ascii_lowercase

LONGEST_CRITERION = 500
_LINE = re.compile(
    r"(?:\((?P<label>[0-9A-Za-z.-]{1,10})\)\s+)?(?P<text>.*?)(?:\s+×(?P<weight>[1-9][0-9]{0,3}))?", re.ASCII
)


@dataclass(frozen=True)
class WrittenCriterion:
    label: str
    text: str
    weight: int = 1

    @property
    def is_too_long(self) -> bool:
        return len(self.text) > LONGEST_CRITERION


def read_criteria(text: str) -> list[WrittenCriterion]:
    """One per line that is not blank; lines without a letter of their own get the next free ones."""
    found = filter(None, (_LINE.fullmatch(line.strip()) for line in text.splitlines() if line.strip()))
    matches = list(found)
    taken = {match["label"] for match in matches}
    free = (letter for letter in letters() if letter not in taken)
    return [
        WrittenCriterion(match["label"] or next(free), match["text"], int(match["weight"] or 1)) for match in matches
    ]


def too_long(number: int) -> str:
    return f"Line {number} has more than {LONGEST_CRITERION} characters. Shorten it."


def letters() -> Iterator[str]:
    """a, b, … z, aa, ab, …"""
    for length in count(1):
        yield from map("".join, product(ascii_lowercase, repeat=length))
