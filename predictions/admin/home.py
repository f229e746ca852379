"""The home page and the way around: what awaits the reader, and links to what their roles open."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from predictions.admin.prediction_page import close_in_words
from predictions.models import Prediction
from predictions.policy import can
from predictions.queries.worklists import CLOSING_SOON_DAYS, Shelf, Worklist, worklist

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
        Link("Log a forecast", "add_circle", "admin:predictions_forecast_add", verb="log_forecast"),
    ),
    "Record": (
        Link("Predictions", "help", "admin:predictions_prediction_changelist"),
        Link("Forecasts", "trending_up", "admin:predictions_forecast_changelist"),
        Link("Evidence", "balance", "admin:predictions_evidence_changelist"),
        Link("Resolutions", "gavel", "admin:predictions_resolution_changelist"),
        Link("Import forecasts", "upload_file", "import-forecasts", verb="import_forecasts"),
    ),
    "Where it comes from": (
        Link("Sources", "article", "admin:predictions_source_changelist"),
        Link("Quotes", "format_quote", "admin:predictions_quote_changelist"),
        Link("Forecasters", "record_voice_over", "admin:predictions_forecaster_changelist"),
        Link("Triggers", "bolt", "admin:predictions_trigger_changelist"),
        Link("Cases", "folder", "admin:predictions_case_changelist"),
    ),
    "How it turned out": (
        Link("Scorecards", "scoreboard", "scorecards"),
        Link("Ledger", "menu_book", "admin:predictions_ledgerentry_changelist"),
    ),
    "Site": (
        Link("People", "group", "admin:accounts_user_changelist", verb="manage_people"),
        Link("API docs", "api", "api:docs"),
    ),
}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar, as unfold wants it: groups of links, of which each reader gets those that their roles open."""
    groups = {title: [link for link in links if _is_open(link, request)] for title, links in MENU.items()}
    addresses = {link: reverse(link.name) for links in groups.values() for link in links}
    here = _longest_match(request.path, addresses.values())
    return [
        {
            "title": title,
            "separator": bool(title),
            "items": [
                {"title": link.title, "icon": link.icon, "link": addresses[link], "active": addresses[link] == here}
                for link in links
            ],
        }
        for title, links in groups.items()
    ]


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
    work = worklist(user, now=timezone.now())
    return {
        **context,
        "shelves": _shelves(work, may_resolve=can(user, "resolve")),
        "latest_forecasts": work.latest_forecasts,
        "hides_forecasts": work.hides_forecasts,
        "steps": [_step(step, work.taken, user) for step in STEPS],
        "may_log": can(user, "log_forecast"),
        "may_manage_people": can(user, "manage_people"),
    }


def _shelves(work: Worklist, *, may_resolve: bool) -> list[dict[str, Any]]:
    soon = f"within {CLOSING_SOON_DAYS} days"
    return [
        _shelf(work.due, "due", "Due for resolution", "Nothing waits to be resolved.", may_resolve=may_resolve),
        _shelf(work.closing_soon, "open", "Closing soon", f"No open prediction closes {soon}.", note=soon),
        _shelf(work.open, "open", "Open", "No prediction is open for forecasts."),
        _shelf(work.unscored, "resolved", "Resolved, not scored yet", "Every score is up to date."),
    ]


def _shelf(shelf: Shelf, status: str, title: str, empty: str, **shown: Any) -> dict[str, Any]:
    rows = [{"prediction": each, "close": _close(each, status)} for each in shelf.predictions]
    return {"title": title, "count": shelf.count, "rows": rows, "status": status, "empty": empty, **shown}


def _close(prediction: Prediction, status: str) -> str:
    return f"{'closes' if status == 'open' else 'closed'} {close_in_words(prediction)}"


def _step(step: Step, taken: frozenset[str], user: Any) -> dict[str, Any]:
    is_offered = step.key not in taken and can(user, step.verb)
    link = reverse(f"admin:predictions_{step.key}_add") if is_offered else ""
    return {"title": step.title, "help": step.help, "link": link, "is_taken": step.key in taken}
