"""Brings quotes into a source from a file of W3C annotations: all of them, or none."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions.exchange.annotation import MOST_FAULTS, AnnotationFaults, Read, read_annotations
from predictions.models import Quote, Snapshot, Source
from predictions.operations.quotes import quoted
from predictions.policy import demand

ELSEWHERE = "these words are of another source ({theirs}), and this one is {ours}"


class Imported(NamedTuple):
    """How many quotes were added, and how many stood already."""

    added: int
    known: int


@transaction.atomic
def import_annotations(source: Source, content: bytes, *, by: User, at: datetime) -> Imported:
    """Anchor every quote of the file in `source`. Raises ValidationError, with line and field, if one cannot be."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    demand(by, "anchor_quote", source)
    try:
        rows = read_annotations(content)
    except AnnotationFaults as fault:
        raise ValidationError({"file": list(fault.faults)}) from fault
    newest = source.snapshots.first()
    added, faults = 0, list[str]()
    for row in rows:
        try:
            added += _bring(row, source, newest, by, at)
        except ValidationError as fault:
            faults += _told(row, fault)
    if faults:
        raise ValidationError({"file": faults[:MOST_FAULTS]})
    return Imported(added, len(rows) - added)


def _bring(row: Read, source: Source, newest: Snapshot | None, by: User, at: datetime) -> bool:
    """Whether the quote is new. Its position is trusted only if it was counted in the text that we hold as newest."""
    _require_same_source(row, source)
    if _stands(row, source):
        return False
    start = row.start if newest and row.sha256 == newest.sha256 else None
    quote = Quote(source=source, exact=row.exact, prefix=row.prefix, suffix=row.suffix, external_id=row.name)
    _, is_new = quoted(quote, start=start, by=by, at=at)
    return is_new


def _stands(row: Read, source: Source) -> bool:
    """Whether this very quote stands already where the file says, be it in an older text that we hold."""
    same = Quote.objects.standing().filter(source=source, exact=row.exact, prefix=row.prefix, suffix=row.suffix)
    return same.filter(anchors__snapshot__sha256=row.sha256, anchors__start=row.start).exists()


def _require_same_source(row: Read, source: Source) -> None:
    is_elsewhere = row.source.startswith(("http:", "https:")) and source.url and row.source != source.url
    if is_elsewhere:
        raise ValidationError({"source": ELSEWHERE.format(theirs=row.source[:200], ours=source.url)})


def _told(row: Read, fault: ValidationError) -> Sequence[str]:
    target = "target"
    names = {"external_id": "body", "exact": f"{target}.selector.TextQuoteSelector.exact", "source": f"{target}.source"}
    by_field = fault.message_dict if hasattr(fault, "error_dict") else {target: fault.messages}
    return [row.fault(names.get(name, name), message) for name, told in by_field.items() for message in told]
