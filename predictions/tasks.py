"""Background work: each loads ids and calls one function below. A lost message costs time, never a score or a notice.

`run_due` does, without a broker, all that the beat would ask for.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from celery import current_app, shared_task
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import KombuError

from accounts.models import ApiToken
from predictions import capture, checkpoints, notices, scorekeeping
from predictions.models import Capture, KeptReply, Prediction

RESTS_FOR = 30.0
"""Seconds for which a broker that failed is asked nothing: one request waits for it, and not every one."""

log = logging.getLogger(__name__)


class Broker:
    """Takes messages, or is left alone for a while; what it does not hear the sweep makes good."""

    def __init__(self) -> None:
        self.rests_until = 0.0

    def hand(self, task: Any, *words: Any) -> None:
        if time.monotonic() < self.rests_until:
            return
        try:
            task.delay(*words)
        except KombuError as fault:
            self.rests_until = time.monotonic() + RESTS_FOR
            told = "The broker took no message (%s) and is left alone for %.0f s. The sweep makes good what it misses."
            log.warning(told, type(fault.__cause__ or fault).__name__, RESTS_FOR)


BROKER = Broker()


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
        BROKER.hand(send_mails)


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


@shared_task(name="predictions.forget")
def forget() -> None:
    _forgotten(timezone.now())


def broker_answers() -> bool | None:
    """Whether messages can be handed over just now; None where tasks run at once and there is no broker."""
    if settings.CELERY_TASK_ALWAYS_EAGER:
        return None
    try:
        with current_app.connection_for_write(transport_options={"socket_timeout": 1}) as line:
            line.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
    except KombuError:
        return False
    return True


def capture_later(asked: Capture) -> None:
    """Ask a worker to do it once the transaction is through. What the broker loses is taken up by the sweep."""
    transaction.on_commit(lambda: BROKER.hand(run_capture, asked.pk), robust=True)


def rescore_later(*predictions: Prediction) -> None:
    """Ask for new scores once the transaction is through. Robust: the sweep makes good what the broker loses."""
    ids = [prediction.pk for prediction in predictions]
    if ids:
        transaction.on_commit(lambda: BROKER.hand(rescore, ids), robust=True)


def rescore_stale_later() -> None:
    """As `rescore_later`, of whatever the transaction touched."""
    transaction.on_commit(lambda: BROKER.hand(rescore_stale), robust=True)


def tell_later() -> None:
    """Let people be told of what was recorded, once the transaction is through. The sweep makes good what is lost."""
    transaction.on_commit(lambda: BROKER.hand(tell), robust=True)


def _rescored(at: datetime) -> str:
    count = scorekeeping.rescore(Prediction.objects.stale(), at=at)
    return f"{_counted(count, 'prediction', 'predictions')} scored anew."


def _told(at: datetime) -> str:
    count = notices.find(at=at)
    return f"{_counted(count, 'notice', 'notices')} made."


def _sent(at: datetime) -> str:
    return notices.send_mails(at=at).in_words()


def _taken_up(_: datetime) -> str:
    count = capture.take_up_stale()
    return f"{_counted(count, 'capture', 'captures')} taken up."


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


def _forgotten(at: datetime) -> str:
    """What is kept for a time only: replies for who asks again, and tokens that have ended."""
    replies, _ = KeptReply.objects.outdated(at).delete()
    tokens, _ = ApiToken.objects.filter(expiry__lte=at).delete()
    return f"{_counted(replies, 'reply', 'replies')} and {_counted(tokens, 'API token', 'API tokens')} out of date."


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


DUE: dict[str, tuple[Callable[[datetime], str], ...]] = {
    "predictions.forget": (_forgotten,),
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
