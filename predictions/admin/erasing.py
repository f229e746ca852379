"""The page on which an administrator erases what one ledger entry recorded, once they have read what goes with it."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse

from predictions.admin.base import RowAdmin, Textarea, page_of, reader, sent
from predictions.models import Erasure, LedgerEntry
from predictions.operations.erasures import NEVER, erase
from predictions.policy import can
from predictions.queries.erasures import going

LONGEST_REASON = 500
NOTHING_LEFT = "There is nothing of this entry to erase: it was erased already, or speaks of the ledger itself."


class ErasureForm(forms.Form):
    class Media:
        css = {"all": ("predictions/predictions.css",)}

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        widget=Textarea({"rows": 3}),
        label="On what ground",
        help_text="A court’s order, a person’s request. It stays on record for good: do not repeat what is erased.",
    )
    is_understood = forms.BooleanField(
        label="I have read what goes and what stays. It cannot be brought back.",
        error_messages={"required": "Tick this once you have read the lists above."},
    )


def erase_url(entry: LedgerEntry) -> str:
    return reverse("admin:predictions_ledgerentry_erase", args=[entry.pk])


def may_be_erased(entry: LedgerEntry, user: Any) -> bool:
    is_there = getattr(entry, "payload", None) is not None and not entry.kind.startswith(NEVER)
    return is_there and can(user, "erase", entry)


class Erasing(RowAdmin):
    """What the pages of ledger entries have beside reading."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.erase_view)
        return [path("<path:object_id>/erase/", view, name="predictions_ledgerentry_erase"), *super().get_urls()]

    def erase_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        entry = self.row_for("erase", request, object_id)
        if not may_be_erased(entry, reader(request)):
            self.message_user(request, NOTHING_LEFT, messages.WARNING)
            return HttpResponseRedirect(page_of(entry))

        def do(entered: dict[str, Any], at: datetime) -> str:
            erase(Erasure(erased=entry, reason=entered["reason"]), by=reader(request), at=at)
            return f"Erased: what entry {entry.seq:,} recorded. Its proof stands."

        shown = {"title": f"Erase what entry {entry.seq:,} recorded", "submit_label": "Erase for good"}
        told = {"entry": entry, "going": going(entry, reader(request))}
        above = render_to_string("admin/erasure_told.html", told, request)
        return self.deed_page(request, entry, ErasureForm(*sent(request)), do, above=above, **shown)
