from collections.abc import Mapping
from typing import Any, ClassVar

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from accounts.models import User
from accounts.roles import Role
from predictions.api.bodies import Given, Shown, ShownRecord
from predictions.api.doors import Recording, Shelf
from predictions.api.fields import Flag, Probability, SeenRow, Text
from predictions.api.filters import Is
from predictions.api.predictions import CriterionShown
from predictions.models import Coding, CodingRequest, Confidence, Forecast
from predictions.models.scale import LONGEST_KEY
from predictions.operations.codings import ask_coder, submit_coding


class CodingRequestShown(Shown):
    """That an analyst is asked to code words, with the words and what they foretell: all that the coder may see."""

    is_own = serializers.SerializerMethodField(help_text="Whether the caller is asked.")
    coder: Any = serializers.SlugRelatedField(slug_field="username", read_only=True)
    statement = serializers.CharField(source="prediction.statement", read_only=True)
    criteria = CriterionShown(source="prediction.revision.criteria", many=True, read_only=True)
    quote: Any = serializers.SlugRelatedField(source="forecast.quote", slug_field="uuid", read_only=True)
    exact = serializers.CharField(source="forecast.quote.exact", read_only=True, help_text="The words to code.")

    class Meta:
        model = CodingRequest
        fields = (
            "uuid",
            "prediction",
            "is_own",
            "coder",
            "statement",
            "criteria",
            "quote",
            "exact",
            "asked_at",
            "closed_at",
            "closing",
            "reason",
        )

    def get_is_own(self, request: CodingRequest) -> bool:
        return request.coder_id == self.context["view"].caller.pk


class CodingRequestGiven(Given):
    """Whom to ask what the words of a forecast mean."""

    forecast = SeenRow(Forecast)
    coder = serializers.SlugRelatedField(
        slug_field="username",
        queryset=User.objects.filter(groups__name=Role.ANALYST, is_active=True),
        help_text="Username.",
        error_messages={"does_not_exist": "There is no such analyst."},
    )

    def row(self) -> Any:
        return CodingRequest(**self.validated_data)


class CodingRequestFilters(filters.FilterSet):
    case = filters.UUIDFilter("prediction__case__uuid")
    is_open = Is("closed_at", lookup_expr="isnull")
    is_own = Is(method="of_caller")

    def of_caller(self, rows: Any, name: str, value: bool) -> Any:
        own = {"coder": self.request.user}
        return rows.filter(**own) if value else rows.exclude(**own)


@extend_schema_view(create=extend_schema(request=CodingRequestGiven, responses={201: CodingRequestShown}))
class CodingRequests(Recording, Shelf):
    """Who is asked to code what. Analysts ask others; until they answer, the prediction is hidden from these."""

    queryset = CodingRequest.objects.for_show().prefetch_related("prediction__revision__criteria__quote")
    serializer_class = CodingRequestShown
    filterset_class = CodingRequestFilters
    verb = "ask_coder"
    given = CodingRequestGiven
    operation = ask_coder


class CodingShown(ShownRecord):
    """What one coder made of the words of a forecast."""

    coder: Any = serializers.SlugRelatedField(slug_field="username", read_only=True)
    reading = serializers.CharField(source="in_words", read_only=True)

    class Meta:
        model = Coding
        fields = (
            "uuid",
            "forecast",
            "request",
            "number",
            "coder",
            "words",
            "term",
            "scale",
            "scale_name",
            "method",
            "low",
            "point",
            "high",
            "reading",
            "confidence",
            "had_own_forecast",
            "own_forecast_on_record",
            "seq",
        )


class CodingGiven(Given):
    """What the caller, who was asked, takes the words for: a word of a scale, or low, point and high of their own."""

    names: ClassVar = {"probability": "point", "basis": "words"}

    request = SeenRow(CodingRequest)
    words = Text(max_length=300, required=False, allow_blank=True, help_text="Such as likely.")
    scale = Text(max_length=LONGEST_KEY, required=False, help_text="The key of a scale in use.")
    low = Probability(required=False)
    point = Probability(required=False)
    high = Probability(required=False)
    confidence = serializers.ChoiceField(Confidence.choices, required=False)
    had_own_forecast = Flag(help_text="Whether the caller had a forecast of their own before.")

    def row(self) -> Any:
        given = dict(self.validated_data)
        shares = {name: float(given.pop(name).point) for name in ("low", "point", "high") if name in given}
        return Coding(**given, **shares)

    def caller_names(self) -> Mapping[str, str]:
        return self.names


class CodingFilters(filters.FilterSet):
    forecast = filters.UUIDFilter("forecast__uuid")
    prediction = filters.UUIDFilter("forecast__prediction__uuid")


@extend_schema_view(create=extend_schema(request=CodingGiven, responses={201: CodingShown}))
class Codings(Recording, Shelf):
    """How words were turned into probabilities, newest entry first. Who is asked to, submits theirs."""

    queryset = Coding.objects.select_related("forecast", "request", "coder")
    serializer_class = CodingShown
    filterset_class = CodingFilters
    ordering = "-entry_id"
    verb = "submit_coding"
    given = CodingGiven
    operation = submit_coding
