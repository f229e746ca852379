"""Two texts of one case compared by the terms they use: which can be chosen, and what is found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch

from accounts.models import User
from predictions.language.comparison import METHOD, VERSION, Comparison, Line, Occurrences, compare, parameters
from predictions.language.terms import Term
from predictions.models import Case, Prediction, Snapshot, SnapshotText, Source

MOST_OFFERED = 300
"""So many sources are offered to choose from; where there are more, a case is chosen first."""

MOST_PREDICTIONS = 500
SHOWN_PASSAGES = 12
PASSAGES_IN_JSON = 200
NO_TEXT = "The text of “{source}” is not held here any more."


@dataclass(frozen=True)
class Choice:
    """A source of which at least one text is held; `texts` are its snapshots, newest first."""

    source: Source
    texts: Sequence[Snapshot]


def comparable_sources(user: User, case: Any = None) -> list[Choice]:
    """Sources of one case, or of all that `user` sees, whose text is held; at most one above MOST_OFFERED."""
    rows = Source.objects.visible_to(user).filter(snapshots__isnull=False).distinct()
    rows = rows.filter(case__uuid=case) if case else rows
    rows = rows.select_related("case").prefetch_related(Prefetch("snapshots", to_attr="texts"))
    return [Choice(each, each.texts) for each in rows.order_by("case__title", "title", "id")[: MOST_OFFERED + 1]]


def compared(reference: Snapshot, revised: Snapshot, terms: Iterable[Term]) -> Comparison:
    """What the two texts have of each term. Raises ValidationError where they cannot be compared."""
    texts = SnapshotText.objects.in_bulk([reference.pk, revised.pk])
    for snapshot in (reference, revised):
        if snapshot.pk not in texts:
            raise ValidationError(NO_TEXT.format(source=snapshot.source))
    try:
        return compare(texts[reference.pk].text, texts[revised.pk].text, terms)
    except ValueError as fault:
        raise ValidationError(str(fault)) from fault


def predictions_to_choose(user: User, case: Case) -> list[Prediction]:
    """Predictions of the case that evidence can speak to, with their criteria; the newest first."""
    rows = Prediction.objects.visible_to(user).filter(case=case).for_show()
    return list(rows.prefetch_related("revision__criteria").order_by("-pk")[:MOST_PREDICTIONS])


TABLE_HEADER = (
    "term",
    "unit",
    "reference count",
    "reference size",
    "reference rate per 1,000",
    "reference first position (share of the text)",
    "reference first paragraph",
    "reference headings that name it",
    "reference headings it stands under",
    "revised count",
    "revised size",
    "revised rate per 1,000",
    "revised first position (share of the text)",
    "revised first paragraph",
    "revised headings that name it",
    "revised headings it stands under",
    "log-likelihood G2 (0 alike; no direction)",
    "log ratio (log2 of revised rate / reference rate)",
    "log ratio 95% low",
    "log ratio 95% high",
    "0.5 added",
    "reference SHA-256",
    "revised SHA-256",
    "method",
)


def table_rows(found: Comparison, reference: Snapshot, revised: Snapshot) -> list[tuple[object, ...]]:
    """A row for each term under TABLE_HEADER."""
    ends = (reference.sha256, revised.sha256, f"{METHOD} {VERSION}")
    return [
        (
            line.term,
            found.unit,
            *_cells(line.reference, found.reference_total),
            *_cells(line.revised, found.revised_total),
            line.g2,
            line.ratio.value,
            line.ratio.low,
            line.ratio.high,
            line.ratio.is_adjusted,
            *ends,
        )
        for line in found.lines
    ]


def _cells(each: Occurrences, total: int) -> tuple[object, ...]:
    first = (each.first.share, each.first.paragraph) if each.first else (None, None)
    under = "; ".join(f"{heading or '(none)'} ({count})" for heading, count in each.sections)
    return each.count, total, each.rate, *first, "; ".join(each.headings), under


def as_json(found: Comparison, reference: Snapshot, revised: Snapshot) -> dict[str, Any]:
    """All of it as plain values, with at most PASSAGES_IN_JSON passages of each term and text."""
    return {
        "method": {"name": METHOD, "version": VERSION, "parameters": parameters(found.unit)},
        "conventions": conventions(found),
        "reference": _text_told(reference, found.reference_total),
        "revised": _text_told(revised, found.revised_total),
        "terms": [_line_told(line, found) for line in found.lines],
    }


def _text_told(snapshot: Snapshot, total: int) -> dict[str, Any]:
    source = snapshot.source
    told = {"source": str(source.uuid), "title": source.title, "publisher": source.publisher, "url": source.url}
    taken = snapshot.captured_at.isoformat()
    return {**told, "sha256": snapshot.sha256, "taken_at": taken, "length": snapshot.length, "size": total}


def _line_told(line: Line, found: Comparison) -> dict[str, Any]:
    ratio = line.ratio
    return {
        "term": line.term,
        "reference": _occurrences_told(line.reference, found.reference),
        "revised": _occurrences_told(line.revised, found.revised),
        "log_likelihood": line.g2,
        "log_ratio": {"value": ratio.value, "low": ratio.low, "high": ratio.high, "is_adjusted": ratio.is_adjusted},
    }


def _occurrences_told(each: Occurrences, document: Any) -> dict[str, Any]:
    passages = (document.passage(place) for place in each.places[:PASSAGES_IN_JSON])
    first = each.first
    return {
        "count": each.count,
        "rate_per_1000": each.rate,
        "first": first and {"start": first.start, "share": first.share, "paragraph": first.paragraph},
        "headings": list(each.headings),
        "sections": [{"heading": heading, "count": count} for heading, count in each.sections],
        "passages": [
            {
                "start": each.place.start,
                "end": each.place.end,
                "paragraph": each.place.paragraph,
                "heading": each.heading,
                "before": each.before,
                "words": each.words,
                "after": each.after,
            }
            for each in passages
        ],
    }


def conventions(found: Comparison) -> list[str]:
    """What the figures mean, in sentences."""
    unit = (
        "Rates are per 1,000 words: runs of letters and digits, parted by blanks and hyphens."
        if found.unit == "words"
        else "Rates are per 1,000 characters, blanks left out: one of the texts is in a script without blanks between "
        "words, where a term counts wherever its characters stand."
    )
    return [
        unit,
        "Capitals, kinds of quotation marks and blanks, and line ends do not count; a phrase may have a blank or a "
        "hyphen between its words; whole words only, unless * ends the word.",
        "G² is the log-likelihood of Dunning (1993) as Rayson and Garside (2000) write it: 0 where both texts use a "
        "term alike, larger the surer the difference; above 3.84 chance alone would seldom do it, if words fell "
        "independently, which in one author's text they do not. It has no direction.",
        "Log ratio (Hardie 2014) is log₂ of the revised rate over the reference rate: +1 twice as often in the revised "
        "text, −1 half as often; in brackets its 95% interval. Where a term is missing in one text, 0.5 is added to "
        "both counts and sizes (marked “0.5 added”); where it is missing in both, both measures are undefined.",
        "Headings are guessed: short lines without a final stop, or numbered ones.",
    ]
