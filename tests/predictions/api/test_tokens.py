from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken
from tests import builders as a
from tests.builders import PASSWORD

SIGN_IN = "/api/tokens/"


def sign_in(password: str = PASSWORD, username: str = "analyst", **more):
    body = {"username": username, "password": password}
    return Client().post(SIGN_IN, body, content_type="application/json", **more)


def bearing(token: str) -> Client:
    return Client(headers={"authorization": f"Token {token}"})


def test_a_name_and_its_password_get_a_token_that_opens_the_api(people):
    response = sign_in()
    assert response.status_code == HTTPStatus.CREATED
    assert response.headers["Cache-Control"] == "no-store"
    assert bearing(response.json()["token"]).get("/api/cases/").status_code == HTTPStatus.OK


def test_only_the_digest_of_a_token_is_kept(people):
    token = sign_in().json()["token"]
    kept = ApiToken.objects.get()
    assert token not in {kept.digest, kept.token_key}
    assert len(kept.digest) == 128


def test_a_token_ends_after_thirty_days(people):
    token = sign_in().json()["token"]
    left = ApiToken.objects.get().expiry - timezone.now()
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert bearing(token).get("/api/cases/").status_code == HTTPStatus.UNAUTHORIZED


def test_a_token_that_is_given_back_opens_nothing_and_others_still_do(people):
    first, second = sign_in().json()["token"], sign_in().json()["token"]
    assert bearing(first).delete("/api/tokens/current/").status_code == HTTPStatus.NO_CONTENT
    assert bearing(first).get("/api/cases/").status_code == HTTPStatus.UNAUTHORIZED
    assert bearing(second).get("/api/cases/").status_code == HTTPStatus.OK


@pytest.mark.parametrize(("username", "password"), [("analyst", "wrong"), ("no-such-person", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(people, username, password):
    response = sign_in(password, username)
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert response.json() == {"non_field_errors": ["This username and password do not go together."]}


def test_a_closed_account_gets_no_token(people):
    people["analyst"].is_active = False
    people["analyst"].save()
    assert sign_in().status_code == HTTPStatus.BAD_REQUEST


def test_the_sixth_attempt_at_one_account_must_wait(people):
    assert {sign_in("wrong").status_code for _ in range(5)} == {HTTPStatus.BAD_REQUEST}
    response = sign_in()
    assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert 0 < int(response.headers["Retry-After"]) <= 300


def test_the_eleventh_attempt_in_a_minute_must_wait(people):
    assert {sign_in("wrong", f"name-{n}").status_code for n in range(10)} == {HTTPStatus.BAD_REQUEST}
    response = sign_in()
    assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert 0 < int(response.headers["Retry-After"]) <= 60


def test_a_made_up_address_does_not_buy_more_attempts(people):
    for n in range(10):
        sign_in("wrong", f"name-{n}", headers={"x-forwarded-for": f"10.0.0.{n}"})
    assert sign_in(headers={"x-forwarded-for": "10.0.1.1"}).status_code == HTTPStatus.TOO_MANY_REQUESTS


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options"])
def test_tokens_are_asked_for_and_given_back_and_nothing_else(api, method):
    assert getattr(api, method)(SIGN_IN).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("body", ["[]", "null", '"x"', '{"username": ["a"], "password": {}}', '{"username": "a"}'])
def test_a_body_that_signs_nobody_in_is_refused(db, body):
    assert Client().post(SIGN_IN, body, content_type="application/json").status_code == HTTPStatus.BAD_REQUEST


def test_a_person_has_at_most_twenty_tokens(people):
    for _ in range(20):
        a.token(people["analyst"])
    assert sign_in().status_code == HTTPStatus.BAD_REQUEST
