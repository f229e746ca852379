"""The figures of a selection, computed from its score rows: everything on a scorecard but its rows and its words."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from accounts.models import User
from predictions.models import Forecast, ScoringRun
from predictions.models.prediction import NEVER
from predictions.queries.scorecard_advanced import NO_SCHEDULE, Advanced, advanced
from predictions.queries.scorecard_board import Board, Predictions, fetched, read_board, read_predictions
from predictions.queries.scorecard_calibration import NO_SPOT, Calibration, calibration_of
from predictions.queries.scorecard_league import ALONE, population
from predictions.queries.scorecard_means import (
    FEW_EVENTS,
    IDENTITY,
    OF_CONSENSUS,
    Crowd,
    Peers,
    crowd,
    means,
    peers,
    why_no_peers,
)
from predictions.queries.scorecard_selection import PAIR, Selection
from predictions.queries.scorecard_sensitivity import Sensitivity, sensitivity
from predictions.queries.scorecard_summary import annulled_count, summary, unresolved_count
from predictions.queries.scorecard_tables import Miss, MomentLine, PeriodLine, by_moment, over_time, worst_misses
from predictions.queries.scorecard_version import Version, remembered
from predictions.scoring.uncertainty import Interval

NOTHING_SCORED = "no prediction here is scored"
INFINITE = "a probability of 0 or 1 was wrong: its logarithmic loss is infinite"
TOO_FEW = "it needs two predictions, and a reference that is not perfect"
NO_LEAD_TIME = "a lead time is known only of what has a score"
AGAINST_PEERS = ("prediction", "forecaster", "brier", "peer_brier", "peer_logarithmic", "contested_us")


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Numbers ready to show; CONVENTIONS says how each is to be read. None: cannot be computed."""

    n: int
    pairs: int
    forecasts: int
    forecasters: int
    clusters: int
    time_coverage: float | None
    time_coverage_n: int
    annulled: int | None
    unresolved: int | None
    unscored: int
    mean_brier: float | None
    brier_interval: Interval
    always_half: float | None
    skill_vs_half: float | None
    skill_vs_base_rate: float | None
    crowd: Crowd | None
    peers: Peers | None
    mean_logarithmic: float | None
    infinite_logarithmic: int
    mean_logarithmic_clipped: float | None
    logarithmic_interval: Interval
    worst: tuple[Miss, ...]
    calibration: Calibration | None
    over_time: tuple[PeriodLine, ...]
    by_moment: tuple[MomentLine, ...]
    advanced: Advanced
    if_read_low: float | None
    if_read_high: float | None
    sensitivity: Sensitivity | None
    without_implied: float | None
    without_hindsight: float | None
    order_uncertain: int
    too_late: int
    in_hindsight: int
    replaced: int
    coded: int
    implied: int
    one_hand: int
    resolvers: int
    elsewhere: int
    behind: int
    waiting: int
    kernel_versions: tuple[str, ...]
    ledger_seq: int | None
    newest_ledger_seq: int | None
    reasons: dict[str, str]
    summary: dict[str, Any]


def figures(selection: Selection, of: Version) -> Figures:
    """The figures of what its reader may see of `selection`, in this version `of` the record; remembered."""
    kept: Figures = remembered("figures", selection, of.shared, partial(_figures, selection, of))
    unresolved = unresolved_count(selection, of)
    still_open = unresolved_count(selection.by_schedule, of) if selection.has_period else unresolved
    return replace(
        kept,
        unresolved=unresolved,
        peers=kept.peers and replace(kept.peers, unresolved=still_open),
        summary=kept.summary | {"n_unresolved": unresolved},
    )


def _figures(selection: Selection, of: Version) -> Figures:
    user = of.reader
    # Before the scores: a rescoring in between then leaves a needless mark, never an old score without one.
    stale = fetched(selection.predictions(user).stale(), ["pk"])["pk"]
    predictions = read_predictions(selection, user)
    board = read_board(selection, user, predictions)
    scored = board.having("brier")
    beside = _beside(scored, selection, user)
    is_one = selection.forecaster is not None and not selection.is_of_consensus
    table = population(selection, of) if is_one and len(beside) else None
    told: dict[str, Any] = {
        **means(scored),
        "crowd": crowd(scored, selection),
        "peers": peers(beside, selection, table),
        "calibration": calibration_of(scored),
        **_sample(scored, predictions, selection),
    }
    return Figures(
        **told,
        reasons=_reasons(told, beside, selection),
        infinite_logarithmic=int(np.isinf(scored["logarithmic"]).sum()),
        worst=worst_misses(scored),
        over_time=over_time(scored),
        by_moment=by_moment(board),
        advanced=advanced(scored, beside, selection),
        sensitivity=sensitivity(scored, selection, user),
        **_left_out(board),
        **_marks(scored, predictions),
        elsewhere=_from_elsewhere(scored, selection, user),
        behind=int(np.isin(scored["prediction"], stale).sum()),
        waiting=int(_unscored(scored, predictions)[np.isin(predictions.pk, stale)].sum()),
        **_runs(scored),
        summary=summary(board, predictions, selection),
    )


