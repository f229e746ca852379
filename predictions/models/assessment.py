"""Independent judgement: who is asked to judge a prediction, and what each of them found on their own."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from accounts.roles import Role
from predictions.models.coding_request import predictions_open_to
from predictions.models.evidence import Evidence
from predictions.models.forecast import SHARE, Confidence
from predictions.models.prediction import Criterion, Panel, Prediction, PredictionRevision
from predictions.models.rows import AppendOnly, Reasoned, Row, Superseding, SupersedingQuerySet
from predictions.models.verdict import Verdict

PLACES = 6
"""A third is entered as 0.333333: shares that agree to so many places are the same."""

Item = TypeVar("Item", bound=Row)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User) -> "AssignmentQuerySet":
        return self.filter(predictions_open_to(user, "prediction"))

    def standing(self) -> "AssignmentQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def unanswered(self) -> "AssignmentQuerySet":
        """Those that stand and under which nothing was submitted."""
        return self.standing().filter(~Exists(Assessment.objects.filter(assignment=OuterRef("pk"))))


class Assignment(Row):
    """That a resolver is asked to judge a prediction, until it is withdrawn."""

    part_of = "prediction"

    class How(models.TextChoices):
        NAMED = "named", "named"
        DRAWN = "drawn", "drawn by lot"

    prediction = models.ForeignKey(Prediction, models.PROTECT, related_name="assignments")
    resolver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    how = models.CharField(max_length=10, choices=How, default=How.NAMED)
    assigned_at = models.DateTimeField(editable=False)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_because = models.CharField("reason for withdrawing", max_length=500, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["prediction", "resolver"],
                condition=Q(withdrawn_at__isnull=True),
                name="assignment_once",
                violation_error_code="conflict",
                violation_error_message="This person is asked to judge it already.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) ^ ~Q(withdrawn_because=""),
                name="assignment_withdrawn_with_reason",
                violation_error_message="Say why the assignment is withdrawn.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolver.get_full_name() or self.resolver.username}: {self.prediction}"

    def in_own_order(self, items: Iterable[Item]) -> list[Item]:
        """`items` in an order that is this resolver's own and the same each time: a shuffle fixed by both names."""
        return sorted(items, key=lambda each: hashlib.sha256(f"{self.uuid} {each.uuid}".encode()).digest())


class AssessmentQuerySet(SupersedingQuerySet):
    def counting(self) -> "AssessmentQuerySet":
        """Those that no other replaced, of resolvers who are still asked, by the criteria that stand."""
        return self.standing().filter(assignment__withdrawn_at__isnull=True, revision=F("prediction__revision"))

    def visible_to(self, user: User) -> "AssessmentQuerySet":
        """One's own. Others' once the prediction is decided; before that, when as many as were asked have submitted,
        by a resolver who is one of them, by administrators, and by adjudicators where they must decide."""
        own = Q(resolver=user)
        decided = Q(prediction__resolution__isnull=False)
        submitted = Assessment.objects.counting().filter(prediction=OuterRef("prediction"), resolver=user)
        told = decided | (~Q(prediction__panel="") & Q(Exists(submitted)))
        if Role.ADMINISTRATOR in user.roles:
            told |= ~Q(prediction__panel="")
        if Role.ADJUDICATOR in user.roles:
            told |= Q(prediction__panel__in=[Panel.DISAGREED, Panel.CANNOT_TELL])
        return self.filter(predictions_open_to(user, "prediction"), own | told)

    def for_show(self) -> "AssessmentQuerySet":
        related = ("prediction__revision", "prediction__case", "revision", "resolver", "assignment", "entry__rationale")
        return self.select_related(*related).prefetch_related("verdicts__criterion", "relied_on__evidence__source")


