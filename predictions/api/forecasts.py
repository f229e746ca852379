from collections.abc import Mapping
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import Model
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers

from predictions.api.bodies import Given, ShownCorrectable
from predictions.api.doors import Recording, Shelf
from predictions.api.fields import Probability, SeenRow, Text, Told
from predictions.api.pages import PagesByKey
from predictions.exchange.moments import Moment, read_moment
from predictions.language.scales import SCALES, Reading
from predictions.models import Confidence, Forecast, Forecaster, Prediction, Quote
from predictions.operations.forecasts import log_forecast

MOMENT_HELP = "2022-12-16T09:00+09:00, or 2022-12-16 or 2022-12 in the prediction's zone. Left out: now."


class ForecastShown(ShownCorrectable):
    """What a forecaster said at a moment, and the probability we take it for."""

    reading = serializers.CharField(source="in_words", read_only=True, help_text="What was said, as we take it.")
    issued = Told("issued")
    rationale = serializers.CharField(read_only=True)
    is_in_hindsight = serializers.BooleanField(read_only=True)
    is_order_uncertain = serializers.BooleanField(read_only=True)

    class Meta:
        model = Forecast
        fields = (
            "uuid",
            "prediction",
            "revision",
            "forecaster",
            "external_id",
            "kind",
            "words",
            "reading",
            "probability",
            "low",
            "high",
            "basis",
            "scale",
            "confidence",
            "quote",
            "issued",
            "recorded_at",
            "is_in_hindsight",
            "is_order_uncertain",
            "origin",
            "rationale",
            "supersedes",
            "superseded_by",
            "reason",
            "seq",
            "receipt",
        )


class ForecastGiven(Given):
    """A new forecast: `words` or a `probability`; both where the words are the passage that the number is read from."""

    names: ClassVar = {"issued_at": "issued", "issued_until": "issued", "issued_precision": "issued"}

    prediction = SeenRow(Prediction)
    forecaster = SeenRow(Forecaster.objects.issuing())
    kind = serializers.ChoiceField(Forecast.Kind.choices, default=Forecast.Kind.PROBABILITY)
    words = Text(
        max_length=300,
        required=False,
        allow_blank=True,
        help_text="Such as likely, 70%, 7 in 10, two in three or between 60 and 70%.",
    )
    probability = Probability(required=False)
    scale = Text(
        max_length=40,
        required=False,
        help_text=f"Of words: the key of a scale in use, {', '.join(SCALES)} or one of the house. Default: the first.",
    )
    basis = serializers.ChoiceField(Forecast.Basis.choices, required=False)
    low = Probability(required=False)
    high = Probability(required=False)
    confidence = serializers.ChoiceField(Confidence.choices, required=False)
    quote = SeenRow(Quote, required=False)
    issued = Text(required=False, help_text=MOMENT_HELP)
    rationale = Text(required=False)
    supersedes = SeenRow(Forecast, required=False)
    reason = Text(max_length=500, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            return {**attrs, "issued": self._issued(**attrs)}
        except ValueError as fault:
            raise serializers.ValidationError({"issued": [f"{fault}."]}) from fault

    def _issued(self, prediction: Prediction, issued: str = "", **_: Any) -> Moment:
        if not issued:
            return Moment(self.context["view"].now, "instant")
        return read_moment(issued, ZoneInfo(prediction.current_revision.zone))

    def row(self) -> Model:
        given = dict(self.validated_data)
        issued, number = given.pop("issued"), given.pop("probability", None)
        shares = {name: float(given.pop(name).point) for name in ("low", "high") if name in given}
        row = Forecast(**given, **shares)
        row.issued_at, row.issued_precision, row.issued_until = issued.at, issued.precision, issued.until
        if number is not None:
            _put(row, number)
        return row

    def caller_names(self) -> Mapping[str, str]:
        is_number = "probability" in self.validated_data and "words" not in self.validated_data
        return {**self.names, "words": "probability"} if is_number else self.names


def _put(row: Forecast, number: Reading) -> None:
    """Let the operation read the number as it reads words, unless words stand there or the forecast has no number."""
    if row.words or row.kind != Forecast.Kind.PROBABILITY:
        row.probability = float(number.point)
    else:
        row.words = number.words


class ForecastFilters(filters.FilterSet):
    case = filters.UUIDFilter("case__uuid", method="on_predictions")
    theme = filters.CharFilter("theme", method="on_predictions")
    prediction = filters.UUIDFilter("prediction__uuid")
    forecaster = filters.UUIDFilter("forecaster__uuid")

    def on_predictions(self, rows: Any, name: str, value: Any) -> Any:
        return rows.on(Prediction.objects.filter(**{name: value}))


NAMED = {"prediction": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "forecaster": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}
EXAMPLES = [
    OpenApiExample("in words", {**NAMED, "words": "likely", "issued": "2022-04"}, request_only=True),
    OpenApiExample("as a number, now", {**NAMED, "probability": 0.7, "confidence": "moderate"}, request_only=True),
]


@extend_schema_view(create=extend_schema(request=ForecastGiven, responses={201: ForecastShown}, examples=EXAMPLES))
class Forecasts(Recording, Shelf):
    """Probabilities that forecasters put on predictions, newest entry first. Analysts log new ones."""

    queryset = Forecast.objects.for_show().select_related("supersedes", "entry__rationale")
    serializer_class = ForecastShown
    filterset_class = ForecastFilters
    ordering = "-entry_id"
    pagination_class = PagesByKey
    verb = "log_forecast"
    given = ForecastGiven
    operation = log_forecast
