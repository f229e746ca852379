from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.zones import require_zone
from predictions.models.case import CasePart, cases_open_to
from predictions.models.rows import Superseding
from predictions.models.source import Source
from predictions.models.times import HALF_A_PERIOD, MicrosecondsField, Precision, in_words, period_is_whole


class TriggerQuerySet(models.QuerySet["Trigger"]):
    def visible_to(self, user: User) -> "TriggerQuerySet":
        return self.filter(cases_open_to(user, "case"))


class Trigger(CasePart):
    """An event that predictions wait for. `occurrence` points at the row that stands, if it occurred."""

    statement = models.CharField(max_length=300)
    expected_at = models.DateTimeField("expected", null=True, blank=True)
    expected_precision = models.CharField(max_length=10, choices=Precision, default=Precision.INSTANT)
    expected_until = models.DateTimeField(null=True, blank=True, editable=False)
    zone = models.CharField("time zone of dates", max_length=64, default="UTC", validators=[require_zone])
    note = models.TextField(blank=True)
    occurrence = models.OneToOneField(
        "TriggerOccurrence", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = TriggerQuerySet.as_manager()

    class Meta(CasePart.Meta):
        ordering = ["statement"]
        constraints = [
            *CasePart.Meta.constraints,
            models.CheckConstraint(
                condition=Q(expected_at__isnull=True) | period_is_whole("expected"),
                name="trigger_expected_whole",
                violation_error_message=HALF_A_PERIOD,
            ),
        ]

    def __str__(self) -> str:
        return self.statement

    def logged(self) -> dict[str, Any]:
        fields = super().logged()
        del fields["occurrence"]  # computed from the occurrence rows, which have entries of their own
        return fields

    def expected_in_words(self) -> str:
        if self.expected_at is None:
            return "no date expected"
        return in_words(self.expected_at, self.expected_precision, self.expected_until, self.zone)


class TriggerOccurrence(Superseding):
    """That a trigger occurred, when, and by which source; or, `is_undone`, that it did not after all."""

    part_of = "trigger"

    trigger = models.ForeignKey(Trigger, models.PROTECT, related_name="occurrences")
    occurred_at = models.DateTimeField("occurred")
    occurred_us = MicrosecondsField(of="occurred_at")
    occurred_precision = models.CharField(max_length=10, choices=Precision, default=Precision.INSTANT)
    occurred_until = models.DateTimeField(null=True, blank=True, editable=False)
    is_undone = models.BooleanField(default=False, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta(Superseding.Meta):
        ordering = ["-id"]
        verbose_name = "occurrence"
        constraints = [
            *Superseding.Meta.constraints,
            models.CheckConstraint(
                condition=period_is_whole("occurred"),
                name="triggeroccurrence_whole",
                violation_error_message=HALF_A_PERIOD,
            ),
            models.UniqueConstraint(
                fields=["trigger"],
                condition=Q(supersedes__isnull=True),
                name="triggeroccurrence_one_first",
                violation_error_code="conflict",
                violation_error_message="This occurrence is already on record. Replace that record, with a reason.",
            ),
        ]

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self) -> str:
        return in_words(self.occurred_at, self.occurred_precision, self.occurred_until, self.trigger.zone)

    def clean(self) -> None:
        super().clean()
        faults = {}
        if self.source and self.source.case_id != self.trigger.case_id:
            faults["source"] = "This source belongs to another case."
        earlier: Any = self.supersedes
        if earlier and earlier.trigger_id != self.trigger_id:
            faults["supersedes"] = "That occurrence is another trigger's."
        if faults:
            raise ValidationError(faults)


class Watch(models.Model):
    """That a person wants to be told when a trigger occurs."""

    trigger = models.ForeignKey(Trigger, models.CASCADE, related_name="watches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")

    class Meta:
        verbose_name_plural = "watches"
        constraints = [models.UniqueConstraint(fields=["trigger", "user"], name="watch_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.trigger}"
