"""Until as many as were asked have submitted, nothing that the API says tells one resolver of another."""

from http import HTTPStatus
from uuid import uuid4

import pytest

from accounts.roles import Role
from predictions.api.pages import Pages
from predictions.models import Resolution
from predictions.operations.resolutions import confirm
from tests import builders as a

LISTS = ["cases", "predictions", "forecasts", "evidence", "resolutions", "assignments", "assessments", "disputes"]
LISTS += ["ratings"]
PROBES = ["ordering=verdict", "ordering=-outcome", "ordering=submitted_at", "verdict=met", "verdicts__verdict=met"]
PROBES += ["verdict__startswith=m", "outcome=1", "outcome__gt=0", "confidence=high", "resolver=ben", "search=reported"]
PROBES += ["q=met", "expand=resolver", "fields=verdicts", "include=assignment", "is_own=false", "prediction__panel="]


@pytest.fixture
def prediction(db):
    return a.prediction(a.case(resolvers_asked=3))


@pytest.fixture
def resolvers(prediction):
    """Ann, who has submitted, and two who have not."""
    people = [a.person(name, "resolver") for name in ("ann", "ben", "cem")]
    a.assigned(prediction, *people)
    a.assessment(prediction, by=people[0])
    return people


@pytest.fixture
def hide(prediction, resolvers):
    """The second of three submits, and replaces what they found: two rows that nobody else may see."""

    def submit():
        first = a.assessment(prediction, "not_met", by=resolvers[1])
        return first, a.assessment(prediction, "met", by=resolvers[1], supersedes=first, reason="Misread.")

    return submit


def listed(client, query=""):
    return [row["uuid"] for row in client.get(f"/api/assessments/{query}").json()["results"]]


def everything(client, prediction):
    """What every list and the prediction's own page answer, headers included."""
    addresses = [f"/api/{name}/" for name in LISTS] + [f"/api/predictions/{prediction.uuid}/"]
    answers = {address: client.get(address) for address in addresses}
    return {address: told(answer) for address, answer in answers.items()}


def told(answer):
    """Its body and headers, without the number that every request has of its own."""
    return answer.content, {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


def test_before_the_quorum_a_resolver_lists_their_own_only(client_of, prediction, resolvers, hide):
    hidden = hide()
    own = str(prediction.assessments.get(resolver=resolvers[0]).uuid)
    assert listed(client_of(resolvers[0])) == listed(client_of(resolvers[0]), f"?prediction={prediction.uuid}") == [own]
    assert listed(client_of(resolvers[1])) == [str(row.uuid) for row in reversed(hidden)]
    assert listed(client_of(resolvers[2])) == []


@pytest.mark.parametrize("role", list(Role))
def test_before_the_quorum_no_role_lists_any(caller, resolvers, hide, role):
    hide()
    assert listed(caller(role)) == []


def test_a_guessed_address_is_answered_like_one_that_never_was(client_of, caller, resolvers, hide):
    row = hide()[0]
    for client in (client_of(resolvers[0]), client_of(resolvers[2]), caller("administrator"), caller("adjudicator")):
        hidden, unknown = (client.get(f"/api/assessments/{uuid}/") for uuid in (row.uuid, uuid4()))
        assert hidden.status_code == unknown.status_code == HTTPStatus.NOT_FOUND
        assert told(hidden) == told(unknown)


def test_a_hidden_submission_moves_nothing_that_anybody_else_reads(client_of, caller, prediction, resolvers, hide):
    clients = [client_of(resolvers[0]), client_of(resolvers[2]), *(caller(role) for role in Role)]
    before = [everything(client, prediction) for client in clients]
    hide()
    assert [everything(client, prediction) for client in clients] == before


def test_pages_are_the_same_whether_or_not_something_is_hidden_between(monkeypatch, client_of, prediction, resolvers):
    monkeypatch.setattr(Pages, "page_size", 1)
    client = client_of(resolvers[0])
    first = prediction.assessments.get()
    a.assessment(prediction, "not_met", by=resolvers[1])
    a.assessment(prediction, by=resolvers[0], supersedes=first, reason="Misread.")
    page = client.get("/api/assessments/").json()
    last = client.get(page["next"]).json()
    assert [len(each["results"]) for each in (page, last)] == [1, 1]
    assert (set(page), last["next"]) == ({"next", "previous", "results"}, None)


@pytest.mark.parametrize("probe", PROBES)
def test_nothing_judged_can_be_asked_for_ordered_or_searched_by(client_of, resolvers, hide, probe):
    client = client_of(resolvers[0])
    before = client.get(f"/api/assessments/?{probe}")
    hide()
    after = client.get(f"/api/assessments/?{probe}")
    assert before.status_code == after.status_code == HTTPStatus.BAD_REQUEST
    assert before.content == after.content


def test_a_refusal_is_the_same_whether_or_not_another_has_submitted(client_of, prediction, resolvers, hide):
    sound = {"prediction": str(prediction.uuid), "verdicts": {"a": "met"}, "confidence": "low", "rationale": "So."}
    bodies = [sound, sound | {"supersedes": str(uuid4()), "reason": "So."}, sound | {"verdicts": {}}]
    clients = [client_of(resolvers[0]), client_of(a.person("dan", "resolver"))]

    def refusals():
        answers = [
            client.post("/api/assessments/", body, content_type="application/json")
            for client in clients
            for body in bodies
        ]
        return [(answer.status_code, answer.content) for answer in answers]

    before = refusals()
    hide()
    assert refusals() == before
    assert {status for status, _ in before} == {400, 403, 409}


def test_replacing_a_hidden_assessment_is_refused_like_replacing_none(client_of, prediction, resolvers, hide):
    hidden = hide()[1]
    body = {"prediction": str(prediction.uuid), "verdicts": {"a": "met"}, "confidence": "low", "rationale": "So."}
    to_hidden, to_nothing = (
        client_of(resolvers[0]).post(
            "/api/assessments/", body | {"supersedes": str(uuid), "reason": "So."}, content_type="application/json"
        )
        for uuid in (hidden.uuid, uuid4())
    )
    assert to_hidden.status_code == HTTPStatus.BAD_REQUEST
    assert to_hidden.content == to_nothing.content


@pytest.mark.parametrize(
    ("third", "seers"),
    [
        ("met", {"ann", "administrator"}),
        ("not_met", {"ann", "administrator", "adjudicator"}),
    ],
)
def test_after_the_quorum_they_are_seen_by_who_submitted_and_who_must_decide(
    people, client_of, prediction, resolvers, third, seers
):
    late = a.person("eve", "resolver")
    a.assigned(prediction, late)
    for resolver in resolvers[1:]:
        a.assessment(prediction, third, by=resolver)
    asked = {**people, "ann": resolvers[0], "eve": late}
    assert {name for name, who in asked.items() if name != "nobody" and len(listed(client_of(who))) == 3} == seers
    assert {len(listed(client_of(who))) for name, who in asked.items() if name not in {*seers, "nobody"}} == {0}


def test_after_the_decision_everybody_reads_them_and_nobody_reads_whose_they_are(caller, prediction, resolvers):
    for resolver in resolvers[1:]:
        a.assessment(prediction, by=resolver)
    confirm(Resolution(prediction=prediction, known_at=a.on_day(50)), by=resolvers[0], at=a.NOW)
    for role in Role:
        answer = caller(role).get("/api/assessments/")
        rows = answer.json()["results"]
        assert [row["is_own"] for row in rows] == [False] * 3
        assert not {"resolver", "assignment", "entry"} & set(rows[0])
        assert not any(who.username in answer.content.decode() for who in resolvers)
