"""Every address of the site answered: with the policy that its answer must have, and what else browsers are told."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles.finders import find
from django.core.cache import cache
from django.urls import reverse

from accounts.roles import Role
from config.limits import EXPORTS
from config.policies import DRESS, NOTHING, STRICT
from tests import builders as a
from tests.journeys import test_role_matrix as matrix

world = matrix.world
SKELETON = "unfold/layouts/skeleton.html"
OWN = "sandbox; default-src 'none'"

pytestmark = pytest.mark.django_db


def read(policy):
    """A policy as text, as its directives."""
    return {name: set(rest) for name, *rest in (part.split() for part in policy.split("; "))}


def meant_for(answer):
    """What its policy must be, told from what was answered: from the templates it was made of, not from its address."""
    if not answer.headers["Content-Type"].startswith("text/html"):
        return NOTHING
    in_dress = SKELETON in {template.name for template in answer.templates}
    return DRESS if in_dress else STRICT


def assert_guarded(answer, address):
    told = answer.headers["Content-Security-Policy"]
    if told != OWN:
        policy = read(told)
        if address.startswith("/api/docs/"):
            policy["img-src"].discard("data:")
        assert policy == {name: set(sources) for name, sources in meant_for(answer).items()}, address
    assert "unsafe-inline" not in told
    assert answer.headers["X-Content-Type-Options"] == "nosniff", address
    assert answer.headers["Referrer-Policy"] == "same-origin", address
    assert answer.headers["X-Frame-Options"] == "DENY", address
    assert answer.headers["Permissions-Policy"] == settings.PERMISSIONS_POLICY, address
    assert answer.headers["X-Request-ID"], address
    assert not {"Server", "X-Powered-By"} & set(answer.headers), address


@pytest.mark.parametrize("roles", [(), tuple(Role)], ids=["anonymous", "every-role"])
def test_every_address_of_the_site_states_its_policy(client, people, world, settings, roles):
    settings.DEBUG = False
    rows = world()
    if roles:
        client.force_login(a.person("all-of-them", *roles))
    client.raise_request_exception = False
    for address in dict.fromkeys(matrix.addresses()):
        cache.clear()
        url = matrix.filled(address, rows) or address
        answer = client.get(url)
        assert_guarded(answer, url)
        hands_out = answer.headers.get("Content-Disposition", "").startswith("attachment")
        if hands_out and not url.startswith("/api/") and url != reverse("verifier"):  # one file of ours, for everybody
            assert answer.resolver_match.view_name in EXPORTS, f"{url} hands out a file without a limit"


@pytest.mark.parametrize("policy", [STRICT, NOTHING])
def test_no_policy_but_the_dress_lets_text_run_as_code(policy):
    assert not any("unsafe" in source for sources in policy.values() for source in sources)


def test_the_dress_departs_from_the_strict_policy_in_one_thing():
    apart = {name: set(DRESS[name]) ^ set(STRICT.get(name, ())) for name in DRESS if DRESS[name] != STRICT.get(name)}
    assert apart == {"script-src": {"'unsafe-eval'"}}


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND"])
def test_methods_that_nobody_has_use_for_are_refused_everywhere(client, people, method):
    client.force_login(people["administrator"])
    for url in ("/", "/api/cases/", "/nowhere/", "/scorecards/"):
        answer = client.generic(method, url, headers={"cookie": "sessionid=1"})
        assert answer.status_code == 405, url
        assert answer.content == b""


def test_a_page_laid_out_for_paper_is_not_in_the_dress(client, people):
    client.force_login(people["viewer"])
    assert read(client.get("/scorecards/?print=1").headers["Content-Security-Policy"])["script-src"] == {"'self'"}


def test_colours_are_those_that_unfold_would_write_into_the_page(rf):
    written = Path(find("predictions/colours.css")).read_text()
    for name, weights in admin.site._get_colors("COLORS", rf.get("/")).items():
        for weight, value in weights.items():
            assert f"--color-{name}-{weight}: {value};" in written
