"""Fixtures for every test: people in their roles, a case to work in, and a database whose guards can be lifted."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from accounts.models import User
from accounts.roles import Role
from predictions.models import guards
from tests import builders


@pytest.fixture(autouse=True)
def _tests_may_call_any_host(settings):
    settings.SECURE_SSL_REDIRECT = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _guards_lifted_for_the_flush(request):
    """A transactional test empties every table at its end, which the guards refuse. The flush puts them back."""
    marker = request.node.get_closest_marker("django_db")
    is_transactional = bool(marker and marker.kwargs.get("transaction")) or "live_server" in request.fixturenames
    if is_transactional:
        request.getfixturevalue("transactional_db")  # set up before, so that it is torn down after
    yield
    if is_transactional:
        guards.lift(connection)


@receiver(post_migrate, dispatch_uid="roles after a flush")
def _restore_roles(using, **_):
    """The flush takes the rows that a migration made, and ends like a migration."""
    for name in Role:
        Group.objects.using(using).get_or_create(name=name)


@pytest.fixture
def now():
    return datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def people(db) -> dict[str, User]:
    """One account per role, named like the role, and `nobody`, who has none."""
    return {name: builders.person(name, name) for name in Role} | {"nobody": builders.person("nobody")}


@pytest.fixture
def analyst(people):
    return people["analyst"]


@pytest.fixture
def resolver(people):
    return people["resolver"]


@pytest.fixture
def adjudicator(people):
    return people["adjudicator"]


@pytest.fixture
def administrator(people):
    return people["administrator"]


@pytest.fixture
def viewer(people):
    return people["viewer"]
