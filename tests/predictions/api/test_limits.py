"""What the API counts; that both doors count together is tested in tests/config/test_limits.py."""

import pytest
from django.core.cache import cache

from accounts.limits import Rate

pytestmark = pytest.mark.django_db


def test_reading_is_not_counted_and_taking_a_scorecard_out_is(api, settings):
    cache.clear()
    settings.LIMITS = {"create": Rate(1, 60), "capture": Rate(1, 60), "export": Rate(1, 60)}
    assert {api.get("/api/predictions/").status_code for _ in range(3)} == {200}
    assert [api.get("/api/scorecards/").status_code for _ in range(2)] == [200, 429]


def test_without_limits_nobody_waits(api, settings):
    settings.LIMITS = {"create": None, "capture": None, "export": None}
    assert {api.get("/api/scorecards/").status_code for _ in range(3)} == {200}
