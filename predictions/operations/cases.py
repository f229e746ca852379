from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from predictions import record
from predictions.models import Case, CaseMembership, LedgerPayload, Prediction
from predictions.models.resolution import FEWEST_INDEPENDENT
from predictions.operations.panels import hold_judged, settle_panels
from predictions.policy import can, demand


@transaction.atomic
def open_case(case: Case, *, members: Iterable[User] = (), by: User, at: datetime) -> Case:
    """Open a dossier. Who opens a private one is among those who see it."""
    demand(by, "open_case")
    _require_independence(case, 2, by)
    case.full_clean()
    people = {user.pk: user for user in (*members, by)} if case.is_private else {}
    record.keep(case, "case.opened", by=by, at=at, members=[str(user.uuid) for user in people.values()])
    CaseMembership.objects.bulk_create(CaseMembership(case=case, user=user) for user in people.values())
    return case


@transaction.atomic
def amend_case(case: Case, *, by: User, at: datetime) -> Case:
    """Mend what is said of a case. Who makes an open one private takes along everybody who worked on it."""
    stood = _held(case)
    demand(by, "amend_case", stood)
    _require_independence(case, stood.resolvers_asked, by)
    case.full_clean()
    people = _people_of_old(case, by) if case.is_private and not stood.is_private else []
    is_asked_otherwise = case.resolvers_asked != stood.resolvers_asked
    judged = hold_judged(Prediction.objects.filter(case=case)) if is_asked_otherwise else []
    record.amend(case, "case.amended", by=by, at=at, admitted=[str(user.uuid) for user in people])
    CaseMembership.objects.bulk_create([CaseMembership(case=case, user=user) for user in people], ignore_conflicts=True)
    settle_panels(case, judged)
    return case


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
        raise ValidationError({"is_private": "Others work on this case. An administrator can make it private."})
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
    if case.is_private and not case.memberships.exclude(user=user).exists():
        raise ValidationError("Nobody else sees this private case. Admit another person first.")
    removed, _ = CaseMembership.objects.filter(case=case, user=user).delete()
    if removed:
        payload = {"user": str(user.uuid)}
        record.append("case.member_dismissed", payload, subject=case.uuid, case=case, by=by, at=at)


def _held(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)
