"""The league table: who can be told from their peers, with how much certainty, and who is not ranked yet."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from predictions.models import League
from predictions.operations.leagues import name_staff
from predictions.policy import can
from predictions.queries.scorecard_cautions import early, on_decisions
from predictions.queries.scorecard_league import LeagueTable, Standing, league
from predictions.scoring.skill import DRAWS
from predictions.views import drawings
from predictions.views.access import for_deeds, for_readers, shown
from predictions.views.address import Asked, read_address
from predictions.views.filters import filters
from predictions.views.scorecards import instead
from predictions.views.tiles import few, interval, percent, signed

FILTERS = ("source", "publisher", "theme", "case")
MOST = 500
"""So many forecasters stand in each table."""

ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True)
class Place:
    """One line of the league as it is shown; `query` asks for the forecaster's card with the same filters."""

    line: Standing
    rank: str
    shrunken: str
    shrunken_interval: str
    points: str
    points_interval: str
    coverage: str
    adjusted: str
    best: str
    is_few: bool
    query: str
    versus: str


@for_readers
def page(request: HttpRequest, user: User) -> HttpResponse:
    asked = read_address(request.GET, user)
    if answer := instead(request, asked, user, FILTERS, title="League"):
        return answer
    table = league(asked.selection, user=user)
    ranked = [line for line in table.lines if line.is_ranked]
    rest = [line for line in table.lines if not line.is_ranked]
    title = asked.selection.by_schedule.by_anybody.title
    return shown(
        request,
        "league.html",
        title="League",
        subtitle=title,
        asked=asked,
        filters=filters(request.path, asked, user, FILTERS),
        table=table,
        heading=title,
        ranked=[_place(line, asked) for line in ranked[:MOST]],
        rest=[_place(line, asked) for line in rest[:MOST]],
        counts=(len(ranked), len(rest)),
        chart=drawings.league_chart(ranked, title) if ranked else None,
        spread=_spread(table),
        caution=early(table.unresolved),
        decisions=on_decisions(table.decisions.at(timezone.now())) if table.decisions else (),
        draws=DRAWS,
        names_staff=League.names_staff_now(),
        may_amend=can(user, "amend_league"),
        links=_links(asked),
    )


@for_deeds("amend_league")
def staff(request: HttpRequest, user: User) -> HttpResponse:
    """Let the table name people who have an account here, or no longer; then back to it with the same filters."""
    answer = request.POST.get("names_staff", "")
    if answer not in ANSWERS:
        raise BadRequest("Say yes or no: may the league name people who have an account here?")
    name_staff(ANSWERS[answer], by=user, at=timezone.now())
    now = "now" if ANSWERS[answer] else "no longer"
    messages.success(request, f"The league {now} names people who have an account here. The ledger says so.")
    query = urlencode(parse_qsl(request.POST.get("query", "")))
    return redirect(f"{reverse('league')}?{query}" if query else reverse("league"))


def _place(line: Standing, asked: Asked) -> Place:
    key = str(line.uuid)
    return Place(
        line=line,
        rank=_rank(line),
        shrunken=signed(line.shrunken),
        shrunken_interval=_ends(line.shrunken_low, line.shrunken_high),
        points=signed(line.points),
        points_interval=interval(line, signed),
        coverage=percent(line.time_coverage),
        adjusted=signed(line.adjusted),
        best=percent(line.chance_best),
        is_few=few(line.clusters),
        query=asked.without("forecaster", forecaster=key),
        versus=asked.without("forecaster", first=key),
    )


def _rank(line: Standing) -> str:
    if line.best_rank is None or line.worst_rank is None:
        return "–"
    return f"{line.best_rank}" if line.best_rank == line.worst_rank else f"{line.best_rank} to {line.worst_rank}"


def _ends(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{signed(low)} to {signed(high)}"


def _spread(table: LeagueTable) -> str:
    if table.population_mean is None or table.population_spread is None:
        return ""
    told = f"Mean of all {signed(table.population_mean)} points, standard deviation {table.population_spread:.2f}."
    if table.p_value is None:
        return told
    p = "p < 0.001" if table.p_value < 0.001 else f"p = {table.p_value:.3f}"
    return f"{told} Test that nobody differs: {p} (Welch’s, over independent events)."


def _links(asked: Asked) -> dict[str, str]:
    others = asked.without("forecaster")
    return {
        "print": f"{reverse('league')}?{asked.without(print='1')}",
        "screen": f"{reverse('league')}?{asked.query}",
        "compare": f"{reverse('comparison')}?{others}" if others else reverse("comparison"),
    }
