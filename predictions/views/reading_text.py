"""The text of the reading page as HTML: paragraphs with their numbers, marked words, signs that nobody sees.

The text of a paragraph's element is, sign by sign, that of the snapshot: a selection can be told in its code points.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from predictions.language.claims import Claim
from predictions.language.passages import Paragraph, Piece, paragraphs
from predictions.queries.readings import QuoteNote, Reading
from predictions.views.unseen import marked

KINDS = {
    "forecast": "foretells",
    "conditional": "foretells on a condition",
    "reported": "reports what somebody else foretells",
    "call_to_act": "calls to act",
}
"""What each kind of claim does."""


@dataclass(frozen=True)
class ShownParagraph:
    """`start` counts from the beginning of the whole text; `notes` are the quotes that begin here."""

    number: int
    start: int
    html: SafeString
    notes: tuple[QuoteNote, ...]


@dataclass(frozen=True)
class _Marks:
    """What the numbers of marks stand for: first the claims, in rank order, then the quotes."""

    claims: Sequence[Claim]
    quotes: Sequence[QuoteNote]

    def spans(self) -> Iterator[tuple[int, int, int]]:
        for number, claim in enumerate(self.claims):
            yield claim.start, claim.end, number
        for number, note in enumerate(self.quotes, start=len(self.claims)):
            if note.place:
                yield *note.place, number

    def quote(self, number: int) -> QuoteNote | None:
        return self.quotes[number - len(self.claims)] if number >= len(self.claims) else None


def shown_paragraphs(reading: Reading) -> list[ShownParagraph]:
    marks = _Marks(reading.claims or (), reading.quotes)
    noted: set[int] = set()
    found = paragraphs(reading.text, marks.spans())
    return [
        _shown(paragraph, number, reading.offset, marks, noted)
        for number, paragraph in enumerate(found, start=reading.paragraphs_before + 1)
    ]


def _shown(paragraph: Paragraph, number: int, offset: int, marks: _Marks, noted: set[int]) -> ShownParagraph:
    here = [mark for piece in paragraph.pieces for mark in piece.marks if mark >= len(marks.claims)]
    new = [mark for mark in dict.fromkeys(here) if mark not in noted]
    noted.update(new)
    return ShownParagraph(
        number=number,
        start=offset + paragraph.start,
        html=mark_safe("".join(_piece(piece, marks) for piece in paragraph.pieces)),  # noqa: S308 - escaped in _piece
        notes=tuple(note for mark in new if (note := marks.quote(mark))),
    )


def _piece(piece: Piece, marks: _Marks) -> str:
    if not piece.marks:
        return words(piece.text)
    quotes = [note for mark in piece.marks if (note := marks.quote(mark))]
    claim = next((mark for mark in piece.marks if mark < len(marks.claims)), None)
    begun = "".join(f'<a class="anchor" id="quote-{n.quote.uuid}"></a>' for m in piece.begins if (n := marks.quote(m)))
    attributes = [*_of_claim(claim, piece, marks), *_of_quotes(piece, marks)]
    kinds = [f"claim {marks.claims[claim].kind}"] if claim is not None else []
    kinds += ["quoted"] if quotes else []
    return f'{begun}<mark class="{" ".join(kinds)}"{"".join(attributes)}>{words(piece.text)}</mark>'


def _of_claim(claim: int | None, piece: Piece, marks: _Marks) -> Iterator[str]:
    if claim is None:
        return
    if claim in piece.begins:
        yield f' id="claim-{claim + 1}"'
    reason = f"{KINDS[marks.claims[claim].kind]}: {marks.claims[claim].reason}"
    yield f' data-claim="{claim + 1}" tabindex="-1" title="{escape(reason)}"'


def _of_quotes(piece: Piece, marks: _Marks) -> Iterator[str]:
    ended = [note for mark in piece.ends if (note := marks.quote(mark))]
    if ended:
        yield f' data-ended="{", ".join(str(note.number) for note in ended)}"'


def words(text: str) -> str:
    """Text as HTML, every sign that is not seen made visible and kept from turning what stands around it."""
    # A parser makes a line feed of a bare carriage return, and one sign of CR LF.
    return marked(str(escape(text)).replace("\r", "&#13;"))
