"""Cases 31 to 39: nobody judges what they have a part in."""

from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from django.utils import timezone

from accounts.roles import Role
from predictions.models import (
    Assessment,
    Assignment,
    Dispute,
    DisputeAnswer,
    Forecast,
    LedgerEntry,
    Prediction,
    Resolution,
)
from predictions.operations.assessments import draw_resolvers
from predictions.operations.disputes import raise_dispute
from predictions.operations.forecasts import log_forecast
from tests import builders as a
from tests.authorization.world import listed, read, sent, session_of, token_of
from tests.predictions.operations.import_files import bring_in, rain

pytestmark = [pytest.mark.authorization, pytest.mark.django_db]

EARLY = datetime(2020, 1, 5, tzinfo=UTC)
DECISION = {"verdict_a": "met", "outcome": "yes", "known": "2026-02-20", "rationale": "So it was."}


@pytest.fixture
def forecasts(in_own_name):
    """Lets an account forecast on a prediction in its own name."""

    def put(who, on):
        row = Forecast(prediction=on, forecaster=in_own_name(who), words="70%", issued_at=a.on_day(1))
        return log_forecast(row, by=who, at=a.NOW)

    return put


@pytest.fixture
def free(people):
    """A prediction that waits for resolvers."""
    return a.prediction(a.case(resolvers_asked=2))


def asked(people, on, who):
    """What the API answers when somebody is asked to judge."""
    body = {"prediction": str(on.uuid), "resolver": who.username}
    return sent(token_of(people["administrator"]), "/api/assignments/", body)


def is_offered(people, on, who):
    return who.username in read(session_of(people["administrator"]), f"/predictions/prediction/{on.pk}/assign/")


def test_case_31_who_forecast_cannot_be_asked_to_judge(people, free, forecasts, dan):
    both = a.person("both-roles", "analyst", "resolver")
    assert is_offered(people, free, both)
    forecasts(both, free)
    assert not is_offered(people, free, both)
    page = f"/predictions/prediction/{free.pk}/assign/"
    session_of(people["administrator"]).post(page, {"resolver": both.pk})
    answer = asked(people, free, both)
    assert (answer.status_code, list(answer.json())) == (HTTPStatus.BAD_REQUEST, ["resolver"])
    assert not Assignment.objects.exists()
    drawn = draw_resolvers(free, by=people["administrator"], at=a.NOW)
    assert both not in {row.resolver for row in drawn}
    assert is_offered(people, free, dan) is (dan not in {row.resolver for row in drawn})


def test_case_31_nor_when_their_roles_change_later(people, free, forecasts, dan):
    later = a.person("later", "analyst")
    forecasts(later, free)
    roles = {"username": "later", "roles": ["resolver"], "is_active": "on", "email": "", "zone": ""}
    done = session_of(people["administrator"]).post(f"/accounts/user/{later.pk}/change/", roles)
    assert done.status_code == HTTPStatus.FOUND
    assert asked(people, free, later).status_code == HTTPStatus.BAD_REQUEST
    assert asked(people, free, dan).status_code == HTTPStatus.CREATED


def resolve_page(on):
    return f"/predictions/resolution/add/?prediction={on.pk}"


def test_case_32_who_forecast_does_not_decide_it_alone(people, forecasts, dan):
    on, both = a.prediction(), a.person("both-roles", "analyst", "resolver")
    assert session_of(both).get(resolve_page(on)).status_code == HTTPStatus.OK
    forecasts(both, on)
    client = session_of(both)
    assert client.get(resolve_page(on)).status_code == HTTPStatus.FORBIDDEN
    assert client.post(resolve_page(on), DECISION).status_code == HTTPStatus.FORBIDDEN
    for who in (both, dan):
        assert sent(token_of(who), "/api/resolutions/", {}).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert not Resolution.objects.exists()
    assert session_of(dan).post(resolve_page(on), DECISION).status_code == HTTPStatus.FOUND
    assert Resolution.objects.get().resolved_by == dan


def test_case_32_nor_confirms_what_the_resolvers_found(people, world, forecasts, dan):
    both = a.person("both-roles", "analyst", "resolver")
    forecasts(both, world.prediction)
    world.reach_quorum()
    page = f"/predictions/prediction/{world.prediction.pk}/confirm/"
    assert session_of(both).post(page, {"known": "2026-02-20"}).status_code == HTTPStatus.FORBIDDEN
    assert session_of(dan).post(page, {"known": "2026-02-20"}).status_code == HTTPStatus.FOUND
    assert Resolution.objects.get().resolved_by == dan


