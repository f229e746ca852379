"""Accounts and the roles they hold. A grant is on record like everything else."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.factors import has_way_in
from accounts.models import ApiToken, User
from accounts.roles import Role
from accounts.sessions import end_sessions
from accounts.zones import require_zone
from predictions import record
from predictions.models import CalendarAddress
from predictions.policy import demand
from predictions.tasks import tell_later

COMMAND_LINE = "command-line"
DEMO = {f"demo-{role}": role for role in Role} | {"demo-resolver-2": Role.RESOLVER}
OWN_WORDS = ("username", "first_name", "last_name", "email", "zone", "is_active")


@transaction.atomic
def grant_role(user: User, role: str, *, by: User, at: datetime) -> None:
    """Let `user` act in `role` and enter the site. Granting a role twice changes nothing; a change ends sessions."""
    demand(by, "manage_people")
    if role not in set(Role):
        raise ValidationError({"role": f"There is no role “{role}”. Roles are {', '.join(Role)}."})
    if user.groups.filter(name=role).exists():
        return
    _record(user, "role.granted", {"role": str(role)}, by=by, at=at)
    user.groups.add(Group.objects.get(name=role))
    user.is_staff = has_way_in(user)
    user.save(update_fields=["is_staff"])
    user.__dict__.pop("roles", None)
    end_sessions(user, by=by)
    if user == by:
        tell_later()


@transaction.atomic
def revoke_role(user: User, role: str, *, by: User, at: datetime) -> None:
    demand(by, "manage_people")
    if not user.groups.filter(name=role).exists():
        return
    _record(user, "role.revoked", {"role": str(role)}, by=by, at=at)
    user.groups.remove(Group.objects.get(name=role))
    user.__dict__.pop("roles", None)
    end_sessions(user, by=by)


@transaction.atomic
def command_line_account(*, at: datetime) -> User:
    """The account in whose name whoever has the shell acts: it records and resolves, and nobody can sign in to it."""
    user, is_new = User.objects.get_or_create(
        username=COMMAND_LINE, defaults={"is_superuser": True, "first_name": "Command", "last_name": "line"}
    )
    if is_new:
        user.set_unusable_password()
        user.save()
        _record(user, "account.opened", _own_words(user), by=user, at=at)
        for role in (Role.ANALYST, Role.RESOLVER):
            grant_role(user, role, by=user, at=at)
    return user


@transaction.atomic
def demo_people(*, at: datetime) -> dict[str, User]:
    """The accounts of the demo, by username: one per role, named like it, and a second resolver."""
    shell = command_line_account(at=at)
    return {username: _demo_person(username, role, by=shell, at=at) for username, role in DEMO.items()}


def _demo_person(username: str, role: Role, *, by: User, at: datetime) -> User:
    named = {"first_name": "Demo", "last_name": username.removeprefix("demo-").replace("-", " ")}
    user, is_new = User.objects.get_or_create(username=username, defaults=named)
    if is_new:
        user.set_password(secrets.token_urlsafe(12))  # known to nobody until `demo_accounts` gives another
        user.save()
        _record(user, "account.opened", _own_words(user), by=by, at=at)
    grant_role(user, role, by=by, at=at)
    return user


@transaction.atomic
def demo_accounts(*, at: datetime) -> dict[str, str]:
    """A new random password for each of the accounts of the demo, which is returned and not kept."""
    people = demo_people(at=at)
    passwords = {username: secrets.token_urlsafe(12) for username in people}
    for username, user in people.items():
        user.set_password(passwords[username])
        user.save()
    return passwords


@transaction.atomic
def open_account(user: User, password: str, *, by: User, at: datetime) -> User:
    """Make an account that can sign in. What it may see and do is for its roles to say."""
    demand(by, "manage_people")
    _take_password(user, password)
    user.full_clean()
    user.save()
    _record(user, "account.opened", _own_words(user), by=by, at=at)
    return user


@transaction.atomic
def open_own_account(user: User, *, at: datetime) -> User:
    """Make an account for who came by way of the identity provider: no password, and no role till one is granted."""
    user.set_unusable_password()
    user.full_clean()
    user.save()
    _record(user, "account.opened", _own_words(user), by=user, at=at)
    return user


@transaction.atomic
def amend_account(user: User, *, by: User, at: datetime) -> User:
    """Write the changed names, address, time zone or standing of an account. Nobody shuts themselves out.

    To close an account ends its sessions and its API tokens: they do not come back with it.
    """
    demand(by, "manage_people")
    if user == by and not user.is_active:
        raise ValidationError({"is_active": "You cannot close your own account. Another administrator can."})
    user.full_clean()
    _amend(user, by=by, at=at)
    if not user.is_active:  # for good: an account that is opened again starts without them
        _end_secrets(user, at)
        end_sessions(user, by=by)
    return user


@transaction.atomic
def settle_roles(user: User, roles: Collection[str], *, by: User, at: datetime) -> None:
    """Let `user` hold exactly these roles. Nobody takes the administrator's from themselves."""
    held = {str(role) for role in user.roles}
    if user == by and Role.ADMINISTRATOR in held - set(roles):
        raise ValidationError({"roles": "You cannot take this role from yourself. Another administrator can."})
    for role in sorted(set(roles) - held):
        grant_role(user, role, by=by, at=at)
    for role in sorted(held - set(roles)):
        revoke_role(user, role, by=by, at=at)


