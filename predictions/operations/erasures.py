"""The lawful erasure of what an entry recorded: the content goes, its place in the ledger and its proof stay."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import Erasure, LedgerEntry, LedgerPayload, OriginalBytes, Rationale
from predictions.models.erasure import ERASED
from predictions.operations.kept_replies import forget_bodies
from predictions.policy import demand
from predictions.queries.erasures import blanked, words_of

ERASURE = "payload.erased"
NEVER = ("payload.", "ledger.", "checkpoint.")


@transaction.atomic
def erase(erasure: Erasure, *, by: User, at: datetime) -> Erasure:
    """Delete payload and salt of the entry `erasure.erased`, and blank the words in what it recorded. For good.

    The entry that says so names the erased one and the reason, never the content.
    """
    entry = LedgerEntry.objects.select_related("payload__case").get(pk=erasure.erased_id)
    demand(by, "erase", entry)
    if entry.kind.startswith(NEVER):
        raise ValidationError("What an entry says of the ledger itself is not erased.")
    if not hasattr(entry, "payload"):
        raise ValidationError("This was erased already.", code="conflict")
    erasure.erased, erasure.case = entry, entry.payload.case
    erasure.erased_at, erasure.erased_by = at, by
    erasure.full_clean()
    if any(text.casefold() in erasure.reason.casefold() for text in words_of(entry)):
        raise ValidationError({"reason": "This repeats what is to be erased, and the reason stays. Say it otherwise."})
    record.keep(erasure, ERASURE, by=by, at=at)
    _blank(entry)
    forget_bodies()
    return erasure


def _blank(entry: LedgerEntry) -> None:
    """The database lets this through for entries of which the erasure is on record, and nothing else."""
    for rows, names in list(blanked(entry)):
        for name in names:
            rows.exclude(**{name: ""}).update(**{name: ERASED})
    OriginalBytes._base_manager.filter(original__entry=entry).delete()
    Rationale._base_manager.filter(entry=entry).delete()
    LedgerPayload._base_manager.filter(entry=entry).delete()
