"""The terms of a house scale as they are written in a form: one a line, `likely, probable: 55%, 67.5%, 80%`.

Before the colon the term and its other spellings, after it low, point and high, as shares or in per cent.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from predictions.language.openness import NEVER_A_TERM
from predictions.language.scales import Term, bare, percent
from predictions.language.stated import UnreadableProbability, number_in_figures

LONGEST_TERM = 80
MOST_TERMS = 40
MOST_SPELLINGS = 400
"""Of all terms together: a scale is read again for every page that shows words, and lasts for good."""
EXAMPLE = "likely, probable: 55%, 67.5%, 80%"


class FaultyTerms(ValueError):  # noqa: N818 - it names what is wrong with the lines
    """Lines that give no scale: a message for each, which names its line."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


def read_terms(text: str) -> tuple[Term, ...]:
    """The terms, lowest point first. Raises FaultyTerms with everything that is wrong with them."""
    terms, faults = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            terms.append(_term(line))
        except (ValueError, UnreadableProbability) as fault:
            faults.append(f"Line {number}: {fault}")
    faults += _faults_of_all(terms)
    if faults:
        raise FaultyTerms(faults)
    return tuple(sorted(terms, key=lambda term: (term.point, term.low)))


def write_terms(terms: tuple[Term, ...]) -> str:
    """The lines that read as these terms."""
    return "\n".join(
        f"{', '.join(term.spellings)}: {', '.join(f'{percent(end)}%' for end in (term.low, term.point, term.high))}"
        for term in terms
    )


def _term(line: str) -> Term:
    words, colon, numbers = line.rpartition(":")
    spellings = tuple(filter(None, (bare(spelling) for spelling in words.split(","))))
    ends = [_share(each) for each in numbers.split(",")]
    if not colon or not spellings or len(ends) != 3:
        raise ValueError(f"write the words, a colon, then low, point and high, such as {EXAMPLE}.")
    for spelling in spellings:
        _require_term(spelling)
    low, point, high = ends
    if not low <= point <= high:
        raise ValueError(f"“{spellings[0]}” needs low, point and high in this order.")
    return Term(spellings[0], spellings, low, point, high)


def _share(written: str) -> Decimal:
    share = number_in_figures(bare(written))
    if share is None:
        raise ValueError(f"“{written.strip()[:40]}” is no number such as 55% or 0.55.")
    return share


def _require_term(spelling: str) -> None:
    if len(spelling) > LONGEST_TERM:
        raise ValueError(f"a term has at most {LONGEST_TERM} characters.")
    if not any(sign.isalpha() for sign in spelling) or number_in_figures(spelling) is not None:
        raise ValueError(f"“{spelling}” is a number, not a term.")
    if spelling in NEVER_A_TERM:
        raise ValueError(f"“{spelling}” leaves everything open: no scale can give it a number.")


def _faults_of_all(terms: list[Term]) -> Iterator[str]:
    if not terms:
        yield f"Give at least one term, such as {EXAMPLE}."
    if len(terms) > MOST_TERMS:
        yield f"A scale has at most {MOST_TERMS} terms."
    spellings = sorted(spelling for term in terms for spelling in term.spellings)
    if len(spellings) > MOST_SPELLINGS:
        yield f"A scale has at most {MOST_SPELLINGS} spellings of its terms."
    for spelling in sorted({one for one, other in pairwise(spellings) if one == other}):
        yield f"“{spelling}” stands there twice."
