"""The form in which a scale of the house is added, or its next version."""

from typing import Any

from django import forms

from predictions.admin.base import Textarea
from predictions.admin.row_forms import RowChoice, RowForm, Text
from predictions.language.house_terms import EXAMPLE
from predictions.models import HouseScale


class HouseScaleForm(RowForm):
    name = Text(max_length=60, help_text="Such as Foreign desk.")
    version = Text(max_length=20, help_text="Such as 1, or 2026. A version never changes; what changes is a new one.")
    terms = forms.CharField(
        widget=Textarea({"rows": 9, "placeholder": EXAMPLE}),
        help_text="One a line: the term and its other spellings, a colon, then low, point and high, in per cent or "
        f"from 0 to 1. Such as {EXAMPLE}",
    )
    source = Text(required=False, max_length=300, help_text="Where it is laid down.")
    note = forms.CharField(
        required=False, max_length=2000, widget=Textarea({"rows": 2}), help_text="What to beware of; shown with it."
    )
    supersedes = RowChoice(
        queryset=HouseScale.objects.standing(),
        required=False,
        label="Replaces",
        empty_label="nothing: a scale of its own",
        help_text="No new words are read on a version that was replaced. What was read on it stays as it is.",
        error_messages={"invalid_choice": "That version was replaced meanwhile. Look at the newest one first."},
    )
    reason = Text(label="Reason for replacing", required=False, max_length=500)

    class Meta:
        model = HouseScale
        fields = ("name", "version", "terms", "source", "note", "supersedes", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: Any = self.initial.get("supersedes")
        earlier = HouseScale.objects.filter(pk=named).first()
        if earlier is not None:
            taken_over = {name: getattr(earlier, name) for name in ("name", "terms", "source", "note")}
            self.initial = {**taken_over, **self.initial}
