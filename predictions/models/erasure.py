"""The lawful erasure of what one entry recorded: which columns may be blanked, and the row that says it was done."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.models import User
from predictions.models.case import Case, cases_open_to
from predictions.models.rows import AppendOnly, AppendOnlyQuerySet, plain

ERASED = "[erased]"
"""What stands in an append-only row where words of people stood."""

FREE_TEXT: dict[str, tuple[str, ...]] = {
    "assessment": ("reason",),
    "coding": ("words",),
    "criterion": ("text",),
    "dispute": ("text",),
    "disputeanswer": ("text",),
    "documentcomparison": ("term",),
    "evidence": ("reason", "note"),
    "forecast": ("reason", "words"),
    "housescale": ("reason", "source", "note"),
    "original": ("media_type", "address", "file_name"),
    "predictionrevision": ("reason", "statement"),
    "quote": ("reason", "exact", "prefix", "suffix"),
    "quotestanding": ("words", "reason"),
    "rating": ("reason", "note"),
    "resolution": ("reason",),
    "snapshottext": ("text",),
    "triggeroccurrence": ("reason", "note"),
}
"""The columns of append-only tables that hold what people wrote, by model; the others are names, codes and digests."""


class ErasureQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> "ErasureQuerySet":
        """Those of entries about cases that `user` sees, and about none."""
        if not user.is_active or not user.roles:
            return self.none()
        return self.filter(Q(case__isnull=True) | cases_open_to(user, "case"))


class Erasure(AppendOnly):
    """That what the entry `erased` recorded was erased, by whom and why. Its place and its hashes stay.

    `case` is that of the erased payload, so that what was private stays so.
    """

    erased = models.OneToOneField("predictions.LedgerEntry", models.PROTECT, related_name="erasure")
    case = models.ForeignKey(Case, models.PROTECT, null=True, editable=False, related_name="+")
    reason = models.CharField(max_length=500, help_text="On what ground. It stays for good: do not repeat the text.")
    erased_at = models.DateTimeField(editable=False)
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects: ClassVar[Any] = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="erasure_with_reason", violation_error_message="Say why it is erased."
            )
        ]

    def __str__(self) -> str:
        return f"erasure of entry {self.erased_id}"

    @property
    def subject(self) -> UUID | None:  # type: ignore[override]
        """It belongs to the history that the erased entry belongs to."""
        subject: UUID | None = self.erased.subject
        return subject

    def clean(self) -> None:
        super().clean()
        if not self.reason.strip():
            raise ValidationError({"reason": "Say why it is erased."})

    def logged(self) -> dict[str, Any]:
        own = {"uuid": self.uuid, "reason": self.reason, "erased_at": self.erased_at, "erased_by": self.erased_by}
        return {"erased": self.erased_id, **{name: plain(value) for name, value in own.items()}}
