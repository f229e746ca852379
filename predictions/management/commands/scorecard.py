import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from predictions.management.lookup import is_named, one_source, unknown
from predictions.management.terminal import cards, paragraph, printable, table, terminal_width
from predictions.models import Case, Forecaster, Prediction, Source
from predictions.operations.accounts import command_line_account
from predictions.queries.scorecard_address import NAMES, named_selection
from predictions.queries.scorecard_pairs import SHOWN
from predictions.queries.scorecard_selection import Horizon, Selection
from predictions.queries.scorecard_words import Figure, counts, headline, marks, readings, sample, scores
from predictions.queries.scorecards import CONVENTIONS, ROWS_IN_JSON, Scorecard, ScorecardRow, as_json, scorecard

HEADING = ("Prediction", "Forecast", "Outcome", "Evidence", "Brier", "Logarithmic", "Adds to mean")
NUMBERS = (4, 5, 6)
EXPLAINED = {"Brier": "brier", "Logarithmic": "logarithmic", "Adds to mean": "contribution", "Evidence": "grade"}
TABLE_FROM = 92
"""Columns below which a table of seven would break most words."""


class Command(BaseCommand):
    help = "Print a scorecard: of everything on record, or of the part that the options name; all of them must hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--forecaster", metavar="NAME", default="")
        parser.add_argument("--source", metavar="ID", default="", help="Its short name in the casebook, or its uuid.")
        parser.add_argument("--publisher", metavar="NAME", default="")
        parser.add_argument("--theme", metavar="NAME", default="")
        parser.add_argument("--case", metavar="ID", default="", help="Its short name, or its uuid.")
        parser.add_argument("--since", metavar="DAY", default="", help="First day on which an outcome was known.")
        parser.add_argument("--until", metavar="DAY", default="", help="Last such day; days are UTC: 2026-01-31.")
        leads = "Days from a forecaster's first forecast to the scheduled close."
        parser.add_argument("--horizon", choices=[str(each) for each in Horizon], default="", help=leads)
        parser.add_argument("--json", action="store_true", dest="as_json", help="All of it, numbers unrounded.")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        now = timezone.now()
        user = command_line_account(at=now)
        selection = _selection(user, **{name: options[name] for name in NAMES})
        card = scorecard(selection, user=user, now=now, limit=ROWS_IN_JSON if as_json else SHOWN)
        self.stdout.write(_json_text(card) if as_json else "\n".join(_lines(card, terminal_width())))


def _selection(user: User, *, forecaster: str, source: str, case: str, **asked: str) -> Selection:
    """What the options ask for. Rows go by name or short name here, and by uuid in an address."""
    rows = {
        "forecaster": _forecaster(forecaster) if forecaster else None,
        "source": one_source(source, user) if source else None,
        "case": _case(case, user) if case else None,
    }
    by_uuid = {name: str(row.uuid) for name, row in rows.items() if row}
    for name, model in (("theme", Prediction), ("publisher", Source)):
        _require_known(name, asked[name], model.objects.visible_to(user).values_list(name, flat=True))
    try:
        return named_selection(asked | by_uuid, user)
    except ValidationError as fault:
        told = [f"--{name}: {refusal}" for name, refusals in fault.message_dict.items() for refusal in refusals]
        raise CommandError("\n".join(told)) from fault


def _forecaster(name: str) -> Forecaster:
    found = Forecaster.objects.filter(name=name).first()
    if found is None:
        raise unknown("forecaster", name, Forecaster.objects.values_list("name", flat=True))
    return found


def _case(name: str, user: User) -> Case:
    visible = Case.objects.visible_to(user)
    found = visible.filter(is_named(name)).first()
    if found is None:
        raise unknown("case", name, visible.values_list("external_id", flat=True))
    return found


def _require_known(kind: str, name: str, names: QuerySet[Any]) -> None:
    known = set(names.order_by().distinct()) if name else {name}
    if name not in known:
        raise unknown(kind, name, known)


def _json_text(card: Scorecard) -> str:
    return json.dumps(as_json(card), indent=2, ensure_ascii=False, allow_nan=False)


def _lines(card: Scorecard, width: int) -> list[str]:
    if card.is_empty:
        return [printable(card.title), "Nothing is on record here yet."]
    figures = (*headline(card), *counts(card)) if card.n else counts(card)
    return [
        printable(card.title),
        "",
        paragraph(f"n = {card.n}: predictions resolved and scored, {sample(card)}", width),
        "",
        *(paragraph(caution, width, indent="! ") for caution in card.cautions),
        "",
        *(_figure(figure, width) for figure in figures),
        "",
        *(paragraph(reading, width) for reading in readings(card)),
        "",
        *([_rows(card.rows, width), ""] if card.rows else []),
        *(
            [paragraph(f"The first {len(card.rows)} rows; --json lists up to {ROWS_IN_JSON:,}.", width), ""]
            * card.has_more_rows
        ),
        *(paragraph(CONVENTIONS[key], width, indent=f"{name:<14}") for name, key in EXPLAINED.items()),
        "",
        "How the sentences were chosen",
        *(paragraph(f"{case}: {how}", width, indent="  ") for case, how in card.selections),
    ]


def _figure(figure: Figure, width: int) -> str:
    return paragraph(figure.convention, width, indent=f"{figure.name:<24}{figure.value:>8}  ")


def _rows(rows: tuple[ScorecardRow, ...], width: int) -> str:
    has_several = len({row.forecaster_uuid for row in rows}) > 1
    cells = [_cells(row, f"{row.forecaster}: " if has_several else "") for row in rows]
    if width < TABLE_FROM:
        return cards(HEADING, cells, width=width)
    return table(HEADING, cells, width=width, numbers=NUMBERS)


def _cells(row: ScorecardRow, forecaster: str) -> tuple[str, ...]:
    score = scores(row)
    forecast = f"{forecaster}{row.forecast}" + (f" [{row.basis}]" if row.basis else "")
    outcome = f"{row.outcome}, {row.known}" if row.outcome else row.state_in_words
    if row.is_behind or (row.outcome_share is not None and not row.is_scored):
        outcome = f"{outcome}; {row.state_in_words}"
    outcome = "; ".join([outcome, *marks(row)])
    evidence = ", ".join(f"{item.grade} {item.stance}" for item in row.evidence)
    return row.statement, forecast, outcome, evidence, score.brier, score.logarithmic, score.contribution
