import hashlib
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.language.anchoring import QuoteNotFound, anchor
from predictions.models import Quote, QuoteAnchor, Snapshot, SnapshotText, Source
from predictions.models.rows import require_storable
from predictions.policy import demand

LONGEST_TEXT = 5_000_000


@transaction.atomic
def record_source(source: Source, *, by: User, at: datetime) -> Source:
    demand(by, "record_source", source.case)
    source.full_clean()
    record.keep(source, "source.recorded", by=by, at=at)
    return source


@transaction.atomic
def amend_source(source: Source, *, by: User, at: datetime) -> Source:
    demand(by, "amend_source", Source.objects.select_for_update().get(pk=source.pk))
    source.full_clean()
    record.amend(source, "source.amended", by=by, at=at)
    return source


@transaction.atomic
def attach_text(source: Source, text: str, *, by: User, at: datetime) -> Snapshot:
    """Keep `text` as a snapshot of `source` and anchor every standing quote in it; refuse it if one is not there."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    demand(by, "attach_text", source)
    _require_readable(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    snapshot = Snapshot(source=source, sha256=digest, length=len(text), captured_at=at, captured_by=by)
    snapshot.full_clean()
    anchors = _anchors(source, snapshot, text)
    record.keep(snapshot, "snapshot.added", by=by, at=at, parts=anchors)
    SnapshotText(snapshot=snapshot, text=text).save(force_insert=True)
    return snapshot


def _require_readable(text: str) -> None:
    try:
        require_storable(text)
    except ValidationError as fault:
        raise ValidationError({"text": fault}) from fault
    if not text.strip():
        raise ValidationError({"text": "The text is empty."})
    if len(text) > LONGEST_TEXT:
        raise ValidationError({"text": f"The text has {len(text):,} characters; at most {LONGEST_TEXT:,} are kept."})


def _anchors(source: Source, snapshot: Snapshot, text: str) -> list[QuoteAnchor]:
    anchors, faults = [], []
    for quote in Quote.objects.filter(source=source).standing():
        try:
            found = anchor(text, quote.exact, quote.prefix, quote.suffix)
            anchors.append(QuoteAnchor(quote=quote, snapshot=snapshot, start=found.start, end=found.end))
        except QuoteNotFound as fault:
            faults.append(not_there(quote, fault))
    if faults:
        raise ValidationError({"text": faults})
    return anchors


def not_there(quote: Quote, fault: QuoteNotFound) -> str:
    """Names the quote that is missing; the fault tells the passage that comes closest to it."""
    return f"Quote {quote.external_id}: {fault}" if quote.external_id else str(fault)
