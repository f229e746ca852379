"""What was signed about the ledger, by which keys, and where it had to be begun anew."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models

from predictions.exchange.signed_note import NoteFault, VerifierKey, verify
from predictions.models.rows import AppendOnly, AppendOnlyQuerySet
from predictions.models.times import iso_utc

TEXT_OF_A_ROOT = 64


def origin_of(epoch: int) -> str:
    """The name under which checkpoints of this epoch are signed: no two histories share one."""
    return settings.LEDGER_NAME if epoch == 1 else f"{settings.LEDGER_NAME}/epoch-{epoch}"


class CheckpointQuerySet(AppendOnlyQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-pk")


class Checkpoint(models.Model):
    """A signed note (c2sp.org/tlog-checkpoint): so many entries, and the root over them. Never changed or deleted."""

    epoch = models.PositiveIntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signed_at = models.DateTimeField()

    objects: ClassVar[Any] = CheckpointQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{origin_of(self.epoch)}, {self.size:,} entries"

    def is_signed_by_all(self, signers: Sequence[VerifierKey]) -> bool:
        """Whether the note bears a true signature of each of these keys."""
        try:
            return set(verify(self.note, signers)[1]) == set(signers)
        except NoteFault:
            return False


class LedgerKey(models.Model):
    """A key that signs, or once signed, this ledger: its verifier text (NAME+ID+KEY). It stays known for good."""

    verifier = models.CharField(max_length=400, unique=True)
    added_at = models.DateTimeField()

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.verifier

    @property
    def key(self) -> VerifierKey:
        return VerifierKey.read(self.verifier)


class LedgerBreak(AppendOnly):
    """Signed entries were lost, and an administrator went on without them: from here a new epoch counts.

    `lost_note` is the last checkpoint of the history that is gone, and `size` what of it was left.
    """

    epoch = models.PositiveIntegerField(unique=True, editable=False)
    size = models.BigIntegerField(editable=False)
    lost_size = models.BigIntegerField(editable=False)
    lost_root = models.CharField(max_length=TEXT_OF_A_ROOT, editable=False)
    lost_note = models.TextField(editable=False)
    reason = models.CharField(max_length=500, help_text="What happened, and why the lost entries cannot be restored.")


class CheckpointAnchor(AppendOnly):
    """What a time-stamp authority signed about a checkpoint (RFC 3161): that it existed at `stamped_at`."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="anchors", db_constraint=False)
    authority = models.CharField(max_length=500)
    stamped_at = models.DateTimeField()
    token = models.BinaryField()

    def logged(self) -> dict[str, Any]:
        told = {"uuid": str(self.uuid), "authority": self.authority, "stamped_at": iso_utc(self.stamped_at)}
        about = {"size": self.checkpoint.size, "note_sha256": sha256(self.checkpoint.note.encode()).hexdigest()}
        return told | about | {"token_sha256": sha256(bytes(self.token)).hexdigest()}
