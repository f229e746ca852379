"""How people sign in, by the environment."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.sign_in import cache, sign_in_settings

OIDC = {"OIDC_URL": "https://id.example.org/", "OIDC_CLIENT_ID": "forsooth", "OIDC_CLIENT_SECRET": "s"}


def told(*, is_trial=False, trusts_proxy=False, **environment):
    return sign_in_settings(environment, is_trial=is_trial, trusts_proxy=trusts_proxy)


@pytest.mark.parametrize(
    ("environment", "is_trial", "roles"),
    [
        ({}, False, {"resolver", "adjudicator", "administrator"}),
        ({}, True, set()),
        ({"SECOND_FACTOR_ROLES": ""}, False, set()),
        ({"SECOND_FACTOR_ROLES": "viewer, administrator"}, True, {"viewer", "administrator"}),
    ],
)
def test_the_second_factor_is_demanded_in_production_unless_it_is_said_otherwise(environment, is_trial, roles):
    assert told(is_trial=is_trial, **environment)["SECOND_FACTOR_ROLES"] == roles


def test_a_session_lasts_twelve_hours_and_one_idle_unless_it_is_said_otherwise():
    usual, other = told(), told(SESSION_HOURS="8", SESSION_IDLE_MINUTES="7.5")
    assert (usual["SESSION_LONGEST"], usual["SESSION_IDLE"]) == (timedelta(hours=12), timedelta(hours=1))
    assert (other["SESSION_LONGEST"], other["SESSION_IDLE"]) == (timedelta(hours=8), timedelta(minutes=7.5))
    assert other["SESSION_COOKIE_AGE"] == 8 * 3600


def test_one_provider_is_known_by_the_environment_alone():
    block = told(**OIDC, OIDC_NAME="Waterworks")
    [app] = block["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert (app["client_id"], app["settings"]["server_url"]) == ("forsooth", "https://id.example.org")
    assert block["OIDC_NAME"] == app["name"] == "Waterworks"
    assert not told()["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert told(**OIDC)["OIDC_NAME"] == "your organisation"


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("https://id.example.org", True),
        ("http://127.0.0.1:9000", True),
        ("http://[::1]:9000/realm", True),
        ("http://localhost", True),
        ("http://id.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("ftp://127.0.0.1", False),
        ("id.example.org", False),
    ],
)
def test_a_provider_is_reached_by_https_or_on_this_machine(url, is_taken):
    if is_taken:
        assert told(**OIDC | {"OIDC_URL": url})
    else:
        with pytest.raises(ImproperlyConfigured, match="begins with https"):
            told(**OIDC | {"OIDC_URL": url})


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SECOND_FACTOR_ROLES": "resolver, king"}, "is a list of roles"),
        ({"SESSION_HOURS": "half a day"}, "are numbers"),
        ({"SESSION_HOURS": "nan"}, "are numbers"),
        ({"SESSION_IDLE_MINUTES": "0"}, "above 0"),
        ({"SESSION_HOURS": "1", "SESSION_IDLE_MINUTES": "61"}, "no longer than"),
        ({"OIDC_URL": "https://id.example.org"}, "together"),
        ({"CACHE_URL": "memcached://here"}, "CACHE_URL is"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_before_the_site_starts(environment, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        told(**environment)


@pytest.mark.parametrize(
    ("url", "kind"),
    [("", "db.DatabaseCache"), ("redis://127.0.0.1:6379/4", "redis.RedisCache"), ("locmem:", "locmem.LocMemCache")],
)
def test_attempts_are_counted_where_all_processes_count(url, kind):
    assert cache({"CACHE_URL": url} if url else {})["BACKEND"].endswith(kind)


@pytest.mark.parametrize("trusts", [False, True])
def test_a_proxy_is_trusted_when_it_is_said_so(trusts):
    assert told(trusts_proxy=trusts)["ALLAUTH_TRUSTED_PROXY_COUNT"] == int(trusts)