class Assessment(Reasoned, Superseding):
    """One resolver's independent verdict on each criterion. Blind: see `visible_to`, which every door goes through."""

    part_of = "prediction"

    prediction = models.ForeignKey(Prediction, models.PROTECT, related_name="assessments")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="assessments", editable=False)
    revision = models.ForeignKey(PredictionRevision, models.PROTECT, related_name="assessments", editable=False)
    resolver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assessments", editable=False)
    outcome = models.FloatField(
        null=True, blank=True, validators=SHARE, help_text="Where no rule makes it of the verdicts: 1 yes, 0 no."
    )
    confidence = models.CharField("confidence", max_length=10, choices=Confidence)
    submitted_at = models.DateTimeField(editable=False)

    objects: ClassVar[Any] = AssessmentQuerySet.as_manager()

    class Meta(Superseding.Meta):
        ordering = ["id"]
        constraints = [
            *Superseding.Meta.constraints,
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(supersedes__isnull=True),
                name="assessment_one_first",
                violation_error_code="conflict",
                violation_error_message="You have submitted your assessment. Replace it, with a reason.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True) | Q(outcome__gte=0, outcome__lte=1),
                name="assessment_outcome_0_to_1",
                violation_error_message="Give a number from 0 to 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"assessment of “{self.prediction}”"

    def logged(self) -> dict[str, Any]:
        return {**super().logged(), "rationale_sha256": self.rationale_sha256()}

    def clean(self) -> None:
        super().clean()
        earlier: Any = self.supersedes
        if earlier and earlier.assignment_id != self.assignment_id:
            raise ValidationError({"supersedes": "That assessment is another resolver's."})


class AssessedCriterion(AppendOnly):
    """How one resolver judged one criterion."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="verdicts")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="assessed")
    verdict = models.CharField(max_length=12, choices=Verdict)

    class Meta:
        ordering = ["assessment", "criterion"]
        verbose_name_plural = "assessed criteria"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion"],
                name="assessedcriterion_once",
                violation_error_message="Judge each criterion once.",
            )
        ]

    def __str__(self) -> str:
        return f"({self.criterion.label})"


class AssessedEvidence(AppendOnly):
    """One piece of evidence that an assessment rests on."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="relied_on")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="assessed_by")

    class Meta:
        ordering = ["assessment", "evidence"]
        verbose_name_plural = "assessed evidence"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "evidence"],
                name="assessedevidence_once",
                violation_error_message="Name each piece of evidence once.",
            )
        ]

    def __str__(self) -> str:
        return str(self.evidence)


def panel_of(revision: PredictionRevision, assessments: Sequence[Assessment]) -> tuple[Panel, float | None]:
    """What these assessments come to by the rule fixed in `revision`, and the outcome where they agree on one.

    Resolvers agree if the rule makes the same outcome of the verdicts of each; where there is no rule, if each judged
    every criterion alike and gave the same outcome.
    """
    weights = {criterion.pk: criterion.weight for criterion in revision.criteria.all()}
    told = [{each.criterion_id: each.verdict for each in one.verdicts.all()} for one in assessments]
    unclear = sum(weights[key] for one in told for key, verdict in one.items() if verdict == Verdict.CANNOT_TELL)
    if unclear / (sum(weights.values()) * len(assessments)) > revision.cannot_tell_limit:
        return Panel.CANNOT_TELL, None
    outcomes = {None if x is None else round(x, PLACES) for x in (assessed_outcome(revision, y) for y in assessments)}
    is_alike = all(one == told[0] for one in told)
    has_rule = revision.outcome_rule != PredictionRevision.Rule.JUDGED
    if len(outcomes) == 1 and None not in outcomes and (has_rule or is_alike):
        return Panel.AGREED, outcomes.pop()
    return Panel.DISAGREED, None


def assessed_outcome(revision: PredictionRevision, assessment: Assessment) -> float | None:
    """The outcome that one resolver's verdicts make by the rule; what they gave themselves where there is none."""
    if revision.outcome_rule == PredictionRevision.Rule.JUDGED:
        return assessment.outcome
    return revision.outcome_of({each.criterion.label: each.verdict for each in assessment.verdicts.all()})
