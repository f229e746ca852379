"""From a number to the word of a scale.

A band holds its low end and not its high end, so that a number on a shared bound takes the higher word; the high end
counts where no band begins there. Where several bands hold the number, the narrowest counts (the bands of the IPCC and
of the survey overlap), then the one whose point is nearest, then the one that the scale lists first. A number in a gap
takes the word of the nearest band, the higher one of two that are equally near, and is said to have been moved.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from predictions.language.scales import Scale, Term, percent, span


@dataclass(frozen=True)
class Wording:
    """The term for a number; None where the scale deliberately has none. `is_moved`: its band does not hold it."""

    term: Term | None
    is_moved: bool = False


def word_for(share: Decimal, scale: Scale) -> Wording:
    """The term of `scale` for a probability from 0 to 1."""
    if share in scale.wordless:
        return Wording(None)
    for holds in (_holds, _reaches):
        if found := [term for term in scale.terms if holds(term, share)]:
            return Wording(min(found, key=_fit(share, found)))
    nearest = min(_distance(term, share) for term in scale.terms)
    found = [term for term in scale.terms if _distance(term, share) == nearest]
    return Wording(max(found, key=lambda term: term.low), is_moved=True)


def describe_wording(share: Decimal, scale: Scale) -> str:
    """The sentence to print: `likely (55–80%) on ICD 203`, with what must be said where the number had to be moved."""
    wording = word_for(share, scale)
    if wording.term is None:
        return f"{scale.name} has no word for exactly {percent(share)}%"
    told = f"{wording.term.name} ({span(wording.term.low, wording.term.high)})"
    if wording.is_moved:
        return f"{scale.name} has no word for {percent(share)}%; the nearest is {told}"
    return f"{told} on {scale.name}"


def _holds(term: Term, share: Decimal) -> bool:
    return term.low <= share < term.high or term.low == share == term.high


def _reaches(term: Term, share: Decimal) -> bool:
    return share == term.high


def _fit(share: Decimal, found: Sequence[Term]) -> Callable[[Term], tuple[Decimal, Decimal, int]]:
    return lambda term: (term.high - term.low, abs(term.point - share), found.index(term))


def _distance(term: Term, share: Decimal) -> Decimal:
    return max(term.low - share, share - term.high)
