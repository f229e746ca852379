"""The form of a case: what is said of it, and who sees it from when on."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import User
from predictions.admin.accounts import ACTING, PeopleField, people_where
from predictions.admin.base import CheckboxSelectMultiple, TextInput
from predictions.exchange.moments import read_typed
from predictions.models import Case, Team
from predictions.queries.histories import display_name

NO_ONE_TIME = "Clocks in {zone} skip this time or strike it twice. Add the offset, such as 2026-10-25T02:30:00+01:00."


class TeamsField(forms.ModelMultipleChoiceField):
    widget = CheckboxSelectMultiple

    def label_from_instance(self, team: Any) -> str:
        return team_in_words(team)


def team_in_words(team: Team) -> str:
    """Its name, and who is of it now; `teams_with_people` has loaded them."""
    people = sorted(display_name(each.user) for each in team.memberships.all() if each.ended_at is None)
    return f"{team} ({', '.join(people) or 'nobody'})"


def teams_with_people(condition: Q) -> Any:
    loaded = Team.objects.filter(condition).order_by("name").distinct()
    return loaded.prefetch_related("memberships__user")


def release_of(text: str, zone: str) -> datetime:
    """The instant at which an embargo ends: a time of `zone`, the start of a day there, or a time with its offset.

    Raises ValidationError for a time that clocks there strike twice or never: an hour early would be a leak.
    """
    try:
        moment = read_typed(text, ZoneInfo(zone), ZoneInfo(zone))
    except ValueError as fault:
        raise ValidationError(str(fault)) from fault
    if moment.precision not in {"instant", "day"}:
        raise ValidationError("Give a day, or a time of that day.")
    if len({moment.at.replace(fold=fold).utcoffset() for fold in (0, 1)}) > 1:
        raise ValidationError(NO_ONE_TIME.format(zone=zone))
    return moment.at.astimezone(UTC)


def release_as_typed(case: Case) -> str:
    """What `release_of` would read as the end of the case's embargo, and an offset where clocks strike it twice."""
    if case.embargoed_until is None:
        return ""
    there = case.embargoed_until.astimezone(ZoneInfo(case.zone))
    is_twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    wall = there.isoformat(sep="T" if is_twice else " ")
    return wall if is_twice else wall[: -len("+00:00")]


class CaseForm(forms.ModelForm):
    embargo = forms.CharField(
        required=False,
        max_length=60,
        widget=TextInput,
        label="Embargo until",
        help_text="Until then only the people and teams below see it; from then on everyone with a role. Such as "
        "2026-12-01 09:00 or 2026-12-01 (its first moment), in the time zone of the case. Blank: none.",
    )
    people = PeopleField(
        User.objects.none(),
        required=False,
        label="People who see it",
        help_text="Asked only of a private case, or one under embargo. Whoever saves the case stays among them.",
    )
    teams = TeamsField(
        Team.objects.none(),
        required=False,
        label="Teams that see it",
        help_text="Whoever joins a team sees the case, and whoever leaves it does no longer.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["embargo"] = release_as_typed(self.instance)
        if "people" in self.fields:
            member = Q(case_memberships__case__in=[self.instance.pk])
            self.fields["people"].queryset = people_where(ACTING | member)  # type: ignore[attr-defined]
            self.initial["people"] = people_where(member)
        if "teams" in self.fields:
            self.fields["teams"].queryset = teams_with_people(Q())  # type: ignore[attr-defined]
            self.initial["teams"] = Team.objects.filter(cases__case__in=[self.instance.pk])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        text, zone = self.cleaned_data.get("embargo", ""), self.cleaned_data.get("zone")
        if "embargo" in self.changed_data and zone:
            try:
                self.instance.embargoed_until = release_of(text, zone) if text else None
            except ValidationError as fault:
                self.add_error("embargo", fault)
        return cleaned