def _beside(scored: Board, selection: Selection, user: User) -> Board:
    """The scores against the peers: a period of known outcomes would hold early answers without those pending."""
    if not selection.has_period:
        return scored
    by_close = selection.by_schedule
    return read_board(by_close, user, read_predictions(by_close, user), AGAINST_PEERS).having("brier")


def _reasons(told: dict[str, Any], beside: Board, selection: Selection) -> dict[str, str]:
    """Why what is None cannot be computed; what is part of another figure after a full stop."""
    unknown = {name: NO_LEAD_TIME for name in ("annulled", "unresolved") if selection.horizon}
    if not told["n"]:
        return {"n": NOTHING_SCORED} | unknown
    why = {
        "crowd": OF_CONSENSUS if selection.is_of_consensus else ALONE,
        "peers": why_no_peers(beside, selection),
        "calibration": NO_SPOT,
        "mean_logarithmic": INFINITE,
        "skill_vs_half": TOO_FEW,
        "skill_vs_base_rate": TOO_FEW,
        "time_coverage": NO_SCHEDULE,
    }
    missing = {name: reason for name, reason in why.items() if told[name] is None}
    if not selection.is_of_some:
        parts = {"crowd.difference": told["crowd"], "peers.points": told["peers"]}
        missing |= {name: IDENTITY for name, whole in parts.items() if whole}
    intervals = ("brier_interval", "logarithmic_interval")
    return missing | {name: FEW_EVENTS for name in intervals if told[name].low is None} | unknown


def _sample(scored: Board, predictions: Predictions, selection: Selection) -> dict[str, Any]:
    return {
        "n": scored.prediction_count,
        "pairs": len(scored),
        "forecasts": int((scored["forecast_count"] - scored["after_close_count"]).sum()),
        "forecasters": len(np.unique(scored["forecaster"])),
        "clusters": len(np.unique(scored.event)),
        "annulled": annulled_count(predictions, selection),
        "unresolved": 0,
        "unscored": int(_unscored(scored, predictions).sum()),
    }


def _unscored(scored: Board, predictions: Predictions) -> Any:
    """Which predictions are resolved and have a forecast, but no score here."""
    return predictions.is_resolved & predictions.has_forecast & ~np.isin(predictions.pk, scored["prediction"])


def _left_out(board: Board) -> dict[str, Any]:
    """Forecasts with no part in the means, of pairs with a score and without."""
    return {
        "order_uncertain": int(board["uncertain_count"].sum()),
        "too_late": int(board["late_count"].sum() + board["after_close_count"].sum()),
    }


def _marks(scored: Board, predictions: Predictions) -> dict[str, Any]:
    """What the scores rest on, and who decided."""
    alone = scored["prediction"][scored["has_one_hand"] == 1]
    return {
        "in_hindsight": int(scored["is_in_hindsight"].sum()),
        "replaced": int(scored["replaced_count"].sum()),
        "coded": int(scored["is_coded"].sum()),
        "implied": int(scored["is_implied"].sum()),
        "one_hand": len(np.unique(alone)),
        "resolvers": len(np.unique(predictions.resolver[predictions.place(scored["prediction"])])),
    }


def _from_elsewhere(scored: Board, selection: Selection, user: User) -> int:
    """How many of the scores also rest on forecasts made outside the source or publisher asked for."""
    if not selection.is_quoted:
        return 0
    in_time = Q(issued_us__lt=Coalesce(OuterRef("known_us"), NEVER), probability__isnull=False)
    made = Forecast.objects.standing().filter(in_time, **PAIR)
    mixed = fetched(
        selection.scores(user).filter(Exists(made.exclude(selection.quotes()))), ["prediction", "forecaster"]
    )
    told = set(zip(mixed["prediction"], mixed["forecaster"], strict=True))
    return sum(pair in told for pair in zip(scored["prediction"], scored["forecaster"], strict=True))


def _runs(scored: Board) -> dict[str, Any]:
    """By what the scores were computed, and from which state of the ledger at least and at most."""
    runs = ScoringRun.objects.in_bulk(np.unique(scored["run"]).astype(int).tolist()).values()
    read = [run.ledger_seq for run in runs]
    return {
        "kernel_versions": tuple(sorted({run.kernel_version for run in runs})),
        "ledger_seq": min(read, default=None),
        "newest_ledger_seq": max(read, default=None),
    }
