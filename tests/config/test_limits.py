"""Both doors count the same requests of the same person, and say when to come again."""

import json

import pytest
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from accounts.limits import Rate
from config.limits import CAPTURES, EXPORTS
from tests.authorization.world import session_of, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_of_each(settings):
    cache.clear()
    settings.LIMITS = {"create": Rate(1, 3600), "capture": Rate(1, 3600), "export": Rate(1, 3600)}


def post(client, address, body=None):
    return client.post(address, json.dumps(body or {}), content_type="application/json")


def assert_told_to_wait(answer):
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_who_records_too_often_in_the_admin_waits_and_is_not_heard_by_the_api_either(analyst):
    browser, program = session_of(analyst), token_of(analyst)
    assert browser.post("/predictions/case/add/", {}).status_code == 200
    refused = browser.post("/predictions/case/add/", {})
    assert_told_to_wait(refused)
    assert b"Try again in" in refused.content
    assert_told_to_wait(post(program, "/api/forecasts/"))
    assert program.get("/api/forecasts/").status_code == 200


def test_who_records_too_often_by_the_api_is_told_so_in_json(analyst, viewer):
    program = token_of(analyst)
    assert post(program, "/api/forecasts/").status_code == 400
    refused = post(program, "/api/forecasts/")
    assert_told_to_wait(refused)
    assert "detail" in refused.json()
    assert session_of(viewer).post("/notices/read/").status_code == 302


def test_captures_are_counted_apart(analyst):
    browser, program = session_of(analyst), token_of(analyst)
    assert browser.post("/predictions/capture/add/", {}).status_code == 200
    assert_told_to_wait(post(program, "/api/captures/"))
    assert_told_to_wait(browser.post("/predictions/capture/add/", {}))
    assert post(program, "/api/forecasts/").status_code == 400


def test_what_is_taken_out_is_counted_at_both_doors(viewer):
    browser, program = session_of(viewer), token_of(viewer)
    assert browser.get("/scorecards/card.csv").status_code == 200
    assert_told_to_wait(browser.get("/agreement.json"))
    assert_told_to_wait(program.get("/api/scorecards/"))
    assert browser.get("/scorecards/").status_code == 200


def test_every_name_that_is_limited_is_an_address_of_the_site():
    for name in CAPTURES | EXPORTS:
        assert exists(name, []) or exists(name, ["1"]), name


def exists(name, args):
    try:
        return bool(reverse(name, args=args))
    except NoReverseMatch:
        return False


def test_more_than_the_site_takes_at_once_is_refused_before_it_is_read(client, settings, analyst):
    client.force_login(analyst)
    settings.LARGEST_REQUEST_BYTES = 10_000
    answer = client.post("/predictions/capture/add/", {"text": "x" * 20_000})
    assert answer.status_code == 413
    assert b"larger than this site takes" in answer.content


def test_a_form_of_more_than_the_memory_for_forms_is_told_so(client, settings, analyst):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.force_login(analyst)
    client.raise_request_exception = False
    answer = client.post("/predictions/capture/add/", {"text": "x" * 20_000})
    assert answer.status_code == 413
