from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests import builders as a
from tests.faults import breaking
from tests.faults.served import Place, postgres_url


@pytest.fixture
def another_place(db, tmp_path) -> Iterator[Place]:
    """Nothing yet, beside the database of the tests."""
    if connection.vendor == "sqlite":
        yield Place(f"sqlite:///{tmp_path / 'another.sqlite3'}", tmp_path)
        return
    name = f"{connection.settings_dict['NAME']}_another"
    with closing(psycopg.connect(postgres_url(NAME="postgres"), autocommit=True)) as keeper:
        keeper.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        keeper.execute(f'CREATE DATABASE "{name}"')
        try:
            yield Place(postgres_url(NAME=name), tmp_path)
        finally:
            keeper.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def _nobody_has_asked_too_often_yet():
    cache.clear()


@pytest.fixture
def database(transactional_db, tmp_path):
    """This test's own, where it can be broken."""
    if not breaking.IS_SQLITE:
        yield
        return
    with breaking.on_a_file(tmp_path):
        yield


@pytest.fixture
def program(database) -> Client:
    """Comes with a token. Like every client here it is answered as the world is: no fault is raised in its face."""
    token = a.token(a.a_person_with("analyst"))
    return Client(raise_request_exception=False, headers={"authorization": f"Token {token}"})


@pytest.fixture
def browser(database) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(a.a_person_with("analyst"))
    return client
