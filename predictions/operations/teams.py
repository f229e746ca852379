"""Named groups of people. Administrators say who is of them; the people of a case, whether it admits them."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import Team, TeamMembership
from predictions.policy import demand


@transaction.atomic
def form_team(team: Team, *, members: Iterable[User] = (), by: User, at: datetime) -> Team:
    """Form a team, which sees no private case before its people admit it."""
    demand(by, "manage_teams")
    team.full_clean()
    record.keep(team, "team.formed", by=by, at=at)
    for user in {each.pk: each for each in members}.values():
        _join(team, user, by=by, at=at)
    return team


@transaction.atomic
def amend_team(team: Team, *, by: User, at: datetime) -> Team:
    demand(by, "manage_teams", _held(team))
    team.full_clean()
    record.amend(team, "team.amended", by=by, at=at)
    return team


@transaction.atomic
def add_member(team: Team, user: User, *, by: User, at: datetime) -> None:
    """Let `user` see what the team sees. Nobody lets themselves in: an administrator sees no private case by that."""
    demand(by, "manage_teams", _held(team))
    if team.memberships.standing().filter(user=user).exists():
        return
    if user == by:
        raise ValidationError({"people": "You cannot add yourself to a team that stands. Another administrator can."})
    _join(team, user, by=by, at=at)


@transaction.atomic
def remove_member(team: Team, user: User, *, by: User, at: datetime) -> None:
    """Take from `user`, at once, what they see by way of the team."""
    demand(by, "manage_teams", _held(team))
    if TeamMembership.objects.standing().filter(team=team, user=user).update(ended_at=at):
        _record(team, user, "team.member_removed", by=by, at=at)


@transaction.atomic
def settle_members(team: Team, chosen: set[User], *, by: User, at: datetime) -> None:
    """Let exactly these people be of the team."""
    stood = {each.user for each in team.memberships.standing().select_related("user")}
    for user in sorted(chosen - stood, key=lambda each: each.pk):
        add_member(team, user, by=by, at=at)
    for user in sorted(stood - chosen, key=lambda each: each.pk):
        remove_member(team, user, by=by, at=at)


def _join(team: Team, user: User, *, by: User, at: datetime) -> None:
    TeamMembership.objects.create(team=team, user=user, joined_at=at)
    _record(team, user, "team.member_added", by=by, at=at)


def _held(team: Team) -> Team:
    return Team.objects.select_for_update().get(pk=team.pk)


def _record(team: Team, user: User, kind: str, *, by: User, at: datetime) -> None:
    payload = {"team": str(team.uuid), "user": str(user.uuid)}
    record.append(kind, payload, subject=team.uuid, case=None, by=by, at=at)
