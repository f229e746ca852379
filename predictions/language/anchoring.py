"""Find a quote in a text and describe where it stands, so that other tools find it again.

The description is that of the W3C Web Annotation Data Model (Recommendation, 23 February 2017): a TextQuoteSelector
(exact, prefix, suffix) with a TextPositionSelector (start inclusive, end exclusive, in Unicode code points).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from predictions.language.folding import Folded, cuts_cluster, fold, places
from predictions.language.resemblance import Passage, closest_passage, closest_passages

CONTEXT = 32
LONGEST_CONTEXT = 200
_MOST = 10_000
_SHOWN = 100
_TOLD = 3


@dataclass(frozen=True)
class Anchor:
    """Where a quote stands: text[start:end] is `exact`, in the text's own characters, between its context."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


class QuoteNotFound(ValueError):  # noqa: N818 - it says what happened, in the words of the reader
    """`exact` does not stand in the text; `closest` is the passage most like it, if any comes near."""

    def __init__(self, exact: str, closest: Passage | None = None) -> None:
        self.exact = exact
        self.closest = closest
        super().__init__(self._message())

    def _message(self) -> str:
        nearest = f" The closest passage is “{self.closest.text}”." if self.closest else ""
        return f"“{_clipped(self.exact)}” does not stand in the text.{nearest}"


class AmbiguousQuote(QuoteNotFound):
    """`exact` stands `count` times (counted to 10,000), and the context given does not decide between them.

    `contexts` are the words around the first of these places.
    """

    def __init__(self, exact: str, count: int, contexts: Sequence[str] = ()) -> None:
        self.count = count
        self.contexts = tuple(contexts)
        super().__init__(exact)

    def _message(self) -> str:
        times = f"{self.count} times" + " or more" * (self.count == _MOST)
        places = f" It stands at {' and at '.join(f'“{each}”' for each in self.contexts)}." if self.contexts else ""
        more = "give more of the words before or after it."
        return f"“{_clipped(self.exact)}” stands {times} in the text: {more}{places}"


class ContextChanged(QuoteNotFound):
    """`exact` stands in the text, but nowhere between the words that stood around it."""

    def _message(self) -> str:
        return f"“{_clipped(self.exact)}” stands in the text among other words than before."


def anchor(text: str, exact: str, prefix: str = "", suffix: str = "", *, start: int | None = None) -> Anchor:
    """Where `exact` stands in `text`, typographic variants aside (see folding); blanks at its ends do not count.

    `prefix` and `suffix`, of any length, are asked only where it stands several times; where they leave several too,
    the place that begins at `start` is taken. Where it stands several times, the place is described by more of the
    words around it, so that it is found again. A place whose ends would part a character from its combining marks is
    none. Raises QuoteNotFound, AmbiguousQuote, and ValueError where `exact` is blank.
    """
    folded, quote = Folded(text), _quote(exact)
    spots = list(islice(_spots(folded, quote), _MOST))
    if not spots:
        raise QuoteNotFound(exact, closest_passage(folded, quote))
    context = CONTEXT if len(spots) == 1 else LONGEST_CONTEXT
    if 1 < len(spots) < _MOST:
        spots = _between(folded, quote, spots, prefix, suffix) or spots
        if start is not None:
            spots = [at for at in spots if folded.span(at, at + len(quote))[0] == start] or spots
    return _only(text, exact, [folded.span(at, at + len(quote)) for at in spots], context)


def anchor_in_context(text: str, exact: str, prefix: str = "", suffix: str = "") -> Anchor:
    """As `anchor`, but `prefix` and `suffix` must stand around it even where it stands once.

    Raises ContextChanged where they do not; no closest passage is looked for where `exact` is missing.
    """
    folded, quote = Folded(text), _quote(exact)
    spots = list(islice(_spots(folded, quote), _MOST))
    if not spots:
        raise QuoteNotFound(exact)
    spots = _between(folded, quote, spots, prefix, suffix)
    if not spots:
        raise ContextChanged(exact)
    return _only(text, exact, [folded.span(at, at + len(quote)) for at in spots])


