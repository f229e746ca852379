"""The form in which a resolver judges a prediction: criteria and evidence in an order of their own."""

from typing import Any, ClassVar

from django import forms

from predictions.admin.base import Textarea
from predictions.admin.forms_resolutions import NO, OUTCOMES, SHARE, YES, JudgingForm, told_of
from predictions.admin.row_forms import Radios
from predictions.models import Assessment, Assignment, Confidence, Evidence, Prediction, PredictionRevision
from predictions.models.forecast import as_percent

OPEN = "open"
TOGETHER = [(YES, "Yes"), (NO, "No"), (SHARE, "A share of the criteria met"), (OPEN, "Cannot tell")]


class AssessmentForm(JudgingForm):
    """`assignment`, whose order it keeps, is set by the page that shows it."""

    assignment: ClassVar[Assignment]

    outcome = forms.ChoiceField(widget=Radios, choices=TOGETHER, label="All criteria together")
    confidence = forms.ChoiceField(
        widget=Radios,
        choices=Confidence.choices,
        label="Confidence",
        help_text="How well founded your judgement is.",
    )
    rationale = forms.CharField(widget=Textarea({"rows": 4}), help_text="Why you judge it so.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_judged(self.prediction):
            del self.fields["outcome"], self.fields["share"]
        items = self.assignment.in_own_order(evidence_of(self.prediction))
        self.fields["relied_on"].choices = [(item.pk, told_of(item)) for item in items]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.require_all_verdicts()
        return cleaned


def evidence_of(prediction: Prediction) -> list[Evidence]:
    """What speaks for and against a prediction and stands."""
    return list(Evidence.objects.filter(prediction=prediction).standing().for_show())


def is_judged(prediction: Prediction) -> bool:
    """Whether each resolver gives the outcome, for want of a rule that makes it of the verdicts."""
    return prediction.current_revision.outcome_rule == PredictionRevision.Rule.JUDGED


def as_chosen(assessment: Assessment) -> dict[str, str]:
    """The choice, and the share, that the outcome of this assessment would have been entered by."""
    if assessment.outcome is None:
        return {"outcome": OPEN}
    if assessment.outcome in OUTCOMES.values():
        return {"outcome": YES if assessment.outcome else NO}
    return {"outcome": SHARE, "share": as_percent(assessment.outcome)}
