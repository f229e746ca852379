"""What was last signed about the ledger, ready to show."""

from dataclasses import dataclass
from datetime import datetime

from predictions.exchange.signed_note import read_note
from predictions.models import Checkpoint, LogHead


@dataclass(frozen=True)
class SignedLedger:
    """The newest checkpoint, the IDs of the keys that signed it, and how many entries came after it."""

    size: int
    signed_at: datetime
    key_ids: tuple[str, ...]
    waiting_count: int
    note: str


def newest_signed() -> SignedLedger | None:
    """None before the first checkpoint."""
    newest = Checkpoint.objects.newest_first().first()
    if newest is None:
        return None
    ids = tuple(signature.key_id.hex() for signature in read_note(newest.note).signatures)
    ends = LogHead.objects.filter(pk=1).values_list("next_seq", flat=True).first() or 0
    return SignedLedger(newest.size, newest.signed_at, ids, max(ends - newest.size, 0), newest.note)
