"""Attempts at a password are counted once for all doors and all processes."""

import pytest
from django.core.cache import caches
from django.db import connection

from config.sign_in import cache
from tests import builders as a

pytestmark = pytest.mark.django_db

DOORS = {"/login/": {}, "/api/tokens/": {"content_type": "application/json"}}


def attempts(client, door, password="wrong", times=1):
    body = {"username": "analyst", "password": password}
    return [client.post(door, body, **DOORS[door]) for _ in range(times)][-1]


@pytest.mark.parametrize("door", DOORS)
def test_each_attempt_that_fails_or_is_not_looked_at_is_told_without_the_name(client, analyst, told, door):
    attempts(client, door, times=5)
    attempts(client, door, a.PASSWORD)
    of_signing_in = [each["event"] for each in told() if each["event"] != "limit.rate"]
    assert of_signing_in == ["sign_in.failed"] * 5 + ["sign_in.locked_out"]
    assert "analyst" not in str(told())


@pytest.mark.parametrize("door", DOORS)
def test_without_a_redis_the_database_counts_for_all_processes(client, analyst, settings, door):
    settings.CACHES = {"default": cache({})}
    attempts(client, door, times=5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM forsooth_cache")
        assert cursor.fetchone()[0] > 0
    caches["default"].close()
    del caches["default"]  # another process has nothing in its memory
    assert attempts(client, "/api/tokens/", a.PASSWORD).status_code == 429