@pytest.fixture
def imported(people):
    """A prediction that a file brought, undecided; another file may decide it."""
    bring_in([rain(outcome="", resolved_at="")], [])
    return Prediction.objects.get()


def decide_by_file(who):
    return [fault.column for fault in bring_in([rain()], [], by=who).faults]


def test_case_32_nor_decides_it_by_a_file(imported, in_own_name):
    both, other = a.person("both-roles", "analyst", "resolver"), a.person("other", "analyst", "resolver")
    row = Forecast(prediction=imported, forecaster=in_own_name(both), words="70%", issued_at=EARLY)
    log_forecast(row, by=both, at=a.NOW)
    assert decide_by_file(both) == ["outcome"]
    assert not Resolution.objects.exists()
    assert decide_by_file(other) == []
    assert Resolution.objects.get().resolved_by == other


ACCOUNTS = ["ann@example.org", "ANN@example.org"]


@pytest.mark.parametrize("email", ACCOUNTS)
def test_case_33_nor_under_a_second_account_of_the_same_address(people, free, forecasts, dan, email):
    ann = a.person("ann", "analyst")
    second = a.person("another-ann", "resolver", "adjudicator")
    second.email = email
    second.save()
    direct = a.prediction()
    assert is_offered(people, free, second)
    assert session_of(second).get(resolve_page(direct)).status_code == HTTPStatus.OK
    name = forecasts(ann, free).forecaster
    log_forecast(Forecast(prediction=direct, forecaster=name, words="60%", issued_at=a.on_day(1)), by=ann, at=a.NOW)
    assert not is_offered(people, free, second)
    assert asked(people, free, second).status_code == HTTPStatus.BAD_REQUEST
    assert session_of(second).post(resolve_page(direct), DECISION).status_code == HTTPStatus.FORBIDDEN
    assert asked(people, free, dan).status_code == HTTPStatus.CREATED
    assert session_of(dan).post(resolve_page(direct), DECISION).status_code == HTTPStatus.FOUND


def test_case_33_nor_by_a_file_under_a_second_account(imported, in_own_name):
    ann, second = a.person("ann", "analyst"), a.person("another-ann", "analyst", "resolver")
    second.email = ann.email
    second.save()
    row = Forecast(prediction=imported, forecaster=in_own_name(ann), words="70%", issued_at=EARLY)
    log_forecast(row, by=ann, at=a.NOW)
    assert decide_by_file(second) == ["outcome"]


def test_case_33_nor_who_put_anothers_words_into_a_number(people, free, dan):
    coder = a.person("coder", "analyst", "resolver")
    herald = a.forecaster("The Herald")
    stated, coded = (
        Forecast(prediction=free, forecaster=herald, words=words, issued_at=a.on_day(1)) for words in ("70%", "likely")
    )
    log_forecast(stated, by=coder, at=a.NOW)
    assert is_offered(people, free, coder)
    log_forecast(coded, by=coder, at=a.NOW)
    assert asked(people, free, coder).status_code == HTTPStatus.BAD_REQUEST
    assert asked(people, free, dan).status_code == HTTPStatus.CREATED


def test_case_35_an_adjudicator_who_assessed_does_not_adjudicate(people, world):
    world.ann.groups.add(people["adjudicator"].groups.get())
    world.ben_submits("met"), world.ann_submits("not_met")
    page = resolve_page(world.prediction)
    assert session_of(world.ann).get(page).status_code == HTTPStatus.FORBIDDEN
    assert session_of(world.ann).post(page, DECISION).status_code == HTTPStatus.FORBIDDEN
    assert session_of(people["adjudicator"]).get(page).status_code == HTTPStatus.OK
    assert session_of(people["adjudicator"]).post(page, DECISION).status_code == HTTPStatus.FOUND
    assert Resolution.objects.get().resolved_by == people["adjudicator"]


def grant_to_self(administrator, *roles):
    entered = {"username": administrator.username, "email": administrator.email, "zone": "", "is_active": "on"}
    page = f"/accounts/user/{administrator.pk}/change/"
    return session_of(administrator).post(page, entered | {"roles": ["administrator", *roles]})


