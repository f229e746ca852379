from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from predictions.api.bodies import Given, ShownCorrectable
from predictions.api.doors import Recording, Shelf
from predictions.api.fields import SeenRow, SeenRows, Share, Text, Verdicts
from predictions.api.resolutions import VerdictShown
from predictions.models import AssessedCriterion, Assessment, Confidence, Evidence, Prediction
from predictions.operations.assessments import submit_assessment

BESIDE = ("verdicts", "relied_on")


class AssessedCriterionShown(VerdictShown):
    """How one resolver judged one criterion."""

    class Meta(VerdictShown.Meta):
        model = AssessedCriterion  # type: ignore[assignment]


class AssessmentShown(ShownCorrectable):
    """What one resolver found on their own. It says whether it is the caller's, and nobody's name."""

    is_own = serializers.SerializerMethodField()
    is_counting = serializers.SerializerMethodField(help_text="Not replaced, and its resolver is still asked.")
    verdicts = AssessedCriterionShown(many=True, read_only=True)
    relied_on = serializers.SerializerMethodField(help_text="The evidence that it rests on.")
    rationale = serializers.CharField(read_only=True)

    class Meta:
        model = Assessment
        fields = (
            "uuid",
            "prediction",
            "revision",
            "is_own",
            "is_counting",
            "verdicts",
            "outcome",
            "confidence",
            "rationale",
            "relied_on",
            "submitted_at",
            "supersedes",
            "superseded_by",
            "reason",
            "seq",
        )

    def get_is_own(self, assessment: Assessment) -> bool:
        return assessment.resolver_id == self.context["view"].caller.pk

    def get_is_counting(self, assessment: Assessment) -> bool:
        return assessment.assignment.withdrawn_at is None and not assessment.is_superseded

    def get_relied_on(self, assessment: Assessment) -> list[UUID]:
        return [relied.evidence.uuid for relied in assessment.relied_on.all()]


class AssessmentGiven(Given):
    """What the caller found: a verdict on every criterion and, where no rule makes it of them, the outcome.

    An outcome left out means that it cannot be told.
    """

    prediction = SeenRow(Prediction)
    verdicts = Verdicts()
    outcome = Share(required=False)
    confidence = serializers.ChoiceField(Confidence.choices)
    rationale = Text(allow_blank=True, help_text="Why; never blank.")
    relied_on = SeenRows(Evidence, required=False)
    supersedes = SeenRow(Assessment, required=False)
    reason = Text(max_length=500, required=False)

    def row(self) -> Any:
        return Assessment(**{name: value for name, value in self.validated_data.items() if name not in BESIDE})

    def beside(self) -> Mapping[str, Any]:
        return {name: self.validated_data[name] for name in BESIDE if name in self.validated_data}


class AssessmentFilters(filters.FilterSet):
    """Nothing that is judged can be asked for: an answer would tell of rows that the caller does not see."""

    prediction = filters.UUIDFilter("prediction__uuid")


@extend_schema_view(create=extend_schema(request=AssessmentGiven, responses={201: AssessmentShown}))
class Assessments(Recording, Shelf):
    """Independent verdicts, newest entry first: one's own, and others' once they may be seen.

    Resolvers submit theirs where they are asked to.
    """

    queryset = Assessment.objects.for_show().select_related("supersedes", "superseded_by")
    serializer_class = AssessmentShown
    filterset_class = AssessmentFilters
    ordering = "-entry_id"
    verb = "assess"
    given = AssessmentGiven
    operation = submit_assessment
