"""Criteria as people write them: one per line, `(b) The strategy names China ×2`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, product
from string import ascii_lowercase

LONGEST_CRITERION = 500
_LABEL = re.compile(r"\((?P<label>[0-9A-Za-z.-]{1,10})\)\s+", re.ASCII)
# One blank, not all before it: where a line of blanks fails to match, each of them would be tried with all after it.
_WEIGHT = re.compile(r"\s×(?P<weight>[1-9][0-9]{0,3})\Z", re.ASCII)


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
    found = [_written(line.strip()) for line in text.splitlines() if line.strip()]
    taken = {each.label for each in found}
    free = (letter for letter in letters() if letter not in taken)
    return [each if each.label else replace(each, label=next(free)) for each in found]


def _written(line: str) -> WrittenCriterion:
    label = _LABEL.match(line)
    start = label.end() if label else 0
    weight = _WEIGHT.search(line, start)
    end = weight.start() if weight else len(line)
    text = line[start:end].rstrip() if weight else line[start:]
    return WrittenCriterion(label["label"] if label else "", text, int(weight["weight"]) if weight else 1)


def too_long(number: int) -> str:
    return f"Line {number} has more than {LONGEST_CRITERION} characters. Shorten it."


def letters() -> Iterator[str]:
    """a, b, … z, aa, ab, …"""
    for length in count(1):
        yield from map("".join, product(ascii_lowercase, repeat=length))
