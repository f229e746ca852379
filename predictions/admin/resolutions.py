"""Resolutions: decided beside the prediction, its criteria and its evidence; a second one replaces the first."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from predictions.admin.base import VisibleFilter, display, reader
from predictions.admin.forms_resolutions import ResolutionForm, chosen_for, labels, told_of, with_verdicts, zone_of
from predictions.admin.judgement_section import matrix, verdict_columns
from predictions.admin.moments import as_typed
from predictions.admin.prediction_page import evidence_groups, page_url
from predictions.admin.prediction_parts import REPLACING, PredictionPartAdmin
from predictions.models import Evidence, Prediction, PredictionRevision, Resolution, Verdict
from predictions.models.times import in_words
from predictions.operations.resolutions import adjudicate, resolve
from predictions.policy import can, demand, demand_time_to
from predictions.queries.histories import display_name

TONES = {"yes": "success", "no": "info"} | {f"annulled: {ground.label}": "danger" for ground in Resolution.Ground}
RESOLVED = "This prediction is already resolved. An adjudicator can replace that resolution, with a reason."
ADJUDICATING = {"title": "Adjudicate", "save_label": "Adjudicate"}
CONTRADICTED = "{}, yet the outcome is {}. Say why in the rationale, or replace the resolution."
ALL_ALIKE: dict[tuple[str, float | None], tuple[str, str]] = {
    (Verdict.MET, 0.0): ("All criteria are met", "no"),
    (Verdict.NOT_MET, 1.0): ("No criterion is met", "yes"),
}


def verb_on(prediction: Prediction) -> str:
    """What it is to decide `prediction`: alone, after its resolvers, or anew."""
    if prediction.resolution is not None:
        return "replace_resolution"
    return "adjudicate" if prediction.case.resolvers_asked else "resolve"


def not_now(verb: str, prediction: Prediction) -> str:
    """Why it is not time for `verb`; empty where it is."""
    try:
        demand_time_to(verb, prediction, timezone.now())
    except ValidationError as fault:
        return " ".join(fault.messages)
    return ""


def contradiction(row: Resolution) -> str:
    """What to ask where the outcome was judged against verdicts that all say the other; else empty."""
    verdicts = set(row.verdicts.values_list("verdict", flat=True))
    if row.revision.outcome_rule != PredictionRevision.Rule.JUDGED or len(verdicts) != 1:
        return ""
    told = ALL_ALIKE.get((verdicts.pop(), row.outcome))
    return CONTRADICTED.format(*told) if told else ""


class OutcomeFilter(admin.SimpleListFilter):
    title, parameter_name = "outcome", "outcome"
    WHERE: ClassVar[dict[str, dict[str, Any]]] = {
        "yes": {"outcome": 1.0},
        "no": {"outcome": 0.0},
        "share": {"outcome__gt": 0.0, "outcome__lt": 1.0},
        "annulled": {"outcome__isnull": True},
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, "a share" if key == "share" else key) for key in self.WHERE]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Resolution]) -> QuerySet[Resolution]:
        return queryset.filter(**self.WHERE.get(self.value() or "", {}))


@admin.register(Resolution)
class ResolutionAdmin(PredictionPartAdmin):
    add_verb, replace_verb = "resolve", "replace_resolution"
    add_title, save_label, tab = "Resolve", "Resolve", "resolution"
    list_display = ("prediction", "outcome_shown", "known", "resolved", "stands")
    list_filter = (OutcomeFilter, ("prediction__case", VisibleFilter))
    search_fields = ("prediction__revision__statement", "prediction__theme")
    search_help_text = "Searches statements and themes."
    fieldsets = (
        (None, {"fields": ("prediction_link", "outcome_shown", "basis_shown", "known", "verdicts_shown", "rationale")}),
        ("Behind it", {"fields": ("relied_on_shown", "resolved", "stands", "entry", "receipt")}),
    )

    def open_on(self, request: HttpRequest, prediction: Prediction) -> HttpResponse | None:
        if request.method == "POST":
            return None
        verb, tab = verb_on(prediction), "judgement"
        why = not_now(verb, prediction)
        if verb == self.replace_verb and not can(request.user, verb, prediction):
            why, tab = RESOLVED, self.tab
        if why:
            self.message_user(request, why, messages.WARNING)
            return HttpResponseRedirect(page_url(prediction.pk, tab))
        demand(request.user, verb, prediction)
        return None

    def beside(self, prediction: Prediction) -> dict[str, Any]:
        standing = Evidence.objects.filter(prediction=prediction).standing().for_show()
        words = ADJUDICATING if verb_on(prediction) == "adjudicate" else {}
        return {**super().beside(prediction), "evidence": evidence_groups(list(standing)), **words}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("obj") is None:
            judges = verdict_columns(request.prediction, reader(request))  # type: ignore[attr-defined]
            context |= {"judges": judges, "matrix": matrix(judges)}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None:
            return super().get_fieldsets(request, obj)
        prediction = request.prediction  # type: ignore[attr-defined]
        verdicts = tuple(f"verdict_{label}" for label in labels(prediction))
        told = (
            ("The criteria", {"fields": verdicts}),
            ("The outcome", {"fields": ("outcome", "share", "known", "seen")}),
            ("Why", {"fields": ("rationale", "relied_on")}),
        )
        if prediction.resolution is None or not can(request.user, self.replace_verb, prediction):
            return told
        return (REPLACING, *told)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = with_verdicts(request.prediction, ResolutionForm)  # type: ignore[attr-defined]
        return super().get_form(request, obj, change=change, **kwargs)

    def add_row(self, row: Resolution, form: Any, *, by: Any, at: datetime) -> None:
        decide = adjudicate if verb_on(row.prediction) == "adjudicate" else resolve
        entered = form.cleaned_data
        told = {"verdicts": form.verdicts(), "relied_on": list(entered["relied_on"]), "seen": entered["seen"]}
        decide(row, **told, by=by, at=at)

    def response_post_save_add(self, request: HttpRequest, obj: Resolution) -> HttpResponseRedirect:
        if question := contradiction(obj):
            self.message_user(request, question, messages.WARNING)
        return super().response_post_save_add(request, obj)

    def replaced(self, request: HttpRequest) -> Any:
        return request.prediction.resolution  # type: ignore[attr-defined]

    def as_entered(self, row: Resolution) -> dict[str, Any]:
        judged = row.verdicts.select_related("criterion")
        return {
            **{f"verdict_{each.criterion.label}": each.verdict for each in judged},
            **chosen_for(row),
            "known": as_typed(row, "known", zone_of(row.prediction)),
            "rationale": row.rationale,
            "relied_on": [relied.evidence_id for relied in row.relied_on.all()],
            "supersedes": row.pk,
        }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.for_show()

    # --- how a resolution is shown --------------------------------------------------------------------------------

    @display(description="outcome", ordering="outcome", label=TONES)
    def outcome_shown(self, row: Resolution) -> str:
        return row.in_words()

    @display(description="rests on")
    def basis_shown(self, row: Resolution) -> str:
        return row.basis_in_words()

    @display(description="known since", ordering="known_us")
    def known(self, row: Resolution) -> str:
        return row.known_in_words()

    @display(description="resolved", ordering="resolved_at")
    def resolved(self, row: Resolution) -> str:
        return f"{in_words(row.resolved_at)} by {display_name(row.resolved_by)}"

    @display(description="verdicts")
    def verdicts_shown(self, row: Resolution) -> SafeString | str:
        told = ((each.criterion, each.get_verdict_display()) for each in row.verdicts.select_related("criterion"))
        return format_html_join("\n", "<div>{} <b>{}</b></div>", told) or "none"

    @display(description="evidence relied on")
    def relied_on_shown(self, row: Resolution) -> SafeString | str:
        told = ((told_of(each.evidence),) for each in row.relied_on.select_related("evidence"))
        return format_html_join("\n", "<div>{}</div>", told) or "none"
