"""Cases 49 to 62: what is shown of secrets, sessions, tokens, tasks, descriptions and logs."""

import inspect
import logging
from datetime import timedelta
from http import HTTPStatus

import pytest
from celery import current_app
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ApiToken
from accounts.roles import Role
from predictions import tasks
from predictions.models import Score, Source
from predictions.operations.accounts import amend_account, revoke_role, set_password
from tests import builders as a
from tests.authorization.world import SECRET, api_about, read, sent, session_of, token_of

pytestmark = [pytest.mark.authorization, pytest.mark.django_db]


def test_case_49_no_page_shows_a_password_or_a_token_or_their_digests(people, administrator):
    token_of(people["viewer"])
    kept, account = ApiToken.objects.get(), people["viewer"]
    client = session_of(administrator)
    pages = ["/accounts/user/", f"/accounts/user/{account.pk}/change/", f"/accounts/user/{account.pk}/history/"]
    pages += [
        "/predictions/ledgerentry/",
        "/accounts/user/my-settings/",
        *(f"/search/?s={each}" for each in ("viewer", "pbk")),
    ]
    told = "".join(client.get(page).content.decode() for page in pages)
    assert account.email in told
    assert not any(secret in told for secret in (account.password, kept.digest, kept.token_key))


@pytest.mark.parametrize("name", ["password", "digest", "token_key"])
def test_case_49_and_none_can_be_filtered_by(administrator, name):
    client = session_of(administrator)
    assert client.get("/accounts/user/?is_active__exact=1").status_code == HTTPStatus.OK
    assert client.get(f"/accounts/user/?{name}__startswith=p").status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.FOUND}
    assert client.get("/knox/authtoken/").status_code == HTTPStatus.NOT_FOUND


def test_case_55_a_token_ends_when_it_is_given_back_or_out_of_date(people):
    kept, given_back, old = (token_of(people["analyst"]) for _ in range(3))
    assert given_back.delete("/api/tokens/current/").status_code == HTTPStatus.NO_CONTENT
    last = ApiToken.objects.order_by("created").last()
    ApiToken.objects.filter(pk=last.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    told = [client.get("/api/cases/").status_code for client in (kept, given_back, old)]
    assert told == [HTTPStatus.OK, HTTPStatus.UNAUTHORIZED, HTTPStatus.UNAUTHORIZED]


def test_case_55_a_token_opens_what_its_persons_roles_open_and_no_more(people, administrator, world):
    analyst = people["analyst"]
    clients = token_of(analyst), session_of(analyst)
    body = {"prediction": str(world.prediction.uuid), "resolver": "dan"}
    for client in clients:
        assert client.get("/api/assignments/").status_code == HTTPStatus.OK
        assert sent(client, "/api/assignments/", body).status_code == HTTPStatus.FORBIDDEN
    assert clients[0].get("/predictions/assessment/").status_code == HTTPStatus.FOUND  # a token opens no page
    assert clients[1].get("/predictions/assessment/").status_code == HTTPStatus.OK


def test_case_55_a_closed_account_opens_nothing(people, administrator):
    analyst = people["analyst"]
    clients = token_of(analyst), session_of(analyst)
    assert {client.get("/api/cases/").status_code for client in clients} == {200}
    analyst.is_active = False
    amend_account(analyst, by=administrator, at=a.NOW)
    assert {client.get("/api/cases/").status_code for client in clients} == {401}
    assert clients[1].get("/predictions/prediction/").status_code == HTTPStatus.FOUND


def test_case_55_an_account_that_is_opened_again_starts_without_its_old_tokens(people, administrator):
    analyst = people["analyst"]
    token = token_of(analyst)
    for is_active in (False, True):
        analyst.is_active = is_active
        amend_account(analyst, by=administrator, at=a.NOW)
    assert token.get("/api/cases/").status_code == HTTPStatus.UNAUTHORIZED
    assert token_of(analyst).get("/api/cases/").status_code == HTTPStatus.OK


def test_case_56_a_new_password_ends_sessions_and_tokens(people, administrator):
    analyst = people["analyst"]
    clients = token_of(analyst), session_of(analyst)
    assert {client.get("/api/cases/").status_code for client in clients} == {200}
    set_password(analyst, "another horse another staple", by=administrator, at=a.NOW)
    assert {client.get("/api/cases/").status_code for client in clients} == {401}
    assert "/login/" in clients[1].get("/").url


def test_case_56_a_role_that_is_taken_opens_nothing_from_then_on(people, administrator, world):
    clients = token_of(world.ann), session_of(world.ann)
    page = f"/predictions/assessment/add/?prediction={world.prediction.pk}"
    assert clients[1].get(page).status_code == HTTPStatus.OK
    assert {client.get("/api/assessments/").status_code for client in clients} == {200}
    revoke_role(world.ann, Role.RESOLVER, by=administrator, at=a.NOW)
    assert clients[1].get(page).url.startswith("/login/")
    assert [client.get("/api/assessments/").status_code for client in clients] == [403, 401]
    assert session_of(world.ann).get(page).status_code == HTTPStatus.FORBIDDEN


def test_case_57_a_session_needs_the_sign_of_the_page_and_a_token_does_not(world):
    body = {"prediction": str(world.prediction.uuid), "verdicts": {"a": "met"}, "outcome": 1, "rationale": "So."}
    body["confidence"] = "low"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.ann)
    assert strict.get("/api/assessments/").status_code == HTTPStatus.OK
    assert sent(strict, "/api/assessments/", body).status_code == HTTPStatus.FORBIDDEN
    page = f"/predictions/assessment/add/?prediction={world.prediction.pk}"
    assert strict.post(page, {"verdict_a": "met"}).status_code == HTTPStatus.FORBIDDEN
    token = token_of(world.ann).defaults["HTTP_AUTHORIZATION"]
    program = Client(enforce_csrf_checks=True, headers={"authorization": token})
    assert sent(program, "/api/assessments/", body).status_code == HTTPStatus.CREATED


