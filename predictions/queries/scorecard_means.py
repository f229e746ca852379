"""The means of a scorecard. Unless it says otherwise, a mean is over predictions of the mean over their forecasters."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from predictions.queries.scorecard_board import Board, Flags, Floats
from predictions.queries.scorecard_calibration import SEED
from predictions.queries.scorecard_league import ALONE, MINIMUM_RANKED, NO_CLOSE, LeagueTable, Standing
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecard_summary import varies
from predictions.scoring import means as kernel
from predictions.scoring.uncertainty import FEWEST_FOR_INTERVAL, Interval, mean_interval

OF_CONSENSUS = "our own consensus is not one of the peers"
OF_SEVERAL = "it is drawn for one forecaster at a time: pick one"
IDENTITY = "everybody against everybody comes to 0 or near it, whatever they say: pick one forecaster"
NOTHING_CLOSED = "no prediction scored was scheduled to close in the period"
FEW_EVENTS = "fewer than five independent events"
NOTHING_BETWEEN = "chance explains every difference between forecasters, so it gives all of them the same value"
HALF = 0.5


@dataclass(frozen=True)
class Crowd:
    """Own and the others' mean Brier score (0–1) while others stood too, over predictions as every mean of a card.

    `difference` is the crowd's less one's own: above 0 is better than the crowd. None where it is everybody's.
    """

    brier: float
    crowd_brier: float
    predictions: int
    pairs: int
    clusters: int
    difference: Interval | None


@dataclass(frozen=True)
class Peers:
    """Peer Brier points, −100 to 100, 0 as good as the peers, more is better; on predictions where others stood too.

    `points` is None where they are everybody's. `shrunken`, with its interval, is the ranking key: `points` drawn
    towards the mean of all `forecasters`. None with a `reason`, and without an interval for `interval_reason`. Below
    `minimum` independent events a forecaster is not yet ranked. `p_value` is that of the test which the `verdict`
    follows. `unresolved` is filled in for each reader. A period means that of the scheduled close.
    """

    points: Interval | None
    predictions: int
    pairs: int
    clusters: int
    shrunken: float | None
    shrunken_low: float | None
    shrunken_high: float | None
    interval_reason: str
    is_ranked: bool
    minimum: int
    forecasters: int
    population_mean: float | None
    population_spread: float | None
    p_value: float | None
    verdict: str
    reason: str
    unresolved: int | None = None


def means(scored: Board) -> dict[str, Any]:
    """The headline means of the pairs that have a score, and what they would be otherwise."""
    brier, outcome = scored["brier"], scored["outcome"]
    nats = scored.mean(scored["logarithmic"])
    always_half = scored.mean((HALF - outcome) ** 2)
    mean_brier = scored.mean(brier)
    return {
        "mean_brier": mean_brier,
        "brier_interval": interval(scored, brier),
        "always_half": always_half,
        "skill_vs_half": kernel.skill(mean_brier, always_half) if scored.prediction_count > 1 else None,
        "skill_vs_base_rate": _skill_vs_base_rate(scored, mean_brier),
        "mean_logarithmic": None if nats == np.inf else nats,
        "mean_logarithmic_clipped": scored.mean(scored["logarithmic_clipped"]),
        "logarithmic_interval": interval(scored, scored["logarithmic_clipped"]),
        "time_coverage": mean_of(scored, "time_coverage"),
        "time_coverage_n": scored.having("time_coverage").prediction_count,
        **_read_otherwise(scored),
    }


def interval(board: Board, values: Floats) -> Interval:
    """Of the mean over predictions, clustered by the event that settles them."""
    return mean_interval(values, cluster=board.event, weight=board.share, rng=np.random.default_rng(SEED))


def mean_of(board: Board, name: str) -> float | None:
    """The mean of one figure, over the pairs that have it."""
    having = board.having(name)
    return having.mean(having[name])


def _skill_vs_base_rate(scored: Board, mean_brier: float | None) -> float | None:
    """Against always saying the mean outcome of these very predictions, which nobody knew beforehand."""
    if scored.prediction_count < 2 or not varies(scored["outcome"]):
        return None
    base_rate = scored.mean(scored["outcome"]) or 0.0
    return kernel.skill(mean_brier, scored.mean((scored["outcome"] - base_rate) ** 2))


def _read_otherwise(scored: Board) -> dict[str, Any]:
    is_implied, is_in_hindsight = scored["is_implied"] == 1, scored["is_in_hindsight"] == 1
    has_words = bool((is_implied | (scored["is_coded"] == 1)).any())
    return {
        "if_read_low": mean_of(scored, "brier_low") if has_words else None,
        "if_read_high": mean_of(scored, "brier_high") if has_words else None,
        "without_implied": _without(scored, is_implied),
        "without_hindsight": _without(scored, is_in_hindsight),
    }


def _without(scored: Board, left_out: Flags) -> float | None:
    """None where nothing is left out, or nothing is left."""
    return mean_of(scored.only(~left_out), "brier") if left_out.any() else None


def crowd(scored: Board, selection: Selection) -> Crowd | None:
    """None where nobody else stood at the same time."""
    board = scored.having("contested_brier", "crowd_brier")
    board = board.only(board["contested_us"] > 0)
    if not len(board):
        return None
    own, others = board["contested_brier"], board["crowd_brier"]
    return Crowd(
        brier=float(board.share @ own),
        crowd_brier=float(board.share @ others),
        predictions=board.prediction_count,
        pairs=len(board),
        clusters=len(np.unique(board.event)),
        difference=interval(board, others - own) if selection.is_of_some else None,
    )


def peers(beside: Board, selection: Selection, table: LeagueTable | None) -> Peers | None:
    """None where nobody else stood at the same time; `table` is everybody's standing, where one forecaster is meant."""
    board = contested(beside)
    if not len(board):
        return None
    return Peers(
        points=interval(board, board["peer_brier"]) if selection.is_of_some else None,
        predictions=board.prediction_count,
        pairs=len(board),
        clusters=len(np.unique(board.event)),
        minimum=MINIMUM_RANKED,
        reason=_why_not_shrunken(selection, table),
        **_shrunken(selection, table),
    )


