from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import Case, CaseMembership
from predictions.policy import demand


@transaction.atomic
def open_case(case: Case, *, members: Iterable[User] = (), by: User, at: datetime) -> Case:
    """Open a dossier. Who opens a private one is among those who see it."""
    demand(by, "open_case")
    case.full_clean()
    people = {user.pk: user for user in (*members, by)} if case.is_private else {}
    record.keep(case, "case.opened", by=by, at=at, members=[str(user.uuid) for user in people.values()])
    CaseMembership.objects.bulk_create(CaseMembership(case=case, user=user) for user in people.values())
    return case


@transaction.atomic
def amend_case(case: Case, *, by: User, at: datetime) -> Case:
    demand(by, "amend_case", _held(case))
    case.full_clean()
    if record.amend(case, "case.amended", by=by, at=at) and case.is_private:
        CaseMembership.objects.get_or_create(case=case, user=by)
    return case


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
