from typing import Any

from django.db.models import Exists, OuterRef
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from predictions.api.bodies import Shown, ShownRecord
from predictions.api.doors import Shelf
from predictions.api.fields import Instant, Told
from predictions.models import (
    Criterion,
    Dispute,
    Judgement,
    Prediction,
    PredictionRevision,
    Status,
    Trigger,
    TriggerOccurrence,
    judgement,
)


class CriterionShown(Shown):
    """One thing that the outcome is judged by."""

    class Meta:
        model = Criterion
        fields = ("uuid", "label", "text", "weight", "quote")


class RevisionShown(ShownRecord):
    """What a prediction says and how it will be judged."""

    criteria = CriterionShown(many=True, read_only=True)
    opens_in_words = serializers.CharField(read_only=True)
    closes_in_words = serializers.CharField(read_only=True)
    sha256 = serializers.CharField(
        read_only=True, help_text="Of statement, criteria, dates and rule, as in the ledger."
    )

    class Meta:
        model = PredictionRevision
        fields = (
            "uuid",
            "number",
            "kind",
            "reason",
            "statement",
            "criteria",
            "opens_at",
            "opens_in_words",
            "closes_at",
            "closes_in_words",
            "zone",
            "outcome_rule",
            "outcome_table",
            "cannot_tell_limit",
            "recorded_at",
            "sha256",
            "seq",
        )


class OccurrenceShown(ShownRecord):
    """That the awaited event took place."""

    occurred = Told("occurred", words="in_words")

    class Meta:
        model = TriggerOccurrence
        fields = ("uuid", "occurred", "recorded_at", "note", "seq")


class TriggerShown(Shown):
    """The event that a prediction waits for."""

    expected = Told("expected")
    occurrence = OccurrenceShown(read_only=True, allow_null=True)

    class Meta:
        model = Trigger
        fields = ("uuid", "external_id", "statement", "expected", "occurrence", "note")


class PredictionShown(Shown):
    """A statement that will prove true or not, with its newest revision."""

    status = serializers.SerializerMethodField()
    judgement = serializers.SerializerMethodField(help_text="How far its judging has come.")
    resolvers_asked = serializers.IntegerField(
        source="case.resolvers_asked", read_only=True, help_text="How many resolvers must have judged it; 0: none."
    )
    closing_at = Instant(
        read_only=True, allow_null=True, help_text="The actual close: scheduled, at the trigger, or when known."
    )
    trigger = TriggerShown(read_only=True, allow_null=True)
    revision = RevisionShown(read_only=True)

    class Meta:
        model = Prediction
        fields = (
            "uuid",
            "case",
            "external_id",
            "theme",
            "status",
            "judgement",
            "resolvers_asked",
            "closing_at",
            "revision",
            "trigger",
            "resolution",
            "origin",
            "created_at",
        )

    @extend_schema_field(serializers.ChoiceField(Status.choices))
    def get_status(self, prediction: Prediction) -> str:
        return prediction.status(self.context["view"].now)

    @extend_schema_field(serializers.ChoiceField(Judgement.choices))
    def get_judgement(self, prediction: Any) -> str:
        now = self.context["view"].now
        if prediction.resolution is None:
            return judgement(prediction, now)
        if prediction.is_disputed:  # told by the list's own query: to ask for each row would make a query each
            return Judgement.DISPUTED
        return Judgement.FINAL if prediction.resolution.is_final(now) else Judgement.PROVISIONAL


class PredictionFilters(filters.FilterSet):
    case = filters.UUIDFilter("case__uuid")
    theme = filters.CharFilter("theme")
    status = filters.ChoiceFilter(choices=Status.choices, method="in_status")

    def in_status(self, rows: Any, name: str, value: str) -> Any:
        return rows.in_status(value, self.request.parser_context["view"].now)


IS_DISPUTED = Exists(Dispute.objects.unanswered().filter(resolution=OuterRef("resolution")))


class Predictions(Shelf):
    """Statements that will prove true or not, each as its newest revision puts it."""

    queryset: Any = Prediction.objects.for_show().select_related("trigger__occurrence__trigger")
    queryset = queryset.prefetch_related("revision__criteria__quote").annotate(is_disputed=IS_DISPUTED)
    serializer_class = PredictionShown
    filterset_class = PredictionFilters
