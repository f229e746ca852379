from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import User
from predictions.admin.annotations import AnnotationImport
from predictions.admin.base import FileInput, Textarea, VisibleFilter, action, counted, display, reader, sent
from predictions.admin.moments import MomentField, MomentsForm
from predictions.admin.snapshots import TextsAdmin
from predictions.capture import LONGEST_TEXT
from predictions.language.passages import paragraphs
from predictions.models import Quote, QuoteAnchor, QuoteStanding, Snapshot, Source, Standing
from predictions.operations.sources import amend_source, attach_text, record_source
from predictions.policy import can

LONGEST_SHOWN = 200_000
TONES = {"A": "success", "B": "success", "C": "info", "D": "warning", "E": "danger"}
TEXT_INTRO = (
    "The text is kept as it is, under its SHA-256, and never changed. "
    "Every quote must stand in the first text of a source, or nothing is kept. Where one is not found in a later text, "
    "you are asked what became of it."
)


@dataclass(frozen=True)
class QuoteLine:
    """A quote as the page lists it, and where it stands in the text that is shown.

    `standing` is what is known of one that has no place there.
    """

    number: int
    quote: Quote
    place: QuoteAnchor | None
    standing: QuoteStanding | None = None

    @property
    def is_orphaned(self) -> bool:
        return self.standing is not None and self.standing.standing == Standing.ORPHANED


class SourceForm(MomentsForm):
    published = MomentField(required=False)
    stems = ("published",)


class TextForm(forms.Form):
    """A text, pasted or as a file; exactly one of the two."""

    text = forms.CharField(
        required=False, strip=False, widget=Textarea({"rows": 16}), help_text="Paste it here, or choose a file."
    )
    file = forms.FileField(
        required=False, widget=FileInput, help_text="Plain text in UTF-8. Needed for a text above one megabyte."
    )

    def clean(self) -> dict[str, Any]:
        pasted, upload = self.cleaned_data.get("text", ""), self.cleaned_data.get("file")
        if bool(pasted) == bool(upload):
            raise ValidationError("Paste the text or choose a file: one of the two.")
        # A browser sends what was pasted with the line ends of forms; a file stays as it is, to the byte.
        text = self._read(upload) if upload else pasted.replace("\r\n", "\n")
        return {**self.cleaned_data, "whole": text}

    def _read(self, upload: Any) -> str:
        if upload.size > 4 * LONGEST_TEXT:
            self.add_error("file", f"The file is too large: at most {LONGEST_TEXT:,} characters are kept.")
            return ""
        try:
            return upload.read().decode()
        except UnicodeDecodeError:
            self.add_error("file", "This is no text in UTF-8. Save it as plain text in UTF-8 first.")
            return ""


def _at_the_file(refusal: ValidationError) -> ValidationError:
    """What is wrong with a text that came as a file is said where the file was chosen."""
    by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
    return ValidationError({"file" if field == "text" else field: faults for field, faults in by_field.items()})


class TextFilter(admin.SimpleListFilter):
    title, parameter_name = "its text", "text"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("held", "held"), ("missing", "not held")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(holds_text=self.value() == "held") if self.value() else queryset


