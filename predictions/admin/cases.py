from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import User
from predictions.admin.accounts import ACTING, PeopleField, people_where
from predictions.admin.base import counted, display, reader
from predictions.admin.matrix_page import MatrixPage
from predictions.models import Case, Prediction, Source
from predictions.operations.cases import admit, amend_case, dismiss, open_case
from predictions.queries.histories import display_name


class CaseForm(forms.ModelForm):
    people = PeopleField(
        User.objects.none(),
        required=False,
        label="People who see it",
        help_text="Asked only of a private case. Whoever saves the case stays among them.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "people" in self.fields:
            member = Q(case_memberships__case__in=[self.instance.pk])
            self.fields["people"].queryset = people_where(ACTING | member)  # type: ignore[attr-defined]
            self.initial["people"] = people_where(member)


@admin.register(Case)
class CaseAdmin(MatrixPage):
    form = CaseForm
    add_verb, change_verb = "open_case", "amend_case"
    list_display = ("title", "external_id", "privacy", "source_count", "prediction_count")
    list_filter = ("is_private",)
    search_fields = ("title", "external_id", "description")
    TOLD = ("title", "external_id", "selection", "description", "zone")
    JUDGED = ("resolvers_asked", "notice_hours")
    fields = (*TOLD, *JUDGED, "hides_forecasts", "is_private", "people")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        rows, posed = super().get_queryset(request), Prediction.objects.visible_to(reader(request))
        return rows.annotate(held=counted(Source.objects.all(), "case"), posed=counted(posed, "case"))

    def get_fields(self, request: HttpRequest, obj: Case | None = None) -> Any:
        """Who only reads is told the members; the field to choose them is for those who may."""
        reads_only = obj is not None and not self.has_change_permission(request, obj)
        return (*self.fields[:-1], "seen_by") if reads_only else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Case | None = None) -> Any:
        return ("seen_by",)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Case | None = None) -> dict[str, Any]:
        return {} if obj else {"external_id": ("title",)}

    @display(description="privacy", label={"private": "warning", "open": "info"}, ordering="is_private")
    def privacy(self, case: Case) -> str:
        return "private" if case.is_private else "open"

    @display(description="sources", ordering="held")
    def source_count(self, case: Any) -> int:
        return int(case.held)

    @display(description="predictions", ordering="posed")
    def prediction_count(self, case: Any) -> int:
        return int(case.posed)

    @display(description="people who see it")
    def seen_by(self, case: Case) -> str:
        if not case.is_private:
            return "everyone with a role"
        return ", ".join(display_name(member.user) for member in case.memberships.select_related("user"))

    def add_row(self, row: Case, form: Any, *, by: User, at: datetime) -> None:
        open_case(row, members=form.cleaned_data["people"], by=by, at=at)

    def amend_row(self, row: Case, form: Any, *, by: User, at: datetime) -> None:
        amend_case(row, by=by, at=at)
        if row.is_private:
            self._settle_people(row, set(form.cleaned_data["people"]), by=by, at=at)

    def _settle_people(self, case: Case, chosen: set[User], *, by: User, at: datetime) -> None:
        """Admit who was ticked and dismiss who was not; whoever does it stays."""
        members = {member.user for member in case.memberships.select_related("user")}
        for person in chosen - members:
            admit(case, person, by=by, at=at)
        for person in members - chosen - {by}:
            dismiss(case, person, by=by, at=at)
