"""How the same words read on other scales: one wording for scorecards and single forecasts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from predictions.language.scales import Scale, UnreadableProbability, read
from predictions.models.live_bounds import kept_shares

AS_RECORDED = "As recorded"
HAIR = 1e-12
MOST_NAMED = 5
Ends = tuple[float, float, float]


@dataclass(frozen=True)
class ScaleLine:
    """A Brier score (0–1) with words read on one scale: at its points, and at the low and the high ends of its ranges.

    `unread` forecasts have words that the scale does not list (`unread_words`, the first few): these stay as recorded.
    `key` is empty for the reading on record.
    """

    key: str
    name: str
    low: float
    point: float
    high: float
    unread: int = 0
    unread_words: tuple[str, ...] = ()

    @property
    def scores(self) -> Ends:
        return self.low, self.point, self.high

    def unread_in_words(self, of: int) -> str:
        """As in: Kent 1964 does not list the words of 2 of 3 forecasts (“likely”), which stay as recorded."""
        listed = ", ".join(f"“{words}”" for words in self.unread_words)
        more = " and others" if self.unread > len(self.unread_words) and len(self.unread_words) == MOST_NAMED else ""
        noun = "forecast" if of == 1 else "forecasts"
        stay = "which stays as recorded" if self.unread == 1 else "which stay as recorded"
        return f"{self.name} does not list the words of {self.unread:,} of {of:,} {noun} ({listed}{more}), {stay}."


def shares_on(words: str, scale: Scale) -> Ends | None:
    """Low, probability and high that a forecast in these words would keep; None where the scale does not list them."""
    try:
        reading = read(words, scale)
    except UnreadableProbability:
        return None
    if not reading.is_coded:
        return None
    kept = kept_shares(reading)
    return kept["low"], kept["probability"], kept["high"]


def against_half(lines: Sequence[ScaleLine], always_half: float) -> tuple[bool, str]:
    """Whether the ranking against always saying 50% is the same on every reading, and the words for it."""
    sides = {_side(score, always_half) for line in lines for score in line.scores}
    if len(sides) == 1:
        return True, f"the ranking against always-50% does not change: {sides.pop()} on every reading"
    told = (f"{side} with {_several(_where(lines, always_half, side))}" for side in ("better", "level", "worse"))
    return False, f"the ranking against always-50% changes: {'; '.join(each for each in told if each[-1] != ' ')}"


def between(lines: Sequence[ScaleLine]) -> tuple[float, float]:
    """The least and the greatest score on any reading."""
    scores = [score for line in lines for score in line.scores]
    return min(scores), max(scores)


def _side(score: float, always_half: float) -> str:
    if abs(score - always_half) <= HAIR:
        return "level"
    return "better" if score < always_half else "worse"


def _where(lines: Sequence[ScaleLine], always_half: float, side: str) -> Iterable[str]:
    """On which readings it is so: the name of a scale where it holds on all three of its readings."""
    for line in lines:
        found = [
            end
            for end, score in zip(("low end", "points", "high end"), line.scores, strict=True)
            if _side(score, always_half) == side
        ]
        if found:
            yield line.name if len(found) == 3 else f"{line.name} at its {' and '.join(found)}"


def _several(names: Iterable[str]) -> str:
    return ", ".join(names)