def contested(beside: Board) -> Board:
    board = beside.having("peer_brier")
    return board.only(board["contested_us"] > 0)


def why_no_peers(beside: Board, selection: Selection) -> str:
    if selection.is_of_consensus:
        return OF_CONSENSUS
    if (beside["contested_us"] > 0).any():
        return NO_CLOSE
    return ALONE if len(beside) or not selection.has_period else NOTHING_CLOSED


def _shrunken(selection: Selection, table: LeagueTable | None) -> dict[str, Any]:
    """The forecaster's line in the league, and the league it stands in."""
    own = [line for line in table.lines if selection.forecaster and line.pk == selection.forecaster.pk] if table else []
    shrunken = ("shrunken", "shrunken_low", "shrunken_high")
    return {
        **{name: getattr(own[0], name) if own else None for name in shrunken},
        "interval_reason": _why_no_interval(own[0]) if own else "",
        "is_ranked": bool(own and own[0].is_ranked),
        "forecasters": table.forecasters if table else 0,
        "population_mean": table.population_mean if table else None,
        "population_spread": table.population_spread if table else None,
        "p_value": table.p_value if table else None,
        "verdict": table.verdict if table else "",
    }


def _why_no_interval(own: Standing) -> str:
    if own.shrunken is None or own.shrunken_low is not None:
        return ""
    return FEW_EVENTS if own.clusters < FEWEST_FOR_INTERVAL else NOTHING_BETWEEN


def _why_not_shrunken(selection: Selection, table: LeagueTable | None) -> str:
    if selection.forecaster is None:
        return OF_SEVERAL
    return OF_CONSENSUS if selection.is_of_consensus else (table.reason if table else ALONE)
