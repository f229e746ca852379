"""What a resolver submits, and what is refused: nothing of it tells of another resolver."""

from http import HTTPStatus
from uuid import uuid4

import pytest
from django.utils import timezone

from predictions.models import Assessment, Forecaster, LedgerEntry
from predictions.operations.assessments import withdraw_assignment
from tests import builders as a


@pytest.fixture
def prediction(db):
    return a.prediction(a.case(resolvers_asked=2), criteria=["It rains.", "It is reported."])


@pytest.fixture
def assignments(prediction):
    return a.assigned(prediction, a.person("ann", "resolver", "analyst"), a.person("ben", "resolver"))


@pytest.fixture
def submit(client_of, prediction, assignments):
    """Posts ann's assessment, lawful but for what is told; None drops a key."""
    lawful = {"prediction": str(prediction.uuid), "verdicts": {"a": "met", "b": "partly_met"}, "outcome": 0.75}
    lawful |= {"confidence": "high", "rationale": "It was in the papers."}

    def post(by=assignments[0].resolver, **fields):
        body = {key: value for key, value in (lawful | fields).items() if value is not None}
        return client_of(by).post("/api/assessments/", body, content_type="application/json")

    return post


def test_a_resolver_submits_what_they_found_and_reads_it_back(submit, prediction, assignments, client_of):
    evidence = a.evidence(prediction)
    response = submit(relied_on=[str(evidence.uuid)])
    assert response.status_code == HTTPStatus.CREATED
    shown = response.json()
    assert {each["label"]: each["verdict"] for each in shown["verdicts"]} == {"a": "met", "b": "partly_met"}
    assert (shown["outcome"], shown["confidence"], shown["rationale"]) == (0.75, "high", "It was in the papers.")
    assert (shown["relied_on"], shown["is_own"], shown["is_counting"]) == ([str(evidence.uuid)], True, True)
    assert shown["seq"] == LedgerEntry.objects.latest("seq").seq
    assert client_of(assignments[0].resolver).get(response.headers["Location"]).json() == shown


def test_it_is_replaced_with_a_reason_and_both_stay(submit, assignments, client_of):
    old = submit().json()["uuid"]
    assert submit().json() == {"non_field_errors": ["You have submitted your assessment. Replace it, with a reason."]}
    assert list(submit(supersedes=old).json()) == ["reason"]
    new = submit(supersedes=old, reason="Misread.", outcome=1).json()
    client = client_of(assignments[0].resolver)
    assert [row["uuid"] for row in client.get("/api/assessments/").json()["results"]] == [new["uuid"], old]
    replaced = client.get(f"/api/assessments/{old}/").json()
    assert (replaced["superseded_by"], replaced["is_counting"]) == (new["uuid"], False)
    assert submit(supersedes=old, reason="Misread.").status_code == HTTPStatus.CONFLICT


