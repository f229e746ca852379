from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from predictions.api.bodies import Given, ShownCorrectable
from predictions.api.doors import Recording, Shelf
from predictions.api.fields import SeenRow
from predictions.models import Credibility, Criterion, Evidence, Prediction, Quote, Reliability, Source
from predictions.operations.evidence import link_evidence


class EvidenceShown(ShownCorrectable):
    """A graded fact for, against or around a prediction."""

    grade = serializers.CharField(read_only=True, help_text="Admiralty grade, such as B2.")

    class Meta:
        model = Evidence
        fields = (
            "uuid",
            "prediction",
            "criterion",
            "external_id",
            "stance",
            "note",
            "source",
            "quote",
            "reliability",
            "credibility",
            "grade",
            "recorded_at",
            "supersedes",
            "superseded_by",
            "reason",
            "seq",
        )


class EvidenceGiven(Given):
    """A new piece of evidence. Without `reliability` it has that of its source."""

    prediction = SeenRow(Prediction)
    criterion = SeenRow(Criterion, required=False)
    stance = serializers.ChoiceField(Evidence.Stance.choices)
    note = serializers.CharField(max_length=2000, help_text="What it says, in our own words.")
    source = SeenRow(Source)  # type: ignore[assignment]
    quote = SeenRow(Quote, required=False)
    reliability = serializers.ChoiceField(Reliability.choices, required=False)
    credibility = serializers.ChoiceField(Credibility.choices)
    supersedes = SeenRow(Evidence, required=False)
    reason = serializers.CharField(max_length=500, required=False)

    def row(self) -> Any:
        return Evidence(**self.validated_data)


class EvidenceFilters(filters.FilterSet):
    case = filters.UUIDFilter("prediction__case__uuid")
    theme = filters.CharFilter("prediction__theme")
    prediction = filters.UUIDFilter("prediction__uuid")
    source = filters.UUIDFilter("source__uuid")
    stance = filters.ChoiceFilter(choices=Evidence.Stance.choices)


@extend_schema_view(create=extend_schema(request=EvidenceGiven, responses={201: EvidenceShown}))
class EvidenceShelf(Recording, Shelf):
    """Facts for, against or around predictions, newest entry first. Analysts and judges link new ones."""

    queryset = Evidence.objects.for_show().select_related("supersedes", "superseded_by")
    serializer_class = EvidenceShown
    filterset_class = EvidenceFilters
    ordering = "-entry_id"
    verb = "link_evidence"
    given = EvidenceGiven
    operation = link_evidence