def test_case_57_and_with_it_the_session_is_heard(world):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.ann)
    page = f"/predictions/assessment/add/?prediction={world.prediction.pk}"
    strict.get(page)
    found = {"verdict_a": "met", "outcome": "yes", "confidence": "low", "rationale": "So."}
    found["csrfmiddlewaretoken"] = strict.cookies["csrftoken"].value
    assert strict.post(page, found).status_code == HTTPStatus.FOUND


def test_case_58_no_task_takes_a_person_or_anything_but_keys():
    own = {name: task for name, task in current_app.tasks.items() if name.startswith("predictions.")}
    taken = {name: list(inspect.signature(task.run).parameters) for name, task in own.items()}
    assert taken == {
        "predictions.forget": [],
        "predictions.rescore": ["prediction_ids"],
        "predictions.rescore_stale": [],
        "predictions.capture": ["capture_id"],
        "predictions.take_up_captures": [],
        "predictions.tell": [],
        "predictions.send_mails": [],
        "predictions.sign_checkpoint": [],
        "predictions.anchor_checkpoint": [],
    }


def test_case_58_a_task_does_what_the_rows_allow_when_it_runs(world):
    a.forecast(world.prediction)
    world.reach_quorum()
    tasks.rescore([world.prediction.pk, 987_654])
    assert not Score.objects.exists()
    world.decide()
    tasks.rescore([world.prediction.pk])
    assert Score.objects.filter(prediction=world.prediction).exists()


@pytest.mark.parametrize("role", list(Role))
def test_case_59_the_description_of_the_api_names_no_row_and_no_person(people, world, role):
    world.ben_submits()
    told = read(token_of(people[role]), "/api/schema/")
    assert "/api/assessments/" in told
    rows = (world.ben.username, str(world.prediction), world.prediction.case.title, str(world.prediction.uuid), SECRET)
    assert not any(words in told for words in rows)