def test_once_as_many_as_were_asked_have_submitted_nothing_is_replaced(submit, prediction, assignments):
    mine = submit().json()["uuid"]
    a.assessment(prediction, "not_met", by=assignments[1].resolver, at=timezone.now())
    response = submit(supersedes=mine, reason="Second thoughts.")
    assert response.status_code == HTTPStatus.CONFLICT
    assert Assessment.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "refused_at"),
    [
        ({"verdicts": {}}, "verdicts"),
        ({"verdicts": {"a": "met"}}, "verdicts"),
        ({"verdicts": {"a": "met", "b": "met", "c": "met"}}, "verdicts"),
        ({"verdicts": {"a": "met", "b": "maybe"}}, "verdicts"),
        ({"verdicts": {"a": "met", "b": ["met"]}}, "verdicts"),
        ({"verdicts": {"a": "met", "b": None}}, "verdicts"),
        ({"verdicts": {"a": "met", "b": 1}}, "verdicts"),
        ({"verdicts": ["met", "met"]}, "verdicts"),
        ({"verdicts": "met"}, "verdicts"),
        ({"verdicts": None}, "verdicts"),
        ({"outcome": 1.2}, "outcome"),
        ({"outcome": -0.0}, "outcome"),
        ({"outcome": "NaN"}, "outcome"),
        ({"outcome": "0_1"}, "outcome"),
        ({"outcome": "٠.٧"}, "outcome"),
        ({"outcome": 0.1234567}, "outcome"),
        ({"outcome": True}, "outcome"),
        ({"confidence": "very"}, "confidence"),
        ({"confidence": None}, "confidence"),
        ({"rationale": " "}, "rationale"),
        ({"rationale": None}, "rationale"),
        ({"relied_on": "x"}, "relied_on"),
        ({"relied_on": ["x"]}, "relied_on"),
        ({"relied_on": [str(uuid4())]}, "relied_on"),
        ({"relied_on": [[]]}, "relied_on"),
        ({"relied_on": ["x"] * 101}, "relied_on"),
        ({"resolver": "ben"}, "resolver"),
        ({"assignment": str(uuid4())}, "assignment"),
        ({"submitted_at": "2026-01-01"}, "submitted_at"),
        ({"seq": 0}, "seq"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(submit, fields, refused_at):
    before = LedgerEntry.objects.count()
    response = submit(**fields)
    assert (response.status_code, list(response.json())) == (HTTPStatus.BAD_REQUEST, [refused_at])
    assert all(isinstance(told, str) for told in response.json()[refused_at])
    assert (Assessment.objects.count(), LedgerEntry.objects.count()) == (0, before)


def test_evidence_of_another_prediction_is_refused(submit):
    response = submit(relied_on=[str(a.evidence().uuid)])
    assert (response.status_code, list(response.json())) == (HTTPStatus.BAD_REQUEST, ["relied_on"])


def test_naming_something_hidden_tells_no_more_than_naming_nothing(submit, fill):
    rows = fill(is_private=True)
    for field, row in {"prediction": rows["predictions"], "supersedes": rows["assessments"]}.items():
        to_hidden, to_nothing = (submit(**{field: str(uuid)}, reason="So.") for uuid in (row.uuid, uuid4()))
        assert (to_hidden.status_code, list(to_hidden.json())) == (HTTPStatus.BAD_REQUEST, [field])
        assert to_hidden.content == to_nothing.content


def test_who_was_not_asked_may_not_submit(submit):
    response = submit(by=a.person("cem", "resolver"))
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert response.json() == {"detail": "Your roles do not let you do this here: assess."}


def test_who_is_asked_no_longer_submits_no_more_from_that_moment(submit, assignments, administrator):
    mine = submit().json()["uuid"]
    withdraw_assignment(assignments[0], reason="Away.", by=administrator, at=timezone.now())
    assert submit().status_code == HTTPStatus.FORBIDDEN
    assert submit(supersedes=mine, reason="Misread.").status_code == HTTPStatus.FORBIDDEN
    assert Assessment.objects.count() == 1


def test_who_is_asked_to_judge_it_may_not_forecast_it(client_of, prediction, assignments):
    ann = assignments[0].resolver
    own = {"prediction": str(prediction.uuid), "forecaster": str(a.forecaster(account=ann).uuid), "words": "70%"}
    response = client_of(ann).post("/api/forecasts/", own, content_type="application/json")
    assert (response.status_code, list(response.json())) == (HTTPStatus.BAD_REQUEST, ["forecaster"])


def test_whose_forecast_on_it_comes_to_light_may_not_judge_it_any_more(submit, prediction, assignments):
    hers = a.forecast(prediction).forecaster
    Forecaster.objects.filter(pk=hers.pk).update(account=assignments[0].resolver)
    assert submit().status_code == HTTPStatus.FORBIDDEN


def test_where_a_rule_makes_the_outcome_one_sent_along_is_left_out(client_of):
    prediction = a.prediction(a.case(resolvers_asked=1), outcome_rule="all")
    ann = a.person("ann", "resolver")
    a.assigned(prediction, ann)
    body = {"prediction": str(prediction.uuid), "verdicts": {"a": "met"}, "outcome": 0}
    body |= {"confidence": "low", "rationale": "So."}
    shown = client_of(ann).post("/api/assessments/", body, content_type="application/json").json()
    assert shown["outcome"] is None
