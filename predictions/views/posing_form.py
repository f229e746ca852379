"""The form in which a passage is made into a prediction: its words, what they foretell, and their author's forecast."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from predictions.exchange.moments import Moment, read_typed
from predictions.language import scales
from predictions.language.anchoring import LONGEST_CONTEXT
from predictions.language.criteria import read_criteria, too_long
from predictions.models import (
    Confidence,
    Criterion,
    Forecast,
    Forecaster,
    Prediction,
    PredictionRevision,
    Quote,
    Source,
    Trigger,
)
from predictions.models.live_bounds import kept_beside, kept_shares
from predictions.models.scale import enabled_scale, enabled_scales
from predictions.policy import can
from predictions.queries.proposals import LONGEST_PASSAGE, Proposal

AUTOMATIC = "as the words say"
NUMBER = "Write a number such as 55% or 0.55."
TIMES = "Such as 2022-12-16, 2022-12 or 2022-12-16 09:30 (in your time zone)."
FIELDS = {
    "prefix": "before",
    "suffix": "after",
    "opens_at": "opens",
    "closes_at": "closes",
    "issued_at": "issued",
    "probability": "point",
}
"""What the fields of the rows are called here, where it is not the same."""
KINDS = [(kind.value, kind.label) for kind in Forecaster.Kind if kind != Forecaster.Kind.CONSENSUS]
FORECASTS = [
    (Forecast.Kind.PROBABILITY.value, "a probability"),
    (Forecast.Kind.UNQUANTIFIABLE.value, "words without a probability: kept and shown, not scored"),
]


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class PosingForm(forms.Form):
    """`rows` builds, of what was entered, the unsaved rows that the operation takes."""

    exact = forms.CharField(label="Quote", widget=_lines(4), strip=False, max_length=LONGEST_PASSAGE)
    before = forms.CharField(label="Words just before", widget=_lines(2), strip=False, required=False, max_length=400)
    after = forms.CharField(label="Words just after", widget=_lines(2), strip=False, required=False, max_length=400)
    kind = forms.ChoiceField(label="The author gives", choices=FORECASTS)
    words = forms.CharField(
        label="Probability, in numbers or words",
        max_length=300,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "aria-describedby": "pose-taken"}),
    )
    scale = forms.ChoiceField(label="Scale of words", required=False)
    basis = forms.ChoiceField(required=False, choices=[("", AUTOMATIC), *Forecast.Basis.choices])
    low = forms.CharField(required=False, max_length=40)
    point = forms.CharField(label="Taken as", required=False, max_length=40)
    high = forms.CharField(required=False, max_length=40)
    forecaster = forms.CharField(max_length=200, widget=forms.TextInput({"list": "pose-names", "autocomplete": "off"}))
    is_new = forms.BooleanField(label="not on record yet: add", required=False)
    forecaster_kind = forms.ChoiceField(label="as a", choices=KINDS)
    statement = forms.CharField(widget=_lines(3), max_length=500)
    criteria = forms.CharField(widget=_lines(3))
    theme = forms.CharField(max_length=120, widget=forms.TextInput({"list": "pose-themes", "autocomplete": "off"}))
    trigger = forms.ModelChoiceField(Trigger.objects.none(), label="Waits for", required=False, empty_label="no event")
    opens = forms.CharField(max_length=60)
    closes = forms.CharField(label="Scheduled close", max_length=60)
    issued = forms.CharField(required=False, max_length=60)
    confidence = forms.ChoiceField(
        label="Analytic confidence", required=False, choices=[("", "not given"), *Confidence.choices]
    )
    rationale = forms.CharField(widget=_lines(3), required=False)

    def __init__(self, source: Source, user: User, data: Any = None, *, proposed: Proposal | None = None) -> None:
        super().__init__(data, initial=vars(proposed) if proposed else None, auto_id="pose-%s")
        self.source, self.user = source, user
        in_use = enabled_scales().values()
        self.fields["scale"].choices = [(each.key, each.name) for each in in_use]  # type: ignore[attr-defined]
        self.noticed = proposed.noticed if proposed else ()
        self.fields["trigger"].queryset = source.case.triggers.select_related("occurrence")  # type: ignore[attr-defined]
        self.themes = sorted(set(source.case.predictions.values_list("theme", flat=True)))
        self.names = list(Forecaster.objects.open_to(user).values_list("name", flat=True)[:500])

    @property
    def taken_as(self) -> str:
        """What the words entered mean on the scale chosen; empty where they give no number."""
        try:
            reading = self._reading(self["words"].value(), self["scale"].value())
        except scales.UnreadableProbability:
            return ""
        kept = kept_shares(reading)["probability"]
        return f"{scales.describe(reading)}{kept_beside(float(reading.point), kept)}"

    def _reading(self, words: str | None, scale: str | None) -> scales.Reading:
        return scales.read(words or "", enabled_scale(scale or ""))

    @property
    def is_own_reading(self) -> bool:
        """Whether the fields for what no scale gives are wanted, or say that something is wrong."""
        is_asked = self["basis"].value() == Forecast.Basis.IMPLIED or self["kind"].value() != Forecast.Kind.PROBABILITY
        return is_asked or any(name in self.errors for name in ("low", "point", "high", "kind"))

    @property
    def issued_help(self) -> str:
        return f"Blank: when the source was published ({self.source.published_in_words()})."

    # --- each field ----------------------------------------------------------------------------------------------

    def clean_criteria(self) -> list[Criterion]:
        found = read_criteria(self.cleaned_data["criteria"])
        for number, each in enumerate(found, start=1):
            if each.is_too_long:
                self.add_error("criteria", too_long(number))
        return [Criterion(label=each.label, text=each.text, weight=each.weight) for each in found]

    def clean_opens(self) -> Moment | None:
        return self._moment("opens")

    def clean_closes(self) -> Moment | None:
        return self._moment("closes")

    def clean_issued(self) -> Moment | None:
        """As typed; where nothing was, when the source was published."""
        if self.cleaned_data["issued"]:
            return self._moment("issued")
        at, precision = self.source.published_at, self.source.published_precision
        if at is None:
            raise ValidationError("The date of the source is not known. Enter when the forecast was issued.")
        return Moment(at, precision, self.source.published_until)  # type: ignore[arg-type]

    def _moment(self, name: str) -> Moment | None:
        try:
            return read_typed(self.cleaned_data[name], ZoneInfo(self.source.case.zone), timezone.get_current_timezone())
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault

    def clean_low(self) -> float | None:
        return self._number("low")

    def clean_point(self) -> float | None:
        return self._number("point")

    def clean_high(self) -> float | None:
        return self._number("high")

    def _number(self, name: str) -> float | None:
        if not self.cleaned_data[name]:
            return None
        try:
            reading = scales.read(self.cleaned_data[name])
        except scales.UnreadableProbability as fault:
            raise ValidationError(str(fault)) from fault
        if reading.is_coded or reading.low is not None:
            raise ValidationError(NUMBER)
        return float(reading.point)

    def clean(self) -> dict[str, Any]:
        if name := self.cleaned_data.get("forecaster"):
            self.cleaned_data["forecaster"] = self._forecaster(name)
        self._require_readable_words()
        return self.cleaned_data

    def _require_readable_words(self) -> None:
        """What the operation would refuse after all else is right is told at once."""
        entered = self.cleaned_data
        is_read = entered.get("kind") == Forecast.Kind.PROBABILITY and entered.get("basis") != Forecast.Basis.IMPLIED
        if not is_read or entered.get("point") is not None or "point" in self.errors:
            return
        try:
            self._reading(entered.get("words"), entered.get("scale"))
        except scales.UnreadableProbability as fault:
            self.add_error("words", str(fault))

    def _forecaster(self, name: str) -> Forecaster | None:
        """Who bears the name; a new one only where that was meant, so that a slip of the pen makes nobody."""
        found = Forecaster.objects.filter(name__iexact=name).first()
        if found is None and self.cleaned_data.get("is_new"):
            return Forecaster(name=name, kind=self.cleaned_data.get("forecaster_kind", ""))
        if found is None:
            self.add_error(
                "forecaster", f"No forecaster is called “{name}”. Choose one, or tick the box to add the name."
            )
        elif not can(self.user, "log_forecast", found):
            self.add_error("forecaster", f"Forecasts in the name of {found} cannot be logged by you. Choose another.")
        return found

    # --- the rows ------------------------------------------------------------------------------------------------

    def rows(self) -> tuple[Prediction, PredictionRevision, list[Criterion], Quote, Forecast]:
        """Of what was entered and found sound."""
        entered, case = self.cleaned_data, self.source.case
        prediction = Prediction(case=case, theme=entered["theme"], trigger=entered["trigger"])
        revision = PredictionRevision(
            statement=entered["statement"],
            opens_at=entered["opens"].at,
            closes_at=entered["closes"].ends_at,
            zone=case.zone,
        )
        # A browser sends line feeds as forms do; the words themselves stand as the text has them.
        exact, prefix, suffix = (entered[name].replace("\r\n", "\n") for name in ("exact", "before", "after"))
        quote = Quote(
            source=self.source, exact=exact, prefix=prefix[-LONGEST_CONTEXT:], suffix=suffix[:LONGEST_CONTEXT]
        )
        return prediction, revision, entered["criteria"], quote, self._forecast()

    def _forecast(self) -> Forecast:
        entered = self.cleaned_data
        told = {name: entered[name] for name in ("kind", "words", "scale", "basis", "low", "high", "confidence")}
        issued: Moment = entered["issued"]
        forecast = Forecast(
            forecaster=entered["forecaster"],
            probability=entered["point"],
            issued_at=issued.at,
            issued_precision=issued.precision,
            issued_until=issued.until,
            **told,
        )
        forecast.rationale = entered["rationale"]
        return forecast

    def show(self, refusal: ValidationError) -> None:
        """Each message of the operation at its field, or above the form where there is no such field."""
        by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {None: refusal.error_list}
        for name, faults in by_field.items():
            field = FIELDS.get(name or "", name)
            self.add_error(field if field in self.fields else None, ValidationError(faults))
