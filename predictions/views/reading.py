"""The page on which a source is read: its text with what it foretells marked, and what was made of its words."""

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from predictions.models import Snapshot, Source
from predictions.policy import can
from predictions.queries.readings import Reading, reading
from predictions.views.access import for_readers
from predictions.views.reading_text import KINDS, shown_paragraphs

LISTED = 60
"""Claims that the list beside the text names; all are marked in it."""


@for_readers
def page(request: HttpRequest, user: User, source: UUID, snapshot: UUID | None = None) -> HttpResponse:
    row = source_of(source, user)
    text = text_of(row, snapshot)
    asked: dict[str, Any] = {"part": _number(request, "part"), "quote": uuid_of(request, "quote")}
    found = reading(row, user, snapshot=text, now=timezone.now(), **asked)
    claims = found.claims or ()
    context = {
        "title": row.title,
        "reading": found,
        "paragraphs": shown_paragraphs(found),
        "claims": [(number, KINDS[claim.kind], claim) for number, claim in enumerate(claims[:LISTED], start=1)],
        "claim_count": len(claims),
        "may_pose": can(user, "pose_prediction", row.case),
        "may_settle": can(user, "settle_quote", row),
        "here": _address(found),
        "pages": [(number, f"{_address(found)}?part={number}") for number in range(1, found.parts + 1)],
    }
    return render(request, "predictions/reading.html", context)


def source_of(uuid: UUID, user: User) -> Source:
    """The source of an address; one that `user` does not see is not there."""
    found: Source = get_object_or_404(Source.objects.visible_to(user).select_related("case"), uuid=uuid)
    return found


def text_of(source: Source, uuid: UUID | None) -> Snapshot | None:
    """The snapshot of that source which an address names; the newest where it names none, if there is one."""
    texts = source.snapshots.select_related("body", "captured_by")
    if uuid is None:
        return texts.first()
    found: Snapshot = get_object_or_404(texts, uuid=uuid)
    return found


def _address(found: Reading) -> str:
    if found.snapshot is None or found.is_newest:
        return reverse("reading", args=[found.source.uuid])
    return reverse("reading-text", args=[found.source.uuid, found.snapshot.uuid])


def _number(request: HttpRequest, name: str) -> int:
    asked = request.GET.get(name, "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise BadRequest(f"“{name}” is a number.")
    return int(asked)


def uuid_of(request: HttpRequest, name: str) -> UUID | None:
    """What an address names by `?name=`, if it does."""
    try:
        return UUID(request.GET[name]) if name in request.GET else None
    except ValueError as fault:
        raise Http404(f"There is no such {name}.") from fault
