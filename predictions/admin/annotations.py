"""Quotes brought into a source from a file of W3C annotations."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from predictions.admin.base import FileInput, action, reader, sent
from predictions.exchange.json_lines import LARGEST_BYTES
from predictions.operations.annotations import import_annotations
from predictions.policy import can

INTRO = (
    "Quotes of this source from a file that Forsooth wrote, or another program in the same format (W3C Web Annotation, "
    "JSON-LD): all of them, or none. Quotes that stand already are left as they are."
)


class AnnotationsForm(forms.Form):
    file = forms.FileField(widget=FileInput, help_text=f"JSON-LD in UTF-8, at most {LARGEST_BYTES:,} bytes.")

    def clean_file(self) -> bytes:
        upload = self.cleaned_data["file"]
        content: bytes = upload.read(LARGEST_BYTES + 1)
        return content


class AnnotationImport:
    """Adds to the page of a source the way to bring quotes in."""

    def has_bring_quotes_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can(request.user, "anchor_quote")

    @action(description="Import quotes", url_path="annotations", permissions=["bring_quotes"], icon="playlist_add")
    def bring_quotes_page(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        source = self.row_for("anchor_quote", request, object_id)

        def bring_in(entered: dict[str, Any], at: datetime) -> str:
            found = import_annotations(source, entered["file"], by=reader(request), at=at)
            return f"Quotes added: {found.added}. Standing already: {found.known}."

        form = AnnotationsForm(*sent(request))
        shown = {"title": f"Import quotes of {source}", "submit_label": "Import", "intro": INTRO}
        return self.deed_page(request, source, form, bring_in, **shown)
