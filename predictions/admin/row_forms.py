"""Forms that fill a row and leave it to the row's operation to say whether it is sound."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance

from accounts.models import User
from predictions.admin.addresses import is_key
from predictions.admin.base import CheckboxSelectMultiple, RadioSelect, Select, TextInput
from predictions.admin.moments import moment_of
from predictions.exchange.moments import Moment
from predictions.models import Prediction

# The admin's own templates cut long labels off.
CHOICES = ("admin/predictions/choices.html", "admin/predictions/choice.html")


class Text(forms.CharField):
    widget = TextInput


class Choice(forms.ChoiceField):
    widget = Select


class RowChoice(forms.ModelChoiceField):
    widget = Select


class Radios(RadioSelect):
    template_name, option_template_name = CHOICES


class Checkboxes(CheckboxSelectMultiple):
    template_name, option_template_name = CHOICES


class RowForm(forms.ModelForm):
    """Text is read here; every rule of the row is the operation's, whose refusals come back to the fields."""

    def _post_clean(self) -> None:
        # Not the model's own checks: the operation makes them under its lock, and once is enough.
        self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)

    def moment(self, name: str, zone: str) -> Moment | None:
        """The time typed into the field `name`; None where there is none, or where the field now says what is wrong."""
        text = self.cleaned_data.get(name)
        if not text:
            return None
        try:
            return moment_of(text, zone)
        except ValidationError as fault:
            self.add_error(name, fault)
            return None


class PartForm(RowForm):
    """A form for what is added to a prediction. `prediction` and `user` are set by the page that shows it."""

    prediction: ClassVar[Prediction]
    user: ClassVar[User]

    supersedes = RowChoice(
        queryset=None,
        required=False,
        label="Replaces",
        empty_label="nothing",
        error_messages={"invalid_choice": "That entry was replaced meanwhile. Look at the newest one first."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.prediction = self.prediction
        named = str(self.data.get("supersedes") or self.initial.get("supersedes"))
        seen: Any = self._meta.model._default_manager.filter(prediction=self.prediction).visible_to(self.user)
        standing = seen.standing().for_show()
        self.offer("supersedes", standing.filter(pk=named) if is_key(named) else standing.none())

    def offer(self, name: str, rows: Any) -> None:
        """Let the field `name` choose among `rows`, if this form has it."""
        if name in self.fields:
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
