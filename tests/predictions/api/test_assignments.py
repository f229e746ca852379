from http import HTTPStatus
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.roles import Role
from predictions.models import Assignment, Forecast, LedgerEntry
from predictions.operations.forecasts import log_forecast
from tests import builders as a


@pytest.fixture
def prediction(db):
    return a.prediction(a.case(resolvers_asked=2))


@pytest.fixture
def ask(caller, prediction):
    """Asks ann, unless told otherwise, to judge."""
    a.person("ann", "resolver")

    def post(role="adjudicator", **fields):
        body = {"prediction": str(prediction.uuid), "resolver": "ann"} | fields
        return caller(role).post("/api/assignments/", body, content_type="application/json")

    return post


@pytest.mark.parametrize("role", ["adjudicator", "administrator"])
def test_a_resolver_is_asked_by_name(ask, caller, role):
    response = ask(role)
    assert response.status_code == HTTPStatus.CREATED
    shown = response.json()
    assert (shown["resolver"], shown["how"], shown["is_own"], shown["withdrawn_at"]) == ("ann", "named", False, None)
    assert caller(role).get(response.headers["Location"]).json() == shown


def test_who_is_asked_is_told_so_and_others_only_that_somebody_is(ask, caller, client_of):
    ask()
    [own] = client_of(Assignment.objects.get().resolver).get("/api/assignments/").json()["results"]
    assert (own["is_own"], own["resolver"]) == (True, None)
    for role in Role:
        [row] = caller(role).get("/api/assignments/").json()["results"]
        assert (row["resolver"] is not None) == (role in {"adjudicator", "administrator"})


def test_an_assignment_reads_the_same_before_and_after_it_is_fulfilled(ask, caller, prediction):
    address = ask().headers["Location"]
    before = caller("adjudicator").get(address).json()
    a.assessment(prediction, by=Assignment.objects.get().resolver, at=timezone.now())
    assert caller("adjudicator").get(address).json() == before


@pytest.mark.parametrize(
    ("fields", "status", "refused_at"),
    [
        ({"resolver": "analyst"}, HTTPStatus.BAD_REQUEST, "resolver"),
        ({"resolver": "no one"}, HTTPStatus.BAD_REQUEST, "resolver"),
        ({"resolver": None}, HTTPStatus.BAD_REQUEST, "resolver"),
        ({"resolver": ["ann"]}, HTTPStatus.BAD_REQUEST, "resolver"),
        ({"prediction": "x"}, HTTPStatus.BAD_REQUEST, "prediction"),
        ({"how": "drawn"}, HTTPStatus.BAD_REQUEST, "how"),
        ({"assigned_by": "ann"}, HTTPStatus.BAD_REQUEST, "assigned_by"),
        ({"resolver": "fay"}, HTTPStatus.BAD_REQUEST, "resolver"),
        ({"resolver": "ben"}, HTTPStatus.CONFLICT, "non_field_errors"),
    ],
)
def test_who_cannot_be_asked_is_refused_at_the_field(ask, prediction, fields, status, refused_at):
    a.assigned(prediction, a.person("ben", "resolver"))
    fay = a.person("fay", "resolver", "analyst")
    own = Forecast(prediction=prediction, forecaster=a.forecaster(account=fay), words="70%", issued_at=a.on_day(0))
    log_forecast(own, by=fay, at=a.NOW)
    before = LedgerEntry.objects.count()
    response = ask(**fields)
    assert (response.status_code, list(response.json())) == (status, [refused_at])
    assert LedgerEntry.objects.count() == before


def test_nobody_is_asked_where_one_person_decides_directly(ask):
    response = ask(prediction=str(a.prediction().uuid))
    assert response.status_code == HTTPStatus.CONFLICT


def test_naming_something_hidden_tells_no_more_than_naming_nothing(ask, fill):
    hidden = fill(is_private=True)["predictions"]
    to_hidden, to_nothing = (ask(prediction=str(uuid)) for uuid in (hidden.uuid, uuid4()))
    assert (to_hidden.status_code, list(to_hidden.json())) == (HTTPStatus.BAD_REQUEST, ["prediction"])
    assert to_hidden.content == to_nothing.content