def test_case_59_no_options_and_no_browsable_page_list_what_there_is_to_choose(world):
    client = token_of(world.ann)
    for address in api_about(world.prediction):
        assert client.options(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED
        answer = client.get(address, headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers["Content-Type"]) in {
            (200, "application/json"),
            (406, "application/json"),
        }


@pytest.fixture
def body(world):
    found = {"prediction": str(world.prediction.uuid), "verdicts": {"a": "not_met"}, "outcome": 0}
    return found | {"confidence": "low", "rationale": SECRET}


def test_case_60_no_log_holds_what_was_found(caplog, world, body):
    caplog.set_level(logging.DEBUG)
    client = token_of(world.ben)
    assert sent(client, "/api/assessments/", body | {"verdicts": {}}).status_code == HTTPStatus.BAD_REQUEST
    assert sent(client, "/api/assessments/", body).status_code == HTTPStatus.CREATED
    page = f"/predictions/assessment/add/?prediction={world.prediction.pk}"
    found = {"verdict_a": "not_met", "outcome": "no", "confidence": "low", "rationale": SECRET}
    assert session_of(world.ann).post(page, found).status_code == HTTPStatus.FOUND
    assert "Bad Request: /api/assessments/" in caplog.text
    assert not any(words in caplog.text for words in (SECRET, "not_met"))


def test_case_60_nor_does_a_page_or_a_log_of_an_error(settings, caplog, world, body):
    """A ledger whose name cannot be written makes every submission break in the midst of it."""
    settings.LEDGER_NAME = object()
    client = token_of(world.ben)
    client.raise_request_exception = False
    answer = sent(client, "/api/assessments/", body)
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Internal Server Error: /api/assessments/" in caplog.text
    assert "Traceback" in caplog.text
    assert not any(words in caplog.text + answer.content.decode() for words in (SECRET, "not_met"))
    settings.LEDGER_NAME = "forsooth"
    assert sent(client, "/api/assessments/", body).status_code == HTTPStatus.CREATED


def queries(client, address):
    """How much was asked of the database to find nothing."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(address)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    return len(asked)


@pytest.mark.parametrize("who", ["ann", *Role])
def test_case_62_the_hidden_takes_no_more_work_than_the_absent(people, world, who):
    """Work is counted in queries, which take nearly all the time, and which do not waver as a clock does."""
    hidden, client = world.ben_submits(), session_of(world.ann if who == "ann" else people[who])
    uuid = world.prediction.uuid
    places = {"/api/assessments/{}/": (hidden.uuid, uuid), "/predictions/assessment/{}/change/": (hidden.pk, 987_654)}
    places |= {"/predictions/ledgerentry/{}/change/": (hidden.entry_id, 987_654)}
    for address, keys in places.items():
        there, absent = (queries(client, address.format(key)) for key in keys)
        assert there == absent > 0


KEPT_AWAY = ("original", "warc", "changes")


@pytest.fixture
def captured(administrator):
    """A file and its second edition, captured into a private case."""
    keeper = a.person("keeper", "analyst")
    case = a.case(is_private=True, members=[keeper])
    first = a.capture(b"It is likely to rain.", case=case, by=keeper)
    return keeper, a.capture(b"<p>It is <b>unlikely</b> to rain.</p>", source=first.source, by=keeper)


@pytest.mark.parametrize("role", list(Role))
def test_case_53_a_captured_file_is_not_found_without_the_right_to_its_case(people, captured, role):
    keeper, capture = captured
    source, own, client = capture.source.pk, session_of(keeper), session_of(people[role])
    for page in KEPT_AWAY:
        address = f"/predictions/source/{source}/{page}/"
        assert own.get(address).status_code == (404 if page == "warc" else 200), address
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND, address
        named = client.get(f"{address}?snapshot={capture.snapshot.uuid}")
        assert named.status_code == HTTPStatus.NOT_FOUND
    assert session_of(None).get(f"/predictions/source/{source}/original/").status_code == HTTPStatus.FOUND
    uuids = {"captures": capture.uuid, "snapshots": capture.snapshot.uuid}
    for shelf, uuid in uuids.items():
        assert token_of(people[role]).get(f"/api/{shelf}/{uuid}/").status_code == HTTPStatus.NOT_FOUND
        assert token_of(keeper).get(f"/api/{shelf}/{uuid}/").status_code == HTTPStatus.OK


def test_case_53_whoever_may_have_it_gets_a_download_that_acts_nowhere(captured):
    keeper, capture = captured
    answer = session_of(keeper).get(f"/predictions/source/{capture.source.pk}/original/")
    assert answer.content == b"<p>It is <b>unlikely</b> to rain.</p>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


def test_case_53_the_file_of_one_source_is_not_had_by_way_of_another(captured, people):
    _, capture = captured
    open_to_all = a.capture(b"Nothing is known.").source
    address = f"/predictions/source/{open_to_all.pk}/original/?snapshot={capture.snapshot.uuid}"
    assert session_of(people["viewer"]).get(address).status_code == HTTPStatus.NOT_FOUND


def test_case_58_a_capture_is_not_done_for_who_lost_the_right_meanwhile(people, administrator):
    asked = a.asked_capture(by=people["analyst"])
    revoke_role(people["analyst"], Role.ANALYST, by=administrator, at=a.NOW)
    tasks.run_capture(asked.pk)
    asked.refresh_from_db()
    assert asked.stage == "failed"
    assert not Source.objects.exists()
