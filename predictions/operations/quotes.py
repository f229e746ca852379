from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.capture import not_there
from predictions.language.anchoring import QuoteNotFound, anchor
from predictions.language.folding import cuts_cluster
from predictions.models import Quote, QuoteAnchor, QuoteStanding, Source, Standing
from predictions.policy import demand


@transaction.atomic
def anchor_quote(quote: Quote, *, start: int | None = None, by: User, at: datetime) -> Quote:
    """Keep the exact words of a source. Where we hold its text, they must stand there, and their place is kept.

    Where they stand several times between the same words, the place that begins at `start` is meant.
    """
    source = _held(quote, by)
    return _kept(quote, _place(quote, source, start), by, at)


@transaction.atomic
def quoted(quote: Quote, *, start: int | None = None, by: User, at: datetime) -> tuple[Quote, bool]:
    """The quote of the same words at the same place that stands, or else this one anchored; and whether it is new."""
    source = _held(quote, by)
    place = _place(quote, source, start)
    same = Quote.objects.standing().filter(source=source, exact=quote.exact)
    if place:
        same = same.filter(anchors__snapshot=place.snapshot, anchors__start=place.start)
    else:
        same = same.filter(prefix=quote.prefix, suffix=quote.suffix)
    known = same.order_by("pk").first()
    return (known, False) if known else (_kept(quote, place, by, at), True)


def _held(quote: Quote, by: User) -> Source:
    source = Source.objects.select_for_update().get(pk=quote.source_id)
    demand(by, "anchor_quote", source)
    return source


def _kept(quote: Quote, place: QuoteAnchor | None, by: User, at: datetime) -> Quote:
    quote.full_clean()
    record.keep(quote, "quote.anchored", by=by, at=at, parts=[place] if place else [])
    return quote


def _place(quote: Quote, source: Source, start: int | None) -> QuoteAnchor | None:
    """Where the quote stands in the newest text of the source; the quote takes on that text's own characters."""
    snapshot = source.snapshots.select_related("body").first()
    if snapshot is None:
        return None
    try:
        found = anchor(snapshot.body.text, quote.exact, quote.prefix, quote.suffix, start=start)
    except QuoteNotFound as fault:
        raise ValidationError({"exact": not_there(quote, fault)}) from fault
    except ValueError as fault:
        raise ValidationError({"exact": str(fault)}) from fault
    quote.exact, quote.prefix, quote.suffix = found.exact, found.prefix, found.suffix
    return QuoteAnchor(quote=quote, snapshot=snapshot, start=found.start, end=found.end)


@transaction.atomic
def settle_quote(
    decision: QuoteStanding, *, place: tuple[int, int] | None = None, by: User, at: datetime
) -> QuoteStanding:
    """Decide about a quote that was not found again: it stands at `place` of the newer text, or only in the older."""
    source = Source.objects.select_for_update().get(pk=decision.quote.source_id)
    demand(by, "settle_quote", source)
    newest = source.snapshots.select_related("body").first()
    if not Quote.objects.orphaned().filter(pk=decision.quote_id).exists() or decision.snapshot != newest:
        raise ValidationError("That was decided already, or there is a newer text.", code="conflict")
    if (decision.standing == Standing.MOVED) != (place is not None) or decision.standing == Standing.ORPHANED:
        raise ValidationError({"standing": "Say where it stands, or that it stands only in the older text."})
    decision.noted_at, decision.noted_by = at, by
    parts = [_chosen(decision, place)] if place else []
    decision.full_clean()
    record.keep(decision, "quote.settled", by=by, at=at, parts=parts, exact=decision.quote.exact)
    return decision


def _chosen(decision: QuoteStanding, place: tuple[int, int]) -> QuoteAnchor:
    """The place that a person chose; the decision keeps the words that stand there."""
    text, (start, end) = decision.snapshot.body.text, place
    decision.words = text[start:end] if 0 <= start < end <= len(text) else ""
    if not decision.words.strip() or cuts_cluster(text, start) or cuts_cluster(text, end):
        raise ValidationError({"place": "That is no place in the newer text."})
    return QuoteAnchor(quote=decision.quote, snapshot=decision.snapshot, start=start, end=end)
