from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.roles import Role
from predictions.merkle import Frontier
from predictions.models.assessment import Assessment
from predictions.models.case import Case
from predictions.models.coding_request import predictions_asked_of
from predictions.models.erasure import Erasure
from predictions.models.forecast import predictions_hiding_from
from predictions.models.prediction import Prediction, PredictionQuerySet
from predictions.models.rows import AppendOnlyQuerySet
from predictions.models.worded import worded

ABOUT_PEOPLE = Q(*[("kind__startswith", kind) for kind in ("account.", "role.", "team.")], _connector=Q.OR)
ABOUT_FORECASTS = "forecast."
ABOUT_ASSESSMENTS = "assessment."
ABOUT_READINGS = Q(*[("kind__startswith", kind) for kind in ("rating.", "assumption.", "indicator.")], _connector=Q.OR)
"""What analysts make of a prediction."""

LARGEST_STEP_BACK = timedelta(seconds=60)


class LogHead(models.Model):
    """The one row that whoever appends must hold: where the ledger ends, and the frontier of its tree.

    `epoch` counts how often the ledger was begun anew because entries were lost (`LedgerBreak`), from 1 on.
    """

    next_seq = models.BigIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    frontier = models.BinaryField(default=b"", db_default=b"")
    epoch = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="loghead_is_one")]

    @classmethod
    def held(cls) -> "LogHead | None":
        """The row, locked until the transaction ends: written by hand, for every append asks it first."""
        lock = connection.ops.for_update_sql() if connection.features.has_select_for_update else ""
        return next(iter(cls.objects.raw(f"SELECT * FROM {cls._meta.db_table} WHERE id = 1 {lock}")), None)  # noqa: S608

    @property
    def tree(self) -> Frontier:
        return Frontier.read(self.next_seq, bytes(self.frontier))

    def outruns(self, at: datetime) -> bool:
        """Whether a clock that says `at` runs behind the ledger by more than a clock that is set right would."""
        return self.last_at is not None and at < self.last_at - LARGEST_STEP_BACK


def _predictions_to_code(user: User) -> PredictionQuerySet:
    """Those that `user` is asked to code a forecast on."""
    return Prediction.objects.filter(pk__in=predictions_asked_of(user))


class LedgerEntryQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> "LedgerEntryQuerySet":
        """Entries about cases that `user` sees, and about none; those about people for administrators only.

        So it is with entries whose content was erased. An entry about a forecast, or about what analysts make of a
        prediction, is as hidden as that itself, except from whoever made it. Nothing is told of a prediction to those
        who are asked to code a forecast on it.
        """
        if not user.is_active or not user.roles:
            return self.none()
        # An entry without its payload is of no case that it says: the erasure keeps that in mind, or nobody sees it.
        of_none = Q(payload__isnull=False, payload__case__isnull=True)
        erased = Q(pk__in=Erasure.objects.visible_to(user).values("erased"))
        seen = self.filter(of_none | Q(payload__case__in=Case.objects.visible_to(user)) | erased)
        seen = seen.exclude(subject__in=worded(_predictions_to_code, user, "uuid"))
        # Sets that are found once, not a question for each entry that is looked at.
        hides = Q(subject__in=worded(predictions_hiding_from, user, "uuid"))
        seen = seen.filter(~Q(kind__startswith=ABOUT_FORECASTS) | Q(payload__actor=user) | ~hides)
        told = Exists(Assessment.objects.visible_to(user).filter(entry=OuterRef("pk")))
        seen = seen.filter(~Q(kind__startswith=ABOUT_ASSESSMENTS) | told)
        judges = Q(subject__in=worded(Prediction.objects.to_be_judged_by, user, "uuid"))
        seen = seen.filter(~ABOUT_READINGS | Q(payload__actor=user) | ~judges)
        return seen if Role.ADMINISTRATOR in user.roles else seen.exclude(ABOUT_PEOPLE)


class LedgerEntry(models.Model):
    """One leaf of the ledger, in format v1. Once the first row is written this table is never altered."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    commit = models.CharField(max_length=64)
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)
    subject = models.UUIDField(null=True, db_index=True)

    objects: ClassVar[Any] = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-seq"]
        verbose_name = "ledger entry"
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"

    def names_another_than(self, user: User) -> bool:
        """Whether its payload tells whose an assessment is, to another than that person: resolvers stay unnamed."""
        payload = getattr(self, "payload", None)
        return self.kind.startswith(ABOUT_ASSESSMENTS) and payload is not None and payload.actor_id != user.pk


class LedgerTile(models.Model):
    """The root over 256 leaves (`level` 1), or over 256 tiles of the level below: written once, when it fills.

    A proof is made of a few hundred of these where it would otherwise read every leaf.
    """

    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="ledgertile_once")]


class LedgerPayload(models.Model):
    """What an entry commits to. It stands apart so that it can be erased while the proof stays."""

    # Nor is the entry looked up again: it is written in the same breath, and the guards keep it for good.
    entry = models.OneToOneField(
        LedgerEntry, models.PROTECT, primary_key=True, db_column="seq", related_name="payload", db_constraint=False
    )
    text = models.TextField()
    salt = models.BinaryField(max_length=32)
    # Neither is looked up again for every entry of an import: accounts are never deleted, the guards see to that, and
    # what is recorded in a case refers to it itself.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    case = models.ForeignKey("predictions.Case", models.PROTECT, null=True, related_name="+", db_constraint=False)

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()


class Rationale(models.Model):
    """Why a forecast was held or a resolution decided, in its author's words."""

    entry = models.OneToOneField(
        LedgerEntry, models.PROTECT, primary_key=True, db_column="seq", related_name="rationale"
    )
    text = models.TextField()

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()
