"""Signing the ledger as it stands, after proving that it grew from everything that was signed before."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from predictions import merkle
from predictions.checkpoints.keys import admit, signing_keys, verifiers
from predictions.exchange import signed_note
from predictions.models import Checkpoint, LogHead, restore_guard
from predictions.models.checkpoint import origin_of
from predictions.models.restore_guard import Signed
from predictions.queries import ledger_proofs

LONGEST_WAIT = timedelta(minutes=1)
MOST_UNSIGNED = 256


def is_due(*, at: datetime) -> bool:
    """Whether entries wait for a checkpoint since a minute, or 256 of them do."""
    head, newest = LogHead.objects.filter(pk=1).first(), Checkpoint.objects.newest_first().first()
    if head is None or _covers(newest, head):
        return False
    if newest is None or newest.epoch != head.epoch:
        return True
    return head.next_seq - newest.size >= MOST_UNSIGNED or at - newest.signed_at >= LONGEST_WAIT


def sign_due(*, at: datetime) -> Checkpoint | None:
    """As the beat asks: a checkpoint where one is due."""
    return sign(at=at) if is_due(at=at) else None


def sign_if_moved(*, at: datetime) -> Checkpoint | None:
    """A checkpoint where entries have none yet, however short they have waited."""
    head, newest = LogHead.objects.filter(pk=1).first(), Checkpoint.objects.newest_first().first()
    return None if head is None or _covers(newest, head) else sign(at=at)


@transaction.atomic(durable=True)
def sign(at: datetime) -> Checkpoint:
    """A checkpoint of the ledger as it stands: the standing one, where that covers it and all our keys signed it.

    Never within a transaction that could yet be undone: what is signed is on the disk. Raises ValidationError (codes
    "restored", "ledger_broken", "ledger_key") where the ledger does not continue what was signed before.
    """
    head = LogHead.objects.select_for_update().filter(pk=1).first() or LogHead()
    restore_guard.require_whole(head)
    signing, newest = signing_keys(), Checkpoint.objects.newest_first().first()
    signers = verifiers(signing, head.epoch)
    if (signed := not_continued(head)) is not None:
        told = f"The ledger does not continue the {signed.size:,} entries that were signed. Nothing was signed."
        raise ValidationError(f"{told} manage.py verify_ledger says more.", code="ledger_broken")
    if newest is not None and _covers(newest, head) and newest.is_signed_by_all(signers):
        return newest
    admit(signers, at=at)
    text = signed_note.checkpoint_text(origin_of(head.epoch), head.next_seq, head.tree.root)
    note = signed_note.sign(text, origin_of(head.epoch), *signing)
    made = Checkpoint(epoch=head.epoch, size=head.next_seq, root=head.tree.root, note=note, signed_at=at)
    made.save(force_insert=True)
    restore_guard.remember(note)  # before the commit: no checkpoint is ever published that the file does not know
    return made


def not_continued(head: LogHead) -> Signed | None:
    """What the file or the database says was signed in this epoch, or a later one, and is not how the ledger begins."""
    newest = Checkpoint.objects.newest_first().first()
    of_rows = newest and Signed(newest.epoch, newest.size, bytes(newest.root), newest.note)
    for signed in filter(None, (restore_guard.last_signed(), of_rows)):
        if signed.epoch > head.epoch or (signed.epoch == head.epoch and not _continues(head, signed)):
            return signed
    return None


def _continues(head: LogHead, signed: Signed) -> bool:
    try:
        proof = ledger_proofs.consistency(signed.size, head.next_seq)
    except (ValueError, ValidationError):  # it has fewer entries, or lacks some
        return False
    return merkle.verify_consistency(signed.size, head.next_seq, proof, signed.root, head.tree.root)


def _covers(checkpoint: Checkpoint | None, head: LogHead) -> bool:
    return checkpoint is not None and (checkpoint.epoch, checkpoint.size) == (head.epoch, head.next_seq)
