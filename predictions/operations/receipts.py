from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from predictions import checkpoints, merkle
from predictions.exchange.receipts import Receipt
from predictions.exchange.signed_note import read_note
from predictions.models import Checkpoint, LedgerEntry, LogHead
from predictions.queries import ledger_proofs

BROKEN = "The ledger does not bear this entry out, so no receipt was made. manage.py verify_ledger says more."
NEVER_SIGNED = "No checkpoint of that size was signed before the one that this receipt leads to."


def issue_receipt(seq: int, *, to: User, at: datetime, older_size: int | None = None) -> Receipt:
    """What shows offline that entry `seq` stands in the ledger, and that an older checkpoint's entries stand before it.

    Signs a checkpoint where none covers the entry yet. The older one is of `older_size` entries or, where None is told,
    the last before. Raises LedgerEntry.DoesNotExist for what is hidden from `to`, and ValidationError where there is
    no such older one, or where the ledger is broken.
    """
    entry = LedgerEntry.objects.visible_to(to).select_related("payload").get(pk=seq)
    checkpoint = _covering(seq, at)
    older = _older(checkpoint, older_size)
    inclusion = ledger_proofs.inclusion(seq, checkpoint.size)
    leaf = bytes(entry.leaf)
    if not merkle.verify_inclusion(seq, checkpoint.size, merkle.leaf_hash(leaf), inclusion, bytes(checkpoint.root)):
        raise ValidationError(BROKEN, code="ledger_broken")
    return Receipt(
        index=seq,
        entry=leaf,
        inclusion=inclusion,
        checkpoint=checkpoint.note,
        keys=_signers(checkpoint, older),
        older_checkpoint=older.note if older else "",
        consistency=ledger_proofs.consistency(older.size, checkpoint.size) if older else (),
        **_told(entry, to),
    )


def _covering(seq: int, at: datetime) -> Checkpoint:
    """The newest checkpoint of the present epoch, if it covers the entry; else one signed now."""
    head, newest = LogHead.objects.get(pk=1), Checkpoint.objects.newest_first().first()
    if newest is not None and newest.epoch == head.epoch and newest.size > seq:
        return newest
    return checkpoints.sign(at)


def _older(checkpoint: Checkpoint, size: int | None) -> Checkpoint | None:
    rows = Checkpoint.objects.filter(epoch=checkpoint.epoch, size__gt=0, size__lt=checkpoint.size)
    if size is None:
        return rows.newest_first().first()
    found = rows.filter(size=size).newest_first().first()
    if found is None:
        raise ValidationError({"older": NEVER_SIGNED})
    return found


def _signers(*signed: Checkpoint | None) -> list[str]:
    """The verifier keys of all that signed these."""
    named = {(each.name, each.key_id) for row in signed if row for each in read_note(row.note).signatures}
    return [str(key) for key in checkpoints.verifier_keys() if (key.name, key.id) in named]


def _told(entry: LedgerEntry, user: User) -> dict[str, Any]:
    """What was recorded and its salt; nothing where it is erased, or would tell whose an assessment is."""
    payload = getattr(entry, "payload", None)
    if payload is None or entry.names_another_than(user):
        return {}
    return {"payload": payload.text.encode(), "salt": bytes(payload.salt)}
