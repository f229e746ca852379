"""Tables that say which outcome follows from which verdicts: lines such as "a met, b not met: 0.5"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

VERDICTS = {
    "met": "met",
    "partly met": "partly_met",
    "not met": "not_met",
    "cannot tell": "cannot_tell",
}
OTHERWISE = "otherwise"
CELL = re.compile(r"(?P<bracket>\()?(?P<label>[^\s()]+)(?(bracket)\))\s+(?P<verdict>.+)", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """An outcome, and the verdicts it wants by the criterion's letter; none for "otherwise"."""

    verdicts: Mapping[str, str]
    outcome: float

    def fits(self, verdicts: Mapping[str, str]) -> bool:
        return all(verdicts.get(label) == verdict for label, verdict in self.verdicts.items())


@dataclass(frozen=True)
class OutcomeTable:
    lines: tuple[Line, ...]

    def outcome(self, verdicts: Mapping[str, str]) -> float | None:
        """That of the first line which fits; None where none does."""
        return next((line.outcome for line in self.lines if line.fits(verdicts)), None)

    @property
    def labels(self) -> set[str]:
        """The criteria that it speaks of."""
        return {label for line in self.lines for label in line.verdicts}


def read(text: str) -> OutcomeTable:
    """The table written in `text`, a line to a row. Raises ValueError with the line that cannot be read.

    >>> read("a met, b met: 1\\notherwise: 0").outcome({"a": "met", "b": "not_met"})
    0.0
    """
    told = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not told:
        raise ValueError("The table has no line.")
    lines = [_line(number, line) for number, line in told]
    if any(not line.verdicts for line in lines[:-1]):
        raise ValueError(f"After “{OTHERWISE}” no line can count: put it last.")
    return OutcomeTable(tuple(lines))


def _line(number: int, line: str) -> Line:
    condition, colon, outcome = line.rpartition(":")
    if not colon:
        raise ValueError(f"Line {number} has no colon before its outcome.")
    return Line(_condition(number, condition.strip()), _outcome(number, outcome.strip()))


def _condition(number: int, condition: str) -> dict[str, str]:
    if condition.casefold() == OTHERWISE:
        return {}
    verdicts: dict[str, str] = {}
    for cell in condition.split(","):
        found = CELL.fullmatch(cell.strip())
        verdict = VERDICTS.get(" ".join(found["verdict"].replace("_", " ").split()).casefold()) if found else None
        if found is None or verdict is None:
            raise ValueError(f"Line {number}: “{cell.strip()}” is no verdict, such as “a met” or “b not met”.")
        if found["label"] in verdicts:
            raise ValueError(f"Line {number} judges criterion ({found['label']}) twice.")
        verdicts[found["label"]] = verdict
    return verdicts


def _outcome(number: int, outcome: str) -> float:
    if not re.fullmatch(r"[01]|0\.[0-9]{1,6}|1\.0{1,6}", outcome):
        raise ValueError(f"Line {number}: “{outcome}” is no outcome from 0 to 1, such as 0.5.")
    return float(outcome)
