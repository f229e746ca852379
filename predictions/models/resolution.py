from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.models import User
from predictions.models.case import Origin
from predictions.models.coding_request import predictions_open_to
from predictions.models.evidence import Evidence
from predictions.models.forecast import SHARE
from predictions.models.prediction import Criterion, Prediction, PredictionRevision
from predictions.models.rows import AppendOnly, Reasoned, Superseding, SupersedingQuerySet
from predictions.models.times import HALF_A_PERIOD, MicrosecondsField, Precision, in_words, period_is_whole
from predictions.models.verdict import Verdict

FEWEST_INDEPENDENT = 2


class ResolutionQuerySet(SupersedingQuerySet):
    def visible_to(self, user: User) -> "ResolutionQuerySet":
        return self.filter(predictions_open_to(user, "prediction"))

    def for_show(self) -> "ResolutionQuerySet":
        return self.select_related(
            "prediction__revision", "prediction__case", "revision", "resolved_by", "superseded_by"
        )


class Resolution(Reasoned, Superseding):
    """The recorded decision on a prediction: an outcome from 0 to 1, or annulled with the ground for it."""

    part_of = "prediction"

    class Ground(models.TextChoices):
        AMBIGUOUS = "ambiguous", "ambiguous"
        PREMISE_FAILED = "premise_failed", "its premise failed"
        UNVERIFIABLE = "unverifiable", "cannot be verified"

    class Basis(models.TextChoices):
        DIRECT = "direct", "decided by one person"
        AGREED = "agreed", "the resolvers agreed"
        ADJUDICATED = "adjudicated", "adjudicated"

    prediction = models.ForeignKey(Prediction, models.PROTECT, related_name="resolutions")
    revision = models.ForeignKey(PredictionRevision, models.PROTECT, related_name="resolutions", editable=False)
    external_id = models.CharField("short name", max_length=80, blank=True)
    outcome = models.FloatField(null=True, blank=True, validators=SHARE, help_text="1 yes, 0 no, or the share met.")
    annulled = models.CharField("annulled because", max_length=15, choices=Ground, blank=True)
    known_at = models.DateTimeField("outcome could be known from", null=True)
    known_us = MicrosecondsField(of="known_at", null=True)
    known_precision = models.CharField(max_length=10, choices=Precision, default=Precision.INSTANT)
    known_until = models.DateTimeField(null=True, blank=True, editable=False)
    resolved_at = models.DateTimeField(editable=False)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ENTERED, editable=False)
    basis = models.CharField(max_length=12, choices=Basis, default=Basis.DIRECT, editable=False)
    resolver_count = models.PositiveSmallIntegerField(default=0, editable=False)
    final_at = models.DateTimeField("final from", null=True, editable=False, help_text="Blank: from the decision on.")

    objects: ClassVar[Any] = ResolutionQuerySet.as_manager()

    class Meta(Superseding.Meta):
        ordering = ["-id"]
        constraints = [
            *Superseding.Meta.constraints,
            models.UniqueConstraint(
                fields=["prediction"],
                condition=Q(supersedes__isnull=True),
                name="resolution_one_first",
                violation_error_code="conflict",
                violation_error_message="This prediction is already resolved. Replace that resolution, with a reason.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True) ^ Q(annulled=""),
                name="resolution_outcome_or_annulled",
                violation_error_message="Give an outcome, or say why the prediction is annulled; not both.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True) | Q(outcome__gte=0, outcome__lte=1),
                name="resolution_outcome_0_to_1",
                violation_error_message="Give a number from 0 to 1.",
            ),
            models.CheckConstraint(
                condition=Q(known_at__isnull=False) | Q(origin=Origin.IMPORTED),
                name="resolution_known",
                violation_error_message="Say from when the outcome could be known.",
            ),
            models.CheckConstraint(
                condition=period_is_whole("known"),
                name="resolution_known_whole",
                violation_error_message=HALF_A_PERIOD,
            ),
            models.CheckConstraint(
                condition=Q(known_at__lte=models.F("resolved_at")) | Q(origin=Origin.IMPORTED),
                name="resolution_known_before_resolved",
                violation_error_message="That lies in the future.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prediction}: {self.in_words()}"

    def in_words(self) -> str:
        if self.outcome is None:
            return f"annulled: {self.get_annulled_display()}"
        return {1.0: "yes", 0.0: "no"}.get(self.outcome, f"{self.outcome:.2g} of the criteria met")

    @property
    def is_independent(self) -> bool:
        """Whether it rests on the blind verdicts of at least two resolvers."""
        return self.basis != self.Basis.DIRECT and self.resolver_count >= FEWEST_INDEPENDENT

    def basis_in_words(self) -> str:
        count = f"{self.resolver_count} resolver{'' if self.resolver_count == 1 else 's'}"
        could_not_tell = self.outcome is None and self.basis == self.Basis.AGREED
        basis = "the resolvers could not tell" if could_not_tell else self.get_basis_display()
        told = basis + ("" if self.basis == self.Basis.DIRECT else f", {count}")
        return told if self.is_independent else f"{told} (not independently resolved)"

    def is_final(self, now: datetime) -> bool:
        """Whether its notice period is over."""
        return self.final_at is None or self.final_at <= now

    def known_in_words(self) -> str:
        if self.known_at is None:
            return "not stated"
        return in_words(self.known_at, self.known_precision, self.known_until, self.revision.zone)

    def logged(self) -> dict[str, Any]:
        return {**super().logged(), "rationale_sha256": self.rationale_sha256()}

    def clean(self) -> None:
        super().clean()
        if self.outcome is None and not self.annulled:
            raise ValidationError({"outcome": "Give an outcome, or say why the prediction is annulled."})
        if self.outcome is not None and self.annulled:
            raise ValidationError({"annulled": "An annulled prediction has no outcome. Clear one of the two."})
        earlier: Any = self.supersedes
        if earlier and earlier.prediction_id != self.prediction_id:
            raise ValidationError({"supersedes": "That resolution belongs to another prediction."})


class CriterionVerdict(AppendOnly):
    """How one criterion was judged in a resolution."""

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="verdicts")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="verdicts")
    verdict = models.CharField(max_length=12, choices=Verdict)

    class Meta:
        ordering = ["resolution", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "criterion"],
                name="criterionverdict_once",
                violation_error_message="Judge each criterion once.",
            )
        ]

    def __str__(self) -> str:
        return f"({self.criterion.label}) {self.get_verdict_display()}"


class ReliedEvidence(AppendOnly):
    """One piece of evidence that a resolution rests on."""

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="relied_on")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="relied_on_by")

    class Meta:
        ordering = ["resolution", "evidence"]
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "evidence"],
                name="reliedevidence_once",
                violation_error_message="Name each piece of evidence once.",
            )
        ]

    def __str__(self) -> str:
        return str(self.evidence)
