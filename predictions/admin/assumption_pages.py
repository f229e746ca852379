"""The forms in which assumptions and indicators are noted on a prediction, and amended."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path

from predictions.admin.addresses import is_key
from predictions.admin.base import RowAdmin, Textarea, TextInput, reader, sent
from predictions.admin.forms_disputes import STYLED
from predictions.admin.prediction_page import page_url
from predictions.admin.row_forms import Radios, RowForm
from predictions.models import Assumption, Indicator
from predictions.models.assumption import LONGEST, REVIEW_HELP
from predictions.operations.assumptions import amend_assumption, amend_indicator, note_assumption, note_indicator
from predictions.policy import can

TAB = "assumptions"


class DayInput(TextInput):
    input_type = "date"


class Day(forms.DateField):
    widget = DayInput


class Prose(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST, "widget": Textarea({"rows": 3}), **kwargs})


class AssumptionForm(RowForm):
    class Media:
        css = STYLED

    statement = Prose(label="Assumption", help_text="What must hold for the prediction to come true.")
    status = forms.ChoiceField(label="How well supported", choices=Assumption.Status.choices, widget=Radios)
    would_change_if = Prose(label="It would change if", required=False)
    review_on = Day(label="To review on", required=False, help_text=REVIEW_HELP)

    class Meta:
        model = Assumption
        fields = ("statement", "status", "would_change_if", "review_on")


class IndicatorForm(RowForm):
    statement = Prose(label="Indicator", help_text="What would be seen early if it were to come true, or not.")
    observed_on = Day(label="Seen on", required=False, help_text="Blank: not seen so far.")
    observation = Prose(label="What was seen", required=False)
    review_on = Day(label="To review on", required=False, help_text=REVIEW_HELP)

    class Meta:
        model = Indicator
        fields = ("statement", "observed_on", "observation", "review_on")


class AssumptionPages(RowAdmin):
    """Adds to the pages of a prediction the forms of its assumptions and indicators.

    `?assumption=` or `?indicator=` names the one to amend; without it a new one is noted.
    """

    def get_urls(self) -> list[URLPattern]:
        views = {"assumption": self.assumption_view, "indicator": self.indicator_view}
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=f"predictions_prediction_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def assumption_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._premise(request, object_id, AssumptionForm, note_assumption, amend_assumption)

    def indicator_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._premise(request, object_id, IndicatorForm, note_indicator, amend_indicator)

    def _premise(self, request: HttpRequest, object_id: str, form_class: Any, note: Any, amend: Any) -> HttpResponse:
        model = form_class._meta.model
        name = model._meta.verbose_name
        prediction = self.row_for("read", request, object_id)
        if not can(request.user, f"note_{name}", prediction):
            raise PermissionDenied
        row = _named(model, request, prediction)
        form = form_class(*sent(request), instance=row or model(prediction=prediction))

        def do(_: dict[str, Any], at: datetime) -> str:
            (amend if row else note)(form.instance, by=reader(request), at=at)
            return f"The {name} was {'amended' if row else 'noted'}."

        title = f"Amend an {name}" if row else f"Note an {name}"
        shown = {"title": title, "submit_label": "Save", "intro": str(prediction)}
        return self.deed_page(request, prediction, form, do, back=page_url(prediction.pk, TAB), **shown)


def _named(model: Any, request: HttpRequest, prediction: Any) -> Any:
    """The row that the address names, as far as the reader sees it; None where a new one is noted."""
    key = request.GET.get(model._meta.verbose_name)
    if key is None:
        return None
    if not is_key(key):
        raise Http404("There is nothing of that kind.")
    return get_object_or_404(model.objects.visible_to(request.user), prediction=prediction, pk=key)
