"""The scorecard pages inside the admin. What a card is about stands in its address, so that it can be sent on."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from predictions.exchange.forecast_table import csv_text
from predictions.policy import demand
from predictions.queries.scorecard_address import named_selection
from predictions.queries.scorecard_index import scorecard_index
from predictions.queries.scorecard_words import counts, headline, readings, sample, scores
from predictions.queries.scorecards import Scorecard, Selection, scorecard
from predictions.views.scorecard_table import HEADER, line

SHOWN = 200
"""So many rows stand on a page; the CSV file has them all."""

View = Callable[[HttpRequest, User], HttpResponse]


def for_readers(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Let in who may read: the rest sign in first, or get 403."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        demand(request.user, "read")
        return view(request, request.user)  # type: ignore[arg-type]

    return require_safe(never_cache(login_required(guarded, login_url="admin:login")))


@for_readers
def index(request: HttpRequest, user: User) -> HttpResponse:
    cards = scorecard_index(user)
    groups = [
        ("Forecasters", "forecaster", cards.forecasters),
        ("Sources", "source", cards.sources),
        ("Themes", "theme", cards.themes),
    ]
    return _shown(request, "scorecards.html", title="Scorecards", everything=cards.everything, groups=groups)


@for_readers
def page(request: HttpRequest, user: User) -> HttpResponse:
    card = _card(request, user)
    return _shown(
        request,
        "scorecard.html",
        title="Scorecard",
        subtitle=card.title,
        card=card,
        query=_address(card.selection),
        sample=sample(card),
        headline=headline(card),
        readings=readings(card),
        counts=counts(card),
        rows=[(row, scores(row)) for row in card.rows[:SHOWN]],
    )


@for_readers
def table(request: HttpRequest, user: User) -> HttpResponse:
    """The rows of the card as CSV; the byte order mark makes Excel read it as UTF-8."""
    card = _card(request, user)
    text = "\ufeff" + csv_text(HEADER, map(line, card.rows))
    name = slugify(card.title)[:80] or "selection"
    headers = {"Content-Disposition": f'attachment; filename="scorecard-{name}.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _shown(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return TemplateResponse(request, f"predictions/{template}", admin.site.each_context(request) | context)


def _card(request: HttpRequest, user: User) -> Scorecard:
    """The card that the address asks for; 404 for what is not there, or not for this reader."""
    try:
        selection = named_selection(request.GET, user)
    except (ObjectDoesNotExist, ValidationError) as fault:
        raise Http404("There is no such scorecard.") from fault
    return scorecard(selection, user=user, now=timezone.now())


def _address(selection: Selection) -> str:
    asked = {
        "forecaster": selection.forecaster and selection.forecaster.uuid,
        "source": selection.source and selection.source.uuid,
        "theme": selection.theme,
    }
    return urlencode({name: value for name, value in asked.items() if value})
