from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Least

from accounts.models import User
from predictions.models.case import CasePart, Origin
from predictions.models.coding_request import predictions_open_to
from predictions.models.revision import Criterion, PredictionRevision
from predictions.models.times import from_microseconds, microseconds
from predictions.models.trigger import Trigger, TriggerOccurrence
from predictions.scoring import KERNEL_VERSION

__all__ = ["NEVER", "Criterion", "Panel", "Prediction", "PredictionQuerySet", "PredictionRevision", "Status"]

NEVER = 2**62
"""Microseconds later than any date: stands in for a close that is not known."""


class Status(models.TextChoices):
    UPCOMING = "upcoming", "upcoming"
    OPEN = "open", "open"
    DUE = "due", "due for resolution"
    RESOLVED = "resolved", "resolved"
    ANNULLED = "annulled", "annulled"


class Panel(models.TextChoices):
    """What the resolvers' verdicts came to, once as many as were asked for have been submitted."""

    AGREED = "agreed", "the resolvers agree"
    DISAGREED = "disagreed", "the resolvers disagree"
    CANNOT_TELL = "cannot_tell", "the resolvers cannot tell"


class PredictionQuerySet(models.QuerySet["Prediction"]):
    def visible_to(self, user: User) -> "PredictionQuerySet":
        return self.filter(predictions_open_to(user))

    def with_close(self) -> Any:
        """Adds `closing_us`: the earliest of scheduled close, the trigger's occurrence, and `known_at`."""
        return self.annotate(
            closing_us=Least(
                Coalesce(F("revision__closes_us"), NEVER),
                Coalesce(F("trigger__occurrence__occurred_us"), NEVER),
                Coalesce(F("resolution__known_us"), NEVER),
            )
        )

    def unresolved(self) -> "PredictionQuerySet":
        return self.filter(resolution__isnull=True)

    def resolved(self) -> "PredictionQuerySet":
        return self.filter(resolution__outcome__isnull=False)

    def annulled(self) -> "PredictionQuerySet":
        return self.filter(resolution__isnull=False, resolution__outcome__isnull=True)

    def due(self, now: datetime) -> "PredictionQuerySet":
        due: PredictionQuerySet = self.with_close().unresolved().filter(closing_us__lte=microseconds(now))
        return due

    def open(self, now: datetime) -> "PredictionQuerySet":
        opened = self.with_close().unresolved().filter(revision__opens_us__lte=microseconds(now))
        still_open: PredictionQuerySet = opened.filter(closing_us__gt=microseconds(now))
        return still_open

    def upcoming(self, now: datetime) -> "PredictionQuerySet":
        waiting = self.with_close().unresolved().filter(revision__opens_us__gt=microseconds(now))
        still_waiting: PredictionQuerySet = waiting.filter(closing_us__gt=microseconds(now))
        return still_waiting

    def closing_within(self, days: int, now: datetime) -> "PredictionQuerySet":
        open_now: Any = self.open(now)
        closing: PredictionQuerySet = open_now.filter(closing_us__lte=microseconds(now + timedelta(days=days)))
        return closing

    def in_status(self, status: str, now: datetime) -> "PredictionQuerySet":
        by_clock = {Status.UPCOMING: self.upcoming, Status.OPEN: self.open, Status.DUE: self.due}
        if status in by_clock:
            return by_clock[Status(status)](now)
        return self.resolved() if status == Status.RESOLVED else self.annulled()

    def unscored(self) -> "PredictionQuerySet":
        """Resolved, and not scored since."""
        return self.resolved().filter(Q(scored_seq__isnull=True) | Q(scored_seq__lt=F("resolution__entry_id")))

    def stale(self) -> "PredictionQuerySet":
        """Decided, and not scored yet, or by another kernel, or before something was recorded that bears on it."""
        beside = (Prediction.forecasts, Prediction.scores)
        forecasts, scores = (rows.rel.related_model._default_manager for rows in beside)
        of_it: dict[str, Any] = {"prediction": OuterRef("pk")}
        since: dict[str, Any] = {"entry_id__gt": OuterRef("scored_seq")}
        is_stale = Q(scored_seq__isnull=True)
        is_stale |= Q(revision__entry_id__gt=F("scored_seq")) | Q(resolution__entry_id__gt=F("scored_seq"))
        is_stale |= Q(Exists(forecasts.filter(**of_it, **since)))
        is_stale |= Q(Exists(TriggerOccurrence.objects.filter(trigger=OuterRef("trigger"), **since)))
        is_stale |= Q(Exists(scores.filter(~Q(run__kernel_version=KERNEL_VERSION), **of_it)))
        return self.filter(is_stale, resolution__isnull=False)

    def to_be_judged_by(self, user: User) -> "PredictionQuerySet":
        """Undecided ones that `user` is asked to judge and has not judged yet."""
        asked = {"assignments__resolver": user, "assignments__withdrawn_at": None, "assignments__assessments": None}
        return self.unresolved().filter(**asked).order_by()

    def for_show(self) -> "PredictionQuerySet":
        """With what a line about a prediction needs, in one query."""
        return self.select_related("case", "revision", "trigger__occurrence", "resolution")


