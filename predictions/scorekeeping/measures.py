"""One column per stored measure, for every pair – prediction × forecaster – of a chunk of predictions."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.models.prediction import NEVER
from predictions.scorekeeping import days
from predictions.scorekeeping.columns import Columns, plain
from predictions.scorekeeping.histories import Floats, Histories, Record, Whole
from predictions.scorekeeping.reading import Array
from predictions.scoring import daily, peer, platforms, rules, timeline

BEFORE_CLOSE = {f"spot_{count}": count * daily.DAY for count in (7, 30, 90)}

AGAINST_PEERS = ("peer_brier", "peer_logarithmic", "contested_brier", "crowd_brier", "daily_median", "daily_accuracy")
TALLIES = ("infinite_count", "late_count", "after_close_count", "uncertain_count", "replaced_count")
MARKS = ("is_coded", "is_implied", "is_in_hindsight", "has_one_hand")

EMPTY = {"f": np.nan, "O": None, "i": 0}
"""What a column holds, by numpy's kind, for a pair of which no forecast counts."""

Told = dict[str, NDArray[Any]]


def columns(record: Record) -> Columns:
    """What is stored of every pair that has a probability on record, whether it counts or came too late."""
    whole, counting = record.all, record.counting
    told = named(whole.rows[record.heads], whole.of[record.heads])
    told |= _spread(record, alone(counting) | _against_peers(counting) | days.by_the_day(counting)) | _tallies(record)
    has_probability = record.count(record.all.stands, record.all) > 0
    return {name: plain(values[has_probability]) for name, values in told.items()}


def alone(h: Histories) -> Told:
    """The measures that need no other forecaster, of every pair, in the order of `h.first`."""
    return _while_standing(h) | _spots(h) | _over_its_span(h)


def named(heads: Array, of: Array) -> Told:
    """Whose and about what the pair is."""
    return {
        "case_id": of["case"],
        "prediction_id": of["id"],
        "forecaster_id": heads["forecaster"],
        "outcome": of["outcome"],
        "known_us": or_none(of["known"], of["known"] < NEVER),
    }


def or_none(values: Whole, is_known: NDArray[np.bool_]) -> NDArray[Any]:
    column = values.astype(object)
    column[~is_known] = None
    return column


def _while_standing(h: Histories) -> Told:
    of, active, brier = h.of[h.first], timeline.time_standing(h.standing, h.first), h.mean(h.brier)
    first_issued = np.minimum.reduceat(np.where(h.stands, h.rows["issued"], NEVER), h.first) if len(h) else active
    return {
        "brier": brier,
        **_if_read_otherwise(h, brier),
        "logarithmic": h.mean(h.unclipped),
        "logarithmic_clipped": h.mean(h.logarithmic),
        "standing_us": active,
        "baseline": _baseline(h),
        "time_coverage": timeline.over_horizon(active, opens=of["opens"], scheduled=of["scheduled"]),
        "lead_us": or_none(of["scheduled"] - first_issued, (of["scheduled"] < NEVER) & (first_issued < NEVER)),
    }


def _if_read_otherwise(h: Histories, brier: Floats) -> Told:
    """The mean Brier score with words read at either end of their range; the same where there are no words."""
    if not h.has_words:
        return {"brier_low": brier, "brier_high": brier}
    return {f"brier_{end}": h.mean(h.brier_of(end)) for end in ("low", "high")}


def _baseline(h: Histories) -> Floats:
    """After the clip; none for a share, of which it is not defined."""
    of, is_yes_or_no = h.of[h.first], np.isin(h.of["outcome"], (0.0, 1.0))
    score = platforms.baseline(rules.bounded(h.probability), np.where(is_yes_or_no, h.of["outcome"], 0.0))
    horizon = {"opens": of["opens"], "scheduled": of["scheduled"]}
    told = platforms.baseline_over_time(score, h.standing, h.first, **horizon)
    return np.where(is_yes_or_no[h.first], told, np.nan)


def _against_peers(h: Histories) -> Told:
    starts, ends = h.segments
    told = peer.peer_integrals(h.of["id"], starts, ends, np.column_stack([h.brier, h.logarithmic]))
    of, contested = h.of[h.first], h.total_of(told.contested)
    horizon = {"opens": of["opens"], "scheduled": of["scheduled"]}
    return {
        "peer_brier": peer.points(h.total(told.gain[:, 0]), **horizon),
        "peer_logarithmic": peer.points(h.total(told.gain[:, 1]), **horizon),
        "contested_us": contested,
        "contested_brier": _share(h.total(h.brier * told.contested), contested),
        "crowd_brier": _share(h.total(told.crowd[:, 0]), contested),
    }


def _share(total: Floats, of: Whole) -> Floats:
    return np.divide(total, of, out=np.full(len(of), np.nan), where=of > 0)


def _spots(h: Histories) -> Told:
    of, (starts, ends) = h.of[h.first], h.segments
    asked = {"spot_half": timeline.share_of_horizon(0.5, opens=of["opens"], scheduled=of["scheduled"])}
    asked |= {name: of["scheduled"] - before for name, before in BEFORE_CLOSE.items()}
    return {name: _said(h, timeline.standing_at(h.pair, starts, ends, moment)) for name, moment in asked.items()}


def _said(h: Histories, row: Whole) -> Floats:
    return np.where(row < 0, np.nan, h.probability[row]) if len(h) else np.zeros(0)


def _over_its_span(h: Histories) -> Told:
    """From the first forecast to the close whatever the opening was: the importer's summary (scoring.md, 3.6)."""
    starts, ends = timeline.segments(h.pair, h.rows["issued"], opens=None, closes=h.closes, stands=h.stands)
    return {
        "span_us": timeline.time_standing(ends - starts, h.first),
        "span_brier": timeline.mean_while_standing(h.brier, ends - starts, h.first),
    }


def _spread(record: Record, told: Told) -> Told:
    """The columns of pairs that count among all pairs: the others have stood for no time and have no score."""
    slots = record.counting.pair[record.counting.first]
    return {name: _among(values, slots, record.size) for name, values in told.items()}


def _among(values: NDArray[Any], slots: Whole, size: int) -> NDArray[Any]:
    column = np.full(
        size, np.nan if values.dtype.kind == "f" else None if values.dtype.kind == "O" else 0, values.dtype
    )
    column[slots] = values
    return column


def _tallies(record: Record) -> Told:
    """Sums over single forecasts, what the pair rests on, and what was left out of it."""
    h, whole = record.counting, record.all
    told: Told = {
        "forecast_count": record.count(h.stands, h),
        "brier_sum": record.total(np.where(h.stands, h.brier, 0.0)),
        "logarithmic_sum": record.total(np.where(h.stands, h.logarithmic, 0.0)),
        "infinite_count": record.count(h.stands & h.is_flat_miss, h),
        "late_count": record.count(whole.stands & record.is_late, whole),
        "after_close_count": record.count(h.stands & (h.rows["issued"] >= h.of["closes"]), h),
        "uncertain_count": record.count(whole.stands & record.is_uncertain, whole),
        "replaced_count": record.count(whole.rows["replaces"], whole),
    }
    marks = {
        "is_coded": h.rows["coded"],
        "is_implied": h.rows["implied"],
        "is_in_hindsight": h.is_in_hindsight,
        "has_one_hand": h.stands & (h.rows["by"] == h.of["resolver"]),
    }
    return told | {name: record.count(mark, h) > 0 for name, mark in marks.items()}
