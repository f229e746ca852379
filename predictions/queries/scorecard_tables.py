"""The tables of a scorecard: its score over time, by time before the close, and its worst misses."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from predictions.models import Forecaster, Prediction
from predictions.queries.scorecard_board import Board, Whole
from predictions.scoring import rules

MOST_QUARTERS = 24
WORST = 3

MOMENTS = {
    "spot_90": "90 days before the scheduled close",
    "spot_30": "30 days before the scheduled close",
    "spot_7": "7 days before the scheduled close",
    "spot_half": "half-way through the scheduled open time",
}


@dataclass(frozen=True)
class PeriodLine:
    """Mean Brier score (0–1) while a forecast stood, of the n predictions whose outcome became known in `period`."""

    period: str
    n: int
    mean_brier: float


@dataclass(frozen=True)
class MomentLine:
    """Mean Brier score (0–1) of what stood at one moment, on the n predictions where something stood then."""

    moment: str
    n: int
    mean_brier: float | None


@dataclass(frozen=True)
class Miss:
    """A score that cost many nats: `logarithmic` None where it cost infinitely many."""

    prediction: UUID
    pk: int
    statement: str
    forecaster: str
    outcome_share: float
    logarithmic: float | None
    brier: float
    is_infinite: bool


def over_time(scored: Board) -> tuple[PeriodLine, ...]:
    """By quarter (UTC), or by year where they span more than 24; without what became known nobody says when."""
    board = scored.having("known_us")
    if not len(board):
        return ()
    months = board["known_us"].astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    quarters = months // 3
    by_year = quarters.max() - quarters.min() >= MOST_QUARTERS
    first = np.flatnonzero(np.diff(board.by_prediction, prepend=-1))
    periods, place = np.unique((quarters // 4 if by_year else quarters)[first], return_inverse=True)
    named: Callable[[int], str] = _year if by_year else _quarter
    n, total = np.bincount(place), np.bincount(place, board.per_prediction(board["brier"]))
    return tuple(
        PeriodLine(named(int(period)), int(count), float(whole / count))
        for period, count, whole in zip(periods, n, total, strict=True)
    )


def _year(years_since_1970: int) -> str:
    return str(1970 + years_since_1970)


def _quarter(quarters_since_1970: int) -> str:
    return f"{1970 + quarters_since_1970 // 4} Q{quarters_since_1970 % 4 + 1}"


def by_moment(board: Board) -> tuple[MomentLine, ...]:
    """Each line speaks of other predictions: those open so long, on which something stood."""
    return tuple(_at(board.having(column), column, moment) for column, moment in MOMENTS.items())


def _at(board: Board, column: str, moment: str) -> MomentLine:
    return MomentLine(moment, board.prediction_count, board.mean((board[column] - board["outcome"]) ** 2))


def worst_misses(scored: Board) -> tuple[Miss, ...]:
    """The three scores of most nats above the least that their outcome allows, which for yes and no is 0.

    A share costs nats however well it is foretold. Those that cost the same come in the order of entry.
    """
    if not len(scored):
        return ()
    outcome = scored["outcome"]
    excess = scored["logarithmic"] - np.asarray(rules.logarithmic(outcome, outcome))
    order = np.lexsort((scored["forecaster"], scored["prediction"], -scored["brier"], -excess))
    return _told(scored, order[:WORST])


def _told(scored: Board, rows: Whole) -> tuple[Miss, ...]:
    keys = [(int(scored["prediction"][row]), int(scored["forecaster"][row])) for row in rows]
    predictions = Prediction.objects.select_related("revision").in_bulk([prediction for prediction, _ in keys])
    names = Forecaster.objects.in_bulk([forecaster for _, forecaster in keys])
    return tuple(
        _miss(scored, int(row), predictions[prediction], names[forecaster])
        for row, (prediction, forecaster) in zip(rows, keys, strict=True)
    )


def _miss(scored: Board, row: int, prediction: Prediction, forecaster: Forecaster) -> Miss:
    nats = float(scored["logarithmic"][row])
    return Miss(
        prediction=prediction.uuid,
        pk=prediction.pk,
        statement=prediction.statement,
        forecaster=forecaster.name,
        outcome_share=float(scored["outcome"][row]),
        logarithmic=None if np.isinf(nats) else nats,
        brier=float(scored["brier"][row]),
        is_infinite=bool(np.isinf(nats)),
    )
