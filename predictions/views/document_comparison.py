"""Two documents of one case compared by the terms they use. What is compared stands in the address."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.text import slugify

from accounts.models import User
from predictions.exchange.forecast_table import csv_text
from predictions.language.comparison import METHOD, VERSION, Comparison, Document, Line, Occurrences, Passage
from predictions.models import Snapshot
from predictions.policy import can
from predictions.queries.document_comparison import (
    MOST_OFFERED,
    SHOWN_PASSAGES,
    TABLE_HEADER,
    Choice,
    as_json,
    comparable_sources,
    compared,
    conventions,
    table_rows,
)
from predictions.views.access import for_readers, shown
from predictions.views.document_address import SIDES, AskedDocuments, read_documents
from predictions.views.scorecard_downloads import MARK
from predictions.views.tiles import MISSING, signed

SHOWN_HEADINGS = 8


@dataclass(frozen=True)
class PassageShown:
    """A passage and where it can be turned into evidence; blank where it cannot."""

    passage: Passage
    evidence: str


@dataclass(frozen=True)
class SideShown:
    """What one text has of a term, as the page shows it."""

    title: str
    found: Occurrences
    rate: str
    first: str
    under: str
    passages: list[PassageShown]

    @property
    def more(self) -> int:
        return self.found.count - len(self.passages)


@dataclass(frozen=True)
class LineShown:
    """A line of the table and what unfolds under it."""

    line: Line
    verdict: str
    ratio: str
    interval: str
    g2: str
    sides: tuple[SideShown, SideShown]
    evidence: str


@for_readers
def page(request: HttpRequest, user: User) -> HttpResponse:
    asked = read_documents(request.GET, user)
    given: dict[str, Any] = {"title": "Compare documents", "asked": asked, "links": _links(asked)}
    given |= _form(asked, user)
    if asked.pair and asked.terms:
        try:
            found = compared(*asked.pair, asked.terms)
        except ValidationError as refusal:
            asked.refuse(" ".join(refusal.messages), 400)
        else:
            given |= _result(found, asked, user)
    return shown(request, "document_comparison.html", status=asked.status, **given)


@for_readers
def table(request: HttpRequest, user: User) -> HttpResponse:
    """The figures as CSV, a row for each term."""
    pair, found, asked = _asked(request, user)
    text = MARK + csv_text(TABLE_HEADER, table_rows(found, *pair))
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=_attached(asked, "csv"))


@for_readers
def plain(request: HttpRequest, user: User) -> HttpResponse:
    """The figures and the passages as JSON."""
    pair, found, asked = _asked(request, user)
    dumps = {"ensure_ascii": False}
    return JsonResponse(as_json(found, *pair), headers=_attached(asked, "json"), json_dumps_params=dumps)


def _asked(request: HttpRequest, user: User) -> tuple[tuple[Snapshot, Snapshot], Comparison, AskedDocuments]:
    asked = read_documents(request.GET, user)
    if asked.status == 404:
        raise Http404("There is no such document.")
    if asked.pair is None or not asked.terms:
        raise BadRequest(" ".join(asked.faults) or "Choose two documents and give the terms to look for.")
    try:
        return asked.pair, compared(*asked.pair, asked.terms), asked
    except ValidationError as refusal:
        raise BadRequest(" ".join(refusal.messages)) from refusal


def _attached(asked: AskedDocuments, ending: str) -> dict[str, str]:
    names = (slugify(snapshot.source.title)[:40] or "text" for snapshot in asked.pair or ())
    return {"Content-Disposition": f'attachment; filename="comparison-{"-and-".join(names)}.{ending}"'}


def _links(asked: AskedDocuments) -> dict[str, str]:
    here, query = reverse("document-comparison"), asked.with_()
    return {
        "csv": f"{reverse('document-comparison-csv')}?{query}",
        "json": f"{reverse('document-comparison-json')}?{query}",
        "swapped": f"{here}?{asked.swapped()}",
        "print": f"{here}?{asked.with_(print='1')}",
        "screen": f"{here}?{query}",
    }


# --- choosing ------------------------------------------------------------------------------------------------------


def _form(asked: AskedDocuments, user: User) -> dict[str, Any]:
    choices = comparable_sources(user, asked.case)
    offered = choices[:MOST_OFFERED]
    sides = [_side(side, asked, offered) for side in SIDES]
    return {"sides": sides, "has_texts": len(choices) > 1, "is_cut": len(choices) > MOST_OFFERED}


def _side(side: str, asked: AskedDocuments, choices: Iterable[Choice]) -> dict[str, Any]:
    """One document to choose: its sources by case, and the texts of the one that is chosen."""
    chosen: Snapshot | None = getattr(asked, side)
    by_case = groupby(choices, key=lambda choice: choice.source.case)
    texts = next((each.texts for each in choices if chosen and each.source == chosen.source), [])
    return {
        "name": side,
        "label": {"reference": "Reference document", "revised": "Revised document"}[side],
        "groups": [(case.title, [choice.source for choice in group]) for case, group in by_case],
        "chosen": chosen,
        "texts": texts if len(texts) > 1 else [],
        "text": asked.told.get(f"{side}_text", ""),
    }


# --- what was found ------------------------------------------------------------------------------------------------


def _result(found: Comparison, asked: AskedDocuments, user: User) -> dict[str, Any]:
    linking = can(user, "link_evidence")
    quoting = [linking and can(user, "anchor_quote") and _is_newest(each) for each in asked.pair or ()]
    lines = [_line(line, found, asked, linking, quoting) for line in found.lines]
    return {
        "found": found,
        "lines": lines,
        "conventions": conventions(found),
        "method": f"{METHOD}, version {VERSION}",
        "texts": [(each, total) for each, total in zip(asked.pair or (), _totals(found), strict=True)],
    }


def _totals(found: Comparison) -> tuple[int, int]:
    return found.reference_total, found.revised_total


def _is_newest(snapshot: Snapshot) -> bool:
    """Words are quoted from the newest text of a source alone."""
    return Snapshot.objects.filter(source=snapshot.source_id).first() == snapshot


def _line(line: Line, found: Comparison, asked: AskedDocuments, linking: bool, quoting: list[bool]) -> LineShown:
    address = f"{reverse('document-evidence')}?{asked.pinned(term=line.term)}"
    documents, occurrences = (found.reference, found.revised), (line.reference, line.revised)
    reference, revised = (
        _shown_side(side, document, each, address if may_quote else "")
        for side, document, each, may_quote in zip(SIDES, documents, occurrences, quoting, strict=True)
    )
    return LineShown(
        line, verdict(line), *ratio_in_words(line), g2_in_words(line), (reference, revised), address if linking else ""
    )


def _shown_side(side: str, document: Document, found: Occurrences, address: str) -> SideShown:
    first = f"{found.first.share:.0%} into the text, paragraph {found.first.paragraph}" if found.first else ""
    passages = [
        PassageShown(document.passage(place), f"{address}&side={side}&start={place.start}" if address else "")
        for place in found.places[:SHOWN_PASSAGES]
    ]
    return SideShown(side.capitalize(), found, f"{found.rate:.2f}", first, _under(found), passages)


def _under(found: Occurrences) -> str:
    told = [
        f"“{heading}” ({count})" if heading else f"before any heading ({count})" for heading, count in found.sections
    ]
    more = len(told) - SHOWN_HEADINGS
    return "; ".join(told[:SHOWN_HEADINGS]) + (f"; and {more} more" if more > 0 else "")


def verdict(line: Line) -> str:
    """What the interval of the log ratio says."""
    ratio = line.ratio
    if ratio.low is None or ratio.high is None:
        return "in neither text"
    if ratio.low > 0:
        return "oftener in the revised text"
    return "oftener in the reference text" if ratio.high < 0 else "no difference shown"


def ratio_in_words(line: Line) -> tuple[str, str]:
    ratio = line.ratio
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return "undefined", ""
    added = ", 0.5 added" * ratio.is_adjusted
    return signed(ratio.value, 2), f"[{signed(ratio.low, 2)}, {signed(ratio.high, 2)}]{added}"


def g2_in_words(line: Line) -> str:
    return MISSING if line.g2 is None else f"{line.g2:.1f}"
