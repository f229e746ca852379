"""What awaits the reader in words: a line for each row, and a page for each kind of them."""

from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from predictions.admin.base import page_of, reader
from predictions.admin.codings import deed_url
from predictions.admin.long_lists import BoundedPaginator
from predictions.admin.prediction_page import close_in_words, page_url
from predictions.admin.settling import settle_url
from predictions.models import CodingRequest, Dispute, Forecast, Prediction, Quote, Trigger
from predictions.queries.worklist_shelves import CLOSING_SOON_DAYS, OVERDUE_DAYS, STALE_DAYS
from predictions.queries.worklists import KINDS, awaiting, concerns

PER_PAGE = 50
LONGEST_EXCERPT = 160


@dataclass(frozen=True)
class Words:
    """How one kind of worklist is called, what says that nothing is on it, and what it holds where that needs saying.

    `deed` leads, with the key of the prediction, to the form in which the thing asked for is done.
    """

    title: str
    empty: str
    note: str = ""
    deed: str = ""
    deed_url: str = ""


RESOLVE = "admin:predictions_resolution_add"
WORDS = {
    "to-code": Words("To code", "You are not asked to code anything.", "words of forecasts"),
    "to-assess": Words(
        "To assess", "You are not asked to assess anything.", deed_url="admin:predictions_assessment_add"
    ),
    "to-adjudicate": Words("To adjudicate", "Nothing waits for an adjudicator.", "the resolvers did not settle it"),
    "to-answer": Words("To answer", "No dispute waits for an answer from you.", "disputes"),
    "to-confirm": Words("To confirm", "Nothing waits to be confirmed.", "the resolvers are done"),
    "to-resolve": Words("To resolve", "Nothing waits for one person to resolve it.", deed="Resolve", deed_url=RESOLVE),
    "resolve-or-extend": Words("To resolve or extend", "No trigger is past its date.", "past their date"),
    "overdue": Words("Overdue", "Nothing is overdue.", f"due for more than {OVERDUE_DAYS} days"),
    "to-review": Words("To review", "No assumption or indicator is to be reviewed.", "assumptions and indicators"),
    "orphaned": Words("Quotes orphaned", "Every quote was found in the newest text of its source.", "not found again"),
    "stale": Words(
        "Gone stale",
        "No forecast of yours is stale.",
        f"yours, or written down by you, {STALE_DAYS} days ago or more",
        "Log a new one",
        "admin:predictions_forecast_add",
    ),
    "closing-soon": Words(
        "Closing soon",
        f"No open prediction closes within {CLOSING_SOON_DAYS} days.",
        f"within {CLOSING_SOON_DAYS} days",
    ),
    "due": Words("Due for resolution", "Nothing is due for resolution."),
    "open": Words("Open", "No prediction is open for forecasts."),
    "unscored": Words("Resolved, not scored yet", "Every score is up to date."),
}


@dataclass(frozen=True)
class Line:
    """One row of a worklist: `text` leads to `url`, `told` says more, `deed` leads to the form at `deed_url`."""

    text: str
    url: str
    told: str
    deed: str = ""
    deed_url: str = ""


def line_of(row: Any, name: str, now: datetime) -> Line:
    """`row`, of the kind `name`, in words."""
    match row:
        case Prediction() if name == "to-review":
            told = f"{row.theme}, to review since {row.review_on:%-d %B %Y}"  # type: ignore[attr-defined]
            return Line(str(row), page_url(row.pk, "assumptions"), told)
        case Prediction():
            return _prediction_line(row, WORDS[name], now)
        case Dispute():
            told = f"criterion ({row.criterion.label}): {shorten(row.text, LONGEST_EXCERPT, placeholder='…')}"
            return Line(str(row.prediction), page_url(row.prediction_id, "judgement"), told)
        case Forecast():
            return _forecast_line(row, WORDS[name])
        case Quote() | CodingRequest() | Trigger():
            return _line_of_its_own(row)
        case _:
            raise TypeError(f"No worklist holds such rows: {row!r}")


def _line_of_its_own(row: Quote | CodingRequest | Trigger) -> Line:
    """Of words that are to be found again or read as a probability, and of what is to occur."""
    if isinstance(row, Quote):
        return Line(str(row), settle_url(row), f"{row.source}, {row.source.case}")
    if isinstance(row, Trigger):
        return Line(str(row), page_of(row), f"{row.case}, expected {row.expected_in_words()}")
    quote: Any = row.forecast.quote
    return Line(str(row.prediction), deed_url(row, "code"), f"{quote} ({quote.source})")


def _prediction_line(prediction: Prediction, words: Words, now: datetime) -> Line:
    closing = prediction.closing_at
    verb = "closed" if closing and closing <= now else "closes"
    told = f"{prediction.theme}, {verb} {close_in_words(prediction)}"
    page, form = page_url(prediction.pk, "judgement"), _form_url(words, prediction.pk)
    if words.deed or not form:
        return Line(str(prediction), page, told, words.deed, form)
    return Line(str(prediction), form, told)


def _forecast_line(forecast: Forecast, words: Words) -> Line:
    told = f"{forecast.forecaster}: {forecast.in_words()}, issued {forecast.issued_in_words()}"
    form = f"{_form_url(words, forecast.prediction_id)}&forecaster={forecast.forecaster_id}"
    return Line(str(forecast.prediction), page_url(forecast.prediction_id, "forecasts"), told, words.deed, form)


def _form_url(words: Words, prediction: int) -> str:
    return f"{reverse(words.deed_url)}?prediction={prediction}" if words.deed_url else ""


def worklist_page(request: HttpRequest, name: str) -> HttpResponse:
    """All that awaits the reader of one kind; refused to those whose roles let them do nothing about it."""
    user, now = reader(request), timezone.now()
    if not concerns(name, user):
        raise PermissionDenied
    page = BoundedPaginator(awaiting(name, user, now=now), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": WORDS[name].title,
        "words": WORDS[name],
        "page": page,
        "lines": [line_of(row, name, now) for row in page],
    }
    return TemplateResponse(request, "admin/worklist.html", context)


def worklist_url(name: str) -> str:
    return reverse(f"worklist-{name}")


urlpatterns: list[URLPattern] = [
    path(f"{name}/", admin.site.admin_view(worklist_page), {"name": name}, name=f"worklist-{name}") for name in KINDS
]
