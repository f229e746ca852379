"""What rows have in common: a name to the outside, text that can be stored, and, for most, that they stay."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, ClassVar, NoReturn, Self
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from predictions.language.scales import decimal_text
from predictions.models.times import MicrosecondsField, iso_utc

UNLOGGED = {"id", "entry"}


def require_storable(text: str) -> None:
    """Refuse the two things no database keeps: NUL and half a surrogate pair."""
    if "\x00" in text:
        raise ValidationError("The text holds a NUL character. Remove it.", code="null_character")
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValidationError("The text holds half a surrogate pair. Paste it again from its source.", code="surrogate")


def plain(value: Any) -> Any:
    """A field's value as the ledger writes it: text, an integer, a truth value or nothing."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime():
            return iso_utc(value)
        case float() if not 0 <= value <= 1:  # a measure, not a probability: every digit, without an exponent
            return format(Decimal(repr(value)), "f")
        case float() | Decimal():
            return decimal_text(value)
        case models.Model():
            return str(value.uuid)  # type: ignore[attr-defined]
        case _:
            return str(value)


class Row(models.Model):
    """Known outside by `uuid`; the integer key stays inside.

    `part_of` is the way to the row whose history this one belongs to; empty for a row with a history of its own.
    """

    part_of: ClassVar[str] = ""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        super().clean_fields(exclude)
        faults: dict[str, Any] = {}
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if isinstance(value, str) and field.name not in (exclude or ()):
                try:
                    require_storable(value)
                except ValidationError as fault:
                    faults[field.name] = fault
        if faults:
            raise ValidationError(faults)

    @property
    def subject(self) -> UUID:
        """Whose history this row belongs to."""
        whole: Row = attrgetter(self.part_of)(self) if self.part_of else self
        return whole.uuid

    @property
    def dossier(self) -> Any:
        """The case that this row belongs to; None for what stands outside every case."""
        return attrgetter(f"{self.part_of}.case")(self) if self.part_of else getattr(self, "case", None)

    def logged(self) -> dict[str, Any]:
        """What the ledger says of this row."""
        fields = [f for f in self._meta.concrete_fields if f.name not in UNLOGGED]
        return {f.name: plain(getattr(self, f.name)) for f in fields if not isinstance(f, MicrosecondsField)}


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """The courteous voice; the database's own guards stand behind it (`models.guards`)."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise ValidationError(f"{self.model._meta.verbose_name_plural} are never changed. Add a correction instead.")

    def delete(self) -> NoReturn:
        raise ValidationError(f"{self.model._meta.verbose_name_plural} are never deleted. Add a correction instead.")


class AppendOnly(Row):
    """A row that, once written, stays as it is; `entry` is the ledger entry that recorded it."""

    entry = models.ForeignKey(
        "predictions.LedgerEntry", models.PROTECT, db_column="seq", editable=False, related_name="+"
    )

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        # The entry is written after the row is found sound, in the same transaction.
        super().clean_fields({*(exclude or ()), "entry"})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValidationError(f"A {self._meta.verbose_name} is never changed. Add a correction instead.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ValidationError(f"A {self._meta.verbose_name} is never deleted. Add a correction instead.")


class SupersedingQuerySet(AppendOnlyQuerySet):
    def standing(self) -> Self:
        """Rows that no correction has replaced."""
        # Not by a join and its null key, which PostgreSQL thinks to find in one row in a million.
        return self.filter(~Exists(self.model._base_manager.filter(supersedes=OuterRef("pk"))))


class Superseding(AppendOnly):
    """An append-only row that may replace one earlier row, with a reason. At most one row replaces another."""

    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name="replaces"
    )
    reason = models.CharField(
        "reason for replacing", max_length=500, blank=True, help_text="Why the earlier entry is replaced."
    )

    objects: ClassVar[Any] = SupersedingQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(reason=""),
                name="%(class)s_replaced_with_reason",
                violation_error_message="Say why the earlier entry is replaced.",
            )
        ]

    @property
    def is_superseded(self) -> bool:
        # A row that names this one as replaced is known here even before it is written, or when it is refused.
        later: Any = getattr(self, "superseded_by", None)
        return later is not None and later.pk is not None

    def clean(self) -> None:
        super().clean()
        if self.supersedes is not None and not self.reason.strip():
            raise ValidationError({"reason": "Say why the earlier entry is replaced."})
        others: Any = type(self)._default_manager
        if self.supersedes is not None and others.filter(supersedes=self.supersedes).exists():
            newest = ValidationError("That entry was already replaced. Replace the newest one.", code="conflict")
            raise ValidationError({"supersedes": newest})


class Reasoned(models.Model):
    """Adds a rationale, kept in a side table under the row's ledger entry so that it can be erased lawfully."""

    class Meta:
        abstract = True

    _rationale: str | None = None

    @property
    def rationale(self) -> str:
        if self._rationale is None:
            kept = getattr(self.entry, "rationale", None) if self.entry_id is not None else None  # type: ignore[attr-defined]
            self._rationale = kept.text if kept else ""
        return self._rationale

    @rationale.setter
    def rationale(self, text: str) -> None:
        self._rationale = text

    def rationale_sha256(self) -> str:
        return hashlib.sha256(self.rationale.encode()).hexdigest() if self.rationale else ""

    def clean(self) -> None:
        super().clean()
        try:
            require_storable(self.rationale)
        except ValidationError as fault:
            raise ValidationError({"rationale": fault}) from fault
