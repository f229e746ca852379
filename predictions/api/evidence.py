from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from predictions.api.bodies import Given, Shown, ShownCorrectable
from predictions.api.doors import Recording, Shelf
from predictions.api.fields import SeenRow, Text
from predictions.models import (
    Credibility,
    Criterion,
    DocumentComparison,
    Evidence,
    Prediction,
    Quote,
    Reliability,
    Snapshot,
    Source,
)
from predictions.operations.evidence import link_evidence


class ComparisonShown(Shown):
    """How often a term stands in two texts, and by which method it was counted. Rates are counts by totals."""

    reference_sha256 = serializers.CharField(source="reference.sha256", read_only=True)
    reference_source = serializers.UUIDField(source="reference.source.uuid", read_only=True)
    revised_sha256 = serializers.CharField(source="revised.sha256", read_only=True)
    revised_source = serializers.UUIDField(source="revised.source.uuid", read_only=True)

    class Meta:
        model = DocumentComparison
        fields = (
            "term",
            "unit",
            "reference_source",
            "reference_sha256",
            "reference_count",
            "reference_total",
            "reference_first",
            "reference_headings",
            "revised_source",
            "revised_sha256",
            "revised_count",
            "revised_total",
            "revised_first",
            "revised_headings",
            "log_likelihood",
            "log_ratio",
            "log_ratio_low",
            "log_ratio_high",
            "method",
            "version",
            "parameters",
        )


class ComparisonGiven(Given):
    """Two texts and a term; what is found of it is counted here. Without a SHA-256 the newest text is meant."""

    term = Text(max_length=100)
    reference = SeenRow(Source)
    reference_sha256 = Text(max_length=64, required=False)
    revised = SeenRow(Source)
    revised_sha256 = Text(max_length=64, required=False)

    def row(self, given: Any = None) -> Any:
        """The unsaved row of what a body holds under `comparison`."""
        texts = {side: self._text(side, given) for side in ("reference", "revised")}
        return DocumentComparison(term=given["term"], **texts)

    def _text(self, side: str, given: dict[str, Any]) -> Snapshot:
        digest = given.get(f"{side}_sha256")
        texts = given[side].snapshots.select_related("source")
        snapshot: Snapshot | None = (texts.filter(sha256=digest) if digest else texts).first()
        if snapshot is None:
            raise ValidationError({"comparison": f"There is no such text of the {side} source here."})
        return snapshot


class EvidenceShown(ShownCorrectable):
    """A graded fact for, against or around a prediction."""

    grade = serializers.CharField(read_only=True, help_text="Admiralty grade, such as B2.")
    comparison = ComparisonShown(read_only=True, allow_null=True, help_text="The figures that it rests on, if any.")

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
            "comparison",
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
    note = Text(max_length=2000, help_text="What it says, in our own words.")
    source = SeenRow(Source)  # type: ignore[assignment]
    quote = SeenRow(Quote, required=False)
    reliability = serializers.ChoiceField(Reliability.choices, required=False)
    credibility = serializers.ChoiceField(Credibility.choices)
    supersedes = SeenRow(Evidence, required=False)
    reason = Text(max_length=500, required=False)
    comparison = ComparisonGiven(required=False)

    def row(self) -> Any:
        return Evidence(**{name: value for name, value in self.validated_data.items() if name != "comparison"})

    def beside(self) -> Mapping[str, Any]:
        given = self.validated_data.get("comparison")
        return {"comparison": self.fields["comparison"].row(given)} if given else {}  # type: ignore[attr-defined]


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
