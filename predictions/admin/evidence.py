"""Evidence for, against and around predictions, each item graded."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from predictions.admin.base import VisibleFilter, display, page_of
from predictions.admin.forms_evidence import EvidenceForm
from predictions.admin.prediction_page import STANCE_TONES
from predictions.admin.prediction_parts import PredictionPartAdmin
from predictions.models import Evidence
from predictions.models.times import in_words
from predictions.operations.evidence import link_evidence
from predictions.queries.histories import display_name


@admin.register(Evidence)
class EvidenceAdmin(PredictionPartAdmin):
    add_verb = "link_evidence"
    add_title, save_label, tab = "Add evidence", "Add evidence", "evidence"
    form = EvidenceForm
    ordering = ("-pk",)
    list_display = ("note_in_short", "stance_shown", "grade_shown", "prediction", "source_shown", "stands")
    list_filter = ("stance", "credibility", "reliability", ("prediction__case", VisibleFilter))
    search_fields = ("note", "prediction__revision__statement", "source__title", "source__publisher", "quote__exact")
    search_help_text = "Searches notes, quotes, statements and sources."
    add_fieldsets = (
        (None, {"fields": ("stance", "criterion", "note", "source", "quote")}),
        ("How far it can be trusted", {"fields": ("reliability", "credibility")}),
    )
    fieldsets = (
        (None, {"fields": ("prediction_link", "stance_shown", "criterion", "note", "source_link", "quote_shown")}),
        ("How far it can be trusted", {"fields": ("grade_shown", "grade_in_words")}),
        ("Behind it", {"fields": ("recorded", "stands", "entry")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        told = super().get_fieldsets(request, obj)
        has_figures = obj is not None and getattr(obj, "comparison", None) is not None
        return (*told, ("The comparison behind it", {"fields": ("comparison_shown",)})) if has_figures else told

    def add_row(self, row: Evidence, form: ModelForm, *, by: Any, at: datetime) -> None:
        link_evidence(row, by=by, at=at)

    def as_entered(self, row: Evidence) -> dict[str, Any]:
        kept = ("stance", "criterion_id", "note", "source_id", "quote_id", "reliability", "credibility")
        return {**{name.removesuffix("_id"): getattr(row, name) for name in kept}, "supersedes": row.pk}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.for_show().select_related("superseded_by", "recorded_by", "supersedes")

    @display(description="what it says")
    def note_in_short(self, row: Evidence) -> str:
        return row.note if len(row.note) <= 90 else f"{row.note[:88].rstrip()}…"

    @display(description="speaks", ordering="stance", label=STANCE_TONES)
    def stance_shown(self, row: Evidence) -> str:
        return str(row.get_stance_display())

    @display(description="grade", label=True)
    def grade_shown(self, row: Evidence) -> str:
        return row.grade

    @display(description="grade in words")
    def grade_in_words(self, row: Evidence) -> str:
        return f"source {row.get_reliability_display()}; item {row.get_credibility_display()}"

    @display(description="source", ordering="source__title")
    def source_shown(self, row: Evidence) -> str:
        return str(row.source)

    @display(description="source")
    def source_link(self, row: Evidence) -> SafeString:
        return format_html('<a class="text-link" href="{}">{}</a>', page_of(row.source), row.source)

    @display(description="quote")
    def quote_shown(self, row: Evidence) -> str:
        return f"“{row.quote.exact}”" if row.quote else "none"

    @display(description="figures")
    def comparison_shown(self, row: Evidence) -> str:
        return render_to_string("admin/predictions/comparison.html", {"comparison": row.comparison})

    @display(description="recorded")
    def recorded(self, row: Evidence) -> str:
        return f"{in_words(row.recorded_at)} by {display_name(row.recorded_by)}"
