from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from predictions.admin.accounts import ACTING, PersonField, people_where
from predictions.admin.base import RowAdmin, Select, display, reader
from predictions.admin.long_lists import counted_up_to_bound, in_words
from predictions.models import Forecast, Forecaster
from predictions.operations.forecasters import amend_forecaster, name_forecaster
from predictions.queries.histories import display_name


@admin.register(Forecaster)
class ForecasterAdmin(RowAdmin):
    add_verb, change_verb = "name_forecaster", "amend_forecaster"
    list_display = ("name", "kind_in_words", "person", "forecast_count")
    list_filter = ("kind",)
    search_fields = ("name", "description")
    list_select_related = ("account", "team")
    fields = ("name", "kind", "description", "account", "team")

    def with_told(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """With the number of forecasts of each that the reader sees, as far as it is counted."""
        seen = Forecast.objects.visible_to(reader(request)).standing()
        return rows.annotate(issued=counted_up_to_bound(seen, "forecaster"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "account":
            kwargs |= {"form_class": PersonField, "queryset": people_where(ACTING | Q(forecaster__isnull=False))}
        kwargs |= {"widget": Select()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if db_field.name == "kind":
            field.choices = [choice for choice in field.choices if choice[0] != Forecaster.Kind.CONSENSUS]
        return field

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """To choose from are those who issue forecasts; the list shows what we compute too."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.issuing()
        return super().get_search_results(request, queryset, search_term)

    @display(description="kind", ordering="kind", label=True)
    def kind_in_words(self, forecaster: Forecaster) -> str:
        return forecaster.get_kind_display()

    @display(description="account", ordering="account__username")
    def person(self, forecaster: Forecaster) -> str:
        if forecaster.team:
            return f"team {forecaster.team}"
        return display_name(forecaster.account) if forecaster.account else "none, quoted only"

    @display(description="forecasts")
    def forecast_count(self, forecaster: Any) -> SafeString:
        query = f"?forecaster__id__exact={forecaster.pk}"
        url = reverse("admin:predictions_forecast_changelist") + query
        return format_html('<a class="text-link" href="{}">{}</a>', url, in_words(forecaster.issued))

    def add_row(self, row: Forecaster, form: Any, *, by: User, at: datetime) -> None:
        name_forecaster(row, by=by, at=at)

    def amend_row(self, row: Forecaster, form: Any, *, by: User, at: datetime) -> None:
        amend_forecaster(row, by=by, at=at)
