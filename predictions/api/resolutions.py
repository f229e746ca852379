from uuid import UUID

from django_filters import rest_framework as filters
from rest_framework import serializers

from predictions.api.bodies import Shown, ShownCorrectable
from predictions.api.doors import Shelf
from predictions.api.fields import Told
from predictions.models import CriterionVerdict, Resolution


class VerdictShown(Shown):
    """How one criterion was judged."""

    label = serializers.CharField(source="criterion.label", read_only=True)  # type: ignore[assignment]

    class Meta:
        model = CriterionVerdict
        fields = ("criterion", "label", "verdict")


class ResolutionShown(ShownCorrectable):
    """The decision on a prediction."""

    reading = serializers.CharField(source="in_words", read_only=True, help_text="The outcome in words.")
    known = Told("known")
    verdicts = VerdictShown(many=True, read_only=True)
    relied_on = serializers.SerializerMethodField(help_text="The evidence that the decision rests on.")
    rationale = serializers.CharField(read_only=True)
    basis = serializers.CharField(read_only=True, help_text="direct, agreed or adjudicated.")
    is_final = serializers.SerializerMethodField(help_text="Whether the notice period is over.")

    class Meta:
        model = Resolution
        fields = (
            "uuid",
            "prediction",
            "revision",
            "external_id",
            "outcome",
            "annulled",
            "reading",
            "known",
            "resolved_at",
            "basis",
            "resolver_count",
            "final_at",
            "is_final",
            "verdicts",
            "relied_on",
            "rationale",
            "origin",
            "supersedes",
            "superseded_by",
            "reason",
            "seq",
            "receipt",
        )

    def get_relied_on(self, resolution: Resolution) -> list[UUID]:
        return [relied.evidence.uuid for relied in resolution.relied_on.all()]

    def get_is_final(self, resolution: Resolution) -> bool:
        return resolution.is_final(self.context["view"].now)


class ResolutionFilters(filters.FilterSet):
    case = filters.UUIDFilter("prediction__case__uuid")
    theme = filters.CharFilter("prediction__theme")
    prediction = filters.UUIDFilter("prediction__uuid")


class Resolutions(Shelf):
    """Decisions on predictions, newest entry first; replaced ones stay."""

    queryset = Resolution.objects.for_show().select_related("supersedes", "entry__rationale")
    queryset = queryset.prefetch_related("verdicts__criterion", "relied_on__evidence")
    serializer_class = ResolutionShown
    filterset_class = ResolutionFilters
    ordering = "-entry_id"
