"""Predictions: a list, a page that tells all about one, and the forms in which they are posed and amended."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.models import User
from predictions.admin.assumption_pages import AssumptionPages
from predictions.admin.base import VisibleFilter, display, reader
from predictions.admin.forms_predictions import AmendForm, RevisionForm
from predictions.admin.judgement_page import JudgementPages
from predictions.admin.prediction_page import STATUS_TONES, close_in_words, page_url, prediction_page
from predictions.models import Forecast, Prediction, Status
from predictions.models.forecast import as_percent, predictions_hiding_from
from predictions.models.worded import worded
from predictions.operations.predictions import amend_prediction, pose_prediction
from predictions.queries.histories import HistoryLine, prediction_history

READ = {"GET", "HEAD"}
TOLD = JSONObject(kind="kind", probability="probability", forecaster="forecaster__name", standing=Window(Count("pk")))
"""Of the newest forecast on a prediction, and how many stand: both in one pass over them."""


class StatusFilter(admin.SimpleListFilter):
    title, parameter_name = "status", "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(status.value, str(status.label)) for status in Status]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Prediction]:
        is_known = self.value() in set(Status)
        return queryset.in_status(self.value(), timezone.now()) if is_known else queryset


@admin.register(Prediction)
class PredictionAdmin(AssumptionPages, JudgementPages):
    add_verb, change_verb = "pose_prediction", "amend_prediction"
    list_display = ("statement", "theme", "case", "status", "closes", "forecast_count", "latest")
    list_filter = (StatusFilter, "theme", ("case", VisibleFilter))
    search_fields = ("revision__statement", "theme")
    search_help_text = "Searches statements and themes."
    autocomplete_fields = ("case", "trigger")
    RULE = ("outcome_rule", "outcome_table", "cannot_tell_limit")
    WORDING = ("statement", "criteria", "opens", "closes", "zone", *RULE)
    add_fieldsets = (
        (None, {"fields": ("case", "theme", "trigger")}),
        ("What it says, and how it will be judged", {"fields": WORDING}),
    )
    fieldsets = (("What it says, and how it will be judged", {"fields": WORDING}),)
    AMENDING = {"fields": ("kind", "reason")}

    class Media:
        css = {"all": ("predictions/predictions.css",)}

    # --- the list -------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).for_show().with_close()  # type: ignore[attr-defined]

    def with_told(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        user = reader(request)
        standing = Forecast.objects.visible_to(user).standing()
        newest = standing.filter(prediction=OuterRef("pk")).order_by("-issued_us", "-pk")
        return rows.annotate(
            is_hiding=Q(pk__in=worded(predictions_hiding_from, user, "pk")),
            newest=Subquery(newest.values(told=TOLD)[:1]),
        )

    @display(description="statement", ordering="revision__statement")
    def statement(self, row: Prediction) -> str:
        return row.statement

    @display(description="status", label=STATUS_TONES)
    def status(self, row: Prediction) -> str:
        return str(row.status(timezone.now()).label)

    @display(description="closes", ordering=F("closing_us"))
    def closes(self, row: Prediction) -> str:
        return close_in_words(row)

    @display(description="forecasts")
    def forecast_count(self, row: Any) -> str:
        return f"{row.newest['standing']:,}" if row.newest else "0"

    @display(description="latest")
    def latest(self, row: Any) -> str:
        if row.newest is None:
            return "others’ are hidden" if row.is_hiding else "none yet"
        kind = Forecast.Kind(row.newest["kind"])
        said = as_percent(row.newest["probability"]) if kind == Forecast.Kind.PROBABILITY else str(kind.label)
        return f"{said}, {row.newest['forecaster']}"

    def history_of(self, row: Prediction, user: Any) -> list[HistoryLine]:
        return prediction_history(row, user=user)

    # --- the page -------------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All about one prediction; it is amended on a page of its own."""
        if request.method not in READ:
            return HttpResponseNotAllowed(READ)
        prediction = self.row_for("read", request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": prediction.statement,
            "opts": self.opts,
            "original": prediction,
            "media": self.media,
            "page": prediction_page(prediction, user=request.user, now=timezone.now()),  # type: ignore[arg-type]
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/predictions/prediction/page.html", context)

    # --- writing --------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        amend = self.admin_site.admin_view(self.amend_view)
        return [path("<path:object_id>/amend/", amend, name="predictions_prediction_amend"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        back = reverse("admin:predictions_prediction_changelist")
        words = {"title": "Pose a prediction", "save_label": "Pose prediction", "back": back}
        return super().add_view(request, form_url, {**words, **(extra_context or {})})

    def amend_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        prediction = self.row_for(self.change_verb, request, object_id)
        words = {"title": "Amend a prediction", "save_label": "Amend prediction", "back": page_url(prediction.pk)}
        return self.changeform_view(request, object_id, "", words)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        told = super().get_fieldsets(request, obj)
        if obj is None:
            return told
        if is_hiding(obj, reader(request)):
            return (("Why it changes: forecasts that are hidden from you may stand on it", self.AMENDING), *told)
        has_forecasts = obj.forecasts.exists()
        return (("Why it changes, now that forecasts stand on it", self.AMENDING), *told) if has_forecasts else told

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **{"form": AmendForm if obj else RevisionForm, **kwargs})
        form.hides_forecasts = obj is not None and is_hiding(obj, reader(request))
        return form

    def add_row(self, row: Prediction, form: Any, *, by: Any, at: datetime) -> None:
        pose_prediction(row, form.revision, form.criterion_rows, by=by, at=at)

    def amend_row(self, row: Prediction, form: Any, *, by: Any, at: datetime) -> None:
        amend_prediction(form.revision, form.criterion_rows, by=by, at=at)

    def response_post_save_add(self, request: HttpRequest, obj: Prediction) -> HttpResponseRedirect:
        return HttpResponseRedirect(page_url(obj.pk))

    def response_post_save_change(self, request: HttpRequest, obj: Prediction) -> HttpResponseRedirect:
        return HttpResponseRedirect(page_url(obj.pk))


def is_hiding(prediction: Prediction, user: User) -> bool:
    return predictions_hiding_from(user).filter(pk=prediction.pk).exists()
