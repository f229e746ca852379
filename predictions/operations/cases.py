from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from predictions import record
from predictions.models import Case, CaseMembership, CaseTeam, LedgerPayload, Prediction, Team
from predictions.models.resolution import FEWEST_INDEPENDENT
from predictions.operations.panels import hold_judged, settle_panels
from predictions.policy import can, demand


@transaction.atomic
def open_case(case: Case, *, members: Iterable[User] = (), teams: Iterable[Team] = (), by: User, at: datetime) -> Case:
    """Open a dossier. Who opens a private one, or one under embargo, is among those who see it."""
    demand(by, "open_case")
    _require_independence(case, 2, by)
    case.full_clean()
    _require_future(case, None, at)
    is_closed = case.is_closed(at)
    people = {user.pk: user for user in (*members, by)} if is_closed else {}
    groups = {team.pk: team for team in teams} if is_closed else {}
    told: dict[str, Any] = {"members": [str(user.uuid) for user in people.values()]}
    told |= {"teams": [str(team.uuid) for team in groups.values()]} if groups else {}
    record.keep(case, "case.opened", by=by, at=at, **told)
    CaseMembership.objects.bulk_create(CaseMembership(case=case, user=user) for user in people.values())
    CaseTeam.objects.bulk_create(CaseTeam(case=case, team=team) for team in groups.values())
    return case


@transaction.atomic
def amend_case(case: Case, *, by: User, at: datetime) -> Case:
    """Mend what is said of a case. Who closes an open one to others takes along everybody who worked on it."""
    stood = _held(case)
    demand(by, "amend_case", stood)
    _require_independence(case, stood.resolvers_asked, by)
    case.full_clean()
    _require_future(case, stood, at)
    people = _people_of_old(case, by) if case.is_closed(at) and not stood.is_closed(at) else []
    is_asked_otherwise = case.resolvers_asked != stood.resolvers_asked
    judged = hold_judged(Prediction.objects.filter(case=case)) if is_asked_otherwise else []
    record.amend(case, "case.amended", by=by, at=at, admitted=[str(user.uuid) for user in people])
    CaseMembership.objects.bulk_create([CaseMembership(case=case, user=user) for user in people], ignore_conflicts=True)
    settle_panels(case, judged)
    return case


def _require_future(case: Case, stood: Case | None, at: datetime) -> None:
    """An embargo is set for a time to come. One that stands may end; a case is opened at once by leaving it blank."""
    until = case.embargoed_until
    if until is not None and until <= at and (stood is None or stood.embargoed_until != until):
        raise ValidationError({"embargoed_until": "This time has passed. Leave it blank to open the case at once."})


def _require_independence(case: Case, before: int, by: User) -> None:
    """Only an administrator lets a prediction be decided by fewer than two resolvers."""
    is_lowered = (case.resolvers_asked or 0) < min(before, FEWEST_INDEPENDENT)
    if is_lowered and not can(by, "waive_independence"):
        raise ValidationError({"resolvers_asked": "Only an administrator can ask for fewer than two resolvers."})


def _people_of_old(case: Case, by: User) -> list[User]:
    """Who recorded anything in the case, and `by`. Where others did, only an administrator may close it to the rest."""
    worked_on_it = LedgerPayload.objects.filter(case=case).values("actor")
    people = list(User.objects.filter(Q(pk=by.pk) | Q(pk__in=worked_on_it)))
    if len(people) > 1 and not can(by, "manage_people"):
        told = "Others work on this case. An administrator can make it private, or put it under embargo."
        raise ValidationError({"is_private" if case.is_private else "embargoed_until": told})
    return people


@transaction.atomic
def admit(case: Case, user: User, *, by: User, at: datetime) -> None:
    """Let `user` see a private case."""
    demand(by, "amend_case", _held(case))
    if CaseMembership.objects.filter(case=case, user=user).exists():
        return
    payload = {"user": str(user.uuid)}
    record.append("case.member_admitted", payload, subject=case.uuid, case=case, by=by, at=at)
    CaseMembership.objects.create(case=case, user=user)


@transaction.atomic
def dismiss(case: Case, user: User, *, by: User, at: datetime) -> None:
    """Take from `user` the sight of a private case. Somebody must go on seeing it."""
    case = _held(case)
    demand(by, "amend_case", case)
    if case.is_closed(at) and not case.memberships.exclude(user=user).exists():
        raise ValidationError("Nobody else sees this private case. Admit another person first.")
    removed, _ = CaseMembership.objects.filter(case=case, user=user).delete()
    if removed:
        payload = {"user": str(user.uuid)}
        record.append("case.member_dismissed", payload, subject=case.uuid, case=case, by=by, at=at)


@transaction.atomic
def admit_team(case: Case, team: Team, *, by: User, at: datetime) -> None:
    """Let whoever is of `team` see a private case, for as long as they are."""
    demand(by, "amend_case", _held(case))
    if CaseTeam.objects.filter(case=case, team=team).exists():
        return
    record.append("case.team_admitted", {"team": str(team.uuid)}, subject=case.uuid, case=case, by=by, at=at)
    CaseTeam.objects.create(case=case, team=team)


@transaction.atomic
def dismiss_team(case: Case, team: Team, *, by: User, at: datetime) -> None:
    """Take from a team the sight of a private case; those of it who were named go on seeing it."""
    demand(by, "amend_case", _held(case))
    removed, _ = CaseTeam.objects.filter(case=case, team=team).delete()
    if removed:
        record.append("case.team_dismissed", {"team": str(team.uuid)}, subject=case.uuid, case=case, by=by, at=at)


@transaction.atomic
def settle_people(case: Case, people: set[User], teams: set[Team], *, by: User, at: datetime) -> None:
    """Let exactly these, and `by`, see a case that is closed to others."""
    named = {member.user for member in case.memberships.select_related("user")}
    grouped = {each.team for each in case.teams.select_related("team")}
    for person in _in_order(people - named):
        admit(case, person, by=by, at=at)
    for team in _in_order(teams - grouped):
        admit_team(case, team, by=by, at=at)
    for team in _in_order(grouped - teams):
        dismiss_team(case, team, by=by, at=at)
    for person in _in_order(named - people - {by}):
        dismiss(case, person, by=by, at=at)


def _in_order(rows: set[Any]) -> list[Any]:
    return sorted(rows, key=lambda each: each.pk)


def _held(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)
