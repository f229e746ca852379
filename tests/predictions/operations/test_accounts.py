"""Accounts and roles: who holds what is on record, and nobody shuts themselves out."""

import json

import pytest

from accounts.models import User
from accounts.roles import Role
from predictions.models import LedgerEntry
from predictions.operations.accounts import (
    amend_account,
    command_line_account,
    demo_accounts,
    grant_role,
    open_account,
    revoke_role,
    set_password,
    set_zone,
    settle_roles,
)
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


def entries(user):
    rows = LedgerEntry.objects.filter(subject=user.uuid).order_by("seq").select_related("payload__actor")
    return [(row.kind, json.loads(row.payload.text).get("role"), row.payload.actor.username) for row in rows]


def roles_of(user):
    return set(User.objects.get(pk=user.pk).roles)


@pytest.fixture
def someone(db):
    return a.person("someone")


def test_a_grant_and_its_revocation_are_on_record_once_each(someone, administrator):
    for deed in (grant_role, grant_role, revoke_role, revoke_role):
        deed(someone, "analyst", by=administrator, at=a.NOW)
    assert entries(someone) == [
        ("role.granted", "analyst", "administrator"),
        ("role.revoked", "analyst", "administrator"),
    ]
    assert roles_of(someone) == set()


def test_a_role_counts_at_once(someone, administrator):
    assert someone.roles == set()
    grant_role(someone, "viewer", by=administrator, at=a.NOW)
    assert someone.roles == {"viewer"}
    revoke_role(someone, "viewer", by=administrator, at=a.NOW)
    assert someone.roles == set()


@pytest.mark.parametrize("role", ["", "owner", "Analyst", "superuser"])
def test_there_are_no_other_roles(someone, administrator, role):
    with refused("role", "Roles are"):
        grant_role(someone, role, by=administrator, at=a.NOW)


def test_an_account_holds_exactly_the_roles_that_are_settled(someone, administrator):
    for roles in ({"viewer", "analyst"}, {"analyst", "resolver"}, set()):
        settle_roles(someone, roles, by=administrator, at=a.NOW)
        assert roles_of(someone) == roles
    assert len(entries(someone)) == 6


def test_nobody_shuts_themselves_out(administrator):
    with refused("roles", "Another administrator can"):
        settle_roles(administrator, {"viewer"}, by=administrator, at=a.NOW)
    closed = User.objects.get(pk=administrator.pk)
    closed.is_active = False
    with refused("is_active", "Another administrator can"):
        amend_account(closed, by=administrator, at=a.NOW)


def test_a_new_account_can_sign_in_and_may_do_nothing_yet(administrator, client):
    user = open_account(User(username="new", first_name="New"), a.PASSWORD, by=administrator, at=a.NOW)
    assert client.login(username="new", password=a.PASSWORD)
    assert roles_of(user) == set()
    assert entries(user) == [("account.opened", None, "administrator")]
    assert a.PASSWORD not in LedgerEntry.objects.first().payload.text


@pytest.mark.parametrize(
    ("field", "given", "password"),
    [
        ("new_password", {"username": "new"}, "short"),
        ("new_password", {"username": "new"}, "12345678901"),
        ("username", {"username": "some one"}, a.PASSWORD),
        ("username", {"username": "someone"}, a.PASSWORD),
        ("username", {"username": ""}, a.PASSWORD),
        ("email", {"username": "new", "email": "nowhere"}, a.PASSWORD),
        ("zone", {"username": "new", "zone": "Tokyo"}, a.PASSWORD),
    ],
    ids=str,
)
def test_bad_input_is_refused_at_its_field(someone, administrator, field, given, password):
    with refused(field):
        open_account(User(**given), password, by=administrator, at=a.NOW)
    assert not User.objects.filter(username="new").exists()


def test_a_new_password_replaces_the_old_and_is_nowhere_on_record(someone, administrator, client):
    set_password(someone, "another horse and battery", by=administrator, at=a.NOW)
    assert not client.login(username="someone", password=a.PASSWORD)
    assert client.login(username="someone", password="another horse and battery")
    assert "horse" not in LedgerEntry.objects.first().payload.text


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "UTC", ""])
def test_a_person_chooses_their_own_zone(someone, zone):
    someone.zone = "Europe/Paris"
    someone.save()
    set_zone(someone, zone, at=a.NOW)
    assert User.objects.get(pk=someone.pk).zone == zone
    with refused("zone", "no time zone"):
        set_zone(someone, "Tokyo", at=a.NOW)


def test_the_shell_acts_in_an_account_that_nobody_signs_in_to():
    shell = command_line_account(at=a.NOW)
    assert command_line_account(at=a.NOW) == shell
    assert roles_of(shell) == {Role.ANALYST, Role.RESOLVER, Role.ADMINISTRATOR}
    assert not shell.has_usable_password()
    assert not shell.is_staff
    assert [kind for kind, _, _ in entries(shell)] == ["account.opened", "role.granted", "role.granted"]


def test_the_demo_has_an_account_per_role_a_second_resolver_and_new_passwords_each_time(client):
    first = demo_accounts(at=a.NOW)
    before = LedgerEntry.objects.count()
    second = demo_accounts(at=a.NOW)
    assert LedgerEntry.objects.count() == before
    assert first.keys() == second.keys() == {f"demo-{role}" for role in Role} | {"demo-resolver-2"}
    assert not set(first.values()) & set(second.values())
    for name, password in second.items():
        assert roles_of(User.objects.get(username=name)) == {name.removeprefix("demo-").removesuffix("-2")}
        assert client.login(username=name, password=password)
        assert not client.login(username=name, password=first[name])
