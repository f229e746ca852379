"""What the log of security events holds, and what it never can."""

import json
from uuid import uuid4

import pytest
from django.contrib.auth import authenticate

from accounts.events import Outcome, tell
from accounts.roles import Role
from predictions.operations.accounts import grant_role, revoke_role
from tests import builders as a


def names(told):
    return [each["event"] for each in told()]


def test_an_event_is_one_line_of_json_with_its_time_in_utc(told):
    subject = uuid4()
    tell("role.granted", Outcome.OK, subject=subject, rows=3, reason=None)
    [line] = told()
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "role.granted", "outcome": "ok", "level": "info", "subject": str(subject), "rows": 3
    }  # fmt: skip


@pytest.mark.parametrize("words", ["Ann Writer", "ann@example.org", "It rains.", "met\nnot met", "", "ÄÖ", "x" * 81])
def test_what_could_be_somebodys_words_is_refused(told, words):
    with pytest.raises(ValueError, match="no code, number or uuid"):
        tell("role.granted", Outcome.OK, role=words)
    assert told() == []


@pytest.mark.parametrize(("outcome", "level"), [("ok", "info"), ("refused", "warning"), ("failed", "error")])
def test_the_outcome_is_how_grave_it_is(told, outcome, level):
    tell("sign_in.ok", Outcome(outcome))
    assert told()[0]["level"] == level


@pytest.mark.django_db
def test_signing_in_well_and_badly_is_told_and_no_name_that_was_tried(client, told):
    person = a.person("ann-quill", "analyst")
    assert client.login(username="ann-quill", password=a.PASSWORD)
    assert authenticate(username="hunter2-typed-as-name", password="hunter2") is None
    client.logout()
    assert [(each["event"], each.get("actor")) for each in told()] == [
        ("sign_in.ok", str(person.uuid)),
        ("sign_in.failed", None),
        ("session.ended", str(person.uuid)),
    ]
    assert "hunter2" not in json.dumps(told())
    assert "ann-quill" not in json.dumps(told())


@pytest.mark.django_db
def test_a_role_is_told_of_once_it_is_on_record(told, administrator, analyst, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        grant_role(analyst, Role.RESOLVER, by=administrator, at=a.NOW)
        revoke_role(analyst, Role.ANALYST, by=administrator, at=a.NOW)
        assert told() == []
    of_roles = [each for each in told() if each["event"].startswith("role.")]
    assert [(each["event"], each["actor"], each["subject"]) for each in of_roles] == [
        ("role.granted", str(administrator.uuid), str(analyst.uuid)),
        ("role.revoked", str(administrator.uuid), str(analyst.uuid)),
    ]


@pytest.mark.django_db
def test_refusals_and_what_is_taken_out_are_told_by_the_name_of_the_page(client, told, people):
    hidden = a.prediction(a.case(is_private=True, members=[people["analyst"]]))
    client.force_login(people["viewer"])
    client.get("/predictions/case/add/")
    client.get(f"/predictions/prediction/{hidden.pk}/change/")
    client.get("/scorecards/card.csv")
    client.get("/scorecards/")
    ours = [each for each in told() if each["event"] != "sign_in.ok"]
    assert [(each["event"], each["route"], each["outcome"]) for each in ours] == [
        ("permission.refused", "admin:predictions_case_add", "refused"),
        ("row.not_found", "admin:predictions_prediction_change", "refused"),
        ("export.taken", "scorecard-csv", "ok"),
    ]
    assert {each["actor"] for each in ours} == {str(people["viewer"].uuid)}
    assert all(len(each["request"]) == 32 and each["network"] == "127.0.0.0/24" for each in ours)


@pytest.mark.django_db
def test_a_token_that_is_none_is_told(client, told):
    client.get("/api/cases/", headers={"authorization": "Token abcdefgh"})
    client.get("/api/cases/")
    assert names(told) == ["token.refused"]
