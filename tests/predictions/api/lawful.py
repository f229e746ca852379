"""A lawful body for each shelf of the API that takes rows, and who may send it."""

from accounts.models import User
from predictions.api.doors import Recording
from predictions.api.urls import shelves
from tests import builders as a

TAKES_ROWS = sorted(name for name, shelf in shelves.items() if issubclass(shelf, Recording))


def lawful(shelf: str, person: User | None = None) -> tuple[User, dict]:
    """A body that nobody has sent yet. `person` is who is asked, where the row is for somebody who was asked."""
    return _FOR_WHO_IS_ASKED[shelf](person) if shelf in _FOR_WHO_IS_ASKED else _BY_SHELF[shelf]()


def _forecast():
    body = {"prediction": a.prediction().uuid, "forecaster": a.forecaster().uuid, "probability": 0.7}
    return a.a_person_with("analyst"), body | {"issued": "2026-02-01", "rationale": "Clouds."}


def _evidence():
    on = a.prediction()
    body = {"prediction": on.uuid, "source": a.source(on.case).uuid, "criterion": on.revision.criteria.get().uuid}
    return a.a_person_with("analyst"), body | {"stance": "supports", "note": "It was seen.", "credibility": 2}


def _rating():
    of = a.evidence()
    body = {"evidence": of.uuid, "prediction": of.prediction.uuid, "consistency": "I", "note": "So."}
    return a.a_person_with("analyst"), body


def _capture():
    return a.a_person_with("analyst"), {"case": a.case().uuid, "text": "It may rain.", "title": "Weather"}


def _coding_request():
    coder = a.person(f"coder-{User.objects.count()}", "analyst")
    return a.a_person_with("analyst"), {"forecast": a.coded().uuid, "coder": coder.username}


def _coding(coder):
    coder = coder or a.person(f"coder-{User.objects.count()}", "analyst")
    [request] = a.asked(a.coded(), coder)
    return coder, {"request": request.uuid, "low": 0.5, "point": "60%", "high": 0.7, "had_own_forecast": False}


def _assignment():
    resolver = a.person(f"resolver-{User.objects.count()}", "resolver")
    body = {"prediction": a.prediction(a.case(resolvers_asked=2)).uuid, "resolver": resolver.username}
    return a.a_person_with("adjudicator"), body


def _assessment(resolver):
    resolver = resolver or a.person(f"resolver-{User.objects.count()}", "resolver")
    on = a.prediction(a.case(resolvers_asked=2))
    a.assigned(on, resolver)
    body = {"prediction": on.uuid, "verdicts": {"a": "met"}, "outcome": 1, "confidence": "low", "rationale": "So."}
    return resolver, body | {"relied_on": [a.evidence(on).uuid]}


def _dispute():
    on = a.prediction()
    a.resolution(on)
    body = {"prediction": on.uuid, "criterion": on.revision.criteria.get().uuid, "evidence": a.evidence(on).uuid}
    return a.a_person_with("viewer"), body | {"text": "It stayed dry."}


_BY_SHELF = {
    "forecasts": _forecast,
    "evidence": _evidence,
    "ratings": _rating,
    "captures": _capture,
    "coding-requests": _coding_request,
    "assignments": _assignment,
    "disputes": _dispute,
}
_FOR_WHO_IS_ASKED = {"codings": _coding, "assessments": _assessment}
