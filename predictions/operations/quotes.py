from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.language.anchoring import QuoteNotFound, anchor
from predictions.models import Quote, QuoteAnchor, Source
from predictions.operations.sources import not_there
from predictions.policy import demand


@transaction.atomic
def anchor_quote(quote: Quote, *, by: User, at: datetime) -> Quote:
    """Keep the exact words of a source. Where we hold its text, they must stand there, and their place is kept."""
    source = Source.objects.select_for_update().get(pk=quote.source_id)
    demand(by, "anchor_quote", source)
    place = _place(quote, source)
    quote.full_clean()
    record.keep(quote, "quote.anchored", by=by, at=at, parts=[place] if place else [])
    return quote


def _place(quote: Quote, source: Source) -> QuoteAnchor | None:
    """Where the quote stands in the newest text of the source; the quote takes on that text's own characters."""
    snapshot = source.snapshots.select_related("body").first()
    if snapshot is None:
        return None
    try:
        found = anchor(snapshot.body.text, quote.exact, quote.prefix, quote.suffix)
    except QuoteNotFound as fault:
        raise ValidationError({"exact": not_there(quote, fault)}) from fault
    except ValueError as fault:
        raise ValidationError({"exact": str(fault)}) from fault
    quote.exact, quote.prefix, quote.suffix = found.exact, found.prefix, found.suffix
    return QuoteAnchor(quote=quote, snapshot=snapshot, start=found.start, end=found.end)
