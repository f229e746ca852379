import sqlite3

import pytest
from django.db import connection

from predictions.models.checks import captures_stay_outside, has_wal_fault, sqlite_is_sound


@pytest.mark.parametrize(
    ("version", "is_faulty"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_versions_of_sqlite_that_can_lose_commits_are_known(version, is_faulty):
    assert has_wal_fault(version) == is_faulty


@pytest.mark.django_db
def test_a_faulty_sqlite_is_told_of_where_it_is_used_and_nowhere_else():
    is_faulty = connection.vendor == "sqlite" and has_wal_fault(sqlite3.sqlite_version_info)
    assert [told.id for told in sqlite_is_sound(databases=["default"])] == ["predictions.I001"] * is_faulty
    assert sqlite_is_sound(databases=None) == []


def test_places_inside_that_captures_may_reach_are_warned_of(settings):
    assert captures_stay_outside() == []
    settings.CAPTURE_ALLOW_ENDPOINTS = frozenset({("127.0.0.1", 8010)})
    (told,) = captures_stay_outside()
    assert (told.id, "127.0.0.1:8010" in told.msg) == ("predictions.W002", True)