@transaction.atomic
def set_password(user: User, password: str, *, by: User, at: datetime) -> None:
    """Give an account, or oneself, a new password, which ends its sessions, API tokens and calendar's address."""
    if user != by:
        demand(by, "manage_people")
    _take_password(user, password)
    user.save(update_fields=["password", "is_staff"])
    _end_secrets(user, at)
    end_sessions(user, by=by)
    _record(user, "account.password_set", {}, by=by, at=at)


@transaction.atomic
def sign_out_everywhere(user: User, *, by: User, at: datetime) -> None:
    """End every session of an account, as an administrator does for who lost a machine."""
    demand(by, "manage_people")
    end_sessions(user, by=by)
    _record(user, "account.sessions_ended", {}, by=by, at=at)


@transaction.atomic
def remove_factors(user: User, *, by: User, at: datetime) -> None:
    """Take second factor, passkeys and recovery codes off an account, for who lost them all. Its sessions end."""
    demand(by, "manage_people")
    if user == by:
        raise ValidationError("You remove your own under My sign-in, or ask another administrator.")
    if not Authenticator.objects.filter(user=user).exists():
        raise ValidationError("This account has no second factor.", code="conflict")
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user, by=by)
    _record(user, "account.factors_removed", {}, by=by, at=at)


@transaction.atomic
def set_zone(user: User, zone: str, *, at: datetime) -> None:
    """Let a person choose the time zone they see times in; blank for that of the site."""
    if zone:
        try:
            require_zone(zone)
        except ValidationError as fault:
            raise ValidationError({"zone": fault}) from fault
    user.zone = zone
    _amend(user, by=user, at=at)


def _end_secrets(user: User, at: datetime) -> None:
    """Let nothing that was once handed out in this person's name open anything from now on."""
    ApiToken.objects.filter(user=user).delete()
    CalendarAddress.objects.standing().filter(user=user).update(ended_at=at)


def _own_words(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in OWN_WORDS}


def _take_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise ValidationError({"new_password": fault}) from fault
    user.set_password(password)
    user.is_staff = True


def _amend(user: User, *, by: User, at: datetime) -> None:
    stood = User.objects.select_for_update().get(pk=user.pk)
    changes = {
        name: [getattr(stood, name), getattr(user, name)]
        for name in OWN_WORDS
        if getattr(stood, name) != getattr(user, name)
    }
    if changes:
        user.save(update_fields=list(changes))
        _record(user, "account.amended", {"changes": changes}, by=by, at=at)


def _record(user: User, kind: str, details: dict[str, Any], *, by: User, at: datetime) -> None:
    record.append(kind, {"user": str(user.uuid), **details}, subject=user.uuid, case=None, by=by, at=at)
