"""What awaits a person: predictions to watch, to resolve and to score, and the latest forecasts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from predictions.models import Case, Forecast, Forecaster, Prediction, Source
from predictions.models.forecast import predictions_hiding_from
from predictions.models.prediction import PredictionQuerySet

CLOSING_SOON_DAYS = 7
SHORT = 5
NEWEST = 50_000
"""So many of the newest forecasts are looked through for the latest that one may see."""


@dataclass(frozen=True)
class Shelf:
    """Predictions of one kind: how many there are, and the first few, loaded for show."""

    count: int
    predictions: tuple[Prediction, ...]


@dataclass(frozen=True)
class Worklist:
    """What one person sees of the predictions that stand, nearest close first, and of the latest forecasts.

    `taken` names the kinds of rows (case, source, …) that exist; it is filled only where no forecast is shown.
    `hides_forecasts`: somewhere others' forecasts are hidden from the reader, whether or not there are any.
    """

    open: Shelf
    closing_soon: Shelf
    due: Shelf
    unscored: Shelf
    latest_forecasts: tuple[Forecast, ...]
    hides_forecasts: bool
    taken: frozenset[str] = frozenset()


def worklist(user: User, *, now: datetime) -> Worklist:
    seen = Prediction.objects.visible_to(user)
    forecasts = _latest_forecasts(user)
    return Worklist(
        open=_shelf(seen.open(now), "closing_us"),
        closing_soon=_shelf(seen.closing_within(CLOSING_SOON_DAYS, now), "closing_us"),
        due=_shelf(seen.due(now), "closing_us"),
        unscored=_shelf(seen.unscored(), "-id"),
        latest_forecasts=forecasts,
        hides_forecasts=seen.filter(pk__in=predictions_hiding_from(user)).exists(),
        taken=frozenset() if forecasts else _steps_taken(user),
    )


def _latest_forecasts(user: User) -> tuple[Forecast, ...]:
    """Among the NEWEST on record: however many are hidden from `user`, they are not all gone through."""
    keys = Forecast.objects.order_by("-pk").values_list("pk", flat=True)
    left_out = next(iter(keys[NEWEST : NEWEST + 1]), 0)
    seen = Forecast.objects.visible_to(user).standing().filter(pk__gt=left_out)
    return tuple(seen.for_show().order_by("-pk")[:SHORT])


def _shelf(predictions: PredictionQuerySet, order: str) -> Shelf:
    return Shelf(predictions.count(), tuple(predictions.for_show().order_by(order, "pk")[:SHORT]))


def _steps_taken(user: User) -> frozenset[str]:
    seen: dict[str, QuerySet[Any]] = {
        "case": Case.objects.visible_to(user),
        "source": Source.objects.visible_to(user),
        "forecaster": Forecaster.objects.all(),
        "prediction": Prediction.objects.visible_to(user),
    }
    return frozenset(name for name, rows in seen.items() if rows.exists())
