"""Rights come from roles alone."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from accounts.models import User
from accounts.roles import Role
from tests import builders as a

pytestmark = pytest.mark.django_db


def test_the_migration_makes_the_five_roles_and_gives_them_no_permissions():
    Group.objects.all().delete()
    import_module("accounts.migrations.0002_roles").make_roles(apps, None)
    made = set(Group.objects.values_list("name", flat=True))
    assert made == {"viewer", "analyst", "resolver", "adjudicator", "administrator"} == set(Role)
    assert not Permission.objects.filter(group__isnull=False).exists()


def test_groups_that_are_no_role_give_no_role():
    user = a.person("someone", "viewer")
    user.groups.add(Group.objects.create(name="owners"))
    assert User.objects.get(pk=user.pk).roles == {"viewer"}


@pytest.mark.parametrize("held", [(), ("viewer",), ("analyst", "resolver")])
def test_a_superuser_is_an_administrator_beside_what_they_hold(held):
    user = a.person("someone", *held)
    user.is_superuser = True
    assert user.roles == {*held, "administrator"}


def test_every_account_is_known_outside_by_a_uuid_of_its_own():
    one, other = a.person("one"), a.person("other")
    assert one.uuid != other.uuid
    assert not User._meta.get_field("uuid").editable
