"""Anchoring: a time-stamp authority signs that a checkpoint existed, which our own clock and key cannot prove.

The answer is checked before it is kept; the entry that records it moves the ledger by one, which is no reason to
anchor again.
"""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import outgoing, record
from predictions.exchange import time_stamp
from predictions.exchange.time_stamp import StampFault
from predictions.models import Checkpoint, CheckpointAnchor

ACCOUNT = "time-stamping"


def due_for_anchoring(at: datetime) -> Checkpoint | None:
    """The newest checkpoint, where anchoring is set up, the last is some hours old and something came since."""
    newest = Checkpoint.objects.newest_first().first()
    if settings.TIMESTAMPS is None or newest is None or not newest.size:
        return None
    last = CheckpointAnchor.objects.select_related("checkpoint").order_by("-pk").first()
    if last is None:
        return newest
    is_new = newest.epoch > last.checkpoint.epoch or newest.size > last.entry_id + 1
    return newest if is_new and at - last.entry.at >= settings.TIMESTAMPS.every else None


def anchor_due(*, at: datetime) -> CheckpointAnchor | None:
    checkpoint = due_for_anchoring(at)
    return anchor(checkpoint, at=at) if checkpoint else None


def anchor(checkpoint: Checkpoint, *, at: datetime) -> CheckpointAnchor:
    """Have `checkpoint` stamped. Raises ValidationError (code "time_stamp") where there is no answer that holds."""
    stamping = settings.TIMESTAMPS
    if stamping is None:
        raise ValidationError("No time-stamp authority is set up (TIMESTAMP_URL).", code="time_stamp")
    message = checkpoint.note.encode()
    question = time_stamp.question(message)
    try:
        roots = time_stamp.roots_of(stamping.roots.read_bytes())
        sent = outgoing.Sent(question.as_bytes(), time_stamp.QUERY, time_stamp.REPLY)
        token = outgoing.post(stamping.url, sent, allow=stamping.allow)
        stamped_at = time_stamp.stamped_at(token, message, roots, question.nonce)
    except (outgoing.Refused, StampFault, OSError) as fault:
        raise ValidationError(f"The checkpoint was not time-stamped: {fault}", code="time_stamp") from fault
    row = CheckpointAnchor(checkpoint=checkpoint, authority=stamping.url, stamped_at=stamped_at, token=token)
    with transaction.atomic():
        record.keep(row, "checkpoint.anchored", by=_ourselves(at), at=at)
    return row


def _ourselves(at: datetime) -> User:
    """The account in whose name this is recorded, as nobody asked for it: nobody can sign in to it."""
    named = {"first_name": "Time", "last_name": "stamping"}
    user, is_new = User.objects.get_or_create(username=ACCOUNT, defaults=named)
    if is_new:
        user.set_unusable_password()
        user.save()
        told = {"user": str(user.uuid), "username": ACCOUNT, **named}
        record.append("account.opened", told, subject=user.uuid, case=None, by=user, at=at)
    return user
