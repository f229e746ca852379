"""The forms by which another coder is asked, codes, declines, or is asked no longer."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import User
from predictions.admin.accounts import PersonField, people_where
from predictions.admin.base import Select, TextInput
from predictions.admin.row_forms import Choice, Radios, Text
from predictions.language import scales
from predictions.models import Coding, CodingRequest, Confidence, Forecast
from predictions.models.scale import enabled_scales
from predictions.operations.codings import eligible_coders

NUMBER = "Write a number such as 55% or 0.55."
YES, NO = "yes", "no"
OWN_HELP = "Asked because one’s own expectation colours how one reads the words of others."
WORDS_HELP = "A word of the scale that the author uses or means, such as likely."
POINT_HELP = "Your own reading, where no word of a scale fits: then give low, point and high."


class AskForm(forms.Form):
    coder = PersonField(User.objects.none(), widget=Select)

    def __init__(self, forecast: Forecast, by: User, *args: Any) -> None:
        super().__init__(*args)
        able = [user.pk for user in eligible_coders(forecast, by)]
        self.fields["coder"].queryset = people_where(Q(pk__in=able))  # type: ignore[attr-defined]


class EndForm(forms.Form):
    reason = forms.CharField(max_length=500, widget=TextInput, help_text="It stays in the ledger.")


class CodingForm(forms.Form):
    """A word on a scale, or one's own low, point and high; the operation says what is wrong with either."""

    NAMES: ClassVar = {"probability": "point", "basis": "words"}

    class Media:
        css: ClassVar = {"all": ("predictions/predictions.css",)}

    words = Text(label="Word of the scale", max_length=300, required=False, help_text=WORDS_HELP)
    scale = Choice(label="Scale of words", required=False)
    low = Text(max_length=40, required=False)
    point = Text(label="Taken as", max_length=40, required=False, help_text=POINT_HELP)
    high = Text(max_length=40, required=False)
    confidence = Choice(
        label="How sure you are of the reading", required=False, choices=[("", "not given"), *Confidence.choices]
    )
    had_own_forecast = forms.ChoiceField(
        label="Did you have a forecast of your own on this before?",
        choices=[(NO, "no"), (YES, "yes")],
        widget=Radios,
        help_text=OWN_HELP,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["scale"].choices = [(key, scale.name) for key, scale in enabled_scales().items()]  # type: ignore[attr-defined]
        self.fields["scale"].initial = scales.DEFAULT_SCALE

    def clean_low(self) -> float | None:
        return self._number("low")

    def clean_point(self) -> float | None:
        return self._number("point")

    def clean_high(self) -> float | None:
        return self._number("high")

    def _number(self, name: str) -> float | None:
        if not (text := self.cleaned_data.get(name)):
            return None
        try:
            reading = scales.read(text)
        except scales.UnreadableProbability as fault:
            raise ValidationError(str(fault)) from fault
        if reading.is_coded:
            raise ValidationError(NUMBER)
        return float(reading.point)

    def add_error(self, field: str | None, error: Any) -> None:
        """What an operation says of a forecast's fields comes back at those of a coding."""
        super().add_error(self.NAMES.get(field or "", field), error)


def coding_of(request: CodingRequest, entered: dict[str, Any]) -> Coding:
    """The row that was entered in answer to `request`."""
    return Coding(**{**entered, "request": request, "had_own_forecast": entered["had_own_forecast"] == YES})
