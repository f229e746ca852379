import json

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from predictions.models import Dispute, Evidence, Resolution
from predictions.operations.cases import admit
from predictions.operations.disputes import raise_dispute
from predictions.operations.evidence import link_evidence
from predictions.operations.resolutions import confirm
from predictions.operations.sources import attach_text
from tests import builders as a


@pytest.fixture(autouse=True)
def _nobody_has_tried_to_sign_in_yet():
    cache.clear()


@pytest.fixture
def client_of(db):
    """A client with a token of that person."""

    def client(user, *scopes) -> Client:
        return Client(headers={"authorization": f"Token {a.token(user, *scopes)}"})

    return client


@pytest.fixture
def caller(people, client_of):
    """A client for each role, with a token of the person in that role."""
    return lambda role, *scopes: client_of(people[role], *scopes)


@pytest.fixture
def api(caller):
    return caller("analyst")


@pytest.fixture
def fill(db):
    """Puts one row of one case on each list of the API: one resolver judged, and the decision is disputed.

    The forecaster, who belongs to no case, is always the same.
    """
    author = a.forecaster("The Daily")

    def put(theme: str = "weather", **case_fields) -> dict:
        resolver = a.a_person_with("resolver")
        case = a.case(members=[resolver], **{"resolvers_asked": 1} | case_fields)
        source = a.source(case, published_at=a.on_day(-1), published_until=a.on_day(0), published_precision="day")
        snapshot = attach_text(source, "They say it is likely to rain.", by=a.a_person_with("analyst"), at=a.NOW)
        quote = a.quote(source)
        trigger = a.trigger(case, expected_at=a.on_day(40))
        a.occurrence(trigger)
        prediction = a.prediction(case, trigger=trigger, theme=theme)
        forecast = a.forecast(prediction, "likely", by=author, quote=quote, rationale="Clouds.")
        seen = Evidence(prediction=prediction, source=source, quote=quote, stance="supports", credibility=2)
        seen.note, seen.criterion = "It was seen.", prediction.revision.criteria.get()
        evidence = link_evidence(seen, by=a.a_person_with("analyst"), at=a.NOW)
        [assignment] = a.assigned(prediction, resolver)
        assessment = a.assessment(prediction, by=resolver, relied_on=[evidence])
        decision = Resolution(prediction=prediction, known_at=a.on_day(50))
        decision.rationale = "It rained."
        resolution = confirm(decision, by=resolver, at=a.NOW)
        dispute = Dispute(prediction=prediction, criterion=seen.criterion, evidence=evidence, text="It stayed dry.")
        raise_dispute(dispute, by=a.a_person_with("analyst"), at=a.NOW)
        coded = _coded(forecast)
        first = {"cases": case, "sources": source, "quotes": quote, "forecasters": author, "predictions": prediction}
        first |= {"captures": a.asked_capture(case=case), "snapshots": snapshot}
        judged = {"assignments": assignment, "assessments": assessment, "resolutions": resolution, "disputes": dispute}
        return {**first, "forecasts": forecast, "evidence": evidence, "ratings": a.rating(evidence), **judged, **coded}

    return put


def _coded(forecast):
    """Its coding, and a request to another, who has not answered: no other forecast stands in its place."""
    coder = User.objects.filter(username="some-coder").first() or a.person("some-coder", "analyst")
    if forecast.prediction.case.is_private:
        admit(forecast.prediction.case, coder, by=a.a_person_with("analyst"), at=a.NOW)
    (request,) = a.asked(forecast, coder)
    return {"coding-requests": request, "codings": forecast.codings.get()}


@pytest.fixture
def send(api):
    """Posts a forecast, lawful but for what is told; `absent` drops keys, and `digits` are a probability's own."""
    on, by = a.prediction(closes_at=a.on_day(10_000)), a.forecaster()
    lawful = {"prediction": str(on.uuid), "forecaster": str(by.uuid), "issued": "2026-02-01T00:00Z"}

    def post(absent=(), digits="", **fields):
        body = json.dumps({key: value for key, value in (lawful | fields).items() if key not in absent})
        body = f'{body[:-1]}, "probability": {digits}}}' if digits else body
        return api.post("/api/forecasts/", body, content_type="application/json")

    post.on = on
    return post
