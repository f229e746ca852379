"""Two texts compared by the words and phrases that they use, so that "more explicitly" can be checked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from predictions.language import keyness
from predictions.language.layout import Layout, Paragraph
from predictions.language.terms import Reading, Term
from predictions.language.words import count_characters, count_words, is_unspaced

METHOD = "term comparison"
VERSION = "1"
PER = 1000
CONTEXT = 60
WORDS, CHARACTERS = "words", "characters"


@dataclass(frozen=True)
class Place:
    """One occurrence, in code points of the text; `share` is how far into the text it begins, 0 to 1."""

    start: int
    end: int
    paragraph: int
    share: float


@dataclass(frozen=True)
class Passage:
    """An occurrence with the words around it, blanks made single."""

    place: Place
    before: str
    words: str
    after: str
    heading: str


@dataclass(frozen=True)
class Occurrences:
    """Where a term stands in one text.

    `rate` is per 1,000 words, or characters where the comparison counts those. `sections` are the headings under which
    it stands ("" before the first), with how often; `headings` are those that name it. Headings are guessed from the
    layout.
    """

    count: int
    rate: float
    sections: tuple[tuple[str, int], ...]
    headings: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def first(self) -> Place | None:
        return next(iter(self.places), None)


@dataclass(frozen=True)
class Line:
    """What is found of one term. `g2` and `ratio` compare the revised text with the reference (see keyness)."""

    term: str
    reference: Occurrences
    revised: Occurrences
    g2: float | None
    ratio: keyness.LogRatio


class Document:
    """A text made ready to be compared; what it takes is worked out once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.reading, self.layout = Reading(text), Layout(text)

    @cached_property
    def is_unspaced(self) -> bool:
        return is_unspaced(self.text)

    def size(self, unit: str) -> int:
        return count_words(self.reading.text) if unit == WORDS else count_characters(self.reading.text)

    def occurrences(self, term: Term, total: int) -> Occurrences:
        places = tuple(self._place(*span) for span in term.places(self.reading))
        under, named = Counter[str](), {}
        for place in places:
            heading = self.layout.heading_over(place.start)
            under[_shown(heading)] += 1
            if heading is not None and place.start < heading.start + len(heading.text):
                named[heading.number] = _shown(heading)
        rate = PER * len(places) / total
        return Occurrences(len(places), rate, tuple(under.items()), tuple(named.values()), places)

    def passage(self, place: Place) -> Passage:
        """The occurrence with at most 60 code points of its paragraph on either side."""
        first, last = self.layout.paragraph_at(place.start), self.layout.paragraph_at(place.end - 1)
        left, right = max(first.start, place.start - CONTEXT), min(last.end, place.end + CONTEXT)
        before = "…" * (left > first.start) + _single(self.text[left : place.start])
        after = _single(self.text[place.end : right]) + "…" * (right < last.end)
        words = _single(self.text[place.start : place.end])
        return Passage(place, before, words, after, _shown(self.layout.heading_over(place.start)))

    def _place(self, start: int, end: int) -> Place:
        return Place(start, end, self.layout.paragraph_at(start).number, start / len(self.text))


@dataclass(frozen=True)
class Comparison:
    """`unit` is what sizes are counted in, alike for both texts: words or, for scripts without blanks, characters."""

    unit: str
    reference: Document
    revised: Document
    reference_total: int
    revised_total: int
    lines: tuple[Line, ...]


def compare(reference: str, revised: str, terms: Iterable[Term]) -> Comparison:
    """What the two texts have of each term. Raises ValueError where there is nothing to count in one of them."""
    documents = Document(reference), Document(revised)
    unit = CHARACTERS if any(document.is_unspaced for document in documents) else WORDS
    totals = documents[0].size(unit), documents[1].size(unit)
    if not all(totals):
        raise ValueError(f"There are no {unit} in one of the texts: nothing can be compared.")
    return Comparison(unit, *documents, *totals, tuple(_line(term, documents, totals) for term in terms))


def parameters(unit: str) -> dict[str, Any]:
    """What the figures rest on besides the texts and the term, for a record of them."""
    return {
        "unit": unit,
        "rate_per": PER,
        "confidence": str(keyness.CONFIDENCE),
        "added_where_a_count_is_0": str(keyness.ADDED),
        "context": CONTEXT,
    }


def _line(term: Term, documents: tuple[Document, Document], totals: tuple[int, int]) -> Line:
    found = [document.occurrences(term, total) for document, total in zip(documents, totals, strict=True)]
    # A term that is less than a word ("t" in "t't") may be counted oftener than words are.
    (a, c), (b, d) = ((each.count, max(each.count, total)) for each, total in zip(found, totals, strict=True))
    reference, revised = found
    return Line(term.text, reference, revised, keyness.log_likelihood(a, c, b, d), keyness.log_ratio(a, c, b, d))


def _single(text: str) -> str:
    return " ".join(f"|{text}|".split())[1:-1]


def _shown(heading: Paragraph | None) -> str:
    return " ".join(heading.text.split()) if heading else ""
