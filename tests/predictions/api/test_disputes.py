from http import HTTPStatus
from uuid import uuid4

import pytest

from predictions.models import Dispute, DisputeAnswer, LedgerEntry
from predictions.operations.disputes import answer_dispute
from tests import builders as a


@pytest.fixture
def world(fill):
    return fill()


@pytest.fixture
def contest(caller, world):
    """Posts a dispute, lawful but for what is told; None drops a key."""
    lawful = {"prediction": str(world["predictions"].uuid), "criterion": str(world["evidence"].criterion.uuid)}
    lawful |= {"evidence": str(world["evidence"].uuid), "text": "That was drizzle."}

    def post(role="viewer", **fields):
        body = {key: value for key, value in (lawful | fields).items() if value is not None}
        return caller(role).post("/api/disputes/", body, content_type="application/json")

    return post


def test_whoever_has_a_role_may_contest_the_decision_that_stands(contest, api, world):
    response = contest()
    assert response.status_code == HTTPStatus.CREATED
    shown = response.json()
    assert (shown["resolution"], shown["text"]) == (str(world["resolutions"].uuid), "That was drizzle.")
    assert (shown["answer"], shown["seq"]) == (None, LedgerEntry.objects.latest("seq").seq)
    assert api.get(response.headers["Location"]).json() == shown


def test_a_dispute_is_read_with_its_answer(api, world, adjudicator):
    answer = DisputeAnswer(dispute=world["disputes"], is_upheld=False, text="The gauge says otherwise.")
    answer_dispute(answer, by=adjudicator, at=a.NOW)
    shown = api.get(f"/api/disputes/{world['disputes'].uuid}/").json()["answer"]
    assert (shown["uuid"], shown["is_upheld"], shown["text"]) == (str(answer.uuid), False, "The gauge says otherwise.")
    assert shown["seq"] == answer.entry_id


@pytest.mark.parametrize(
    ("fields", "refused_at"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"criterion": None}, "criterion"),
        ({"evidence": None}, "evidence"),
        ({"resolution": str(uuid4())}, "resolution"),
        ({"raised_by": 1}, "raised_by"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(contest, fields, refused_at):
    before = Dispute.objects.count()
    response = contest(**fields)
    assert (response.status_code, list(response.json())) == (HTTPStatus.BAD_REQUEST, [refused_at])
    assert Dispute.objects.count() == before


def test_what_belongs_to_another_prediction_is_refused_at_its_field(contest, fill):
    other = fill()["evidence"]
    for field, row in {"criterion": other.criterion, "evidence": other}.items():
        response = contest(**{field: str(row.uuid)})
        assert (response.status_code, list(response.json())) == (HTTPStatus.BAD_REQUEST, [field])


def test_what_is_not_decided_cannot_be_contested(contest):
    evidence = a.evidence()
    criterion = evidence.prediction.revision.criteria.get()
    named = {"prediction": evidence.prediction, "criterion": criterion, "evidence": evidence}
    response = contest(**{field: str(row.uuid) for field, row in named.items()})
    assert response.status_code == HTTPStatus.CONFLICT


def test_naming_something_hidden_tells_no_more_than_naming_nothing(contest, fill):
    rows = fill(is_private=True)
    hidden = {"prediction": rows["predictions"], "evidence": rows["evidence"], "criterion": rows["evidence"].criterion}
    for field, row in hidden.items():
        to_hidden, to_nothing = (contest(**{field: str(uuid)}) for uuid in (row.uuid, uuid4()))
        assert (to_hidden.status_code, list(to_hidden.json())) == (HTTPStatus.BAD_REQUEST, [field])
        assert to_hidden.content == to_nothing.content
