from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from predictions.admin.base import counted, display, reader
from predictions.admin.forms_cases import CaseForm, team_in_words, teams_with_people
from predictions.admin.matrix_page import MatrixPage
from predictions.models import Case, Prediction, Source
from predictions.operations.cases import amend_case, open_case, settle_people
from predictions.queries.histories import display_name

PRIVACY = {"private": "warning", "under embargo": "warning", "open": "info"}


class PrivacyFilter(admin.SimpleListFilter):
    title, parameter_name = "who sees it", "privacy"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, state) for state in PRIVACY]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        is_held = Q(embargoed_until__gt=timezone.now())
        conditions = {"private": Q(is_private=True), "under embargo": is_held, "open": Q(is_private=False) & ~is_held}
        chosen = conditions.get(self.value() or "")
        return queryset.filter(chosen) if chosen else queryset


@admin.register(Case)
class CaseAdmin(MatrixPage):
    form = CaseForm
    add_verb, change_verb = "open_case", "amend_case"
    list_display = ("title", "external_id", "privacy", "source_count", "prediction_count")
    list_filter = (PrivacyFilter,)
    search_fields = ("title", "external_id", "description")
    TOLD = ("title", "external_id", "selection", "description", "zone")
    JUDGED = ("resolvers_asked", "notice_hours")
    SAID = (*TOLD, *JUDGED, "hides_forecasts")
    fields = (*SAID, "is_private", "embargo", "people", "teams")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        rows, posed = super().get_queryset(request), Prediction.objects.visible_to(reader(request))
        return rows.annotate(held=counted(Source.objects.all(), "case"), posed=counted(posed, "case"))

    def get_fields(self, request: HttpRequest, obj: Case | None = None) -> Any:
        """Who only reads is told who sees it; the fields to choose them are for those who may."""
        reads_only = obj is not None and not self.has_change_permission(request, obj)
        return (
            (*self.TOLD, *self.JUDGED, "hides_forecasts", "is_private", "held_until", "seen_by")
            if reads_only
            else self.fields
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Case | None = None) -> Any:
        return ("held_until", "seen_by")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Case | None = None) -> dict[str, Any]:
        return {} if obj else {"external_id": ("title",)}

    @display(description="who sees it", label=PRIVACY)
    def privacy(self, case: Case) -> str:
        if case.is_private:
            return "private"
        return "under embargo" if case.is_closed(timezone.now()) else "open"

    @display(description="sources", ordering="held")
    def source_count(self, case: Any) -> int:
        return int(case.held)

    @display(description="predictions", ordering="posed")
    def prediction_count(self, case: Any) -> int:
        return int(case.posed)

    @display(description="embargo until")
    def held_until(self, case: Case) -> str:
        """In the zone of the case, as its people entered it."""
        if case.embargoed_until is None:
            return "none"
        return f"{case.embargoed_until.astimezone(ZoneInfo(case.zone)):%-d %B %Y, %H:%M:%S %Z}"

    @display(description="who sees it")
    def seen_by(self, case: Case) -> str:
        if not case.is_closed(timezone.now()):
            return "everyone with a role"
        people = [display_name(member.user) for member in case.memberships.select_related("user")]
        return ", ".join([*people, *(team_in_words(each) for each in teams_with_people(Q(cases__case=case)))])

    def add_row(self, row: Case, form: Any, *, by: User, at: datetime) -> None:
        open_case(row, members=form.cleaned_data["people"], teams=form.cleaned_data["teams"], by=by, at=at)

    def amend_row(self, row: Case, form: Any, *, by: User, at: datetime) -> None:
        amend_case(row, by=by, at=at)
        if row.is_closed(at):
            settle_people(row, set(form.cleaned_data["people"]), set(form.cleaned_data["teams"]), by=by, at=at)