def with_context(text: str, start: int, end: int, context: int = CONTEXT) -> Anchor:
    """The passage text[start:end] with so many of the characters around it."""
    left, right = max(0, start - context), min(len(text), end + context)
    while cuts_cluster(text, left):
        left += 1
    while cuts_cluster(text, right):
        right -= 1
    return Anchor(start, end, text[start:end], text[left:start], text[end:right])


def nearest_places(text: str, exact: str, most: int = 5) -> list[Anchor]:
    """Where `exact` stands, up to `most` places, and then the passages that come closest to it."""
    folded, quote = Folded(text), _quote(exact)
    spans = [folded.span(at, at + len(quote)) for at in islice(_spots(folded, quote), most)]
    near = [(passage.start, passage.end) for passage in closest_passages(folded, quote, most - len(spans))]
    apart = [span for span in near if all(span[1] <= start or end <= span[0] for start, end in spans)]
    return [with_context(text, *span) for span in (*spans, *apart)]


def describe(text: str, start: int, end: int) -> Anchor:
    """The passage text[start:end], widened to whole characters and without blanks at its ends, and as much of the
    words around it as `anchor` needs to find this place and no other.

    Raises AmbiguousQuote where no context of LONGEST_CONTEXT characters does, ValueError where the passage is blank.
    """
    place = _whole(text, start, end)
    short, long = (with_context(text, *place, context) for context in (CONTEXT, LONGEST_CONTEXT))
    try:
        return anchor(text, short.exact, short.prefix, short.suffix)
    except AmbiguousQuote:
        return anchor(text, long.exact, long.prefix, long.suffix)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    while cuts_cluster(text, start):
        start -= 1
    while cuts_cluster(text, end):
        end += 1
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def find_all(text: str, exact: str) -> list[tuple[int, int]]:
    """Start and end of every place where `exact` stands, by the rules of `anchor`; overlapping ones too."""
    folded, quote = Folded(text), _quote(exact)
    return [folded.span(at, at + len(quote)) for at in _spots(folded, quote)]


def _quote(exact: str) -> str:
    quote = fold(exact).strip(" ")
    if not quote:
        raise ValueError("Give the words of the quote: it is empty.")
    return quote


def _spots(folded: Folded, quote: str) -> Iterator[int]:
    """Where the folded quote stands in the folded text, whole characters only."""
    for at in places(folded.text, quote):
        end = at + len(quote)
        if folded.parts_ligature(at) or folded.parts_ligature(end):
            continue
        if not any(cuts_cluster(folded.original, edge) for edge in folded.span(at, end)):
            yield at


def _between(folded: Folded, quote: str, spots: list[int], prefix: str, suffix: str) -> list[int]:
    """Those of `spots` around which the context stands."""
    before, after = fold(prefix).rstrip(), fold(suffix).lstrip()
    return [at for at in spots if _fits(folded.text, at, at + len(quote), before, after)]


def _only(text: str, exact: str, spans: list[tuple[int, int]], context: int = CONTEXT) -> Anchor:
    if len(spans) > 1:
        raise AmbiguousQuote(exact, len(spans), [_surroundings(text, *span) for span in spans[:_TOLD]])
    return with_context(text, *spans[0], context)


def _surroundings(text: str, start: int, end: int) -> str:
    around = with_context(text, start, end)
    middle = around.exact if len(around.exact) <= _SHOWN // 2 else "…"
    return " ".join(f"{around.prefix}{middle}{around.suffix}".split())


def _fits(text: str, start: int, end: int, before: str, after: str) -> bool:
    """Whether the context stands around text[start:end]; a blank between counts for nothing, forms strip it."""
    start -= text.endswith(" ", 0, start)
    end += text.startswith(" ", end)
    return text.endswith(before, 0, start) and text.startswith(after, end)


def _clipped(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
