"""The scorecard pages inside the admin. What a card is about stands in its address, so that it can be sent on."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from predictions.queries.scorecard_index import scorecard_index
from predictions.queries.scorecard_version import version
from predictions.queries.scorecard_words import marks, readings, scores
from predictions.queries.scorecards import Scorecard, scorecard
from predictions.views import drawings
from predictions.views.access import for_readers, shown
from predictions.views.address import Asked, read_address
from predictions.views.filters import filters
from predictions.views.scorecard_advanced import advanced_groups, stamps
from predictions.views.scorecard_sections import (
    brier_tiles,
    calibration_finding,
    count_tiles,
    logarithmic_tiles,
    peer_tiles,
    periods,
    ranking,
    sample_tiles,
)
from predictions.views.tiles import noted, shared

SHOWN = 50
"""So many rows stand on a page, which is long enough then; the CSV file has them all."""

FILTERS = ("forecaster", "source", "publisher", "theme", "case")
GROUPS = (
    ("Forecasters", "forecaster", "forecasters"),
    ("Our consensus", "forecaster", "consensus"),
    ("Sources", "source", "sources"),
    ("Publishers", "publisher", "publishers"),
    ("Themes", "theme", "themes"),
    ("Cases", "case", "cases"),
)


@for_readers
def index(request: HttpRequest, user: User) -> HttpResponse:
    search = request.GET.get("search", "").strip()
    found = scorecard_index(user, search)
    groups = [
        (heading, name, getattr(found, kind), found.left_out.get(kind, 0))
        for heading, name, kind in GROUPS
        if getattr(found, kind) or (kind in {"forecasters", "sources", "themes"} and not search)
    ]
    given: dict[str, Any] = {"everything": found.everything, "groups": groups, "search": search}
    return shown(request, "scorecards.html", title="Scorecards", **given)


@for_readers
def page(request: HttpRequest, user: User) -> HttpResponse:
    asked = read_address(request.GET, user)
    if answer := instead(request, asked, user, FILTERS, title="Scorecard"):
        return answer
    of = version(user)
    card = scorecard(asked.selection, user=user, now=timezone.now(), limit=SHOWN, of=of)
    return shown(
        request,
        "scorecard.html",
        title="Scorecard",
        subtitle=card.title,
        card=card,
        asked=asked,
        links=_links(asked),
        filters=filters(request.path, asked, user, FILTERS, of=of),
        **_sections(card),
        rows=[(row, scores(row), marks(row)) for row in card.rows[:SHOWN]],
    )


def instead(request: HttpRequest, asked: Asked, user: User, names: Iterable[str], *, title: str) -> HttpResponse | None:
    """What answers in place of the page: why not, or the way to the plain form of the same address.

    A filter that the page does not have, such as a forecaster for the league, is left out on that way.
    """
    if asked.faults:
        form = filters(request.path, asked, user, names)
        given = {"title": title, "asked": asked, "filters": form}
        return shown(request, "unclear.html", status=asked.status, **given)
    strange = asked.told.keys() - {*names, "since", "until", "horizon"}
    if asked.is_plain and not strange:
        return None
    query = asked.without(*strange, **({"print": "1"} if "print" in request.GET else {}))
    return redirect(f"{request.path}?{query}" if query else request.path)


def _sections(card: Scorecard) -> dict[str, Any]:
    """Everything between the title and the rows; conventions numbered for paper."""
    named = {
        "sample": sample_tiles(card),
        "counts": count_tiles(card),
        "brier": brier_tiles(card),
        "peers": peer_tiles(card),
        "logarithmic": logarithmic_tiles(card),
    }
    advanced = [(heading, *shared(tiles)) for heading, tiles in advanced_groups(card)]
    groups, notes = noted([*named.values(), *(tiles for _, _, tiles in advanced)])
    last = zip(advanced, groups[len(named) :], strict=True)
    return {
        **dict(zip(named, groups, strict=False)),
        "advanced": [(heading, convention, tiles) for (heading, convention, _), tiles in last],
        "notes": notes,
        "ranking": ranking(card),
        "periods": periods(card),
        "readings": readings(card),
        "stamps": stamps(card),
        **_charts(card),
    }


def _charts(card: Scorecard) -> dict[str, Any]:
    found = card.calibration
    return {
        "finding": calibration_finding(found) if found else "",
        "reliability": drawings.reliability_chart(found, card.title) if found else None,
        "histogram": drawings.histogram_chart(found, card.title) if found else None,
        "sensitivity": drawings.sensitivity_chart(card.sensitivity, card.title) if card.sensitivity else None,
        "over_time": drawings.over_time_chart(card.over_time, card.title) if card.over_time else None,
    }


def _links(asked: Asked) -> dict[str, str]:
    """The same filters elsewhere: downloads, paper, the league and a comparison that begins with this forecaster."""
    query, paper = asked.query, asked.without(print="1")
    others = asked.without("forecaster")
    whose = "" if asked.selection.is_of_consensus else asked.told.get("forecaster", "")
    compare = asked.without("forecaster", first=whose) if whose else others
    return {
        "csv": _with(reverse("scorecard-csv"), query),
        "xlsx": _with(reverse("scorecard-xlsx"), query),
        "json": _with(reverse("scorecard-json"), query),
        "print": _with(reverse("scorecard"), paper),
        "screen": _with(reverse("scorecard"), query),
        "league": _with(reverse("league"), others),
        "compare": _with(reverse("comparison"), compare),
    }


def _with(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
