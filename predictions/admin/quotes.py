from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from predictions.admin.base import VisibleFilter, display, page_of, reader, seen_row
from predictions.admin.settling import SettlingAdmin
from predictions.admin.sources import reading_of
from predictions.models import Quote, QuoteAnchor, QuoteStanding, Source, Standing
from predictions.operations.quotes import anchor_quote

TONES = {
    "stands": "success",
    "replaced": "warning",
    Standing.MOVED.label: "success",
    Standing.ORPHANED.label: "danger",
    Standing.GONE.label: "warning",
}


class QuoteForm(forms.ModelForm):
    def clean_supersedes(self) -> Quote | None:
        replaced = self.cleaned_data["supersedes"]
        if replaced and "source" in self.cleaned_data and replaced.source != self.cleaned_data["source"]:
            raise forms.ValidationError("A quote can replace only one of the same source.")
        return replaced


@admin.register(Quote)
class QuoteAdmin(SettlingAdmin):
    form = QuoteForm
    add_verb = "anchor_quote"
    list_display = ("words", "source", "case", "external_id", "place", "standing")
    list_filter = (("source__case", VisibleFilter), ("source", VisibleFilter))
    search_fields = ("exact", "external_id", "source__title")
    list_select_related = ("source__case", "superseded_by")
    autocomplete_fields = ("source", "supersedes")
    change_form_outer_after_template = "admin/quote_reading.html"
    fieldsets = (
        (None, {"fields": ("source", "exact", "prefix", "suffix", "external_id")}),
        ("If it replaces an earlier quote", {"fields": ("supersedes", "reason"), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quote]:
        placed = QuoteAnchor.objects.select_related("snapshot").order_by("-snapshot__captured_at", "-id")
        noted = QuoteStanding.objects.select_related("snapshot").order_by("-id")
        newest_first = Prefetch("anchors", placed), Prefetch("standings", noted)
        return super().get_queryset(request).prefetch_related(*newest_first)

    def get_fieldsets(self, request: HttpRequest, obj: Quote | None = None) -> Any:
        shown = ("source", "exact", "prefix", "suffix", "external_id", "place", "standing", "annotation")
        return ((None, {"fields": (*shown, "supersedes", "reason")}),) if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Quote | None = None) -> Any:
        return ("place", "standing", "annotation") if obj else ()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """To choose from are the quotes that stand; the list shows the others too."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.standing()
        return super().get_search_results(request, queryset, search_term)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the text of the source, where the address names one, so that its words can be copied."""
        source = seen_row(Source, request.GET.get("source"), reader(request))
        reading = {"reading": reading_of(source)} if source else {}
        return super().add_view(request, form_url, {**reading, **(extra_context or {})})

    @display(description="words", ordering="exact")
    def words(self, quote: Quote) -> str:
        return str(quote)

    @display(description="case", ordering="source__case")
    def case(self, quote: Quote) -> str:
        return str(quote.source.case)

    @display(description="place in the text")
    def place(self, quote: Quote) -> str:
        anchor = next(iter(quote.anchors.all()), None)
        if anchor is None:
            return "no text held"
        url = reverse("reading", args=[quote.source.uuid])
        return format_html('<a class="text-link" href="{0}?quote={1}#quote-{1}">{2}</a>', url, quote.uuid, anchor)

    @display(description="standing", label=TONES)
    def standing(self, quote: Quote) -> str:
        """What was noted last about its place counts, unless it was found in a newer text since."""
        if quote.is_superseded:
            return "replaced"
        noted, place = next(iter(quote.standings.all()), None), next(iter(quote.anchors.all()), None)
        if noted is None or (place and _age(place) > _age(noted)):
            return "stands"
        return str(noted.get_standing_display())

    @display(description="for other programs")
    def annotation(self, quote: Quote) -> SafeString:
        address = f"{reverse('quote-annotation')}?quote={quote.uuid}"
        return format_html('<a class="text-link" href="{}">Web Annotation (JSON-LD)</a>', address)

    def response_add(self, request: HttpRequest, obj: Quote, post_url_continue: str | None = None) -> HttpResponse:
        """Whoever came from the page of a source goes back to it."""
        response = super().response_add(request, obj, post_url_continue)
        is_done = "_popup" not in request.POST and "_addanother" not in request.POST and "_continue" not in request.POST
        return HttpResponseRedirect(page_of(obj.source)) if is_done and "source" in request.GET else response

    def add_row(self, row: Quote, form: Any, *, by: User, at: datetime) -> None:
        anchor_quote(row, by=by, at=at)


def _age(row: QuoteAnchor | QuoteStanding) -> tuple[datetime, int]:
    """By which the texts of a source follow one another."""
    return row.snapshot.captured_at, row.snapshot_id
