"""Score rows as a test needs them, entered straight into the table, for laws that hold whatever made the scores."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any

import numpy as np

from predictions.models import (
    Forecaster,
    LedgerEntry,
    Origin,
    Prediction,
    PredictionRevision,
    Resolution,
    Score,
    ScoringRun,
)
from predictions.models.times import microseconds
from tests import builders as a

DAY = 86_400_000_000
_numbers = count(1)


def forecasters(number: int, **fields: Any) -> list[Forecaster]:
    return Forecaster.objects.bulk_create(
        [Forecaster(name=f"Somebody {next(_numbers):05}", **fields) for _ in range(number)]
    )


def resolved(
    number: int,
    outcome: Sequence[float | None] | float = 1.0,
    *,
    theme: str = "weather",
    known: float | None = 50,
    closes: float | None = 100,
) -> list[Prediction]:
    """Predictions resolved on the day `known` (20 February 2026), and scored up to that entry."""
    case = a.case()
    entry, by = LedgerEntry.objects.first(), a.a_person_with("resolver")
    like = {"opens_at": a.on_day(0), "closes_at": _day(closes), "recorded_at": a.NOW, "origin": Origin.IMPORTED}
    outcomes = np.broadcast_to(np.array(outcome, dtype=object), number)
    rows = [Prediction(case=case, theme=theme, created_at=a.NOW, scored_seq=entry.seq) for _ in range(number)]
    predictions = Prediction.objects.bulk_create(rows)
    for prediction, value in zip(predictions, outcomes, strict=True):
        number = next(_numbers)
        of = {"prediction": prediction, "entry": entry}
        prediction.revision = PredictionRevision.objects.create(**of, **like, number=1, statement=f"S{number}")
        prediction.resolution = Resolution.objects.create(
            **of,
            revision=prediction.revision,
            outcome=value,
            annulled="" if value is not None else "ambiguous",
            known_at=_day(known),
            origin=Origin.IMPORTED,
            resolved_at=a.NOW,
            resolved_by=by,
        )
    Prediction.objects.bulk_update(predictions, ["revision", "resolution"])
    return predictions


def _day(number: float | None) -> datetime | None:
    return None if number is None else a.on_day(number)


def score(prediction: Prediction, forecaster: Forecaster, probability: float = 0.7, **fields: Any) -> Score:
    """What a forecast of `probability` from beginning to end comes to; `fields` say where it is otherwise."""
    outcome = prediction.resolution.outcome
    brier = (probability - outcome) ** 2
    bounded = min(max(probability, 0.001), 0.999)
    nats = -(outcome * np.log(bounded) + (1 - outcome) * np.log(1 - bounded))
    is_flat = (probability == 0 and outcome > 0) or (probability == 1 and outcome < 1)
    values = {
        "run": run(),
        "case": prediction.case,
        "outcome": outcome,
        "known_us": microseconds(a.on_day(50)),
        **dict.fromkeys(("brier", "brier_low", "brier_high", "span_brier", "brier_sum"), brier),
        **dict.fromkeys(("logarithmic", "logarithmic_clipped", "logarithmic_sum"), float(nats)),
        **dict.fromkeys(("standing_us", "span_us"), 50 * DAY),
        "time_coverage": 0.5,
        "lead_us": 100 * DAY,
        **dict.fromkeys(("spot_half", "spot_7", "spot_30", "spot_90"), probability),
        "forecast_count": 1,
        "infinite_count": int(is_flat),
        **dict.fromkeys(("late_count", "after_close_count", "uncertain_count", "replaced_count"), 0),
        **dict.fromkeys(("is_coded", "is_implied", "is_in_hindsight", "has_one_hand"), False),
    }
    values |= {"logarithmic": float("inf")} if is_flat else {}
    return Score(prediction=prediction, forecaster=forecaster, **(values | fields))


def contested(prediction: Prediction, forecaster: Forecaster, points: float, **fields: Any) -> Score:
    """A score beside others, of so many peer Brier points."""
    beside = {"peer_brier": points, "peer_logarithmic": 2 * points, "contested_us": 50 * DAY}
    beside |= {"contested_brier": 0.25, "crowd_brier": 0.25 + points / 100}
    return score(prediction, forecaster, **(beside | fields))


def run() -> ScoringRun:
    found = ScoringRun.objects.first()
    return found or ScoringRun.objects.create(kernel_version="1", ledger_seq=0, started_at=a.NOW)


def keep(rows: Sequence[Score]) -> None:
    """Write them, and say so in their run, as a scoring run does."""
    Score.objects.bulk_create(rows)
    ScoringRun.objects.filter(pk=run().pk).update(replaced_count=Score.objects.count())
