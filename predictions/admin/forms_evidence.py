"""The form in which evidence is linked to a prediction."""

from typing import Any

from django import forms
from django.db.models import Q

from predictions.admin.base import Select, Textarea
from predictions.admin.forms_forecasts import QuoteChoice, quotes_of
from predictions.admin.row_forms import Choice, PartForm, Radios, RowChoice
from predictions.models import Credibility, Criterion, Evidence, Reliability, Source


class EvidenceForm(PartForm):
    stance = forms.ChoiceField(label="Speaks", choices=Evidence.Stance.choices, widget=Radios)
    criterion = RowChoice(queryset=None, required=False, empty_label="the prediction as a whole")
    note = forms.CharField(
        label="What it says", help_text="In our own words.", max_length=2000, widget=Textarea({"rows": 3}), strip=True
    )
    source = RowChoice(queryset=None, required=False, empty_label="the source of the quote")
    quote = QuoteChoice(queryset=None, required=False, empty_label="none")
    reliability = Choice(
        label="Reliability of the source",
        required=False,
        choices=[("", "as the source is graded"), *Reliability.choices],
    )

    credibility = forms.TypedChoiceField(
        label="Credibility of the item", coerce=int, widget=Select, choices=[("", "choose one"), *Credibility.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case_id = self.prediction.case_id
        self.offer("criterion", self._criteria())
        self.offer("source", Source.objects.filter(case=case_id))
        self.offer("quote", quotes_of(case_id))

    def _criteria(self) -> Any:
        """Those that stand, and the one that a replaced entry spoke to, which may be of an earlier revision."""
        replaced = self.initial.get("criterion")
        return Criterion.objects.filter(
            Q(revision=self.prediction.revision) | Q(pk=replaced, revision__prediction=self.prediction)
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("source") is None and cleaned.get("quote"):
            cleaned["source"] = cleaned["quote"].source
        if cleaned.get("source") is None and "source" not in self.errors:
            self.add_error("source", "Choose the source in which this was read, or a quote from it.")
        return cleaned
