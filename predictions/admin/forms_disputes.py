"""The forms in which a decision is disputed, and a dispute answered."""

from typing import Any

from django import forms

from predictions.admin.base import Textarea
from predictions.admin.forms_resolutions import ResolutionForm, labels, told_of
from predictions.admin.row_forms import Radios
from predictions.models import Criterion, Evidence, Prediction, Resolution
from predictions.models.dispute import LONGEST

UPHELD, STANDS = "upheld", "stands"
ANSWERS = [(STANDS, "Not upheld: the decision stands"), (UPHELD, "Upheld: the decision is replaced as below")]


STYLED: dict[str, tuple[str, ...]] = {"all": ("predictions/predictions.css",)}


class EvidenceChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return told_of(obj)


class DisputeForm(forms.Form):
    class Media:
        css = STYLED

    criterion = forms.ModelChoiceField(
        queryset=Criterion.objects.none(),
        widget=Radios,
        empty_label=None,
        label="Which criterion was judged wrongly",
    )
    evidence = EvidenceChoice(
        queryset=Evidence.objects.none(),
        widget=Radios,
        empty_label=None,
        label="Evidence you bring",
        help_text="Evidence that is not on the list is added to the prediction first.",
    )
    text = forms.CharField(max_length=LONGEST, widget=Textarea({"rows": 4}), label="What is wrong with the decision")

    def __init__(self, prediction: Prediction, *args: Any) -> None:
        super().__init__(*args)
        decided = prediction.resolution.revision_id if prediction.resolution else None
        self.fields["criterion"].queryset = Criterion.objects.filter(revision=decided)  # type: ignore[attr-defined]
        self.fields["evidence"].queryset = Evidence.objects.filter(prediction=prediction).standing()  # type: ignore[attr-defined]


class AnswerForm(ResolutionForm):
    """Who upholds a dispute decides anew, as on the page of a resolution; who does not says only why."""

    supersedes = seen = None  # type: ignore[assignment]
    answer = forms.ChoiceField(choices=ANSWERS, widget=Radios)
    text = forms.CharField(max_length=LONGEST, widget=Textarea({"rows": 4}), label="Why")

    class Meta:
        model = Resolution
        fields = ()

    class Media:
        css = STYLED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verdicts = [f"verdict_{label}" for label in labels(self.prediction)]
        self.order_fields(["answer", "text", *verdicts, "outcome", "share", "known", "rationale", "relied_on"])
        self.fields["outcome"].required = self.fields["known"].required = self.is_upheld

    @property
    def is_upheld(self) -> bool:
        return self.data.get("answer") == UPHELD

    def clean(self) -> dict[str, Any]:
        return super().clean() if self.is_upheld else self.cleaned_data
