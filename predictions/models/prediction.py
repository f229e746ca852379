import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Least

from accounts.models import User
from accounts.zones import require_zone
from predictions.merkle import canonical
from predictions.models.case import CasePart, Origin, cases_open_to
from predictions.models.quote import Quote
from predictions.models.rows import AppendOnly, plain
from predictions.models.times import MicrosecondsField, bound_in_words, from_microseconds, microseconds
from predictions.models.trigger import Trigger
from predictions.scoring import KERNEL_VERSION

NEVER = 2**62
"""Microseconds later than any date: stands in for a close that is not known."""


class Status(models.TextChoices):
    UPCOMING = "upcoming", "upcoming"
    OPEN = "open", "open"
    DUE = "due", "due for resolution"
    RESOLVED = "resolved", "resolved"
    ANNULLED = "annulled", "annulled"


class PredictionQuerySet(models.QuerySet["Prediction"]):
    def visible_to(self, user: User) -> "PredictionQuerySet":
        return self.filter(cases_open_to(user, "case"))

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
        recorded = ("forecasts", "revisions", "trigger__occurrences", "resolution")
        newer = [Q(**{f"{rows}__entry_id__gt": F("scored_seq")}) for rows in recorded]
        # Not "unequal": over many scores Django makes two nested subqueries of that.
        of_another = [Q(**{f"scores__run__kernel_version__{side}": KERNEL_VERSION}) for side in ("lt", "gt")]
        grounds = [Exists(Prediction.objects.filter(ground, pk=OuterRef("pk"))) for ground in (*newer, *of_another)]
        return self.filter(Q(Q(scored_seq__isnull=True), *grounds, _connector=Q.OR), resolution__isnull=False)

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


class PredictionRevision(AppendOnly):
    """What a prediction says and how it will be judged, as it stood from `recorded_at` on."""

    part_of = "prediction"

    class Kind(models.TextChoices):
        ORIGINAL = "original", "as first posed"
        EDIT = "edit", "edited before the first forecast"
        CLARIFYING = "clarifying", "clarified: forecasts stand on"
        MATERIAL = "material", "changed in substance: earlier forecasts end here"

    class Rule(models.TextChoices):
        JUDGED = "judged", "judged on all criteria together"
        ALL = "all", "true if all criteria are met"
        ANY = "any", "true if any criterion is met"
        SHARE = "share", "the weighted share of criteria met"

    prediction = models.ForeignKey(Prediction, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ORIGINAL)
    reason = models.CharField("reason for the change", max_length=500, blank=True)
    statement = models.CharField(max_length=500)
    opens_at = models.DateTimeField("opens")
    opens_us = MicrosecondsField(of="opens_at")
    closes_at = models.DateTimeField(
        "scheduled close",
        null=True,
        blank=True,
        help_text="The latest moment at which waiting for the answer makes sense.",
    )
    closes_us = MicrosecondsField(of="closes_at", null=True)
    zone = models.CharField("time zone of dates", max_length=64, default="UTC", validators=[require_zone])
    outcome_rule = models.CharField(max_length=10, choices=Rule, default=Rule.JUDGED)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ENTERED, editable=False)
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["prediction", "number"]
        verbose_name = "revision"
        constraints = [
            models.UniqueConstraint(
                fields=["prediction", "number"],
                name="predictionrevision_number_once",
                violation_error_message="That revision is recorded already.",
                violation_error_code="conflict",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")) | Q(origin=Origin.IMPORTED),
                name="predictionrevision_opens_before_it_closes",
                violation_error_message="The scheduled close must come after the opening.",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=False) | Q(origin=Origin.IMPORTED),
                name="predictionrevision_closes",
                violation_error_message="Give a scheduled close: the latest moment at which waiting makes sense.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["original", "edit"]) | ~Q(reason=""),
                name="predictionrevision_amended_with_reason",
                violation_error_message="Say why the prediction is amended.",
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.number}: {self.statement}"

    def clean(self) -> None:
        super().clean()
        if self.origin == Origin.IMPORTED or self.opens_at is None:
            return
        if self.closes_at is None:
            raise ValidationError(
                {"closes_at": "Give a scheduled close: the latest moment at which waiting makes sense."}
            )
        if self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": "The scheduled close must come after the opening."})

    def opens_in_words(self) -> str:
        return bound_in_words(self.opens_at, self.zone)

    def closes_in_words(self) -> str:
        if self.closes_at is None:
            return "no scheduled close"
        return bound_in_words(self.closes_at, self.zone, is_end=True)

    def digest(self, criteria: "list[Criterion]") -> str:
        """SHA-256 of what a forecaster is shown: statement, criteria, dates, zone, rule."""
        shown = [self.statement, plain(self.opens_at), plain(self.closes_at), self.zone, self.outcome_rule]
        return hashlib.sha256(canonical([shown, [[c.label, c.text, plain(c.weight)] for c in criteria]])).hexdigest()


class Criterion(AppendOnly):
    """One thing that the outcome is judged by."""

    revision = models.ForeignKey(PredictionRevision, models.PROTECT, related_name="criteria")
    label = models.CharField(max_length=10)
    text = models.CharField(max_length=500)
    weight = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    quote = models.ForeignKey(Quote, models.PROTECT, null=True, blank=True, related_name="criteria")

    class Meta:
        ordering = ["revision", "id"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "label"],
                name="criterion_label_once_per_revision",
                violation_error_message="Two criteria bear the same letter.",
            )
        ]

    def __str__(self) -> str:
        return f"({self.label}) {self.text}"

    def clean(self) -> None:
        super().clean()
        if self.quote and self.quote.source.case_id != self.revision.prediction.case_id:
            raise ValidationError({"quote": "These words stand in a source of another case."})
