"""Assessments: each resolver judges alone, in an order of their own, and sees others' only when policy shows them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from predictions.admin.base import VisibleFilter, display, reader
from predictions.admin.forms_assessments import AssessmentForm, as_chosen, evidence_of, is_judged
from predictions.admin.forms_resolutions import criteria_of, told_of, with_verdicts
from predictions.admin.judgement_section import outcome_in_words
from predictions.admin.prediction_page import card, evidence_groups, page_url
from predictions.admin.prediction_parts import PredictionPartAdmin
from predictions.models import Assessment, Assignment, Prediction
from predictions.models.times import in_words
from predictions.operations.assessments import submit_assessment
from predictions.policy import is_time_to

NOT_NOW = "It is not assessed now: its resolvers have submitted, or it is decided."
SHOWN = ("prediction_link", "whose", "verdicts_shown", "outcome_shown", "confidence", "rationale", "relied_on_shown")


@admin.register(Assessment)
class AssessmentAdmin(PredictionPartAdmin):
    """Rows come through `visible_to`, and without a name. The list, its filters and its search tell no verdict."""

    add_verb = "assess"
    add_title, save_label, tab = "Assess", "Submit assessment", "judgement"
    list_display = ("prediction", "whose", "submitted", "stands")
    list_filter = (("prediction__case", VisibleFilter),)
    search_fields = ("prediction__revision__statement", "prediction__theme")
    search_help_text = "Searches statements and themes."
    ordering = ("-pk",)
    sortable_by = ()
    fieldsets = ((None, {"fields": SHOWN}), ("Behind it", {"fields": ("submitted", "stands")}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.for_show().select_related("superseded_by").annotate(is_own=Q(resolver=reader(request)))

    # --- adding ---------------------------------------------------------------------------------------------------

    def open_on(self, request: HttpRequest, prediction: Prediction) -> HttpResponse | None:
        if request.method == "POST":
            return None
        if not is_asked_now(prediction):
            self.message_user(request, NOT_NOW, messages.WARNING)
            return HttpResponseRedirect(page_url(prediction.pk, self.tab))
        own = Assessment.objects.counting().filter(prediction=prediction, resolver=reader(request)).first()
        if own is None or "supersedes" in request.GET:
            return None
        add = reverse("admin:predictions_assessment_add")
        return HttpResponseRedirect(f"{add}?prediction={prediction.pk}&supersedes={own.pk}")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None:
            return super().get_fieldsets(request, obj)
        verdicts = tuple(f"verdict_{each.label}" for each in own_criteria(request))
        outcome = ("outcome", "share") if is_judged(asked_about(request)) else ()
        told = (
            ("The criteria", {"fields": verdicts}),
            ("What they come to", {"fields": (*outcome, "confidence")}),
            ("Why", {"fields": ("rationale", "relied_on")}),
        )
        replacing = super().get_fieldsets(request, obj)[: -len(self.fieldsets)]
        return (*replacing, *told)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change=change, **kwargs)
        kwargs["form"] = with_verdicts(asked_about(request), AssessmentForm, own_criteria(request))
        form = super().get_form(request, obj, change=change, **kwargs)
        form.assignment = own_assignment(request)
        return form

    def add_row(self, row: Assessment, form: Any, *, by: Any, at: datetime) -> None:
        submit_assessment(row, verdicts=form.verdicts(), relied_on=list(form.cleaned_data["relied_on"]), by=by, at=at)

    def replaced(self, request: HttpRequest) -> Any:
        earlier = super().replaced(request)
        return earlier if earlier and earlier.resolver_id == reader(request).pk else None

    def as_entered(self, row: Assessment) -> dict[str, Any]:
        return {
            **{f"verdict_{each.criterion.label}": each.verdict for each in row.verdicts.all()},
            **as_chosen(row),
            "confidence": row.confidence,
            "rationale": row.rationale,
            "relied_on": [relied.evidence_id for relied in row.relied_on.all()],
            "supersedes": row.pk,
        }

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row = kwargs.get("obj")
        answer = super().render_change_form(request, context, *args, **kwargs)
        if row is None:
            answer.context_data |= _in_own_order(request)
        elif not row.is_own or not is_asked_now(row.prediction):
            answer.context_data.pop("replace_url", None)
        return answer

    # --- how an assessment is shown -------------------------------------------------------------------------------

    @display(description="whose")
    def whose(self, row: Any) -> str:
        return "yours" if row.is_own else "a resolver’s"

    @display(description="submitted")
    def submitted(self, row: Assessment) -> str:
        return in_words(row.submitted_at)

    @display(description="verdicts")
    def verdicts_shown(self, row: Assessment) -> SafeString:
        told = ((each.criterion, each.get_verdict_display()) for each in row.verdicts.all())
        return format_html_join("\n", "<div>{} <b>{}</b></div>", told)

    @display(description="all criteria together")
    def outcome_shown(self, row: Assessment) -> str:
        return outcome_in_words(row) or "made of the verdicts by a rule"

    @display(description="evidence relied on")
    def relied_on_shown(self, row: Assessment) -> SafeString | str:
        told = ((told_of(each.evidence),) for each in row.relied_on.all())
        return format_html_join("\n", "<div>{}</div>", told) or "none"


def is_asked_now(prediction: Prediction) -> bool:
    """Whether resolvers may still submit, and replace what they have submitted."""
    return not prediction.panel and is_time_to("assess", prediction, timezone.now())


def asked_about(request: HttpRequest) -> Prediction:
    """The prediction that the add page is open on."""
    prediction: Prediction = request.prediction  # type: ignore[attr-defined]
    return prediction


def own_assignment(request: HttpRequest) -> Assignment:
    """By which the reader is asked to judge it; whoever is not does not come this far."""
    assignment: Assignment = asked_about(request).assignments.standing().get(resolver=reader(request))
    return assignment


def own_criteria(request: HttpRequest) -> list[Any]:
    return own_assignment(request).in_own_order(criteria_of(asked_about(request)))


def _in_own_order(request: HttpRequest) -> dict[str, Any]:
    """What stands beside the form. The groups of evidence come as the reader's own order first meets them."""
    prediction, assignment = asked_about(request), own_assignment(request)
    items = assignment.in_own_order(evidence_of(prediction))
    met = [item.stance for item in items]
    groups = sorted(evidence_groups(items), key=lambda group: met.index(group.stance) if group.items else len(met))
    shown = card(prediction, now=timezone.now())
    return {"card": replace(shown, criteria=own_criteria(request)), "evidence": groups}
