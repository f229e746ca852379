"""Capture a source: one page that asks, one that shows how far it has come."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.models import User
from predictions.admin.base import RowAdmin, VisibleFilter, display, page_of, reader, seen_row
from predictions.admin.forms_captures import CaptureForm
from predictions.admin.sources import kept_in_words
from predictions.models import Capture, Case, Source, Stage
from predictions.models.times import in_words
from predictions.operations.captures import capture_source
from predictions.policy import can
from predictions.queries.histories import display_name

TONES = {"done": "success", "failed": "danger", "under way": "info"}
STEPS = (Stage.ASKED, Stage.FETCHING, Stage.READING, Stage.ANCHORING, Stage.DONE)


@admin.register(Capture)
class CaptureAdmin(RowAdmin):
    form = CaptureForm
    add_verb = "capture_source"
    list_display = ("what", "case", "state", "asked")
    list_filter = (("case", VisibleFilter),)
    linked_by = ("source",)
    search_fields = ("address", "title", "file_name", "source__title")
    list_select_related = ("case", "source", "asked_by")
    autocomplete_fields = ("case", "source")
    add_form_template = "admin/capture_form.html"
    add_fieldsets = (
        (None, {"fields": ("address", "file", "text")}),
        (None, {"fields": ("case", "title")}),
        ("Another text of a source on record", {"fields": ("source",), "classes": ("collapse",)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.add_fieldsets

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- asking ---------------------------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shown = {"title": "Capture a source", "save_label": "Capture", "quotation_url": by_quotation_url()}
        return super().add_view(request, form_url, {**shown, **(extra_context or {})})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """In the case in which the reader captured last; in the only one there is, for the first time."""
        named = super().get_changeform_initial_data(request)
        source = seen_row(Source, named.get("source"), reader(request)) if named.get("source") else None
        if source:
            return {"address": source.url, "case": source.case_id, **named}
        return {"case": likely_case(reader(request)), **named}

    def add_row(self, row: Capture, form: Any, *, by: User, at: datetime) -> None:
        capture_source(row, content=form.content(), by=by, at=at)

    def response_post_save_add(self, request: HttpRequest, obj: Capture) -> HttpResponseRedirect:
        return HttpResponseRedirect(f"{page_of(obj)}?then=source")

    def response_add(self, request: HttpRequest, obj: Capture, post_url_continue: str | None = None) -> HttpResponse:
        """No message: the page that comes next says how far it is."""
        return self.response_post_save_add(request, obj)

    # --- how far it has come --------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Asks for itself again while the capture is under way; `?then=source` leads on once it is done."""
        capture = self.row_for(self.read_verb, request, object_id)
        if request.method == "POST":
            raise PermissionDenied
        if capture.stage == Stage.DONE and request.GET.get("then") == "source":
            self.message_user(request, done_in_words(capture), tone_of(capture))
            return HttpResponseRedirect(page_of(capture.source))
        context = {
            **self.admin_site.each_context(request),
            "title": "Capture of a source",
            "capture": capture,
            "steps": list(steps_of(capture)),
            "again_url": again_url(capture) if can(request.user, "capture_source") else "",
            "quotation_url": by_quotation_url(capture) if can(request.user, "record_source") else "",
        }
        return TemplateResponse(request, "admin/capture_progress.html", context)

    # --- the list -------------------------------------------------------------------------------------------------

    @display(description="what", ordering="-id")
    def what(self, capture: Capture) -> str:
        return str(capture.source or capture)

    @display(description="state", ordering="stage", label=TONES)
    def state(self, capture: Capture) -> tuple[str, str]:
        state = capture.stage if capture.has_ended else "under way"
        return state, state_in_words(capture)

    @display(description="asked", ordering="asked_at")
    def asked(self, capture: Capture) -> str:
        return f"{in_words(capture.asked_at)} by {display_name(capture.asked_by)}"


def state_in_words(capture: Capture) -> str:
    if capture.stage == Stage.DONE and capture.is_unchanged:
        return "done: unchanged"
    return str(capture.get_stage_display())


def tone_of(capture: Capture) -> int:
    """Quotes that were not found again want something done."""
    is_whole = capture.is_unchanged or not capture.snapshot.has_orphans()  # type: ignore[union-attr]
    return messages.SUCCESS if is_whole else messages.WARNING


def done_in_words(capture: Capture) -> str:
    snapshot: Any = capture.snapshot
    if capture.is_unchanged:
        told = f"The text is unchanged: it is the one taken on {in_words(snapshot.captured_at)}. No new one was kept."
    else:
        told = f"{kept_in_words(snapshot)} What it states about itself stands under “About the source”; mend it there."
    return f"{told} {capture.note}".strip()


def steps_of(capture: Capture) -> Any:
    """Each step in words, and whether it is over, at hand or to come; what was handed in is not fetched."""
    steps = [step for step in STEPS if step != Stage.FETCHING or capture.way == "address"]
    at = steps.index(Stage(capture.stage)) if capture.stage in steps else -1
    for number, step in enumerate(steps):
        yield {"words": step.label, "state": "over" if number < at else "now" if number == at else "to come"}


def likely_case(user: User) -> int | None:
    last = Capture.objects.visible_to(user).filter(asked_by=user).order_by("-id").values_list("case", flat=True).first()
    if last is not None:
        return last
    cases = list(Case.objects.visible_to(user).order_by().values_list("pk", flat=True)[:2])
    return cases[0] if len(cases) == 1 else None


def capture_url(**named: Any) -> str:
    """Address of the page that asks for a capture."""
    return f"{reverse('admin:predictions_capture_add')}?{urlencode({k: v for k, v in named.items() if v})}".rstrip("?")


def again_url(capture: Capture) -> str:
    told = {"address": capture.address, "case": capture.case_id, "title": capture.title}
    return capture_url(source=capture.source_id, **told)


def by_quotation_url(capture: Capture | None = None) -> str:
    """Address of the page that records a source whose text is not held."""
    told = {"url": capture.address, "case": capture.case_id, "title": capture.title} if capture else {}
    return f"{reverse('admin:predictions_source_add')}?{urlencode({k: v for k, v in told.items() if v})}".rstrip("?")
