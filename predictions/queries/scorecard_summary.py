"""The `summary` of a scorecard: figures over single forecasts and over spans, for comparison with other programs.

It covers every forecast made before the outcome was known, also one made before the opening or after the close that
never stood, and a pair's span begins with its first forecast; the headline of a card covers what stood while open.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef

from accounts.models import User
from predictions.models import Forecaster, Prediction
from predictions.queries.scorecard_board import Board, Floats, Predictions
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecard_version import Version, remembered
from predictions.scoring import means as kernel

MOST_FORECASTERS = 20
Line = dict[str, Any]


def summary(board: Board, predictions: Predictions, selection: Selection) -> dict[str, Any]:
    """Its keys are fixed. Brier 0–1, logarithmic in nats after the clip to 0.001–0.999; None where undefined."""
    made = board.only(board["forecast_count"] > 0)
    counted = made["forecast_count"]
    n = int(counted.sum())
    return {
        "n_predictions_scored": made.prediction_count,
        "n_forecasts": n,
        "n_annulled": annulled_count(predictions, selection),
        "n_unresolved": 0,  # filled in for each reader
        "n_pairs": len(made.having("span_brier")),
        **_over_rows(made, n),
        **_over_spans(made.having("span_brier")),
        "by_category": _by_category(made),
        "by_forecaster": _by_forecaster(made),
    }


def annulled_count(predictions: Predictions, selection: Selection) -> int | None:
    """Predictions annulled, also those without a forecast unless the selection asks by whom, where or when.

    None under a lead time, which only what has a score bears.
    """
    if selection.horizon:
        return None
    return int(np.count_nonzero(predictions.is_annulled & (predictions.has_forecast | (not selection.is_of_some))))


def unresolved_count(selection: Selection, of: Version) -> int | None:
    """Predictions not decided yet, likewise; remembered.

    Where it hangs on forecasts, for each reader: on these predictions, they may be hidden from one.
    """
    if selection.horizon:
        return None
    name = of.own if selection.is_of_some else of.shared
    return remembered("unresolved", selection, name, partial(_unresolved, selection, of.reader))


def _unresolved(selection: Selection, user: User) -> int:
    rows = selection.predictions(user).unresolved()
    if selection.is_of_some:
        rows = rows.filter(Exists(selection.forecasts(user).filter(prediction=OuterRef("pk"))))
    return rows.count()


def _over_rows(made: Board, n: int) -> dict[str, float | int | None]:
    counted, outcome = made["forecast_count"], made["outcome"]
    brier = _ratio(made["brier_sum"].sum(), n)
    base_rate = _ratio((counted * outcome).sum(), n)
    of_base_rate = _ratio((counted * ((base_rate or 0.0) - outcome) ** 2).sum(), n)
    of_half = _ratio((counted * (0.5 - outcome) ** 2).sum(), n)
    return {
        "brier_row_mean": brier,
        "logarithmic_row_mean": _ratio(made["logarithmic_sum"].sum(), n),
        "n_infinite": int(made["infinite_count"].sum()),
        "base_rate_rows": base_rate,
        "skill_vs_base_rate": kernel.skill(brier, of_base_rate) if varies(outcome) else None,
        "skill_vs_half": kernel.skill(brier, of_half),
    }


def _over_spans(pairs: Board) -> dict[str, float | None]:
    brier, span = pairs["span_brier"], pairs["span_us"]
    return {
        "standing_brier_pair_mean": _ratio(brier.sum(), len(pairs)),
        "standing_brier_prediction_mean": pairs.mean(brier),
        "standing_brier_duration_weighted": _ratio((brier * span).sum(), span.sum()),
    }


def varies(outcome: Floats) -> bool:
    """Whether a base rate can be wrong at all; where it cannot, rounding would make its loss a little more than 0."""
    return bool(len(outcome)) and float(outcome.min()) < float(outcome.max())


def _ratio(total: float, of: float) -> float | None:
    return float(total / of) if of else None


def _by_category(made: Board) -> list[Line]:
    keys = made["prediction"][np.flatnonzero(np.diff(made["prediction"], prepend=-1.0))]
    themes = dict(Prediction.objects.filter(scores__isnull=False).distinct().values_list("pk", "theme"))
    names, place = np.unique([themes.get(int(key), "") for key in keys], return_inverse=True)
    return _most_first("category", place[made.by_prediction], made, lambda kept: [str(names[k]) for k in kept])


def _by_forecaster(made: Board) -> list[Line]:
    keys, place = np.unique(made["forecaster"], return_inverse=True)
    count = np.bincount(place, made["forecast_count"])
    # Names decide between equals, so those level with the twentieth are read too.
    least = np.sort(count)[-MOST_FORECASTERS:][:1]

    def named(kept: Floats) -> list[str]:
        found = Forecaster.objects.in_bulk([int(keys[k]) for k in kept if count[k] >= least])
        return [found[int(keys[k])].name if count[k] >= least else "" for k in kept]

    return _most_first("forecaster", place, made, named)[:MOST_FORECASTERS]


def _most_first(kind: str, place: Any, made: Board, named: Callable[[Any], list[str]]) -> list[Line]:
    count, total = np.bincount(place, made["forecast_count"]), np.bincount(place, made["brier_sum"])
    lines = [
        {kind: name, "n_forecasts": int(n), "brier_row_mean": float(brier / n)}
        for name, n, brier in zip(named(np.arange(len(count))), count, total, strict=True)
    ]
    return sorted(lines, key=lambda line: (-line["n_forecasts"], line[kind]))
