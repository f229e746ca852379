"""How a rate is read, and when one request is one too many."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured

from accounts.limits import DEFAULTS, Rate, rate, rates, spend


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("60/minute", Rate(60, 60)),
        ("100/10minutes", Rate(100, 600)),
        ("1/hour", Rate(1, 3600)),
        (" 5/second ", Rate(5, 1)),
        ("2/days", Rate(2, 86_400)),
        ("0", None),
        ("0/hour", None),
    ],
)
def test_a_rate_is_a_number_in_a_time(text, read):
    assert rate("LIMIT_CREATE", text) == read


@pytest.mark.parametrize("text", ["", "60", "60/min", "-1/hour", "1.5/hour", "60/minute please", "٦/minute"])
def test_what_is_no_rate_is_refused_before_the_site_starts(text):
    with pytest.raises(ImproperlyConfigured, match="LIMIT_CREATE is a rate such as"):
        rate("LIMIT_CREATE", text)


def test_what_is_not_told_is_limited_all_the_same():
    assert set(rates({})) == set(DEFAULTS)
    assert all(rates({}).values())
    assert rates({"LIMIT_EXPORT": "0"})["export"] is None


def test_one_too_many_is_told_how_long_to_wait_and_others_are_not_concerned(settings):
    cache.clear()
    settings.LIMITS = {"export": Rate(2, 3600)}
    assert [spend("export", "ann") for _ in range(2)] == [None, None]
    assert 1 <= spend("export", "ann") <= 3600
    assert spend("export", "ben") is None
    assert spend("create", "ann") is None


def test_the_next_window_begins_anew(settings, monkeypatch):
    cache.clear()
    settings.LIMITS = {"export": Rate(1, 60)}
    moment = 1_800_000_000.0
    monkeypatch.setattr("accounts.limits.time.time", lambda: moment)
    assert spend("export", "ann") is None
    assert spend("export", "ann") == 60
    moment += 59.5
    assert spend("export", "ann") == 1
    moment += 0.5
    assert spend("export", "ann") is None
