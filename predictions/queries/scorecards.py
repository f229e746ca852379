"""How well a forecaster, the forecasts of a source, those on a theme, or all of them did."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from accounts.models import User
from predictions.models.times import iso_utc
from predictions.queries.scorecard_board import Decisions, read_board, read_predictions
from predictions.queries.scorecard_calibration import SEED
from predictions.queries.scorecard_cautions import cautions
from predictions.queries.scorecard_conventions import CONVENTIONS
from predictions.queries.scorecard_figures import Figures, figures
from predictions.queries.scorecard_pairs import SHOWN, EvidenceLine
from predictions.queries.scorecard_rows import ScorecardRow, all_rows, read_rows, rounded
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecard_version import Version, remembered, version
from predictions.scoring.uncertainty import Interval

__all__ = [
    "CONVENTIONS",
    "ROWS_IN_JSON",
    "EvidenceLine",
    "Scorecard",
    "ScorecardRow",
    "Selection",
    "as_json",
    "scorecard",
    "scorecard_rows",
]

ROWS_IN_JSON = 2_000
"""A JSON card lists so many rows at most, and says when there are more; the CSV has them all."""

INTERNAL = {"pk", "selection", "resolver"}
"""What a row keeps to itself: `selection` stands once per case, the rest are our own keys."""

FIRST = ("title", "selection", "as_of")
JUDGED = ("not_independent", "provisional")
LAST = ("reasons", "summary", "cautions", "selections", "rows", "has_more_rows")
EXACT = {"summary"}
"""Left as it was computed: whoever compares it with another program wants every digit."""


@dataclass(frozen=True, kw_only=True)
class Scorecard(Figures):
    """A scorecard ready to show; CONVENTIONS says how each number is to be read. None: cannot be computed.

    `rows` are the first of its pairs, and `has_more_rows` says whether there are others.
    """

    title: str
    selection: Selection
    as_of: datetime
    seed: int
    not_independent: int
    provisional: int
    cautions: tuple[str, ...]
    selections: tuple[tuple[str, str], ...]
    rows: tuple[ScorecardRow, ...]
    has_more_rows: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing is on record that it could speak of."""
        return not (self.rows or self.n or self.annulled or self.unresolved or self.summary["n_forecasts"])


def scorecard(
    selection: Selection, *, user: User, now: datetime, limit: int = SHOWN, of: Version | None = None
) -> Scorecard:
    """The scorecard of what `user` may see of `selection`, with its first `limit` rows.

    `of` is the `version` of the record, where it was read already.
    What is hidden leaves no trace in any number. The caller has made sure that `user` may see what the selection
    names. Errors: none; a selection without a score has n = 0 and None for every mean.
    """
    of = of or version(user)
    found = figures(selection, of)
    decisions: Decisions = remembered("decisions", selection, of.shared, partial(_decisions, selection, user))
    judged = decisions.at(now)
    rows, has_more = read_rows(selection, user=user, now=now, n=found.n, limit=limit)
    return Scorecard(
        **{field.name: _tidy(field.name, getattr(found, field.name)) for field in fields(found)},
        title=selection.title,
        selection=selection,
        as_of=now,
        seed=SEED,
        not_independent=judged.not_independent,
        provisional=judged.provisional,
        cautions=cautions(found, judged),
        selections=tuple(dict.fromkeys((row.case, row.selection) for row in rows)),
        rows=rows,
        has_more_rows=has_more,
    )


def _decisions(selection: Selection, user: User) -> Decisions:
    """How the outcomes that the scores of `selection` rest on were decided."""
    predictions = read_predictions(selection, user)
    scored = read_board(selection, user, predictions, ("prediction", "forecaster", "brier")).having("brier")
    return predictions.decisions(scored["prediction"])


def scorecard_rows(selection: Selection, *, user: User, now: datetime) -> Iterator[ScorecardRow]:
    """Every row of the card, read as they are taken: for a table of any length."""
    n = figures(selection, version(user)).n
    return all_rows(selection, user=user, now=now, n=n)


def _tidy(name: str, value: Any) -> Any:
    return value if name in EXACT else rounded(value)


def as_json(card: Scorecard) -> dict[str, Any]:
    """The whole card in plain JSON values, floats to 12 decimals, with the conventions of its numbers.

    First what it is about, then its figures in the order in which they are to be read, then its rows. Nothing is
    infinite: such a logarithmic score is null, and `logarithmic_is_infinite` says so.
    """
    figures_in_order = [field.name for field in fields(Figures) if field.name not in LAST]
    names = (*FIRST, "seed", *figures_in_order, *JUDGED, *LAST)
    plain = {name: _plain(getattr(card, name)) for name in names}
    plain["selection"] = _named(card.selection)
    plain["selections"] = [{"case": case, "selection": text} for case, text in card.selections]
    plain["summary"] = dict(card.summary)
    return plain | {"conventions": dict(CONVENTIONS)}


def _plain(value: Any) -> Any:
    if isinstance(value, ScorecardRow):
        return _plain_row(value)
    match value:
        case None | bool() | int() | float() | str():
            return rounded(value)
        case datetime():
            return iso_utc(value)
        case tuple():
            return [_plain(item) for item in value]
        case dict():
            return {name: _plain(item) for name, item in value.items()}
    return _plain_parts(value) if is_dataclass(value) else str(value)


def _plain_parts(value: Any) -> dict[str, Any]:
    """The n of an interval counts scores: beside an n of predictions it goes by another name."""
    if isinstance(value, Interval):
        parts = {"pairs" if field.name == "n" else field.name: getattr(value, field.name) for field in fields(value)}
        return {name: _plain(part) for name, part in parts.items()}
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.name != "pk"}


def _plain_row(row: ScorecardRow) -> dict[str, Any]:
    plain = {field.name: _plain(getattr(row, field.name)) for field in fields(row) if field.name not in INTERNAL}
    plain["logarithmic"] = None if row.is_infinite else row.logarithmic
    return plain | {"is_scored": row.is_scored, "logarithmic_is_infinite": row.is_infinite}


def _named(selection: Selection) -> dict[str, Any]:
    forecaster, source, case = selection.forecaster, selection.source, selection.case
    return {
        "forecaster": {"uuid": str(forecaster.uuid), "name": forecaster.name} if forecaster else None,
        "source": {"uuid": str(source.uuid), "title": source.title} if source else None,
        "theme": selection.theme or None,
        "publisher": selection.publisher or None,
        "case": {"uuid": str(case.uuid), "title": case.title} if case else None,
        "since": _day(selection.since),
        "until": _day(selection.until),
        "horizon": selection.horizon and str(selection.horizon),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
