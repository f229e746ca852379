"""The home page and the way around: what awaits the reader, and links to what their roles open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from predictions.admin.base import reader
from predictions.admin.notices import unread_badge
from predictions.admin.worklist_pages import WORDS, line_of, worklist_url
from predictions.policy import can
from predictions.queries.worklists import Shelf, worklist

admin.site.index_template = "admin/home.html"
admin.site.index_title = "Home"


@dataclass(frozen=True)
class Link:
    """One entry of the sidebar, for those who may `verb`; everyone who signed in may have those without one."""

    title: str
    icon: str
    name: str
    verb: str = "read"


MENU = {
    "": (
        Link("Home", "home", "admin:index", verb=""),
        Link("Capture a source", "download", "admin:predictions_capture_add", verb="capture_source"),
        Link("Notices", "notifications", "notices"),
        Link("Log a forecast", "add_circle", "admin:predictions_forecast_add", verb="log_forecast"),
    ),
    "Record": (
        Link("Predictions", "help", "admin:predictions_prediction_changelist"),
        Link("Forecasts", "trending_up", "admin:predictions_forecast_changelist"),
        Link("Evidence", "balance", "admin:predictions_evidence_changelist"),
        Link("Assessments", "rule", "admin:predictions_assessment_changelist"),
        Link("Resolutions", "gavel", "admin:predictions_resolution_changelist"),
        Link("Disputes", "feedback", "admin:predictions_dispute_changelist"),
        Link("Import forecasts", "upload_file", "import-forecasts", verb="import_forecasts"),
    ),
    "Where it comes from": (
        Link("Sources", "article", "admin:predictions_source_changelist"),
        Link("Captures", "downloading", "admin:predictions_capture_changelist"),
        Link("Quotes", "format_quote", "admin:predictions_quote_changelist"),
        Link("Compare documents", "compare", "document-comparison"),
        Link("Forecasters", "record_voice_over", "admin:predictions_forecaster_changelist"),
        Link("Scales of words", "straighten", "admin:predictions_housescale_changelist"),
        Link("Triggers", "bolt", "admin:predictions_trigger_changelist"),
        Link("Cases", "folder", "admin:predictions_case_changelist"),
    ),
    "How it turned out": (
        Link("Scorecards", "scoreboard", "scorecards"),
        Link("Agreement", "handshake", "agreement"),
        Link("Ledger", "menu_book", "admin:predictions_ledgerentry_changelist"),
    ),
    "Site": (
        Link("People", "group", "admin:accounts_user_changelist", verb="manage_people"),
        Link("Teams", "groups", "admin:predictions_team_changelist", verb="manage_teams"),
        Link("API docs", "api", "api:docs"),
    ),
}


FACTOR = Link("My sign-in", "lock", "mfa_index")


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar, as unfold wants it: groups of links, of which each reader gets those that their roles open.

    Who owes a second factor first gets one alone: any other would lead there as well.
    """
    if getattr(request, "factor_owed", None):
        return [{"items": [_item(FACTOR, reverse(FACTOR.name), request.path, "")]}]
    groups = {title: [link for link in links if _is_open(link, request)] for title, links in MENU.items()}
    addresses = {link: reverse(link.name) for links in groups.values() for link in links}
    here = _longest_match(request.path, addresses.values())
    badges = {"notices": unread_badge(reader(request))} if request.user.is_authenticated else {}
    return [
        {
            "title": title,
            "separator": bool(title),
            "items": [_item(link, addresses[link], here, badges.get(link.name, "")) for link in links],
        }
        for title, links in groups.items()
    ]


def _item(link: Link, address: str, here: str, badge: str) -> dict[str, Any]:
    shown = {"title": link.title, "icon": link.icon, "link": address, "active": address == here}
    return shown | ({"badge": badge, "badge_variant": "primary"} if badge else {})


def _is_open(link: Link, request: HttpRequest) -> bool:
    return not link.verb or can(request.user, link.verb)


def _longest_match(path: str, addresses: Any) -> str:
    """The address of the page at `path`, or of the part of the site that it belongs to."""
    home = reverse("admin:index")
    return max(
        (each for each in addresses if path == each or (each != home and path.startswith(each))), key=len, default=""
    )


@dataclass(frozen=True)
class Step:
    """What a new site needs, in this order: a row of kind `key`."""

    key: str
    title: str
    help: str
    verb: str


STEPS = (
    Step("case", "Open a case", "The dossier that keeps what belongs together.", "open_case"),
    Step("source", "Record a source", "What foretells something, and its text if you hold it.", "record_source"),
    Step("forecaster", "Name the forecaster", "A person, an outlet, a crowd or a model.", "name_forecaster"),
    Step("prediction", "Pose a prediction", "A statement, and the criteria to judge it by.", "pose_prediction"),
    Step("forecast", "Log a forecast", "A number or words, such as 70% or likely.", "log_forecast"),
)


def show_home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the template of the home page shows, besides what every page has."""
    user: Any = request.user
    if not can(user, "read"):
        return {**context, "has_no_role": True}
    now = timezone.now()
    work = worklist(user, now=now)
    shelves = [_shelf(name, shelf, now) for name, shelf in work.shelves.items()]
    return {
        **context,
        "shelves": shelves,
        "empty_shelves": [shelf for shelf in shelves if not shelf["lines"]],
        "latest_forecasts": work.latest_forecasts,
        "hides_forecasts": work.hides_forecasts,
        "steps": [_step(step, work.taken, user) for step in STEPS],
        "may_log": can(user, "log_forecast"),
        "may_capture": can(user, "capture_source"),
        "may_manage_people": can(user, "manage_people"),
    }


def _shelf(name: str, shelf: Shelf, now: datetime) -> dict[str, Any]:
    return {
        "words": WORDS[name],
        "count": shelf.count_in_words,
        "lines": [line_of(row, name, now) for row in shelf.rows],
        "has_more": shelf.count > len(shelf.rows),
        "url": worklist_url(name),
    }


def _step(step: Step, taken: frozenset[str], user: Any) -> dict[str, Any]:
    is_offered = step.key not in taken and can(user, step.verb)
    link = reverse(f"admin:predictions_{step.key}_add") if is_offered else ""
    return {"title": step.title, "help": step.help, "link": link, "is_taken": step.key in taken}
