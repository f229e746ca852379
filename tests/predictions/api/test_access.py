from http import HTTPStatus
from uuid import UUID

import pytest
from django.test import Client

from accounts.roles import Role
from predictions.api.urls import router, urlpatterns
from tests import builders as a

LISTS = ["cases", "sources", "quotes", "forecasters", "predictions", "forecasts", "evidence", "resolutions"]
LISTS += ["assignments", "assessments", "disputes", "ratings", "captures", "snapshots"]
LISTS += ["coding-requests", "codings"]
RECORDERS = {"forecasts": {"analyst"}, "evidence": {"analyst", "resolver", "adjudicator"}, "disputes": set(Role)}
RECORDERS |= {"ratings": {"analyst"}, "assignments": {"adjudicator", "administrator"}, "assessments": {"resolver"}}
RECORDERS |= {"captures": {"analyst"}, "coding-requests": {"analyst"}, "codings": {"analyst"}}
READ_ONLY = [name for name in LISTS if name not in RECORDERS]
SINGLE = ["/api/", "/api/scorecards/", "/api/schema/", "/api/docs/"]


def addresses(rows) -> list[str]:
    own = [f"/api/{name}/{rows[name].uuid}/" for name in LISTS]
    own += [f"/api/cases/{rows['cases'].uuid}/matrix/"]
    own += [f"/api/receipts/{rows['forecasts'].entry_id}/{form}" for form in ("", "tlog-proof/")]
    return [f"/api/{name}/" for name in LISTS] + own


def test_the_table_of_this_test_names_every_address():
    named = {prefix for prefix, _, _ in router.registry}
    assert named == {*LISTS, "scorecards"}
    others = {pattern.name for pattern in urlpatterns if hasattr(pattern, "name")}
    assert others == {"tokens", "current-token", "receipt", "tlog-proof", "schema", "docs", "nowhere"}


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_everything(caller, fill, role):
    client, rows = caller(role), fill()
    for address in [*addresses(rows), *SINGLE, f"/api/sources/{rows['sources'].uuid}/text/"]:
        assert client.get(address).status_code == HTTPStatus.OK, address


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options", "head", "trace"])
def test_who_brings_nothing_is_turned_away_everywhere(fill, method):
    rows, client = fill(), Client()
    for address in [*addresses(rows), *SINGLE[:3], f"/api/sources/{rows['sources'].uuid}/text/", "/api/nowhere/"]:
        expected = HTTPStatus.METHOD_NOT_ALLOWED if method == "trace" else HTTPStatus.UNAUTHORIZED
        assert client.generic(method.upper(), address).status_code == expected, address
    assert client.get("/api/docs/").headers["Location"] == "/login/?next=/api/docs/"


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options", "head", "trace"])
def test_who_has_no_role_is_turned_away_everywhere(caller, fill, method):
    rows, client = fill(), caller("nobody")
    for address in [*addresses(rows), *SINGLE, f"/api/sources/{rows['sources'].uuid}/text/", "/api/nowhere/"]:
        response = client.generic(method.upper(), address, "{}", content_type="application/json")
        expected = HTTPStatus.METHOD_NOT_ALLOWED if method == "trace" else HTTPStatus.FORBIDDEN
        assert response.status_code == expected, address


@pytest.mark.parametrize("role", list(Role))
def test_nothing_is_changed_or_deleted_by_anyone(caller, fill, role):
    rows, client = fill(), caller(role)
    closed = {address: ["put", "patch", "delete", "options", "trace"] for address in [*addresses(rows), *SINGLE]}
    for address in [*(f"/api/{name}/" for name in READ_ONLY), *addresses(rows)[len(LISTS) :], *SINGLE]:
        closed[address].append("post")
    for address, methods in closed.items():
        for method in methods:
            response = client.generic(method.upper(), address, "{}", content_type="application/json")
            assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED, (method, address)


@pytest.mark.parametrize("shelf", list(RECORDERS))
@pytest.mark.parametrize("role", list(Role))
def test_only_those_whose_role_it_is_may_record(caller, shelf, role):
    response = caller(role).post(f"/api/{shelf}/", {}, content_type="application/json")
    may = role in RECORDERS[shelf]
    assert response.status_code == (HTTPStatus.BAD_REQUEST if may else HTTPStatus.FORBIDDEN)


def test_the_wrong_role_is_told_nothing_about_the_body(caller):
    response = caller("viewer").post("/api/forecasts/", "[[[", content_type="application/json")
    assert response.json() == {"detail": "Your roles do not let you do this here: log forecast."}


def test_a_superuser_without_a_role_counts_as_administrator(people, caller):
    people["nobody"].is_superuser = True
    people["nobody"].save()
    client = caller("nobody")
    assert client.get("/api/forecasts/").status_code == HTTPStatus.OK
    assert client.post("/api/forecasts/", {}, content_type="application/json").status_code == HTTPStatus.FORBIDDEN


def test_an_account_that_was_closed_is_turned_away(people, caller):
    client = caller("analyst")
    people["analyst"].is_active = False
    people["analyst"].save()
    assert client.get("/api/cases/").status_code == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize("token", ["nonsense", "\xff\xfe", "a b", "", "é", "0" * 64, "x" * 10_000])
def test_what_is_no_token_opens_nothing(db, token):
    response = Client(headers={"authorization": f"Token {token}"}).get("/api/cases/")
    assert response.status_code == HTTPStatus.UNAUTHORIZED
    assert response.headers["WWW-Authenticate"] == "Token"


def test_a_session_reads_and_needs_a_csrf_token_to_record(people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["analyst"])
    assert client.get("/api/cases/").status_code == HTTPStatus.OK
    response = client.post("/api/forecasts/", {}, content_type="application/json")
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "CSRF" in response.json()["detail"]


def test_nobody_speaks_in_another_persons_name(caller, people):
    name = a.forecaster("Ann herself", account=people["viewer"])
    body = {
        "prediction": str(a.prediction().uuid),
        "forecaster": str(name.uuid),
        "words": "70%",
        "issued": "2026-02-01",
    }
    response = caller("analyst").post("/api/forecasts/", body, content_type="application/json")
    assert response.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "address", ["/api/cases/1/", f"/api/cases/{UUID(int=1)}/", "/api/nope/", "/api/forecasts", "/api/x"]
)
def test_what_is_not_there_is_answered_in_json(api, address):
    response = api.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (HTTPStatus.NOT_FOUND, "application/json")
