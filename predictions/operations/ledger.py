"""What an administrator does to the ledger as a whole: replace its key, and go on where signed entries were lost."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import checkpoints, record
from predictions.checkpoints import keys
from predictions.exchange.signed_note import VerifierKey
from predictions.models import Checkpoint, LedgerBreak, LedgerKey, LogHead
from predictions.models.checkpoint import origin_of
from predictions.policy import demand


@transaction.atomic
def resume_ledger(*, reason: str, by: User, at: datetime) -> LedgerBreak:
    """Go on without entries that were signed and are lost: name the break, and count a new epoch from here.

    Checkpoints bear another name from now on, so that none of them contradicts one of the history that is gone.
    Raises ValidationError (code "conflict") where nothing is missing.
    """
    demand(by, "keep_ledger")
    head, _ = LogHead.objects.select_for_update().get_or_create(pk=1)
    lost = checkpoints.not_continued(head)
    if lost is None:
        raise ValidationError("The ledger holds all that was signed: there is nothing to resume.", code="conflict")
    head.epoch = max(head.epoch, lost.epoch) + 1
    row = LedgerBreak(epoch=head.epoch, size=head.next_seq, lost_size=lost.size, lost_root=lost.root.hex())
    row.lost_note, row.reason = lost.note, reason.strip()
    row.full_clean()
    head.save()
    record.keep(row, "ledger.resumed", by=by, at=at)
    return row


@transaction.atomic
def rotate_key(*, reason: str, by: User, at: datetime) -> VerifierKey:
    """Let a new key sign. The one before signs beside it until `retire_key`, so that who trusts that learns of this."""
    demand(by, "keep_ledger")
    keys.own_file()
    if not reason.strip():
        raise ValidationError({"reason": "Say why the key is replaced."})
    fresh = Ed25519PrivateKey.generate()
    verifier = VerifierKey.of(origin_of(_epoch()), fresh)
    LedgerKey(verifier=str(verifier), added_at=at).save(force_insert=True)
    payload = {"verifier": str(verifier), "reason": reason.strip()}
    record.append("ledger.key_added", payload, subject=None, case=None, by=by, at=at)
    keys.add_key(fresh)  # last: the file is not undone with the transaction
    return verifier


@transaction.atomic
def retire_key(*, by: User, at: datetime) -> VerifierKey:
    """End the time of two signatures. Raises ValidationError unless both stand under the newest checkpoint."""
    demand(by, "keep_ledger")
    keys.own_file()
    signers = keys.verifiers(keys.signing_keys(), _epoch())
    if len(signers) < 2:
        raise ValidationError("One key signs alone: there is none to retire.", code="conflict")
    newest = Checkpoint.objects.newest_first().first()
    if newest is None or not newest.is_signed_by_all(signers):
        told = "The newest checkpoint does not bear both signatures yet. Sign one first: manage.py sign_checkpoint."
        raise ValidationError(told, code="conflict")
    retired = signers[-1]
    record.append("ledger.key_retired", {"verifier": str(retired)}, subject=None, case=None, by=by, at=at)
    keys.drop_old_keys()
    return retired


def _epoch() -> int:
    head = LogHead.objects.filter(pk=1).first()
    return head.epoch if head else 1
