"""The forms in which a prediction is judged: a verdict per criterion, the outcome, since when it could be known."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms

from predictions.admin.base import Textarea
from predictions.admin.moments import MomentField, as_typed, take_moment
from predictions.admin.row_forms import Checkboxes, PartForm, Radios, Text
from predictions.language import scales
from predictions.models import (
    Criterion,
    Evidence,
    Precision,
    Prediction,
    PredictionRevision,
    Resolution,
    Verdict,
    version_of,
)
from predictions.models.forecast import as_percent

YES, NO, SHARE, BY_RULE = "yes", "no", "share", "by_rule"
OUTCOMES = {YES: 1.0, NO: 0.0}
GROUNDS = [(ground.value, f"Annulled: {ground.label}") for ground in Resolution.Ground]
JUDGED = PredictionRevision.Rule.JUDGED


class EvidenceChoices(forms.ModelMultipleChoiceField):
    widget = Checkboxes

    def label_from_instance(self, obj: Any) -> str:
        return told_of(obj)


class JudgingForm(PartForm):
    """What every judging holds: a verdict on each criterion, what they come to, why, and on what evidence."""

    outcome = forms.ChoiceField(widget=Radios, choices=())
    share = Text(
        required=False, max_length=40, label="Which share", help_text="Only for a share: such as 0.5, 50% or 2 in 3."
    )
    rationale = forms.CharField(required=False, widget=Textarea({"rows": 4}))
    relied_on = EvidenceChoices(queryset=None, required=False, label="Evidence relied on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("relied_on", Evidence.objects.filter(prediction=self.prediction).standing())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("outcome", "")
        cleaned["outcome"] = self._share() if chosen == SHARE else OUTCOMES.get(chosen)
        self.instance.rationale = cleaned.get("rationale", "")
        return cleaned

    def verdicts(self) -> dict[str, str]:
        """What was judged, by the criterion's letter."""
        judged = {label: self.cleaned_data.get(f"verdict_{label}", "") for label in labels(self.prediction)}
        return {label: verdict for label, verdict in judged.items() if verdict}

    def require_all_verdicts(self) -> None:
        for label in labels(self.prediction):
            if not self.cleaned_data.get(name := f"verdict_{label}") and name not in self.errors:
                self.add_error(name, f"Judge criterion ({label}): {', '.join(v.label for v in Verdict)}.")

    def _share(self) -> float | None:
        try:
            reading = scales.read(self.cleaned_data.get("share", ""))
        except scales.UnreadableProbability:
            reading = None
        if reading is None or reading.is_coded or reading.low is not None:
            self.add_error("share", "Enter the share of the criteria that were met, such as 0.5, 50% or 2 in 3.")
            return None
        return float(reading.point)


class Seen(forms.IntegerField):
    """As of when the prediction was looked at: a decision is refused where it has changed since."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)


class ResolutionForm(JudgingForm):
    seen = Seen()
    known = MomentField(label="Outcome could be known from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = outcomes(self.prediction)  # type: ignore[attr-defined]
        self.initial["seen"] = version_of(self.prediction)
        self.initial.setdefault("known", occurrence_as_typed(self.prediction))

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data.get("outcome", "")
        cleaned = super().clean()
        is_annulled = chosen in set(Resolution.Ground)
        self.instance.annulled = chosen if is_annulled else ""
        if not is_annulled:
            self.require_all_verdicts()
        take_moment(self.instance, "known", self.moment("known", zone_of(self.prediction)))
        return cleaned


Form = TypeVar("Form", bound=JudgingForm)


def told_of(item: Evidence) -> str:
    """Evidence in one line, its note in full."""
    return f"{item.grade} {item.get_stance_display()}: {item.note}"


def outcomes(prediction: Prediction) -> list[tuple[str, str]]:
    rule = prediction.revision.outcome_rule if prediction.revision else JUDGED
    by_rule = [] if rule == JUDGED else [(BY_RULE, "As its rule makes it of the verdicts")]
    return [*by_rule, (YES, "Yes"), (NO, "No"), (SHARE, "A share of the criteria met"), *GROUNDS]


def chosen_for(resolution: Resolution) -> dict[str, str]:
    """The choice, and the share, that this resolution would have been entered by."""
    if resolution.outcome is None:
        return {"outcome": resolution.annulled}
    if resolution.outcome in OUTCOMES.values():
        return {"outcome": YES if resolution.outcome else NO}
    return {"outcome": SHARE, "share": as_percent(resolution.outcome)}


def with_verdicts(prediction: Prediction, form: type[Form], criteria: Iterable[Criterion] = ()) -> type[Form]:
    """`form` with one field per criterion of the prediction, in the order of `criteria` where that is given."""
    fields = {
        f"verdict_{criterion.label}": forms.ChoiceField(
            label=str(criterion), choices=Verdict.choices, widget=Radios, required=False
        )
        for criterion in criteria or criteria_of(prediction)
    }
    return type(form.__name__, (form,), fields)


def labels(prediction: Prediction) -> list[str]:
    return [criterion.label for criterion in criteria_of(prediction)]


def criteria_of(prediction: Prediction) -> list[Criterion]:
    revision: Any = prediction.revision
    return list(revision.criteria.all())


def zone_of(prediction: Prediction) -> str:
    return prediction.revision.zone if prediction.revision else "UTC"


def occurrence_as_typed(prediction: Prediction) -> str:
    """When the trigger occurred; empty where its day would be read as another zone's."""
    trigger = prediction.trigger
    if trigger is None or trigger.occurrence is None:
        return ""
    is_same = trigger.zone == zone_of(prediction) or trigger.occurrence.occurred_precision == Precision.INSTANT
    return as_typed(trigger.occurrence, "occurred", trigger.zone) if is_same else ""
