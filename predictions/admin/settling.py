"""The page on which a person decides about a quote that was not found again in a newer text."""

from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse

from predictions.admin.base import RowAdmin, TextInput, page_of, reader, sent
from predictions.admin.row_forms import Radios
from predictions.capture import last_seen
from predictions.language.anchoring import Anchor, QuoteNotFound, anchor, nearest_places
from predictions.models import Quote, QuoteStanding, Snapshot, Standing
from predictions.operations.quotes import settle_quote

GONE, ELSEWHERE = "gone", "elsewhere"
DECIDED = "Nothing is to be decided about this quote: it was found in the newest text, or decided already."


class SettleForm(forms.Form):
    """Choices are places found in the newer text, `start-end`; other words; or that the quote is gone."""

    choice = forms.ChoiceField(label="What became of it", widget=Radios)
    words = forms.CharField(
        label="The words as they stand now",
        required=False,
        max_length=1000,
        widget=TextInput,
        help_text="Only where it stands at another place: copy them from the newer text.",
    )
    reason = forms.CharField(max_length=500, widget=TextInput, help_text="Why you decide so. It stays on record.")

    class Media:
        css: ClassVar = {"all": ("predictions/predictions.css",)}

    def __init__(self, text: str, exact: str, *args: Any) -> None:
        super().__init__(*args)
        self.text = text
        places = nearest_places(text, exact)
        found = [(f"{place.start}-{place.end}", _offered(place, exact)) for place in places]
        self.fields["choice"].choices = [  # type: ignore[attr-defined]
            *found,
            (ELSEWHERE, "It stands at another place, in the words below"),
            (GONE, "It is gone from the newer text, and stands only in the older one"),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        choice = cleaned.get("choice", "")
        place = None if choice in {GONE, ELSEWHERE, ""} else tuple(int(edge) for edge in choice.split("-"))
        if choice == ELSEWHERE:
            place = self._typed(cleaned.get("words", ""))
        return {**cleaned, "place": place}

    def _typed(self, words: str) -> tuple[int, int] | None:
        try:
            found = anchor(self.text, words)
        except (QuoteNotFound, ValueError) as fault:
            self.add_error("words", str(fault))
            return None
        return found.start, found.end


class SettlingAdmin(RowAdmin):
    """Adds the page to those of a quote."""

    def get_urls(self) -> list[Any]:
        settle = self.admin_site.admin_view(self.settle_view)
        return [path("<path:object_id>/settle/", settle, name="predictions_quote_settle"), *super().get_urls()]

    def settle_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        quote: Quote = self.row_for("settle_quote", request, object_id)
        back = page_of(quote.source)
        snapshot = quote.source.snapshots.select_related("body").first()
        if snapshot is None or not Quote.objects.orphaned().filter(pk=quote.pk).exists():
            self.message_user(request, DECIDED, messages.WARNING)
            return HttpResponseRedirect(back)
        last = last_seen(quote)
        form = SettleForm(snapshot.body.text, last.exact, *sent(request))

        def settle(entered: dict[str, Any], at: datetime) -> str:
            row = decision(quote, snapshot, entered)
            settle_quote(row, place=entered["place"], by=reader(request), at=at)
            return f"Decided: {quote} {row.get_standing_display()}."

        shown = {"title": "A quote that was not found again", "submit_label": "Decide", "back": back}
        told = {"quote": quote, "last": last, "snapshot": snapshot, "replace_url": replace_url(quote)}
        shown["above"] = render_to_string("admin/quote_orphaned.html", told)
        return self.deed_page(request, quote, form, settle, **shown)


def decision(quote: Quote, snapshot: Snapshot, entered: dict[str, Any]) -> QuoteStanding:
    standing = Standing.GONE if entered["place"] is None else Standing.MOVED
    return QuoteStanding(quote=quote, snapshot=snapshot, standing=standing, reason=entered["reason"])


def settle_url(quote: Quote) -> str:
    return reverse("admin:predictions_quote_settle", args=[quote.pk])


def replace_url(quote: Quote) -> str:
    """Address of the form for a quote that replaces this one."""
    return f"{reverse('admin:predictions_quote_add')}?{urlencode({'source': quote.source_id, 'supersedes': quote.pk})}"


def _offered(place: Anchor, exact: str) -> str:
    """The same words among others, or other words that come near them: a person is told which."""
    told = "It stands here, in the same words" if place.exact == exact else "It stands here, in other words"
    return f"{told}: {_shown(place)}"


def _shown(place: Anchor) -> str:
    return " ".join(f"…{place.prefix}[{place.exact}]{place.suffix}…".split())
