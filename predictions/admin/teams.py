from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import User
from predictions.admin.accounts import ACTING, PeopleField, people_where
from predictions.admin.base import RowAdmin, display
from predictions.models import Team
from predictions.operations.teams import amend_team, form_team, settle_members
from predictions.queries.histories import display_name


class TeamForm(forms.ModelForm):
    people = PeopleField(
        User.objects.none(),
        required=False,
        help_text="They see what the team is admitted to. You can be among the first; later another administrator "
        "adds you.",
    )

    class Meta:
        help_texts: ClassVar = {"name": "Such as Japan desk."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "people" in self.fields:
            of_it = Q(team_memberships__team__in=[self.instance.pk], team_memberships__ended_at=None)
            self.fields["people"].queryset = people_where(ACTING | of_it)  # type: ignore[attr-defined]
            self.initial["people"] = people_where(of_it)


@admin.register(Team)
class TeamAdmin(RowAdmin):
    """Who is of which team, for administrators; whoever has a case admits teams to it on the page of the case."""

    form = TeamForm
    read_verb = add_verb = change_verb = "manage_teams"
    list_display = ("name", "members")
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "people")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).prefetch_related("memberships__user")

    @display(description="people")
    def members(self, team: Team) -> str:
        people = sorted(display_name(each.user) for each in team.memberships.all() if each.ended_at is None)
        return ", ".join(people) or "nobody yet"

    def add_row(self, row: Team, form: Any, *, by: User, at: datetime) -> None:
        form_team(row, members=form.cleaned_data["people"], by=by, at=at)

    def amend_row(self, row: Team, form: Any, *, by: User, at: datetime) -> None:
        amend_team(row, by=by, at=at)
        settle_members(row, set(form.cleaned_data["people"]), by=by, at=at)
