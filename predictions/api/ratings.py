from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from predictions.api.bodies import Given, ShownCorrectable
from predictions.api.doors import Recording, Shelf
from predictions.api.fields import SeenRow, Text
from predictions.models import Consistency, Evidence, Prediction, Rating
from predictions.operations.ratings import rate_evidence


class RatingShown(ShownCorrectable):
    """How one person holds a piece of evidence to agree with a prediction; blank where they took it back."""

    rater = serializers.CharField(source="rater.username", read_only=True, help_text="Username.")

    class Meta:
        model = Rating
        fields = (
            "uuid",
            "evidence",
            "prediction",
            "consistency",
            "note",
            "rater",
            "rated_at",
            "supersedes",
            "superseded_by",
            "reason",
            "seq",
        )


class RatingGiven(Given):
    """One cell of the matrix, in the caller's name. Without a rating it takes an earlier one back."""

    evidence = SeenRow(Evidence)
    prediction = SeenRow(Prediction)
    consistency = serializers.ChoiceField(Consistency.choices, allow_blank=True)
    note = Text(max_length=500, required=False, allow_blank=True)
    supersedes = SeenRow(Rating, required=False)
    reason = Text(max_length=500, required=False)

    def row(self) -> Any:
        return Rating(**self.validated_data)


class RatingFilters(filters.FilterSet):
    case = filters.UUIDFilter("prediction__case__uuid")
    prediction = filters.UUIDFilter("prediction__uuid")
    evidence = filters.UUIDFilter("evidence__uuid")


@extend_schema_view(create=extend_schema(request=RatingGiven, responses={201: RatingShown}))
class Ratings(Recording, Shelf):
    """How evidence agrees with predictions, newest entry first. Analysts rate; a case's `matrix` says what it comes to.

    Others' ratings on a prediction that the caller is asked to judge are left out until they have submitted.
    """

    queryset = Rating.objects.for_show().select_related("supersedes", "superseded_by")
    serializer_class = RatingShown
    filterset_class = RatingFilters
    ordering = "-entry_id"
    verb = "rate_evidence"
    given = RatingGiven
    operation = rate_evidence
