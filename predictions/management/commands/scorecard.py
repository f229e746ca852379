import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.models import User
from predictions.management.lookup import one_source, unknown
from predictions.management.terminal import cards, paragraph, printable, table, terminal_width
from predictions.models import Forecaster, Prediction
from predictions.operations.accounts import command_line_account
from predictions.queries.scorecard_words import Figure, counts, headline, readings, sample, scores
from predictions.queries.scorecards import CONVENTIONS, Scorecard, ScorecardRow, Selection, as_json, scorecard

HEADING = ("Prediction", "Forecast", "Outcome", "Evidence", "Brier", "Logarithmic", "Adds to mean")
NUMBERS = (4, 5, 6)
EXPLAINED = {"Brier": "brier", "Logarithmic": "logarithmic", "Adds to mean": "contribution", "Evidence": "grade"}
TABLE_FROM = 92
"""Columns below which a table of seven would break most words."""


class Command(BaseCommand):
    help = "Print a scorecard: of everything on record, or of one forecaster, source or theme."

    def add_arguments(self, parser: CommandParser) -> None:
        about = parser.add_mutually_exclusive_group()
        about.add_argument("--forecaster", metavar="NAME", default="")
        about.add_argument("--source", metavar="ID", default="", help="Its short name in the casebook, or its uuid.")
        about.add_argument("--theme", metavar="NAME", default="")
        parser.add_argument("--json", action="store_true", dest="as_json", help="All of it, numbers unrounded.")

    def handle(self, *args: Any, as_json: bool, forecaster: str, source: str, theme: str, **options: Any) -> None:
        now = timezone.now()
        user = command_line_account(at=now)
        selection = Selection(
            forecaster=_forecaster(forecaster) if forecaster else None,
            source=one_source(source, user) if source else None,
            theme=_theme(theme, user) if theme else "",
        )
        card = scorecard(selection, user=user, now=now)
        self.stdout.write(_json_text(card) if as_json else "\n".join(_lines(card, terminal_width())))


def _forecaster(name: str) -> Forecaster:
    found = Forecaster.objects.filter(name=name).first()
    if found is None:
        raise unknown("forecaster", name, Forecaster.objects.values_list("name", flat=True))
    return found


def _theme(name: str, user: User) -> str:
    themes = set(Prediction.objects.visible_to(user).values_list("theme", flat=True))
    if name not in themes:
        raise unknown("theme", name, themes)
    return name


def _json_text(card: Scorecard) -> str:
    return json.dumps(as_json(card), indent=2, ensure_ascii=False, allow_nan=False)


def _lines(card: Scorecard, width: int) -> list[str]:
    if not card.rows:
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
        _rows(card.rows, width),
        "",
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
    evidence = ", ".join(f"{item.grade} {item.stance}" for item in row.evidence)
    return row.statement, forecast, outcome, evidence, score.brier, score.logarithmic, score.contribution
