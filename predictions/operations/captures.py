"""Asking for the text of something published. What is asked here is done in the background (`capture`)."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.capture import require_readable
from predictions.models import Capture, CaptureContent, Source, Way
from predictions.policy import demand
from predictions.tasks import capture_later


@transaction.atomic
def capture_source(capture: Capture, *, content: bytes = b"", by: User, at: datetime) -> Capture:
    """Ask for the text behind an address, or in `content`: a file, or a pasted text in UTF-8.

    It becomes a new source of the case, or another text of the source that is named or has that address.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # who asks twice at once is counted twice
    if capture.source is not None:
        capture.source = Source.objects.select_related("case").get(pk=capture.source.pk)
        capture.case = capture.source.case
    demand(by, "capture_source", capture.source or capture.case)
    capture.source = capture.source or _at_address(capture)
    capture.asked_by, capture.asked_at = by, at
    _require_content(capture, content)
    capture.full_clean()
    _require_turn(by)
    record.keep(capture, "capture.asked", by=by, at=at)
    if content:
        CaptureContent(capture=capture, content=content).save(force_insert=True)
    capture_later(capture)
    return capture


def _at_address(capture: Capture) -> Source | None:
    """An address that the case has a source of already is captured again."""
    found = Source.objects.filter(case=capture.case, url=capture.address) if capture.address else Source.objects.none()
    return found.order_by("id").first()


def _require_content(capture: Capture, content: bytes) -> None:
    if capture.way == Way.ADDRESS:
        if content or not capture.address:
            raise ValidationError({"address": "Give an address, a file or a text: one of the three."})
        return
    if not content:
        raise ValidationError({capture.way: f"The {capture.way} is empty."})
    if len(content) > settings.CAPTURE_LARGEST_BYTES:
        most = f"at most {settings.CAPTURE_LARGEST_BYTES:,} bytes are taken"
        raise ValidationError({capture.way: f"The {capture.way} is too large: {most}."})
    if capture.way == Way.TEXT:
        _require_text(content)


def _require_text(content: bytes) -> None:
    try:
        require_readable(content.decode())
    except UnicodeDecodeError as fault:
        raise ValidationError(
            {"text": "The text holds half a surrogate pair. Paste it again from its source."}
        ) from fault


def _require_turn(by: User) -> None:
    """Nobody keeps all the workers busy."""
    running = Capture.objects.in_flight().filter(asked_by=by).count()
    if running >= settings.CAPTURES_AT_ONCE:
        waiting = f"{running} captures of yours are still under way. Wait until one of them has ended."
        raise ValidationError(waiting, code="conflict")
