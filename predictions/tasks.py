"""Background work: each loads ids and calls one function below. A lost message costs time, never a score or a notice.

`run_due` does, without a broker, all that the beat would ask for.
"""

from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from predictions import capture, checkpoints, notices, scorekeeping
from predictions.models import Capture, Prediction


@shared_task(name="predictions.rescore")
def rescore(prediction_ids: list[int]) -> None:
    scorekeeping.rescore(Prediction.objects.filter(pk__in=prediction_ids), at=timezone.now())


@shared_task(name="predictions.rescore_stale")
def rescore_stale() -> None:
    scorekeeping.rescore(Prediction.objects.stale(), at=timezone.now())


@shared_task(name="predictions.tell")
def tell() -> None:
    """Find what people are to be told; mails are sent by a worker, never while somebody waits for a page."""
    notices.find(at=timezone.now())
    if not settings.CELERY_TASK_ALWAYS_EAGER:
        send_mails.delay()


@shared_task(name="predictions.send_mails")
def send_mails() -> None:
    notices.send_mails(at=timezone.now())


@shared_task(name="predictions.capture")
def run_capture(capture_id: int) -> None:
    capture.run(capture_id)


@shared_task(name="predictions.take_up_captures")
def take_up_captures() -> None:
    capture.take_up_stale()


@shared_task(name="predictions.sign_checkpoint")
def sign_checkpoint() -> None:
    checkpoints.sign_due(at=timezone.now())


@shared_task(name="predictions.anchor_checkpoint")
def anchor_checkpoint() -> None:
    checkpoints.anchor_due(at=timezone.now())


def capture_later(asked: Capture) -> None:
    """Ask a worker to do it once the transaction is through. What the broker loses is taken up by the sweep."""
    transaction.on_commit(lambda: run_capture.delay(asked.pk), robust=True)


def rescore_later(*predictions: Prediction) -> None:
    """Ask for new scores once the transaction is through. Robust: the sweep makes good what the broker loses."""
    ids = [prediction.pk for prediction in predictions]
    if ids:
        transaction.on_commit(lambda: rescore.delay(ids), robust=True)


def tell_later() -> None:
    """Let people be told of what was recorded, once the transaction is through. The sweep makes good what is lost."""
    transaction.on_commit(tell.delay, robust=True)


def _rescored(at: datetime) -> str:
    count = scorekeeping.rescore(Prediction.objects.stale(), at=at)
    return f"{count:,} prediction{'' if count == 1 else 's'} scored anew."


def _told(at: datetime) -> str:
    count = notices.find(at=at)
    return f"{count:,} notice{'' if count == 1 else 's'} made."


def _sent(at: datetime) -> str:
    return notices.send_mails(at=at).in_words()


def _taken_up(_: datetime) -> str:
    count = capture.take_up_stale()
    return f"{count:,} capture{'' if count == 1 else 's'} taken up."


def _signed(at: datetime) -> str:
    """A ledger that may not be signed is told, and keeps nothing else from being done."""
    try:
        checkpoint = checkpoints.sign_if_moved(at=at)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return f"Signed the ledger's {checkpoint.size:,} entries." if checkpoint else "Nothing new to sign."


def _anchored(at: datetime) -> str:
    try:
        made = checkpoints.anchor_due(at=at)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return f"Time-stamped by {made.authority}." if made else "Nothing to time-stamp."


DUE: dict[str, tuple[Callable[[datetime], str], ...]] = {
    "predictions.rescore_stale": (_rescored,),
    "predictions.tell": (_told, _sent),
    "predictions.sign_checkpoint": (_signed,),
    "predictions.anchor_checkpoint": (_anchored,),
    "predictions.take_up_captures": (_taken_up,),  # last: it takes its time
}
"""What each task of the beat comes to, in words, where it is done at once."""


def run_due(*, at: datetime) -> list[str]:
    """Do all that the beat would ask for, and say what was done."""
    return [step(at) for steps in DUE.values() for step in steps]