@admin.register(Source)
class SourceAdmin(AnnotationImport, TextsAdmin):
    form = SourceForm
    add_verb, change_verb = "record_source", "amend_source"
    list_display = ("title", "publisher", "published", "grade", "text_held", "quote_count", "read")
    list_filter = (("case", VisibleFilter), "reliability", TextFilter)
    search_fields = ("title", "publisher", "author", "url", "external_id")
    list_select_related = ("case",)
    autocomplete_fields = ("case",)
    actions_detail = ("capture_page", "attach_text_page", "quote_page", "bring_quotes_page")
    list_before_template = "admin/sources_before.html"
    WHAT = ("title", "case", "external_id", "publisher", "author", "url", "language")
    HOW = ("published", "zone", "reliability", "note")
    KNOWN = ("text_sha256", "text_length")
    add_fieldsets = (
        (None, {"fields": WHAT}),
        ("When and how reliable", {"fields": HOW}),
        ("Known of its text", {"fields": KNOWN}),
    )
    fieldsets = (
        ("Text and quotes", {"fields": ("reading",), "classes": ("tab",)}),
        ("About the source", {"fields": (*WHAT, *HOW, *KNOWN), "classes": ("tab",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        rows = super().get_queryset(request).annotate(holds_text=Exists(Snapshot.objects.filter(source=OuterRef("pk"))))
        return rows.annotate(quoted=counted(Quote.objects.standing(), "source"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A text that is held speaks for itself: its SHA-256 and length stand above it."""
        if obj is None or not obj.holds_text:
            return super().get_fieldsets(request, obj)
        reading, (about, shown) = self.fieldsets
        return reading, (about, {**shown, "fields": (*self.WHAT, *self.HOW)})

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> Any:
        return ("reading", "case") if obj else ()

    @display(description="published", ordering="published_at")
    def published(self, source: Source) -> str:
        """For the list, and in place of the form's field for whoever only reads."""
        return source.published_in_words()

    @display(description="reliability", ordering="reliability", label=TONES)
    def grade(self, source: Source) -> tuple[str, str]:
        return source.reliability, source.get_reliability_display()

    @display(description="its text", label={"held": "success", "not held": ""}, ordering="holds_text")
    def text_held(self, source: Any) -> str:
        return "held" if source.holds_text else "not held"

    @display(description="quotes", ordering="quoted")
    def quote_count(self, source: Any) -> int:
        return int(source.quoted)

    @display(description="read")
    def read(self, source: Any) -> str:
        if not source.holds_text:
            return "–"
        return format_html('<a class="text-link" href="{}">Read</a>', reverse("reading", args=[source.uuid]))

    @display(description="")
    def reading(self, source: Source) -> str:
        """The newest text with its quotes marked, and the list of quotes with where they stand."""
        return render_to_string("admin/source_reading.html", reading_of(source))

    # --- a text, a quote -----------------------------------------------------------------------------------------

    def has_capture_source_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can(request.user, "capture_source")

    def has_attach_text_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can(request.user, "attach_text")

    def has_anchor_quote_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can(request.user, "anchor_quote")

    @action(description="Capture again", url_path="capture", permissions=["capture_source"], icon="download")
    def capture_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        source = self.row_for("capture_source", request, object_id)
        return HttpResponseRedirect(f"{reverse('admin:predictions_capture_add')}?source={source.pk}")

    @action(description="Attach a text", url_path="text", permissions=["attach_text"], icon="upload_file")
    def attach_text_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        source = self.row_for("attach_text", request, object_id)

        def attach(entered: dict[str, Any], at: datetime) -> str:
            try:
                snapshot = attach_text(source, entered["whole"], by=reader(request), at=at)
            except ValidationError as refusal:
                raise _at_the_file(refusal) if entered["file"] else refusal from refusal
            return kept_in_words(snapshot)

        form = TextForm(*sent(request))
        shown = {"title": f"Attach a text to {source}", "submit_label": "Keep this text", "intro": TEXT_INTRO}
        return self.deed_page(request, source, form, attach, **shown)

    @action(description="Add a quote", url_path="quote", permissions=["anchor_quote"], icon="format_quote")
    def quote_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        source = self.row_for("anchor_quote", request, object_id)
        return HttpResponseRedirect(f"{reverse('admin:predictions_quote_add')}?source={source.pk}")

    def add_row(self, row: Source, form: Any, *, by: User, at: datetime) -> None:
        record_source(row, by=by, at=at)

    def amend_row(self, row: Source, form: Any, *, by: User, at: datetime) -> None:
        amend_source(row, by=by, at=at)


def kept_in_words(snapshot: Snapshot) -> str:
    found = snapshot.found_in_words()
    return f"The text is kept; {found}." if found else "The text is kept."


def reading_of(source: Source) -> dict[str, Any]:
    """What the page of a source shows: the beginning of its newest text; its quotes, numbered as they stand there."""
    snapshots = list(source.snapshots.select_related("original"))
    newest = snapshots[0] if snapshots else None
    places = {anchor.quote_id: anchor for anchor in QuoteAnchor.objects.filter(snapshot=newest)}
    quotes = sorted(source.quotes.standing(), key=lambda quote: places[quote.pk].start if quote.pk in places else inf)
    standings = {row.quote_id: row for row in QuoteStanding.objects.filter(snapshot=newest).order_by("id")}
    lines = [
        QuoteLine(number, quote, places.get(quote.pk), standings.get(quote.pk))
        for number, quote in enumerate(quotes, 1)
    ]
    spans = [(line.place.start, line.place.end, line.number) for line in lines if line.place]
    text = newest.body.text[:LONGEST_SHOWN] if newest else ""
    return {
        "source": source,
        "snapshots": snapshots,
        "newest": newest,
        "quotes": lines,
        "paragraphs": paragraphs(text, spans),
        "is_cut": newest is not None and newest.length > LONGEST_SHOWN,
    }
