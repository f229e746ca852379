"""Scores in the conventions of other platforms, each with the predictions that it rests on."""

from dataclasses import dataclass

import numpy as np

from predictions.queries.scorecard_board import Board
from predictions.queries.scorecard_calibration import NO_SPOT, are_shares
from predictions.queries.scorecard_means import OF_CONSENSUS, contested, why_no_peers
from predictions.queries.scorecard_selection import Selection
from predictions.scoring import rules

BASELINE_SHARES = "it is defined for yes and no, and some outcomes here are shares"
NO_SCHEDULE = "no prediction here has a schedule that makes sense"
NO_DAYS = "no forecast stood at the end of a day"
FEW_ACTIVE = "fewer than three were active on any day"


@dataclass(frozen=True)
class Advanced:
    """Rewards and losses as CONVENTIONS says of each; `n` has the predictions behind each, `reasons` why one is None.

    `spherical` is the mean score of what stood half-way through the scheduled open time.
    """

    peer_logarithmic: float | None
    baseline: float | None
    daily_brier: float | None
    daily_median: float | None
    daily_accuracy: float | None
    spherical: float | None
    n: dict[str, int]
    reasons: dict[str, str]


def advanced(scored: Board, beside: Board, selection: Selection) -> Advanced:
    """`beside` holds the scores against the peers, by the scheduled close where a period is asked for."""
    boards = {"peer_logarithmic": contested(beside).having("peer_logarithmic")}
    boards |= {name: scored.having(name) for name in ("daily_brier", "daily_median", "daily_accuracy")}
    has_baseline = np.full(len(scored), not are_shares(scored["outcome"]))
    boards["baseline"] = scored.only(has_baseline).having("baseline")
    told = {name: board.mean(board[name]) for name, board in boards.items()}
    boards["spherical"] = spot = scored.having("spot_half")
    told["spherical"] = spot.mean(np.asarray(rules.spherical(spot["spot_half"], spot["outcome"])))
    return Advanced(
        **told,
        n={name: board.prediction_count for name, board in boards.items()},
        reasons={name: reason for name, reason in _reasons(scored, beside, selection).items() if told[name] is None},
    )


def _reasons(scored: Board, beside: Board, selection: Selection) -> dict[str, str]:
    """Why each would be None, were it so."""
    no_median = OF_CONSENSUS if selection.is_of_consensus else FEW_ACTIVE
    no_median = no_median if len(scored.having("daily_brier")) else NO_DAYS
    return {
        "peer_logarithmic": why_no_peers(beside, selection),
        "baseline": BASELINE_SHARES if are_shares(scored["outcome"]) else NO_SCHEDULE,
        "daily_brier": NO_DAYS,
        "daily_median": no_median,
        "daily_accuracy": no_median,
        "spherical": NO_SPOT,
    }
