"""Fixtures for every test: people in their roles, a case to work in, and a database whose guards can be lifted."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.cache import caches
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


@pytest.fixture(scope="session")
def _outside_the_database(tmp_path_factory):
    return tmp_path_factory.mktemp("ledger")


@pytest.fixture(autouse=True)
def _each_test_has_a_ledger_of_its_own(settings, _outside_the_database):
    """What is signed in one test is undone with it: the next remembers nothing of it."""
    settings.LEDGER_KEYS, settings.LEDGER_KEY_FILE = [], _outside_the_database / "key"
    settings.LEDGER_GUARD_FILE = _outside_the_database / uuid4().hex


@pytest.fixture(autouse=True)
def _nobody_has_tried_too_often_yet():
    for cache in caches.all(initialized_only=True):
        cache.clear()


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
