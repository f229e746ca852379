"""A process that serves tells loudly, as it starts, that the record is not guarded."""

import logging

import pytest
from django.db import connection

from config.startup import tell_of_missing_guards
from predictions.models import guards
from tests.unguarded import lift

pytestmark = pytest.mark.django_db


def test_each_missing_guard_is_told(caplog):
    with caplog.at_level(logging.CRITICAL, "config.startup"):
        tell_of_missing_guards()
        assert caplog.messages == []
        lift()
        tell_of_missing_guards()
    assert len(caplog.messages) == len(guards.missing(connection)) > 0
    assert all("is missing" in each and "manage.py migrate" in each for each in caplog.messages)
