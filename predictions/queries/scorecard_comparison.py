"""Two forecasters side by side: on the predictions that both made, over the times at which both had a forecast up."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from accounts.models import User
from predictions.models import Forecaster
from predictions.queries.scorecard_board import Board, Decisions, Floats, Predictions, read_board, read_predictions
from predictions.queries.scorecard_calibration import SEED
from predictions.queries.scorecard_league import NO_CLOSE, NO_DIFFERENCE, SIGNIFICANT
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecard_together import Together, together
from predictions.queries.scorecard_version import remembered, version
from predictions.scoring import comparison as kernel
from predictions.scoring import diagnostics

COLUMNS = ("prediction", "forecaster", "outcome", "forecast_count", "spot_half")
THRESHOLDS = 101
LINES = 50
"""So many common predictions are listed."""

NOTHING_IN_COMMON = "they never had a forecast up at the same time on the same resolved prediction"


@dataclass(frozen=True)
class MurphyPoint:
    """Mean elementary score (0–1, lower is better) of both at one threshold."""

    threshold: float
    first: float
    second: float


@dataclass(frozen=True)
class CommonLine:
    """One common prediction, by key, with the mean Brier score of each while both had a forecast up."""

    prediction: int
    outcome: float
    first: float
    second: float


@dataclass(frozen=True)
class Comparison:
    """`brier` and `logarithmic`: the first's loss less the second's, over the scheduled open time, below 0 where the
    first did better; with a 95% interval and a paired test over independent events.

    `better`, `worse` and `level` count the `n` predictions by that Brier difference, seen from the first. `first_brier`
    and `second_brier` are mean Brier scores (0–1) at the same instants. `murphy` rests on the `spots` predictions on
    which both had a forecast up half-way through the scheduled open time: a curve that lies below everywhere is better
    under every proper score. `lines` are the first common predictions. `decisions` are those that all of it rests on.
    Where n is 0, `reason` says why.
    """

    first: str
    second: str
    n: int
    clusters: int
    first_brier: float | None
    second_brier: float | None
    brier: kernel.Comparison | None
    logarithmic: kernel.Comparison | None
    better: int
    worse: int
    level: int
    spots: int
    murphy: tuple[MurphyPoint, ...]
    lines: tuple[CommonLine, ...]
    decisions: Decisions
    verdict: str
    reason: str


def comparison(first: Forecaster, second: Forecaster, *, within: Selection, user: User) -> Comparison:
    """How `first` did beside `second` on what `user` may see of `within`, whoever that names; remembered.

    A period is one of scheduled closes, as in the league.
    """
    name = f"comparison-{first.pk}-{second.pk}"
    anybody = within.by_schedule.by_anybody
    return remembered(name, anybody, version(user).shared, partial(_comparison, first, second, anybody, user))


def _comparison(first: Forecaster, second: Forecaster, within: Selection, user: User) -> Comparison:
    boards, predictions = _boards((first, second), within, user)
    common = np.intersect1d(boards[0]["prediction"], boards[1]["prediction"])
    met = together(common, (first.pk, second.pk), predictions)
    p, q, outcome = _spots(boards)
    found = {
        name: kernel.paired(values, cluster=met.event, rng=np.random.default_rng(SEED))
        for name, values in (("brier", met.brier), ("logarithmic", met.logarithmic))
        if len(values)
    }
    brier = found.get("brier")
    return Comparison(
        first=first.name,
        second=second.name,
        n=len(met.brier),
        clusters=len(np.unique(met.event)),
        first_brier=_mean(met.first_brier),
        second_brier=_mean(met.second_brier),
        brier=brier,
        logarithmic=found.get("logarithmic"),
        better=int((met.brier < 0).sum()),
        worse=int((met.brier > 0).sum()),
        level=int((met.brier == 0).sum()),
        spots=len(outcome),
        murphy=_murphy(p, q, outcome),
        lines=_lines(met),
        decisions=predictions.decisions(met.prediction),
        verdict=_verdict(brier, first, second),
        reason="" if brier else (NO_CLOSE if met.unscheduled else NOTHING_IN_COMMON),
    )


def _verdict(brier: kernel.Comparison | None, first: Forecaster, second: Forecaster) -> str:
    if brier is None:
        return ""
    if brier.mean is None or brier.low is None or brier.high is None or brier.low <= 0 <= brier.high:
        return NO_DIFFERENCE
    # At few events, and at many with a bootstrap, interval and test can disagree: then neither has shown anything.
    if brier.p_value is None or brier.p_value >= SIGNIFICANT:
        return NO_DIFFERENCE
    return f"{first if brier.mean < 0 else second} did better"


def _boards(who: tuple[Forecaster, Forecaster], within: Selection, user: User) -> tuple[list[Board], Predictions]:
    predictions = read_predictions(within, user)
    boards = [read_board(replace(within, forecaster=each), user, predictions, COLUMNS) for each in who]
    return [board.only(board["forecast_count"] > 0) for board in boards], predictions


def _spots(boards: list[Board]) -> tuple[Floats, Floats, Floats]:
    """What both said half-way through the scheduled open time, and how it turned out."""
    first, second = (board.having("spot_half") for board in boards)
    _, here, there = np.intersect1d(first["prediction"], second["prediction"], return_indices=True)
    return first["spot_half"][here], second["spot_half"][there], first["outcome"][here]


def _murphy(p: Floats, q: Floats, outcome: Floats) -> tuple[MurphyPoint, ...]:
    if not len(outcome):
        return ()
    thresholds = np.linspace(0.0, 1.0, THRESHOLDS)
    curves = (diagnostics.murphy_curve(each, outcome, thresholds) for each in (p, q))
    return tuple(MurphyPoint(*map(float, point)) for point in zip(thresholds, *curves, strict=True))


def _lines(met: Together) -> tuple[CommonLine, ...]:
    rows = zip(met.prediction[:LINES], met.outcome, met.first_brier, met.second_brier, strict=False)
    return tuple(CommonLine(int(key), *map(float, told)) for key, *told in rows)


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None
