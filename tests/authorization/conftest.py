"""The world in which every case of authorization is asked."""

import pytest
from django.core.cache import cache

from tests import builders as a
from tests.authorization.world import World


@pytest.fixture(autouse=True)
def _nobody_has_asked_too_often_yet():
    cache.clear()


@pytest.fixture
def world(people) -> World:
    ann, ben = a.person("ann-quill", "resolver"), a.person("ben-zephyr", "resolver")
    prediction = a.prediction(a.case(resolvers_asked=2))
    a.assigned(prediction, ann, ben)
    return World(prediction, ann, ben)


@pytest.fixture
def dan(people):
    """A resolver whom nobody asked."""
    return a.person("dan-yarrow", "resolver")


@pytest.fixture
def in_own_name(people):
    """Gives an account a name to forecast in."""
    return lambda user: a.forecaster(f"{user.username} in person", account=user)


@pytest.fixture
def bodies(world, dan):
    """A lawful body for each address of the API that takes one, and who may send it."""
    other, decided = a.prediction(world.prediction.case), a.prediction()
    a.resolution(decided)
    on = str(other.uuid)
    forecast = {"prediction": on, "forecaster": str(a.forecaster().uuid), "words": "70%", "issued": "2026-02-01"}
    evidence = {"prediction": on, "stance": "supports", "note": "Seen.", "credibility": 2}
    evidence["source"] = str(a.source(world.prediction.case).uuid)
    judged = {"prediction": str(world.prediction.uuid), "verdicts": {"a": "met"}, "outcome": 1, "rationale": "So."}
    disputed = {"prediction": str(decided.uuid), "criterion": str(decided.revision.criteria.get().uuid)}
    captured = {"case": str(world.prediction.case.uuid), "text": "It may rain."}
    return {
        "captures": ("analyst", captured),
        "forecasts": ("analyst", forecast),
        "evidence": ("analyst", evidence),
        "assignments": ("administrator", {"prediction": on, "resolver": dan.username}),
        "assessments": ("ann", judged | {"confidence": "low"}),
        "disputes": ("viewer", disputed | {"evidence": str(a.evidence(decided).uuid), "text": "It was dry."}),
    }
