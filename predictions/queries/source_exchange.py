"""Sources and quotes as other programs read them: as works to cite, and as annotations."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from predictions.exchange.annotation import Quoted
from predictions.exchange.citation import DAY, MONTH, Work
from predictions.models import Precision, Quote, QuoteAnchor, Snapshot, Source
from predictions.models.times import MICROSECOND

AddressOf = Callable[[Snapshot], str]
"""Where the text of a snapshot can be read."""

NEWEST_FIRST = Prefetch(
    "anchors", QuoteAnchor.objects.select_related("snapshot__source").order_by("-snapshot__captured_at", "-snapshot_id")
)


def iri_of(source: Source) -> str:
    return source.url or f"urn:uuid:{source.uuid}"


def quotes_of(source: Source) -> list[Quote]:
    """The quotes of a source that stand, in the order of the text where it is held."""
    quotes = source.quotes.standing().select_related("entry", "source").prefetch_related(NEWEST_FIRST)
    return sorted(quotes, key=lambda quote: (anchor.start if (anchor := _anchor(quote)) else 0, quote.pk))


def quoted(quotes: Iterable[Quote], address_of: AddressOf) -> list[Quoted]:
    """What an annotation says of each of `quotes`, which were read with NEWEST_FIRST, `entry` and `source`."""
    return [_quoted(quote, address_of) for quote in quotes]


def work_of(source: Source) -> Work:
    """What a citation says of `source`; accessed is the day on which its newest text was taken, in UTC."""
    newest = source.snapshots.first()
    return Work(
        id=f"urn:uuid:{source.uuid}",
        title=source.title,
        author=source.author,
        publisher=source.publisher,
        url=source.url,
        language=source.language,
        issued=_issued(source),
        precision=MONTH if source.published_precision == Precision.MONTH else DAY,
        accessed=newest.captured_at.date() if newest else None,
        sha256=newest.sha256 if newest else source.text_sha256,
    )


def _anchor(quote: Quote) -> QuoteAnchor | None:
    return next(iter(quote.anchors.all()), None)


def _quoted(quote: Quote, address_of: AddressOf) -> Quoted:
    words = Quoted(
        id=f"urn:uuid:{quote.uuid}",
        source=iri_of(quote.source),
        created=quote.entry.at,
        exact=quote.exact,
        prefix=quote.prefix,
        suffix=quote.suffix,
        name=quote.external_id,
    )
    anchor = _anchor(quote)
    if anchor is None:
        return words
    snapshot = anchor.snapshot
    return replace(
        words,
        start=anchor.start,
        end=anchor.end,
        taken=snapshot.captured_at,
        sha256=snapshot.sha256,
        cached=address_of(snapshot),
    )


def _issued(source: Source) -> tuple[date, ...]:
    if source.published_at is None:
        return ()
    zone = ZoneInfo(source.zone or "UTC")
    first = source.published_at.astimezone(zone).date()
    if source.published_precision != Precision.ESTIMATED or source.published_until is None:
        return (first,)
    return first, (source.published_until - MICROSECOND).astimezone(zone).date()