def test_case_36_a_role_that_an_administrator_takes_is_on_record_and_opens_nothing_that_was_hidden(people, world):
    hidden, administrator = world.ben_submits(), people["administrator"]
    assert grant_to_self(administrator, "resolver", "adjudicator").status_code == HTTPStatus.FOUND
    administrator.refresh_from_db()  # a new role ends the sessions that there were
    told = read(session_of(administrator), "/predictions/ledgerentry/?about=role.")
    assert told.count("gave administrator the role") == 2
    assert LedgerEntry.objects.filter(kind="role.granted", subject=administrator.uuid).count() == 2
    assert listed(token_of(administrator)) == []
    assert token_of(administrator).get(f"/api/assessments/{hidden.uuid}/").status_code == HTTPStatus.NOT_FOUND
    body = {"prediction": str(world.prediction.uuid), "verdicts": {"a": "met"}, "outcome": 1}
    answer = sent(token_of(administrator), "/api/assessments/", body | {"confidence": "low", "rationale": "So."})
    assert answer.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_case_36_nobody_else_gives_roles(people, role):
    page = f"/accounts/user/{people[role].pk}/change/"
    answer = session_of(people[role]).post(page, {"username": str(role), "roles": ["administrator"]})
    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_case_37_two_accounts_of_one_person_do_not_make_two_resolvers(people, free, dan):
    second = a.person("dan-again", "resolver")
    assert is_offered(people, free, second)
    second.email = dan.email.upper()
    second.save()
    assert not is_offered(people, free, second)
    assert asked(people, free, dan).status_code == HTTPStatus.CREATED
    answer = asked(people, free, second)
    assert (answer.status_code, list(answer.json())) == (HTTPStatus.BAD_REQUEST, ["resolver"])
    page = f"/predictions/prediction/{free.pk}/assign/"
    session_of(people["administrator"]).post(page, {"resolver": second.pk})
    assert asked(people, free, a.person("eve", "resolver")).status_code == HTTPStatus.CREATED
    assert second.pk not in set(free.assignments.values_list("resolver", flat=True))


def test_case_37_nor_does_one_account_that_submits_twice(world):
    first = world.ben_submits()
    again = {"prediction": str(world.prediction.uuid), "verdicts": {"a": "met"}, "outcome": 1, "confidence": "low"}
    again |= {"rationale": "So.", "supersedes": str(first.uuid), "reason": "Misread."}
    assert sent(token_of(world.ben), "/api/assessments/", again).status_code == HTTPStatus.CREATED
    world.prediction.refresh_from_db()
    assert (world.prediction.panel, Assessment.objects.count()) == ("", 2)
    world.ann_submits(at=timezone.now())
    world.prediction.refresh_from_db()
    assert world.prediction.panel == "disagreed"


@pytest.fixture
def dispute(people, world):
    world.reach_quorum()
    world.decide()
    on = world.prediction
    held = {"criterion": on.revision.criteria.get(), "evidence": a.evidence(on), "text": "It was dry."}
    return raise_dispute(Dispute(prediction=on, **held), by=people["adjudicator"], at=a.NOW)


def test_case_39_who_disputes_a_decision_does_not_answer(people, dispute):
    page, other = f"/predictions/dispute/{dispute.pk}/answer/", a.person("other-adjudicator", "adjudicator")
    entered = {"answer": "stands", "text": "It was wet."}
    assert session_of(people["adjudicator"]).get(page).status_code == HTTPStatus.FORBIDDEN
    assert session_of(people["adjudicator"]).post(page, entered).status_code == HTTPStatus.FORBIDDEN
    assert not DisputeAnswer.objects.exists()
    assert session_of(other).post(page, entered).status_code == HTTPStatus.FOUND
    assert DisputeAnswer.objects.get().answered_by == other


def test_case_39_nor_who_decided_or_judged_it(world, people, dispute):
    page = f"/predictions/dispute/{dispute.pk}/answer/"
    for who in (world.ann, world.ben):
        who.groups.add(people["adjudicator"].groups.get())
        assert session_of(who).post(page, {"answer": "stands", "text": "So."}).status_code == HTTPStatus.FORBIDDEN
    assert not DisputeAnswer.objects.exists()