class Prediction(CasePart):
    """A statement that will prove true or not.

    What it says stands in its revisions; `revision` and `resolution` point at the rows that stand now.
    """

    theme = models.CharField(max_length=120, db_index=True)
    trigger = models.ForeignKey(Trigger, models.PROTECT, null=True, blank=True, related_name="predictions")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ENTERED, editable=False)
    created_at = models.DateTimeField(editable=False)
    revision = models.OneToOneField(
        "PredictionRevision", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    resolution = models.OneToOneField(
        "Resolution", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    panel = models.CharField(max_length=12, choices=Panel, blank=True, editable=False)
    scored_seq = models.BigIntegerField(null=True, editable=False, help_text="Ledger position of its last scoring.")

    objects = PredictionQuerySet.as_manager()

    class Meta(CasePart.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.statement

    @property
    def current_revision(self) -> "PredictionRevision":
        if self.revision is None:
            raise ValidationError("This prediction is still being posed.", code="conflict")
        return self.revision

    def revision_for(self, issued_at: datetime) -> "PredictionRevision":
        """The wording that a forecast issued then was about: the newest before the next change in substance."""
        changes = self.revisions.filter(kind=PredictionRevision.Kind.MATERIAL, recorded_at__gt=issued_at)
        next_change = changes.order_by("number").first()
        if next_change is None:
            return self.current_revision
        return self.revisions.filter(number__lt=next_change.number).order_by("number").last() or self.current_revision

    @property
    def statement(self) -> str:
        return self.revision.statement if self.revision else "(being posed)"

    def clean(self) -> None:
        super().clean()
        if self.trigger and self.trigger.case_id != self.case_id:
            raise ValidationError({"trigger": "This trigger belongs to another case."})

    def logged(self) -> dict[str, Any]:
        own = {"uuid", "case", "external_id", "theme", "trigger", "origin"}
        return {name: value for name, value in super().logged().items() if name in own}

    @property
    def known_us(self) -> int:
        """When the answer could be known, in microseconds: the trigger's occurrence or the resolution's `known_at`."""
        occurrence = self.trigger.occurrence if self.trigger else None
        told = [occurrence.occurred_us if occurrence else None, self.resolution.known_us if self.resolution else None]
        return min((us for us in told if us is not None), default=NEVER)

    @property
    def closing_at(self) -> datetime | None:
        """The actual close: the earliest of the scheduled one, the trigger's occurrence, and `known_at`."""
        scheduled = self.revision.closes_us if self.revision else None
        us = min(NEVER if scheduled is None else scheduled, self.known_us)
        return None if us >= NEVER else from_microseconds(us)

    def status(self, now: datetime) -> Status:
        if self.resolution is not None:
            return Status.ANNULLED if self.resolution.outcome is None else Status.RESOLVED
        if self.closing_at is not None and self.closing_at <= now:
            return Status.DUE
        opens = self.revision.opens_at if self.revision else None
        return Status.UPCOMING if opens and opens > now else Status.OPEN
