"""Background work: each loads ids and calls one function below. A lost message costs time, never a score."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from predictions import scorekeeping
from predictions.models import Prediction


@shared_task(name="predictions.rescore")
def rescore(prediction_ids: list[int]) -> None:
    scorekeeping.rescore(Prediction.objects.filter(pk__in=prediction_ids), at=timezone.now())


@shared_task(name="predictions.rescore_stale")
def rescore_stale() -> None:
    scorekeeping.rescore(Prediction.objects.stale(), at=timezone.now())


def rescore_later(*predictions: Prediction) -> None:
    """Ask for new scores once the transaction is through. Robust: the sweep makes good what the broker loses."""
    ids = [prediction.pk for prediction in predictions]
    if ids:
        transaction.on_commit(lambda: rescore.delay(ids), robust=True)
