"""The calibration of a selection: reliability curve with its band, decompositions, histogram, and secondary looks.

One row per pair, the probability that stood half-way through the scheduled open time: a whole history as rows would
count one outcome many times over, and a moment fixed by the actual close would depend on it.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from predictions.queries.scorecard_board import Board, Floats
from predictions.scoring import bands, calibration, diagnostics, rules

SEED = 20_260_101
"""Of every draw on a scorecard: the same record gives the same card."""

MOST_UNPOOLED = 2_000
GRID = 100
RESAMPLES = 1_000
LEVEL = 0.90

NO_SPOT = "no forecast stood half-way through the scheduled open time"
SHARES = "some outcomes are shares, which vary less than yes and no: what the calibrated would show is not known"
ONLY_YES_OR_NO = "it is defined for yes and no, and some outcomes here are shares"
SEVERAL = "it needs one row per prediction: pick one forecaster"
ALL_ALIKE = "it needs outcomes of both kinds, yes and no"
NO_SPREAD = "every probability is 0, a half or 1"


@dataclass(frozen=True)
class Parts:
    """`mean = miscalibration − discrimination + uncertainty`; Brier score 0–1, or nats after the clip."""

    mean: float | None
    miscalibration: float | None
    discrimination: float | None
    uncertainty: float | None


@dataclass(frozen=True)
class CurvePoint:
    """A stated probability, how often it came true after recalibration, and the band there."""

    probability: float
    recalibrated: float
    lower: float
    upper: float
    n: int


@dataclass(frozen=True)
class Block:
    """A stretch on which the recalibrated forecast is constant: a dot of the diagram, sized by n."""

    start: float
    end: float
    mean: float
    n: int


@dataclass(frozen=True)
class Bin:
    """So many probabilities above `low` and up to `high`; the first bin holds 0 too."""

    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Binned:
    """Murphy's decomposition by distinct probabilities (on the grid, where pooled), with its terms within bins."""

    miscalibration: float | None
    discrimination: float | None
    uncertainty: float | None
    within_bin_variance: float | None
    within_bin_covariance: float | None


@dataclass(frozen=True)
class Calibration:
    """What the reliability diagram draws and says. `grid` is 100 where probabilities were rounded to whole per cent.

    `band` is "consistency", where a calibrated curve would lie; with shares among the outcomes it is "confidence",
    where the true curve may lie, and there is no null point and no p-value.
    """

    n: int
    predictions: int
    clusters: int
    grid: int | None
    brier: Parts
    logarithmic: Parts
    null_miscalibration_95: float | None
    p_value: float | None
    band: str
    level: float
    resamples: int
    curve: tuple[CurvePoint, ...]
    blocks: tuple[Block, ...]
    histogram: tuple[Bin, ...]
    sharpness: float | None
    auc: float | None
    spiegelhalter_z: float | None
    spiegelhalter_p: float | None
    binned: Binned
    reasons: dict[str, str]


def calibration_of(scored: Board) -> Calibration | None:
    """The calibration of the pairs that had a forecast up at half time; None where none had."""
    board = scored.having("spot_half")
    if not len(board):
        return None
    p, y = board["spot_half"], board["outcome"]
    grid = GRID if len(p) > MOST_UNPOOLED else None
    shown = np.rint(p * GRID) / GRID if grid else p
    band = _band(p, y, board, grid)
    z, reason = _spiegelhalter(board)
    ranked, no_rank = _auc(p, y)
    no_null = SHARES if are_shares(y) else ""
    reasons = {"auc": no_rank, "spiegelhalter_z": reason, "null_miscalibration_95": no_null, "p_value": no_null}
    return Calibration(
        n=len(board),
        predictions=board.prediction_count,
        clusters=len(np.unique(board.event)),
        grid=grid,
        brier=_parts(calibration.decomposition(shown, y)),
        logarithmic=_parts(calibration.decomposition(rules.bounded(p), y, rule="logarithmic")),
        null_miscalibration_95=band.null_miscalibration_95,
        p_value=band.p_value,
        band="confidence" if are_shares(y) else "consistency",
        level=LEVEL,
        resamples=band.resamples,
        **_drawn(p, y, grid, band),
        sharpness=diagnostics.sharpness(p),
        auc=ranked,
        spiegelhalter_z=z.z,
        spiegelhalter_p=z.p_value,
        binned=_binned(shown, y),
        reasons={name: reason for name, reason in reasons.items() if reason},
    )


def _band(p: Floats, y: Floats, board: Board, grid: int | None) -> bands.Band:
    events = np.unique(board.event, return_inverse=True)[1]
    kind = bands.confidence_band if are_shares(y) else bands.consistency_band
    draw = partial(kind, p, y, rng=np.random.default_rng(SEED), resamples=RESAMPLES)
    return draw(cluster=events, level=LEVEL, grid=grid)


def _drawn(p: Floats, y: Floats, grid: int | None, band: bands.Band) -> dict[str, Any]:
    curve = calibration.reliability(p, y, grid=grid)
    points = zip(curve.probability, curve.recalibrated, band.lower, band.upper, curve.weight, strict=True)
    blocks, counted = curve.blocks, diagnostics.histogram(p)
    return {
        "curve": tuple(
            CurvePoint(float(x), float(fit), float(lower), float(upper), int(n)) for x, fit, lower, upper, n in points
        ),
        "blocks": tuple(
            Block(float(start), float(end), float(mean), int(n))
            for start, end, mean, n in zip(blocks.start, blocks.end, blocks.mean, blocks.rows, strict=True)
        ),
        "histogram": tuple(
            Bin(float(low), float(high), int(n))
            for low, high, n in zip(counted.edges[:-1], counted.edges[1:], counted.counts, strict=True)
        ),
    }


def _parts(found: calibration.Decomposition) -> Parts:
    return Parts(found.mean, found.miscalibration, found.discrimination, found.uncertainty)


def are_shares(y: Floats) -> bool:
    """Whether some outcome is a share. What is defined for yes and no only is then not given for a part of them."""
    return bool(((y > 0) & (y < 1)).any())


def _auc(p: Floats, y: Floats) -> tuple[float | None, str]:
    if are_shares(y):
        return None, ONLY_YES_OR_NO
    found = diagnostics.auc(p, y)
    return found, ALL_ALIKE if found is None else ""


def _spiegelhalter(board: Board) -> tuple[diagnostics.Spiegelhalter, str]:
    if are_shares(board["outcome"]):
        return diagnostics.Spiegelhalter(None, None), ONLY_YES_OR_NO
    if len(board) > board.prediction_count:
        return diagnostics.Spiegelhalter(None, None), SEVERAL
    found = diagnostics.spiegelhalter(board["spot_half"], board["outcome"])
    return found, NO_SPREAD if found.z is None else ""


def _binned(p: Floats, y: Floats) -> Binned:
    found = diagnostics.binned(p, y, spacing="distinct")
    return Binned(
        found.miscalibration,
        found.discrimination,
        found.uncertainty,
        found.within_bin_variance,
        found.within_bin_covariance,
    )
