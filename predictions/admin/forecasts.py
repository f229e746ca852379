"""Forecasts: logged in numbers or words, then read as they were put."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from predictions.admin.base import VisibleFilter, display, page_of, reader, sent
from predictions.admin.forecast_marks import marks_of
from predictions.admin.forecast_sensitivity import on_other_scales
from predictions.admin.forms_codings import AskForm
from predictions.admin.forms_forecasts import ForecastForm, taken_as
from predictions.admin.long_lists import BoundedFilter, found_in_sets
from predictions.admin.moments import as_typed
from predictions.admin.prediction_parts import PredictionPartAdmin
from predictions.models import CodingRequest, Forecast, Forecaster
from predictions.models.forecast import READ_OUT_OF_WORDS, as_percent
from predictions.models.scale import known_scales
from predictions.models.times import in_words
from predictions.operations.codings import ask_coder
from predictions.operations.forecasts import log_forecast
from predictions.policy import can
from predictions.queries.codings import codings_of
from predictions.queries.histories import display_name

LABEL = "unfold/helpers/label.html"
ASK_INTRO = (
    "They read the words and say what probability they take them for. Until then this prediction is hidden from them. "
    "The median of all codings counts. Offered are analysts who see this case, have not coded these words, and do not "
    "judge the prediction."
)


@admin.register(Forecast)
class ForecastAdmin(PredictionPartAdmin):
    add_verb = "log_forecast"
    add_title, save_label, tab = "Log a forecast", "Log forecast", "forecasts"
    form = ForecastForm

    class Media:
        css: ClassVar = {"all": ("predictions/predictions.css", "predictions/charts.css")}

    autocomplete_fields = ("forecaster",)
    list_display = ("in_words", "forecaster", "prediction", "basis_shown", "issued", "marks")
    list_filter = (
        "kind",
        "basis",
        ("forecaster", BoundedFilter),
        ("prediction__case", VisibleFilter),
    )
    linked_by = ("prediction",)
    is_long = True
    indexed_lookups = ("prediction__id__exact", "forecaster__id__exact")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("prediction__revision__statement", "forecaster__name", "words")
    search_help_text = "Searches statements, forecasters and words."
    add_fieldsets = (
        (None, {"fields": ("forecaster", "words", "scale", "issued", "quote", "basis", "confidence", "rationale")}),
        ("Our own reading (implied)", {"fields": ("low", "point", "high"), "classes": ("collapse",)}),
        ("Withdrawn, or no probability", {"fields": ("kind",), "classes": ("collapse",)}),
    )
    fieldsets = (
        (
            None,
            {"fields": ("prediction_link", "forecaster", "in_words", "as_put", "basis_shown", "scale_shown", "range")},
        ),
        ("Times and source", {"fields": ("issued", "recorded", "marks", "confidence_shown", "quote_shown")}),
        ("Coding", {"fields": ("codings_shown", "together", "asked_shown")}),
        ("Behind it", {"fields": ("rationale", "entry", "receipt")}),
        ("On the scales of words in use", {"fields": ("on_scales",)}),
    )

    def add_row(self, row: Forecast, form: ModelForm, *, by: Any, at: datetime) -> None:
        row.issued_at = row.issued_at or at
        log_forecast(row, by=by, at=at)

    def as_entered(self, row: Forecast) -> dict[str, Any]:
        """All but a basis that the words give: so a number can be replaced by words, and words by a number."""
        is_implied = row.basis == Forecast.Basis.IMPLIED
        ours = {"low": row.low, "high": row.high, "point": row.probability} if is_implied else {}
        basis = row.basis if is_implied else ""
        kept = ("words", "scale", "confidence", "kind", "quote_id", "forecaster_id", "rationale")
        entered = {name.removesuffix("_id"): getattr(row, name) for name in kept}
        issued = as_typed(row, "issued", row.revision.zone)
        told = {"basis": basis, "issued": issued, "supersedes": row.pk}
        return {**entered, **{k: as_percent(v) for k, v in ours.items()}, **told}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.for_show().select_related("recorded_by")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        is_storable = "\x00" not in search_term
        return found_in_sets(queryset, self.search_fields, search_term) if is_storable else queryset.none(), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None and row.supersedes_id:
            row.hides_replaced = not self.get_queryset(request).filter(pk=row.supersedes_id).exists()
        return row

    @display(description="replaces")
    def supersedes_shown(self, row: Any) -> SafeString | str:
        return "an entry that is hidden from you for now" if row.hides_replaced else super().supersedes_shown(row)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "forecaster":
            kwargs["queryset"] = Forecaster.objects.issuing()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # --- what words mean, while one types -------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view, ask = (self.admin_site.admin_view(each) for each in (self.reading_view, self.ask_view))
        own = [path("reading/", view, name="predictions_forecast_reading")]
        own += [path("<path:object_id>/ask-coder/", ask, name="predictions_forecast_ask_coder")]
        return [*own, *super().get_urls()]

    def reading_view(self, request: HttpRequest) -> JsonResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        told = taken_as(request.GET.get("words", ""), request.GET.get("scale", ""))
        shown = {"reading": told.reading, "fault": told.fault}
        return JsonResponse(shown | ({"leaves_open": True} if told.leaves_open else {}))

    # --- other coders ---------------------------------------------------------------------------------------------

    def ask_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        forecast = self.row_for("ask_coder", request, object_id)

        def ask(entered: dict[str, Any], at: datetime) -> str:
            row = ask_coder(CodingRequest(forecast=forecast, **entered), by=reader(request), at=at)
            return f"{display_name(row.coder)} is asked to code it."

        shown = {"title": "Ask another coder", "submit_label": "Ask this person", "intro": ASK_INTRO}
        return self.deed_page(request, forecast, AskForm(forecast, reader(request), *sent(request)), ask, **shown)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row: Any = kwargs.get("obj")
        is_codable = row is not None and not row.is_superseded and row.quote and row.basis in READ_OUT_OF_WORDS
        if is_codable and can(request.user, "ask_coder", row):
            context["ask_url"] = reverse("admin:predictions_forecast_ask_coder", args=[row.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    # --- how a forecast is shown ----------------------------------------------------------------------------------

    @display(description="forecast")
    def in_words(self, row: Forecast) -> str:
        return row.in_words()

    @display(description="as put")
    def as_put(self, row: Forecast) -> str:
        return row.words or "–"

    @display(description="basis", ordering="basis")
    def basis_shown(self, row: Forecast) -> str:
        return row.basis or "–"

    @display(description="scale of words")
    def scale_shown(self, row: Forecast) -> str:
        scale = known_scales().get(row.scale)
        return f"{scale.name} ({scale.key}), read at the {scale.method}" if scale else row.scale or "none"

    @display(description="low to high")
    def range(self, row: Forecast) -> str:
        return "not given" if row.low is None else f"{as_percent(row.low)} to {as_percent(row.high)}"

    @display(description="read as")
    def on_scales(self, row: Forecast) -> SafeString | str:
        return on_other_scales(row)

    @display(description="issued", ordering="issued_us")
    def issued(self, row: Forecast) -> str:
        return row.issued_in_words()

    @display(description="recorded", ordering="recorded_us")
    def recorded(self, row: Forecast) -> str:
        return f"{in_words(row.recorded_at)} by {display_name(row.recorded_by)}"

    @display(description="marks")
    def marks(self, row: Forecast) -> SafeString:
        marks = marks_of(row) or [("stands", "")]
        labels = ((render_to_string(LABEL, {"text": mark, "type": tone}),) for mark, tone in marks)
        return format_html('<div class="facts">{}</div>', format_html_join("\n", "{}", labels))

    @display(description="analytic confidence")
    def confidence_shown(self, row: Forecast) -> str:
        return row.get_confidence_display() or "not given"

    @display(description="quote")
    def quote_shown(self, row: Forecast) -> SafeString | str:
        return format_html("“{}”<br>{}", row.quote.exact, row.quote.source) if row.quote else "none"

    @display(description="read by")
    def codings_shown(self, row: Forecast) -> SafeString | str:
        told = ((coding.coder, coding.in_words, coding.own_forecast) for coding in codings_of(row).codings)
        return format_html_join("\n", "<div>{}: {}{}</div>", told) or "nobody: the number stood there"

    @display(description="together")
    def together(self, row: Forecast) -> str:
        return codings_of(row).together or "–"

    @display(description="asked to code it")
    def asked_shown(self, row: Forecast) -> SafeString | str:
        asked = row.coding_requests.select_related("coder", "asked_by")
        told = ((page_of(each), display_name(each.coder), each.closing or "waits") for each in asked)
        return format_html_join("\n", '<div><a class="text-link" href="{}">{}</a>: {}</div>', told) or "nobody else"
