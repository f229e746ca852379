from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import User
from predictions.admin.accounts import ACTING, PersonField, people_where
from predictions.admin.base import RowAdmin, Select, counted, display, reader
from predictions.models import Forecast, Forecaster
from predictions.operations.forecasters import amend_forecaster, name_forecaster
from predictions.queries.histories import display_name


@admin.register(Forecaster)
class ForecasterAdmin(RowAdmin):
    add_verb, change_verb = "name_forecaster", "amend_forecaster"
    list_display = ("name", "kind_in_words", "person", "forecast_count")
    list_filter = ("kind",)
    search_fields = ("name", "description")
    list_select_related = ("account",)
    fields = ("name", "kind", "description", "account")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Forecaster]:
        """With the number of forecasts of each that the reader sees."""
        seen = Forecast.objects.visible_to(reader(request)).standing()
        return super().get_queryset(request).annotate(issued=counted(seen, "forecaster"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        people = people_where(ACTING | Q(forecaster__isnull=False))
        kwargs |= {"form_class": PersonField, "queryset": people, "widget": Select()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @display(description="kind", ordering="kind", label=True)
    def kind_in_words(self, forecaster: Forecaster) -> str:
        return forecaster.get_kind_display()

    @display(description="account", ordering="account__username")
    def person(self, forecaster: Forecaster) -> str:
        return display_name(forecaster.account) if forecaster.account else "none, quoted only"

    @display(description="forecasts", ordering="issued")
    def forecast_count(self, forecaster: Any) -> int:
        return int(forecaster.issued)

    def add_row(self, row: Forecaster, form: Any, *, by: User, at: datetime) -> None:
        name_forecaster(row, by=by, at=at)

    def amend_row(self, row: Forecaster, form: Any, *, by: User, at: datetime) -> None:
        amend_forecaster(row, by=by, at=at)
