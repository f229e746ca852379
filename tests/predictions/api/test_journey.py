"""The whole of a small case through the API alone, as a program would go."""

from http import HTTPStatus

import pytest
from django.test import Client

from predictions import scorekeeping
from predictions.models import LedgerEntry, Prediction
from tests import builders as a


def test_a_program_signs_in_reads_a_case_records_and_reads_the_scorecard(people, fill):
    rows, rival = fill(), str(a.forecaster("The Weekly").uuid)
    body = {"username": "analyst", "password": a.PASSWORD, "scopes": ["read", "forecast"]}
    token = Client().post("/api/tokens/", body, content_type="application/json").json()["token"]
    client = Client(headers={"authorization": f"Token {token}"})

    lists = client.get("/api/").json()
    case = client.get(lists["cases"]).json()["results"][0]["uuid"]
    [source] = client.get(f"/api/sources/?case={case}").json()["results"]
    assert source["quotes"][0]["exact"] in client.get(f"/api/sources/{source['uuid']}/text/").json()["text"]
    [prediction] = client.get(f"/api/predictions/?case={case}&status=resolved").json()["results"]
    [forecast] = client.get(f"/api/forecasts/?prediction={prediction['uuid']}").json()["results"]
    [evidence] = client.get(f"/api/evidence/?prediction={prediction['uuid']}").json()["results"]
    [resolution] = client.get(f"/api/resolutions/?prediction={prediction['uuid']}").json()["results"]
    assert (forecast["quote"], evidence["grade"]) == (source["quotes"][0]["uuid"], "B2")
    assert (resolution["uuid"], resolution["relied_on"]) == (prediction["resolution"], [evidence["uuid"]])

    said = {"prediction": prediction["uuid"], "forecaster": rival, "words": "almost certain", "issued": "2026-01-20"}
    logged = client.post("/api/forecasts/", said, content_type="application/json")
    assert logged.status_code == HTTPStatus.CREATED
    assert logged.json()["is_in_hindsight"]
    found = {
        "prediction": prediction["uuid"],
        "source": source["uuid"],
        "stance": "context",
        "note": "So.",
        "credibility": 3,
    }
    linked = client.post("/api/evidence/", found, content_type="application/json")
    assert linked.status_code == HTTPStatus.CREATED
    assert linked.json()["seq"] == logged.json()["seq"] + 1 == LedgerEntry.objects.latest("seq").seq

    scorekeeping.rescore(Prediction.objects.filter(pk=rows["predictions"].pk), at=a.NOW)
    card = client.get(f"/api/scorecards/?forecaster={rival}").json()
    probability = logged.json()["probability"]
    assert card["mean_brier"] == pytest.approx((1 - probability) ** 2)
    assert (card["n"], card["in_hindsight"]) == (1, 1)

    assert client.delete("/api/tokens/current/").status_code == HTTPStatus.NO_CONTENT
    assert client.get("/api/cases/").status_code == HTTPStatus.UNAUTHORIZED
