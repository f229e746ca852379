from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.models import Coding, CodingRequest, Forecast, LedgerEntry
from tests import builders as a

OWN = {"words": "it is likely to rain", "low": "0.5", "point": "0.6", "high": "0.7"}


@pytest.fixture
def forecast(db):
    return a.coded()


@pytest.fixture
def bea(db):
    return a.person("bea", "analyst")


@pytest.fixture
def post(client_of):
    def send(who, shelf, body):
        return client_of(who).post(f"/api/{shelf}/", body, content_type="application/json")

    return send


def test_another_is_asked_by_name_and_finds_what_to_code(post, client_of, analyst, forecast, bea):
    answer = post(analyst, "coding-requests", {"forecast": str(forecast.uuid), "coder": "bea"})
    assert answer.status_code == HTTPStatus.CREATED
    shown = answer.json()
    assert (shown["coder"], shown["is_own"], shown["exact"]) == ("bea", False, "it is likely to rain")
    (own,) = client_of(bea).get("/api/coding-requests/?is_own=true&is_open=true").json()["results"]
    assert own == shown | {"is_own": True}
    assert client_of(bea).get("/api/coding-requests/?is_own=false").json()["results"] == []
    assert own["statement"] == forecast.prediction.statement
    assert [criterion["text"] for criterion in own["criteria"]] == ["It happens."]


@pytest.mark.parametrize(
    ("given", "expected"),
    [({"words": "very likely"}, (0.8, 0.875, 0.95, "very likely")), (OWN, (0.5, 0.6, 0.7, ""))],
)
def test_who_is_asked_submits_theirs(post, forecast, bea, given, expected):
    (request,) = a.asked(forecast, bea)
    answer = post(bea, "codings", {"request": str(request.uuid), "had_own_forecast": True} | given)
    assert answer.status_code == HTTPStatus.CREATED
    shown = answer.json()
    assert (shown["low"], shown["point"], shown["high"], shown["term"]) == expected
    assert (shown["coder"], shown["number"], shown["had_own_forecast"]) == ("bea", 2, True)
    assert shown["own_forecast_on_record"] is False
    assert shown["forecast"] == str(Forecast.objects.standing().get().uuid)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"words": "70%"}, "words"),
        ({}, "words"),
        ({"words": "likely", "scale": "none-such"}, "scale"),
        (OWN | {"low": "0.65"}, "low"),
        (OWN | {"point": "likely"}, "point"),
        ({"words": "likely", "had_own_forecast": None}, "had_own_forecast"),
        ({"words": "likely", "coder": "bea"}, "coder"),
    ],
)
def test_a_faulty_coding_is_refused_at_its_field(post, forecast, bea, given, field):
    (request,) = a.asked(forecast, bea)
    before = LedgerEntry.objects.count()
    answer = post(bea, "codings", {"request": str(request.uuid), "had_own_forecast": False} | given)
    assert (answer.status_code, list(answer.json())) == (HTTPStatus.BAD_REQUEST, [field])
    assert (LedgerEntry.objects.count(), Coding.objects.count()) == (before, 1)


def test_only_who_is_asked_submits_and_only_once(post, analyst, forecast, bea):
    (request,) = a.asked(forecast, bea)
    body = {"request": str(request.uuid), "had_own_forecast": False, "words": "likely"}
    assert post(analyst, "codings", body).status_code == HTTPStatus.FORBIDDEN
    assert post(bea, "codings", body).status_code == HTTPStatus.CREATED
    assert post(bea, "codings", body).status_code == HTTPStatus.CONFLICT


def test_who_may_not_code_is_not_asked(post, analyst, forecast, bea):
    asker = a.person("asker", "analyst")
    for name, who in (("some-analyst", asker), ("asker", asker)):
        answer = post(who, "coding-requests", {"forecast": str(forecast.uuid), "coder": name})
        assert (answer.status_code, list(answer.json())) == (HTTPStatus.BAD_REQUEST, ["coder"])
    assert not CodingRequest.objects.exists()


@pytest.mark.parametrize("shelf", ["coding-requests", "codings"])
def test_a_list_of_three_takes_no_more_queries_than_one_of_one(client_of, viewer, shelf):
    coder = a.person("coder", "analyst")

    def queries():
        client = client_of(viewer)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/api/{shelf}/").json()["results"]
        return len(asked)

    a.coding(a.asked(a.coded(), coder)[0])
    one = queries()
    for _ in range(2):
        a.coding(a.asked(a.coded(), coder)[0])
    assert queries() == one
