"""A text becomes a snapshot, and every quote of its source is looked for in it: nothing moves by itself."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from predictions import record
from predictions.language.anchoring import (
    CONTEXT,
    LONGEST_CONTEXT,
    AmbiguousQuote,
    Anchor,
    ContextChanged,
    QuoteNotFound,
    anchor,
    anchor_in_context,
    with_context,
)
from predictions.models import (
    Original,
    OriginalBytes,
    Quote,
    QuoteAnchor,
    QuoteStanding,
    Snapshot,
    SnapshotText,
    Source,
    Standing,
)
from predictions.models.rows import AppendOnly, require_storable

LONGEST_TEXT = 5_000_000


@dataclass(frozen=True)
class Bytes:
    """What a text was read from: the row about it, and what goes into its side table."""

    original: Original
    content: bytes
    warc: bytes | None = None


def require_readable(text: str) -> None:
    """Raise ValidationError, at `text`, for what cannot be kept as the text of a source."""
    try:
        require_storable(text)
    except ValidationError as fault:
        raise ValidationError({"text": fault}) from fault
    if not text.strip():
        raise ValidationError({"text": "The text is empty."})
    if len(text) > LONGEST_TEXT:
        raise ValidationError({"text": f"The text has {len(text):,} characters; at most {LONGEST_TEXT:,} are kept."})


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def add_snapshot(source: Source, text: str, *, read_from: Bytes | None = None, by: User, at: datetime) -> Snapshot:
    """Keep `text` as the newest snapshot of `source`, whose row the caller holds.

    Every quote must stand in the first text of a source. In a later one, a quote that is not found again, its words
    between the same words as before, is orphaned until a person decides.
    """
    require_readable(text)
    snapshot = Snapshot(source=source, sha256=digest_of(text), length=len(text), captured_at=at, captured_by=by)
    snapshot.full_clean()
    parts: list[AppendOnly] = [read_from.original] if read_from else []
    looked_for = _verified if source.snapshots.exists() else _anchors
    parts += looked_for(source, snapshot, text)
    if read_from:
        read_from.original.snapshot = snapshot
    record.keep(snapshot, "snapshot.added", by=by, at=at, parts=parts)
    SnapshotText(snapshot=snapshot, text=text).save(force_insert=True)
    if read_from:
        OriginalBytes(original=read_from.original, content=read_from.content, warc=read_from.warc).save()
    return snapshot


def not_there(quote: Quote, fault: QuoteNotFound) -> str:
    """Names the quote that is missing; the fault tells the passage that comes closest to it."""
    return f"Quote {quote.external_id}: {fault}" if quote.external_id else str(fault)


def _anchors(source: Source, snapshot: Snapshot, text: str) -> list[QuoteAnchor]:
    """A place for each quote in the first text of its source."""
    anchors, faults = [], []
    for quote in _standing(source):
        try:
            found = anchor(text, quote.exact, quote.prefix, quote.suffix)
            anchors.append(QuoteAnchor(quote=quote, snapshot=snapshot, start=found.start, end=found.end))
        except QuoteNotFound as fault:
            faults.append(not_there(quote, fault))
    if faults:
        raise ValidationError({"text": faults})
    return anchors


def _verified(source: Source, snapshot: Snapshot, text: str) -> Iterable[AppendOnly]:
    """For each quote its place in a later text of its source, or that it was not found again."""
    texts: dict[int, str] = {}
    for quote in _standing(source).prefetch_related("anchors__snapshot", "standings"):
        try:
            found = _again(quote, text, texts)
        except QuoteNotFound as fault:
            if isinstance(fault, ContextChanged) or not _was_given_up(quote):
                yield _orphaned(quote, snapshot)
        else:
            yield QuoteAnchor(quote=quote, snapshot=snapshot, start=found.start, end=found.end)


def _again(quote: Quote, text: str, texts: dict[int, str]) -> Anchor:
    """Where `quote` stands in `text` between the same words as before; between more of them, where it takes more."""
    try:
        last = last_seen(quote, texts)
        return anchor_in_context(text, last.exact, last.prefix, last.suffix)
    except AmbiguousQuote:
        last = last_seen(quote, texts, LONGEST_CONTEXT)
        return anchor_in_context(text, last.exact, last.prefix, last.suffix)


def last_seen(quote: Quote, texts: dict[int, str] | None = None, context: int = CONTEXT) -> Anchor:
    """The words of `quote` and those around them, as they stood in the newest text in which it has a place.

    `texts` keeps what was read, by the key of its snapshot.
    """
    newest = max(quote.anchors.all(), key=lambda each: each.snapshot.id, default=None)
    if newest is None:
        return Anchor(0, 0, quote.exact, quote.prefix, quote.suffix)
    texts = {} if texts is None else texts
    if newest.snapshot_id not in texts:
        texts[newest.snapshot_id] = newest.snapshot.body.text
    return with_context(texts[newest.snapshot_id], newest.start, newest.end, context)


def _standing(source: Source) -> Any:
    return Quote.objects.filter(source=source).standing()


def _was_given_up(quote: Quote) -> bool:
    """Whether the last that was decided is that it stands only in an older text."""
    last = max(quote.standings.all(), key=lambda each: each.id, default=None)
    return last is not None and last.standing == Standing.GONE


def _orphaned(quote: Quote, snapshot: Snapshot) -> QuoteStanding:
    return QuoteStanding(
        quote=quote,
        snapshot=snapshot,
        standing=Standing.ORPHANED,
        noted_at=snapshot.captured_at,
        noted_by=snapshot.captured_by,
    )
