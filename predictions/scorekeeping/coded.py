"""Which part of a score each forecast read out of a scale's words makes up."""

import numpy as np

from predictions.models import CodedShare
from predictions.models.bulk import write_rows
from predictions.scorekeeping.columns import Columns, plain
from predictions.scorekeeping.histories import Record


def columns(record: Record) -> Columns:
    """One value per coded forecast that counts and stood: its share of the time in which its pair had a forecast up."""
    h = record.counting
    if not h.rows["coded"].any():
        return {"forecast_id": [], "prediction_id": [], "share": []}
    place = np.zeros(len(h), np.int64)
    place[h.first[1:]] = 1
    total = h.total_of(h.standing)[np.cumsum(place)]
    chosen = h.rows["coded"] & h.stands & (h.standing > 0)
    told = {
        "forecast_id": h.rows["id"][chosen],
        "prediction_id": h.of["id"][chosen],
        "share": h.standing[chosen] / total[chosen],
    }
    return {name: plain(values) for name, values in told.items()}


def write_shares(shares: Columns) -> None:
    write_rows(CodedShare, tuple(shares), zip(*shares.values(), strict=True))
