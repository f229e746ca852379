from http import HTTPStatus
from uuid import uuid4

import pytest

from predictions.models import LedgerEntry, Rating
from tests import builders as a


@pytest.fixture
def item(db):
    return a.evidence(a.prediction(a.case(resolvers_asked=2)))


@pytest.fixture
def rate(api, item):
    """Posts a rating of `item` against its own prediction, lawful but for what is told."""
    lawful = {"evidence": str(item.uuid), "prediction": str(item.prediction.uuid), "consistency": "I"}

    def post(client=api, **fields):
        return client.post("/api/ratings/", lawful | fields, content_type="application/json")

    return post


def test_a_rating_is_recorded_in_the_callers_name(rate, api):
    response = rate(note="It rules that out.")
    assert response.status_code == HTTPStatus.CREATED
    shown = response.json()
    assert (shown["consistency"], shown["note"], shown["rater"]) == ("I", "It rules that out.", "analyst")
    assert shown["seq"] == LedgerEntry.objects.latest("seq").seq
    assert api.get(response.headers["Location"]).json() == shown


def test_a_rating_is_replaced_or_taken_back_with_a_reason(rate):
    first = rate().json()["uuid"]
    again = rate(consistency="C")
    assert (again.status_code, list(again.json())) == (HTTPStatus.CONFLICT, ["non_field_errors"])
    assert list(rate(consistency="C", supersedes=first).json()) == ["reason"]
    second = rate(consistency="C", supersedes=first, reason="Read again.").json()
    assert rate(supersedes=first, reason="Once more.").status_code == HTTPStatus.CONFLICT
    assert rate(consistency="", supersedes=second["uuid"], reason="A slip.").json()["consistency"] == ""


@pytest.mark.parametrize(
    ("fields", "refused_at"),
    [
        ({"consistency": "X"}, "consistency"),
        ({"consistency": ""}, "non_field_errors"),
        ({"note": "x" * 501}, "note"),
        ({"rater": "zoe"}, "rater"),
        ({"evidence": "x"}, "evidence"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(rate, fields, refused_at):
    response = rate(**fields)
    assert (response.status_code, list(response.json())) == (HTTPStatus.BAD_REQUEST, [refused_at])
    assert not Rating.objects.exists()


def test_evidence_of_another_case_is_refused_and_of_a_hidden_one_unknown(rate):
    assert rate(evidence=str(a.evidence().uuid)).json() == {"evidence": ["This evidence belongs to another case."]}
    hidden = a.evidence(a.prediction(a.case(is_private=True)))
    assert rate(evidence=str(hidden.uuid)).content == rate(evidence=str(uuid4())).content


def test_who_is_asked_to_judge_neither_rates_nor_reads_others_ratings_yet(rate, item, client_of, api):
    both = a.person("both", "analyst", "resolver")
    hidden = a.rating(item).uuid
    a.assigned(item.prediction, both)
    client, matrix = client_of(both), f"/api/cases/{item.prediction.case.uuid}/matrix/"
    assert rate(client).status_code == HTTPStatus.FORBIDDEN
    assert client.get("/api/ratings/").json()["results"] == []
    assert client.get(f"/api/ratings/{hidden}/").status_code == HTTPStatus.NOT_FOUND
    assert [each["inconsistency"] for each in client.get(matrix).json()["predictions"]] == [0]
    assert [each["inconsistency"] for each in api.get(matrix).json()["predictions"]] == [1]


def test_the_matrix_of_a_case_says_what_its_ratings_come_to(rate, item, api):
    case = item.prediction.case
    a.prediction(case)
    rate(consistency="II")
    told = api.get(f"/api/cases/{case.uuid}/matrix/").json()
    first, second = told["predictions"]
    assert (first["prediction"], first["inconsistency"], first["rated_count"], first["place"]) == (
        str(item.prediction.uuid), 2, 1, 1
    )  # fmt: skip
    assert (second["inconsistency"], second["rated_count"], second["place"]) == (0, 0, None)
    assert told["evidence"][0]["evidence"] == str(item.uuid)
    assert (told["rater_count"], len(told["conventions"])) == (1, 3)
    assert api.get(f"/api/cases/{case.uuid}/matrix/?theme=none").json()["predictions"] == []
    assert api.get(f"/api/cases/{case.uuid}/matrix/?show=all").status_code == HTTPStatus.BAD_REQUEST
