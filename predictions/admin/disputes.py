"""Disputes: listed and read here, raised on the prediction's page, answered by somebody who did not decide."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from predictions.admin.base import RowAdmin, VisibleFilter, display, page_of, reader, sent
from predictions.admin.forms_disputes import AnswerForm
from predictions.admin.forms_resolutions import told_of, with_verdicts
from predictions.admin.prediction_page import page_url
from predictions.models import Dispute, DisputeAnswer
from predictions.models.times import in_words
from predictions.operations.disputes import answer_dispute
from predictions.queries.histories import display_name

ANSWERED = "This dispute was answered already."
STATES = {"waiting": "warning", "upheld": "danger", "not upheld": "info"}


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"
    WHERE: ClassVar[dict[str, dict[str, bool]]] = {
        "waiting": {"answer__isnull": True},
        "upheld": {"answer__is_upheld": True},
        "not upheld": {"answer__is_upheld": False},
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, state) for state in self.WHERE]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Dispute]) -> QuerySet[Dispute]:
        return queryset.filter(**self.WHERE.get(self.value() or "", {}))


@admin.register(Dispute)
class DisputeAdmin(RowAdmin):
    list_display = ("prediction", "criterion", "raised", "state")
    list_filter = (StateFilter, ("prediction__case", VisibleFilter))
    search_fields = ("text", "prediction__revision__statement", "prediction__theme")
    search_help_text = "Searches disputes, statements and themes."
    fieldsets = (
        (None, {"fields": ("prediction_link", "criterion", "text", "evidence_shown", "raised")}),
        ("The answer", {"fields": ("state", "answer_shown", "answered")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.for_show()

    # --- answering ------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        answer = self.admin_site.admin_view(self.answer_view)
        return [path("<path:object_id>/answer/", answer, name="predictions_dispute_answer"), *super().get_urls()]

    def answer_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        dispute = self.row_for("answer_dispute", request, object_id)
        back = page_url(dispute.prediction_id, "judgement")
        if dispute.is_answered and request.method != "POST":
            self.message_user(request, ANSWERED, messages.WARNING)
            return HttpResponseRedirect(back)
        form_class = with_verdicts(dispute.prediction, AnswerForm)
        form_class.prediction, form_class.user = dispute.prediction, reader(request)
        form = form_class(*sent(request))

        def answer(entered: dict[str, Any], at: datetime) -> str:
            row = DisputeAnswer(dispute=dispute, is_upheld=form.is_upheld, text=entered["text"])
            decided = _anew(form) if form.is_upheld else {}
            answer_dispute(row, **decided, by=reader(request), at=at)
            return "Answered: upheld, and decided anew." if form.is_upheld else "Answered: the decision stands."

        shown = {"title": "Answer a dispute", "submit_label": "Answer", "back": back, "subject": dispute.prediction}
        above = render_to_string("admin/dispute_said.html", {"dispute": dispute})
        return self.deed_page(request, dispute, form, answer, above=above, **shown)

    # --- how a dispute is shown -----------------------------------------------------------------------------------

    @display(description="prediction")
    def prediction_link(self, row: Dispute) -> SafeString:
        url = page_url(row.prediction_id, "judgement")
        return format_html('<a class="text-link" href="{}">{}</a>', url, row.prediction)

    @display(description="evidence")
    def evidence_shown(self, row: Dispute) -> SafeString:
        return format_html('<a class="text-link" href="{}">{}</a>', page_of(row.evidence), told_of(row.evidence))

    @display(description="raised", ordering="raised_at")
    def raised(self, row: Dispute) -> str:
        return f"{in_words(row.raised_at)} by {display_name(row.raised_by)}"

    @display(description="state", label=STATES)
    def state(self, row: Any) -> str:
        if not row.is_answered:
            return "waiting"
        return "upheld" if row.answer.is_upheld else "not upheld"

    @display(description="answer")
    def answer_shown(self, row: Any) -> str:
        return row.answer.text if row.is_answered else "none yet"

    @display(description="answered")
    def answered(self, row: Any) -> str:
        if not row.is_answered:
            return "not yet"
        return f"{in_words(row.answer.answered_at)} by {display_name(row.answer.answered_by)}"


def _anew(form: AnswerForm) -> dict[str, Any]:
    """The decision that replaces the disputed one."""
    form.instance.outcome = form.cleaned_data["outcome"]
    relied_on = list(form.cleaned_data["relied_on"])
    return {"resolution": form.instance, "verdicts": form.verdicts(), "relied_on": relied_on}
