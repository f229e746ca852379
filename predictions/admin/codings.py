"""Independent coding: who is asked to code a forecast, and the page on which they do, alone with the words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from predictions.admin.base import RowAdmin, VisibleFilter, display, page_of, reader, sent
from predictions.admin.forms_codings import CodingForm, EndForm, coding_of
from predictions.language.scales import Scale
from predictions.models import CodingRequest, Criterion, Prediction, Quote
from predictions.models.forecast import as_percent
from predictions.models.scale import enabled_scales
from predictions.models.times import in_words
from predictions.operations.codings import decline_coding, submit_coding, withdraw_coding
from predictions.policy import can
from predictions.queries.histories import display_name

AROUND = 500
"""So many code points of the text are shown before and after the quote."""

CODE_INTRO = (
    "Say what the words below mean as a probability, from the words alone. Until you have, or decline, nothing else "
    "about this prediction is shown to you: nobody’s number, and not how it turned out."
)
DECLINE_INTRO = "You are then shown the prediction as others are. The reason stays in the ledger."
WITHDRAW_INTRO = "They are then shown the prediction as others are. The reason stays in the ledger."


@dataclass(frozen=True)
class ToCode:
    """What a coder is shown, and all of it: the words in their place, what they are about, and the scales."""

    quote: Quote
    before: str
    after: str
    prediction: Prediction
    forecaster: str
    issued: str
    criteria: tuple[Criterion, ...]
    scales: tuple["ScaleShown", ...]


@dataclass(frozen=True)
class ScaleShown:
    name: str
    bands: tuple[tuple[str, str], ...]


def to_code(request: CodingRequest) -> ToCode:
    forecast = request.forecast
    quote: Any = forecast.quote
    before, after = _around(quote)
    return ToCode(
        quote=quote,
        before=before,
        after=after,
        prediction=request.prediction,
        forecaster=str(forecast.forecaster),
        issued=forecast.issued_in_words(),
        criteria=tuple(forecast.revision.criteria.all()),
        scales=tuple(ScaleShown(scale.name, _bands(scale)) for scale in enabled_scales().values()),
    )


def _bands(scale: Scale) -> tuple[tuple[str, str], ...]:
    """Each term with its other spellings, and what it stands for."""
    bands = ((term, f"{as_percent(float(term.low))[:-1]}–{as_percent(float(term.high))}") for term in scale.terms)
    return tuple((", ".join(term.spellings), band) for term, band in bands)


def _around(quote: Quote) -> tuple[str, str]:
    """The text just before and after, from the newest snapshot that the quote was found in."""
    anchor = quote.anchors.select_related("snapshot__body").order_by("-snapshot__captured_at", "-pk").first()
    if anchor is None:
        return quote.prefix, quote.suffix
    text = anchor.snapshot.body.text
    return text[max(0, anchor.start - AROUND) : anchor.start], text[anchor.end : anchor.end + AROUND]


@admin.register(CodingRequest)
class CodingRequestAdmin(RowAdmin):
    list_display = ("prediction", "coder_shown", "asked", "state")
    list_filter = (("prediction__case", VisibleFilter),)
    search_fields = ("prediction__revision__statement",)
    search_help_text = "Searches statements."
    ordering = ("-pk",)
    sortable_by = ()
    fieldsets = ((None, {"fields": ("prediction", "coder_shown", "asked", "state", "why")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.for_show()

    def get_urls(self) -> list[URLPattern]:
        views = {"code": self.code_view, "decline": self.decline_view, "withdraw": self.withdraw_view}
        own = [
            path(f"<path:object_id>/{deed}/", self.admin_site.admin_view(view), name=f"predictions_coding_{deed}")
            for deed, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The coder is led to where they code."""
        row = self.get_object(request, object_id)
        if row is not None and row.is_open and can(request.user, "submit_coding", row):
            return HttpResponseRedirect(deed_url(row, "code"))
        return super().change_view(request, object_id, *args, **kwargs)

    def code_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.row_for("submit_coding", request, object_id)
        if not row.is_open and request.method != "POST":
            return HttpResponseRedirect(page_of(row))
        form = CodingForm(request.POST if request.method == "POST" else None)

        def code(entered: dict[str, Any], at: datetime) -> str:
            coding = submit_coding(coding_of(row, entered), by=reader(request), at=at)
            return f"Coded: {coding.in_words()}. The forecast now reads {coding.forecast.in_words()}."

        shown = {"title": "Code a forecast", "submit_label": "Submit my coding", "intro": CODE_INTRO}
        told = {"told": "admin/predictions/to_code.html", "to_code": to_code(row)}
        decline = deed_url(row, "decline")
        return self.deed_page(request, row, form, code, back=own_list(), decline=decline, **shown, **told)

    def decline_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.row_for("decline_coding", request, object_id)

        def decline(entered: dict[str, Any], at: datetime) -> str:
            decline_coding(row, reason=entered["reason"], by=reader(request), at=at)
            return "Declined."

        shown = {"title": "Decline to code it", "submit_label": "Decline", "intro": DECLINE_INTRO}
        return self.deed_page(request, row, EndForm(*sent(request)), decline, back=own_list(), **shown)

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.row_for("withdraw_coding", request, object_id)
        who = display_name(row.coder)

        def withdraw(entered: dict[str, Any], at: datetime) -> str:
            withdraw_coding(row, reason=entered["reason"], by=reader(request), at=at)
            return f"{who} is no longer asked."

        shown = {"title": f"No longer ask {who}", "submit_label": "Withdraw", "intro": WITHDRAW_INTRO}
        return self.deed_page(request, row, EndForm(*sent(request)), withdraw, back=page_of(row), **shown)

    @display(description="coder")
    def coder_shown(self, row: CodingRequest) -> str:
        return display_name(row.coder)

    @display(description="asked")
    def asked(self, row: CodingRequest) -> str:
        return f"{in_words(row.asked_at)} by {display_name(row.asked_by)}"

    @display(description="state")
    def state(self, row: CodingRequest) -> str:
        return "waits for the coder" if row.closed_at is None else f"{row.closing} {in_words(row.closed_at)}"

    @display(description="why")
    def why(self, row: CodingRequest) -> str:
        return row.reason or "–"


def deed_url(row: CodingRequest, deed: str) -> str:
    return reverse(f"admin:predictions_coding_{deed}", args=[row.pk])


def own_list() -> str:
    return reverse("worklist-to-code")
