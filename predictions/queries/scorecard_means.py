"""The means of a scorecard. Unless it says otherwise, a mean is over predictions of the mean over their forecasters."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from predictions.queries.scorecard_board import Board, Flags, Floats
from predictions.queries.scorecard_calibration import SEED
from predictions.queries.scorecard_league import ALONE, MINIMUM_RANKED, LeagueTable
from predictions.queries.scorecard_selection import Selection
from predictions.scoring import means as kernel
from predictions.scoring.uncertainty import Interval, mean_interval

OF_CONSENSUS = "our own consensus is not one of the peers"
OF_SEVERAL = "it is drawn for one forecaster at a time: pick one"
HALF = 0.5


@dataclass(frozen=True)
class Crowd:
    """Own and the others' mean Brier score (0–1) at the same instants, weighted by the time in which others stood.

    `difference` is the crowd's less one's own: above 0 is better than the crowd.
    """

    brier: float
    crowd_brier: float
    predictions: int
    pairs: int
    difference: Interval


@dataclass(frozen=True)
class Peers:
    """Peer Brier points, −100 to 100, 0 as good as the peers, more is better; on predictions where others stood too.

    `shrunken`, with its interval, is the ranking key: `points` drawn towards the mean of all `forecasters`. None with a
    `reason`. Below `minimum` predictions a forecaster is not yet ranked.
    """

    points: Interval
    shrunken: float | None
    shrunken_low: float | None
    shrunken_high: float | None
    is_ranked: bool
    minimum: int
    forecasters: int
    population_mean: float | None
    population_spread: float | None
    verdict: str
    reason: str


@dataclass(frozen=True)
class Advanced:
    """Scores in the conventions of other platforms; rewards and losses as CONVENTIONS says of each."""

    peer_logarithmic: float | None
    baseline: float | None
    daily_brier: float | None
    daily_median: float | None
    daily_accuracy: float | None


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
        "time_coverage": mean_of(scored, "time_coverage"),
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
    if scored.prediction_count < 2:
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


def crowd(scored: Board) -> Crowd | None:
    """None where nobody else stood at the same time."""
    board = scored.having("contested_brier", "crowd_brier")
    board = board.only(board["contested_us"] > 0)
    if not len(board):
        return None
    own, others, weight = (board[name] for name in ("contested_brier", "crowd_brier", "contested_us"))
    rng = np.random.default_rng(SEED)
    return Crowd(
        brier=float(np.average(own, weights=weight)),
        crowd_brier=float(np.average(others, weights=weight)),
        predictions=board.prediction_count,
        pairs=len(board),
        difference=mean_interval(others - own, cluster=board.event, weight=weight, rng=rng),
    )


def peers(scored: Board, selection: Selection, table: LeagueTable | None) -> Peers | None:
    """None where nobody else stood at the same time; `table` is everybody's standing, where one forecaster is meant."""
    board = scored.having("peer_brier")
    board = board.only(board["contested_us"] > 0)
    if not len(board):
        return None
    return Peers(
        points=interval(board, board["peer_brier"]),
        minimum=MINIMUM_RANKED,
        reason=_why_not_shrunken(selection, table),
        **_shrunken(selection, table),
    )


def _shrunken(selection: Selection, table: LeagueTable | None) -> dict[str, Any]:
    """The forecaster's line in the league, and the league it stands in."""
    own = [line for line in table.lines if selection.forecaster and line.pk == selection.forecaster.pk] if table else []
    shrunken = ("shrunken", "shrunken_low", "shrunken_high")
    return {
        **{name: getattr(own[0], name) if own else None for name in shrunken},
        "is_ranked": bool(own and own[0].is_ranked),
        "forecasters": table.forecasters if table else 0,
        "population_mean": table.population_mean if table else None,
        "population_spread": table.population_spread if table else None,
        "verdict": table.verdict if table else "",
    }


def _why_not_shrunken(selection: Selection, table: LeagueTable | None) -> str:
    if selection.forecaster is None:
        return OF_SEVERAL
    return OF_CONSENSUS if selection.is_of_consensus else (table.reason if table else ALONE)


def advanced(scored: Board) -> Advanced:
    contested = scored.only(scored["contested_us"] > 0)
    daily = {name: mean_of(scored, name) for name in ("daily_brier", "daily_median", "daily_accuracy")}
    return Advanced(mean_of(contested, "peer_logarithmic"), mean_of(scored, "baseline"), **daily)
