"""Accounts and the roles they hold. A grant is on record like everything else."""

import secrets
from datetime import datetime

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from predictions import record
from predictions.policy import demand

COMMAND_LINE = "command-line"


@transaction.atomic
def grant_role(user: User, role: str, *, by: User, at: datetime) -> None:
    """Let `user` act in `role` and enter the site. Granting a role twice changes nothing."""
    demand(by, "manage_people")
    if role not in set(Role):
        raise ValidationError({"role": f"There is no role “{role}”. Roles are {', '.join(Role)}."})
    if user.groups.filter(name=role).exists():
        return
    _log(user, "role.granted", role, by=by, at=at)
    user.groups.add(Group.objects.get(name=role))
    user.is_staff = user.has_usable_password()
    user.save(update_fields=["is_staff"])
    user.__dict__.pop("roles", None)


@transaction.atomic
def revoke_role(user: User, role: str, *, by: User, at: datetime) -> None:
    demand(by, "manage_people")
    if not user.groups.filter(name=role).exists():
        return
    _log(user, "role.revoked", role, by=by, at=at)
    user.groups.remove(Group.objects.get(name=role))
    user.__dict__.pop("roles", None)


def _log(user: User, kind: str, role: str, *, by: User, at: datetime) -> None:
    payload = {"user": str(user.uuid), "role": str(role)}
    record.append(kind, payload, subject=user.uuid, case=None, by=by, at=at)


@transaction.atomic
def command_line_account(*, at: datetime) -> User:
    """The account in whose name whoever has the shell acts: it records and resolves, and nobody can sign in to it."""
    user, is_new = User.objects.get_or_create(
        username=COMMAND_LINE, defaults={"is_superuser": True, "first_name": "Command", "last_name": "line"}
    )
    if is_new:
        user.set_unusable_password()
        user.save()
        for role in (Role.ANALYST, Role.RESOLVER):
            grant_role(user, role, by=user, at=at)
    return user


@transaction.atomic
def demo_accounts(*, at: datetime) -> dict[str, str]:
    """One account per role, named like it, each with a new random password, which is returned and not kept."""
    passwords = {}
    shell = command_line_account(at=at)
    for role in Role:
        named = {"first_name": "Demo", "last_name": str(role)}
        user, _ = User.objects.get_or_create(username=f"demo-{role}", defaults=named)
        passwords[user.username] = secrets.token_urlsafe(12)
        user.set_password(passwords[user.username])
        user.save()
        grant_role(user, role, by=shell, at=at)
    return passwords
