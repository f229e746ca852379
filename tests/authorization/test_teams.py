"""Case 34: a team speaks with one voice, and nobody who is of it judges what it said."""

from datetime import timedelta
from http import HTTPStatus

import pytest

from predictions.models import Forecast, Prediction
from predictions.operations.forecasts import log_forecast
from predictions.operations.teams import add_member, remove_member
from predictions.policy import able_to_judge
from tests import builders as a
from tests.authorization.test_independence import (
    DECISION,
    EARLY,
    asked,
    decide_by_file,
    is_offered,
    resolve_page,
)
from tests.authorization.world import read, sent, session_of, token_of
from tests.predictions.operations.import_files import bring_in, rain, said

pytestmark = [pytest.mark.authorization, pytest.mark.django_db]


@pytest.fixture
def free(people):
    """A prediction that waits for resolvers."""
    return a.prediction(a.case(resolvers_asked=2))


@pytest.fixture
def team_forecast(people):
    """Lets a member put a forecast in the name of a team of these people."""

    def put(on, *members):
        team = a.team("", *members)
        name = a.forecaster(f"The {team}", team=team)
        log_forecast(
            Forecast(prediction=on, forecaster=name, words="70%", issued_at=a.on_day(1)), by=members[0], at=a.NOW
        )
        return team

    return put


@pytest.mark.parametrize("meanwhile", ["a member still", "left since", "joined since", "second account"])
def test_case_34_no_member_of_a_team_judges_what_it_forecast(people, free, team_forecast, dan, meanwhile):
    """Whoever was of it then or came later: to leave a team does not make one impartial."""
    ann, other = a.person("ann", "analyst"), a.person("other", "analyst", "resolver", "adjudicator")
    direct, administrator = a.prediction(), people["administrator"]
    assert is_offered(people, free, other)
    members = [ann] if meanwhile == "joined since" else [ann, other]
    teams = [team_forecast(on, *members) for on in (free, direct)]
    for team in teams:
        if meanwhile == "left since":
            remove_member(team, other, by=administrator, at=a.on_day(80))
        if meanwhile == "joined since":
            add_member(team, other, by=administrator, at=a.on_day(80))
    if meanwhile == "second account":
        first, other = other, a.person("other-again", "resolver", "adjudicator")
        other.email = first.email.upper()
        other.save()
    assert not is_offered(people, free, other)
    assert asked(people, free, other).status_code == HTTPStatus.BAD_REQUEST
    assert other not in able_to_judge(free)
    assert session_of(other).post(resolve_page(direct), DECISION).status_code == HTTPStatus.FORBIDDEN
    assert str(direct) not in read(session_of(other), "/worklists/to-resolve/")
    assert asked(people, free, dan).status_code == HTTPStatus.CREATED
    assert session_of(dan).post(resolve_page(direct), DECISION).status_code == HTTPStatus.FOUND


def test_case_34_who_had_left_before_it_forecast_is_free(people, free):
    ann, other = a.person("ann", "analyst"), a.person("other", "resolver")
    team = a.team("", ann, other)
    remove_member(team, other, by=people["administrator"], at=a.NOW)
    name = a.forecaster("The desk", team=team)
    row = Forecast(prediction=free, forecaster=name, words="70%", issued_at=a.on_day(1))
    log_forecast(row, by=ann, at=a.NOW + timedelta(microseconds=1))
    assert is_offered(people, free, other)
    assert other in able_to_judge(free)


def test_case_34_only_members_speak_for_a_team_and_none_who_judges_it(people, free, dan):
    ann, stranger = a.person("ann", "analyst"), a.person("stranger", "analyst")
    name, elsewhere = a.forecaster("The desk", team=a.team("", ann, dan)), a.prediction()
    body = {"prediction": str(free.uuid), "forecaster": str(name.uuid), "words": "60%", "issued": "2026-01-15"}
    assert sent(token_of(stranger), "/api/forecasts/", body).status_code == HTTPStatus.FORBIDDEN
    page = {"prediction": free.pk, "forecaster": name.pk, "words": "60%", "issued": "2026-01-15"}
    session_of(stranger).post("/predictions/forecast/add/", page)
    assert not Forecast.objects.exists()
    assert asked(people, free, dan).status_code == HTTPStatus.CREATED
    refused = sent(token_of(ann), "/api/forecasts/", body)
    assert (refused.status_code, list(refused.json())) == (HTTPStatus.BAD_REQUEST, ["forecaster"])
    assert sent(token_of(ann), "/api/forecasts/", body | {"prediction": str(elsewhere.uuid)}).status_code == 201


def test_case_34_nor_decides_it_by_a_file_or_brings_its_forecasts_by_one(people):
    bring_in([rain(outcome="", resolved_at="")], [])
    imported = Prediction.objects.get()
    both = a.person("both-roles", "analyst", "resolver")
    name = a.forecaster("The desk", team=a.team("", both))
    log_forecast(Forecast(prediction=imported, forecaster=name, words="70%", issued_at=EARLY), by=both, at=a.NOW)
    assert decide_by_file(both) == ["outcome"]
    faults = bring_in([rain(outcome="", resolved_at="")], [said(forecaster="The desk")]).faults
    assert [fault.column for fault in faults] == ["forecaster"]
