"""The form in which a forecast is logged, and what its words are taken to mean while one types."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse

from predictions.admin.base import Textarea
from predictions.admin.moments import HELP, MomentField, take_moment
from predictions.admin.row_forms import Choice, PartForm, RowChoice, Text
from predictions.exchange.moments import Moment
from predictions.language import scales
from predictions.models import Confidence, Forecast, Forecaster, Quote
from predictions.models.live_bounds import kept_beside, kept_shares
from predictions.models.scale import enabled_scale, enabled_scales
from predictions.operations.forecasts import require_live
from predictions.policy import can

AUTOMATIC = "automatic: as the words say"
KEEP_OPEN = "keep_open"
NUMBER = "Write a number such as 55% or 0.55."


class TakenAs(NamedTuple):
    """What a live forecast in some words would be taken to mean, or what is wrong with them.

    `leaves_open`: they put no probability on it, and can be kept as that.
    """

    reading: str = ""
    fault: str = ""
    leaves_open: bool = False


def taken_as(words: str, scale: str) -> TakenAs:
    try:
        reading = scales.read(words, enabled_scale(scale))
        kept = kept_shares(reading)["probability"]
        require_live(kept)
    except scales.UnreadableProbability as fault:
        return TakenAs(fault=str(fault), leaves_open=isinstance(fault, scales.Unquantifiable))
    except ValidationError as fault:
        return TakenAs(fault=fault.messages[0])
    return TakenAs(f"{scales.describe(reading)}{kept_beside(float(reading.point), kept)}")


class QuoteChoice(RowChoice):
    """Among quotes that were loaded with their sources."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.source.publisher or obj.source.title}: {obj}"


class ForecastForm(PartForm):
    words = Text(label="Probability", max_length=300, required=False)
    scale = Choice(
        label="Scale of words",
        required=False,
        initial=scales.DEFAULT_SCALE,
    )
    basis = Choice(required=False, choices=[("", AUTOMATIC), *Forecast.Basis.choices])
    issued = MomentField(required=False, help_text=f"Blank: now; with a quote, when its source was published. {HELP}.")
    quote = QuoteChoice(queryset=None, required=False, empty_label="none")
    confidence = Choice(
        label="Analytic confidence",
        required=False,
        choices=[("", "not given"), *Confidence.choices],
        help_text="How well founded the judgement is, which is not how likely the event is.",
    )
    rationale = forms.CharField(required=False, widget=Textarea({"rows": 4}))
    low = Text(required=False, max_length=40)
    point = Text(label="Taken as", required=False, max_length=40)
    high = Text(required=False, max_length=40)

    class Media:
        js = ("predictions/forecast.js",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("quote", quotes_of(self.prediction.case_id))
        offered: Any = self.fields["scale"]
        offered.choices = [(key, scale.name) for key, scale in enabled_scales().items()]
        self.fields["forecaster"].initial = Forecaster.objects.filter(account=self.user).first()
        self.fields["words"].help_text = self._reading_beneath()
        self.fields["words"].widget.attrs |= {"aria-describedby": "reading", "autocomplete": "off", "autofocus": True}

    def _reading_beneath(self) -> str:
        words = self._entered("words")
        told = taken_as(words, self._entered("scale")) if words.strip() else TakenAs()
        url = reverse("admin:predictions_forecast_reading")
        shown = {"told": told, "url": url, "keep": KEEP_OPEN, "is_kept": KEEP_OPEN in self.data}
        return render_to_string("admin/predictions/forecast/reading.html", shown)

    def _entered(self, name: str) -> str:
        """The text that the field will show; a bound field, once asked for, would keep the help text it has now."""
        entered = self.data.get(name) if self.is_bound else self.get_initial_for_field(self.fields[name], name)
        return str(entered or "")

    def clean_forecaster(self) -> Forecaster:
        forecaster: Forecaster = self.cleaned_data["forecaster"]
        if not can(self.user, "log_forecast", forecaster):
            raise ValidationError(f"Only {forecaster} may log forecasts in this name. Choose another forecaster.")
        return forecaster

    def clean_kind(self) -> str:
        """The box under words that leave everything open keeps them as what they are."""
        kind: str = self.cleaned_data["kind"]
        return str(Forecast.Kind.UNQUANTIFIABLE) if KEEP_OPEN in self.data else kind

    def clean(self) -> dict[str, Any]:
        super().clean()
        take_moment(self.instance, "issued", self._issued())
        numbers = {name: self._number(name) for name in ("low", "point", "high")}
        self._require_whole_reading(**numbers)
        self.instance.probability = numbers["point"]
        self.instance.rationale = self.cleaned_data.get("rationale", "")
        return {**self.cleaned_data, **numbers}

    def _issued(self) -> Moment | None:
        """As typed; where nothing was, the publication of what is quoted, or None for now."""
        quote: Quote | None = self.cleaned_data.get("quote")
        if self.cleaned_data.get("issued") or quote is None:
            return self.moment("issued", self.prediction.revision.zone if self.prediction.revision else "UTC")
        source = quote.source
        if source.published_at is None:
            self.add_error("issued", "The date of the quoted source is unknown. Enter when the forecast was issued.")
            return None
        return Moment(source.published_at, source.published_precision, source.published_until)  # type: ignore[arg-type]

    def _number(self, name: str) -> float | None:
        text = self.cleaned_data.get(name)
        if not text:
            return None
        try:
            reading = scales.read(text)
        except scales.UnreadableProbability as fault:
            self.add_error(name, str(fault))
            return None
        if reading.is_coded or reading.low is not None:
            self.add_error(name, NUMBER)
        return float(reading.point)

    def _require_whole_reading(self, *, low: float | None, point: float | None, high: float | None) -> None:
        """Low and high come together; a number of our own belongs to a reading of our own."""
        for name, has, has_other in (("low", low, high), ("high", high, low)):
            if has is None and has_other is not None and name not in self.errors:
                self.add_error(name, f"Give both, low and high. {NUMBER}")
        if self.cleaned_data.get("basis") == Forecast.Basis.IMPLIED:
            return
        if point is not None:
            self.add_error("point", "Only for the basis “implied”. Leave it blank: the probability above counts.")
        if low is not None and _is_coded(self.cleaned_data):
            self.add_error("low", "Leave low and high blank: the scale gives them for its words.")


def _is_coded(cleaned: dict[str, Any]) -> bool:
    try:
        return scales.read(cleaned.get("words") or "", enabled_scale(cleaned.get("scale") or "")).is_coded
    except scales.UnreadableProbability:
        return False


def quotes_of(case_id: int) -> Any:
    """Quotes of the case that stand, ready to be chosen from."""
    return Quote.objects.filter(source__case=case_id).standing().select_related("source").order_by("source", "pk")
