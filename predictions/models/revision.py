"""What a prediction says and how it is judged, as it stood from one moment on."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from accounts.models import User
from accounts.zones import require_zone
from predictions.language import outcome_tables
from predictions.merkle import canonical
from predictions.models.case import Origin
from predictions.models.coding_request import predictions_open_to
from predictions.models.quote import Quote
from predictions.models.rows import AppendOnly, AppendOnlyQuerySet, plain
from predictions.models.times import MicrosecondsField, bound_in_words
from predictions.models.verdict import OutcomeRule, outcome_by_rule

CANNOT_TELL_LIMIT = 0.5


class PredictionRevision(AppendOnly):
    """What a prediction says and how it will be judged, as it stood from `recorded_at` on."""

    part_of = "prediction"

    class Kind(models.TextChoices):
        ORIGINAL = "original", "as first posed"
        EDIT = "edit", "edited before the first forecast"
        CLARIFYING = "clarifying", "clarified: forecasts stand on"
        MATERIAL = "material", "changed in substance: earlier forecasts end here"

    Rule = OutcomeRule

    prediction = models.ForeignKey("predictions.Prediction", models.PROTECT, related_name="revisions")
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
    outcome_table = models.TextField(
        "table of outcomes",
        blank=True,
        validators=[MaxLengthValidator(4000)],
        help_text="For the rule “by a table”: a line such as “a met, b not met: 0.5” each; the first that fits counts.",
    )
    cannot_tell_limit = models.FloatField(
        "annul above",
        default=CANNOT_TELL_LIMIT,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
        help_text="If more than this share of the verdicts is “cannot tell”, annulment is proposed.",
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ENTERED, editable=False)
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["prediction", "number"]
        verbose_name = "revision"
        indexes = [models.Index(fields=["closes_us"], name="revision_by_close")]
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
        self._require_table()
        if self.origin == Origin.IMPORTED or self.opens_at is None:
            return
        if self.closes_at is None:
            raise ValidationError(
                {"closes_at": "Give a scheduled close: the latest moment at which waiting makes sense."}
            )
        if self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": "The scheduled close must come after the opening."})

    def _require_table(self) -> None:
        is_asked = self.outcome_rule == self.Rule.TABLE
        if is_asked != bool(self.outcome_table.strip()):
            message = "Give the table of outcomes." if is_asked else "Only the rule “by a table” has a table."
            raise ValidationError({"outcome_table": message})
        if is_asked:
            try:
                outcome_tables.read(self.outcome_table)
            except ValueError as fault:
                raise ValidationError({"outcome_table": str(fault)}) from fault

    def labels_of_table(self) -> set[str]:
        """The criteria that the table of outcomes speaks of, by their letters."""
        return outcome_tables.read(self.outcome_table).labels if self.outcome_table else set()

    def outcome_of(self, verdicts: Mapping[str, str]) -> float | None:
        """The outcome that the rule makes of a verdict on each criterion, by its letter; None where it makes none."""
        if self.outcome_rule == self.Rule.TABLE:
            return outcome_tables.read(self.outcome_table).outcome(verdicts)
        weights = {criterion.label: criterion.weight for criterion in self.criteria.all()}
        return outcome_by_rule(self.outcome_rule, [(verdict, weights[label]) for label, verdict in verdicts.items()])

    def opens_in_words(self) -> str:
        return bound_in_words(self.opens_at, self.zone)

    def closes_in_words(self) -> str:
        if self.closes_at is None:
            return "no scheduled close"
        return bound_in_words(self.closes_at, self.zone, is_end=True)

    def digest(self, criteria: "list[Criterion]") -> str:
        """SHA-256 of what a forecaster is shown: statement, criteria, dates, zone, rule."""
        shown = [self.statement, plain(self.opens_at), plain(self.closes_at), self.zone, self.outcome_rule]
        shown += [self.outcome_table] if self.outcome_table else []
        shown += [] if self.cannot_tell_limit == CANNOT_TELL_LIMIT else [plain(self.cannot_tell_limit)]
        return hashlib.sha256(canonical([shown, [[c.label, c.text, plain(c.weight)] for c in criteria]])).hexdigest()

    @cached_property
    def sha256(self) -> str:
        """Its digest, once it is on record with its criteria: both stay as they are."""
        return self.digest(list(self.criteria.all()))


class CriterionQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> "CriterionQuerySet":
        return self.filter(predictions_open_to(user, "revision__prediction"))


class Criterion(AppendOnly):
    """One thing that the outcome is judged by."""

    revision = models.ForeignKey(PredictionRevision, models.PROTECT, related_name="criteria")
    label = models.CharField(max_length=10)
    text = models.CharField(max_length=500)
    weight = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    quote = models.ForeignKey(Quote, models.PROTECT, null=True, blank=True, related_name="criteria")

    objects: ClassVar[Any] = CriterionQuerySet.as_manager()

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
