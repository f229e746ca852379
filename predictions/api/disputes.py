from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view

from predictions.api.bodies import Given, ShownRecord
from predictions.api.doors import Recording, Shelf
from predictions.api.fields import SeenRow, Text
from predictions.models import Criterion, Dispute, DisputeAnswer, Evidence, Prediction
from predictions.models.dispute import LONGEST
from predictions.operations.disputes import raise_dispute


class AnswerShown(ShownRecord):
    """What came of a dispute; where it is upheld, another resolution replaced the disputed one."""

    class Meta:
        model = DisputeAnswer
        fields = ("uuid", "is_upheld", "text", "answered_at", "seq")


class DisputeShown(ShownRecord):
    """That a decision is contested on one criterion, the evidence brought, and the answer."""

    answer = AnswerShown(read_only=True, allow_null=True)

    class Meta:
        model = Dispute
        fields = (
            "uuid",
            "prediction",
            "resolution",
            "criterion",
            "evidence",
            "text",
            "raised_at",
            "answer",
            "seq",
        )


class DisputeGiven(Given):
    """What is wrong with the decision that stands."""

    prediction = SeenRow(Prediction)
    criterion = SeenRow(Criterion)
    evidence = SeenRow(Evidence)
    text = Text(max_length=LONGEST)

    def row(self) -> Any:
        return Dispute(**self.validated_data)


class DisputeFilters(filters.FilterSet):
    case = filters.UUIDFilter("prediction__case__uuid")
    prediction = filters.UUIDFilter("prediction__uuid")


@extend_schema_view(create=extend_schema(request=DisputeGiven, responses={201: DisputeShown}))
class Disputes(Recording, Shelf):
    """Contested decisions, newest entry first. Whoever has a role may raise a dispute; adjudicators answer it."""

    queryset = Dispute.objects.for_show()
    serializer_class = DisputeShown
    filterset_class = DisputeFilters
    ordering = "-entry_id"
    verb = "dispute"
    given = DisputeGiven
    operation = raise_dispute
