"""A request that is sent again under its key puts nothing on record a second time, and is answered the same."""

import json
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from django.utils import timezone

from predictions import tasks
from predictions.models import Case, Forecast, KeptReply, LedgerEntry
from predictions.models.kept_reply import KEPT_FOR, LONGEST_KEY
from predictions.operations.accounts import revoke_role
from predictions.operations.cases import admit, dismiss
from tests import builders as a
from tests.predictions.api.lawful import TAKES_ROWS, lawful
from tests.racing import at_once, shared_database

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


def post(client, shelf, body, key=KEY, **headers):
    text = body if isinstance(body, str) else json.dumps(body, cls=DjangoJSONEncoder)
    sent = {"idempotency-key": key} if key is not None else {}
    return client.post(f"/api/{shelf}/", text, content_type="application/json", headers=sent | headers)


def told(answer):
    return answer.status_code, answer.content, answer.headers["Location"]


@pytest.fixture
def forecast(client_of):
    """Sends a lawful forecast, but for what is told."""
    user, body = lawful("forecasts")
    client = client_of(user)

    def sent(key=KEY, **fields):
        return post(client, "forecasts", body | fields, key)

    sent.user, sent.body, sent.client = user, body, client
    return sent


@pytest.mark.parametrize("shelf", TAKES_ROWS)
def test_the_same_request_twice_is_one_row_and_one_reply(client_of, shelf):
    user, body = lawful(shelf)
    client = client_of(user)
    first = post(client, shelf, body)
    assert first.status_code == HTTPStatus.CREATED
    entries = LedgerEntry.objects.count()
    assert told(post(client, shelf, body)) == told(first)
    assert LedgerEntry.objects.count() == entries


def test_after_an_erasure_the_reply_tells_the_row_as_it_stands_and_repeats_nothing(forecast):
    first = forecast(rationale="Mrs Smith was seen in the rain.")
    entries = LedgerEntry.objects.count()
    a.erasure(Forecast.objects.get(uuid=first.json()["uuid"]), "The court ordered it.", at=timezone.now())
    assert not any("Smith" in reply.body for reply in KeptReply.objects.all())
    again = forecast(rationale="Mrs Smith was seen in the rain.")
    assert told(again) == (first.status_code, again.content, first.headers["Location"])
    assert again.json() == forecast.client.get(first.headers["Location"]).json()
    assert "Smith" not in again.content.decode()
    assert LedgerEntry.objects.count() == entries + 1  # the erasure


def test_without_a_key_it_is_two_rows(forecast):
    first, second = forecast(key=None), forecast(key=None, issued="2026-02-02")
    assert first.json()["uuid"] != second.json()["uuid"]
    assert not KeptReply.objects.exists()


def test_the_reply_stays_the_same_when_the_row_has_been_replaced_meanwhile(forecast):
    first = forecast()
    replacing = {"supersedes": first.json()["uuid"], "reason": "Misread.", "probability": 0.8}
    assert forecast("another", **replacing).status_code == HTTPStatus.CREATED
    assert forecast.client.get(first.headers["Location"]).json()["superseded_by"]
    assert told(forecast()) == told(first)


def test_a_key_in_quotation_marks_is_the_same_key(forecast):
    assert told(forecast(f'"{KEY}"')) == told(forecast(KEY))


@pytest.mark.parametrize("changed", [{"probability": 0.8}, {"note": 1}, {"rationale": "Clouds"}])
def test_another_body_under_the_same_key_is_refused(forecast, changed):
    forecast()
    entries = LedgerEntry.objects.count()
    answer = forecast(**changed)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json() == {
        "non_field_errors": [
            "This key came with another request before. Take a new key for each thing to be put on record."
        ]
    }
    assert LedgerEntry.objects.count() == entries


def test_another_address_under_the_same_key_is_refused(forecast):
    forecast()
    answer = post(forecast.client, "evidence", forecast.body)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_the_same_body_spelled_otherwise_is_another_request(forecast):
    text = json.dumps(forecast.body, cls=DjangoJSONEncoder)
    post(forecast.client, "forecasts", text)
    assert post(forecast.client, "forecasts", text + " ").status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_anothers_key_is_not_ones_own(forecast, client_of):
    first = forecast()
    other = post(client_of(a.person("other", "analyst")), "forecasts", forecast.body | {"issued": "2026-02-02"})
    assert other.status_code == HTTPStatus.CREATED
    assert other.json()["uuid"] != first.json()["uuid"]
    assert KeptReply.objects.filter(key=KEY).count() == 2


def test_a_refusal_leaves_the_key_free_for_the_mended_body(forecast):
    assert forecast(probability=2).status_code == HTTPStatus.BAD_REQUEST
    assert not KeptReply.objects.exists()
    assert forecast().status_code == HTTPStatus.CREATED


def test_what_breaks_in_the_midst_leaves_neither_a_row_nor_a_key(forecast, settings):
    forecast.client.raise_request_exception = False
    settings.LEDGER_NAME = object()
    assert forecast().status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert not KeptReply.objects.exists()
    assert not Forecast.objects.exists()
    settings.LEDGER_NAME = "forsooth"
    assert forecast().status_code == HTTPStatus.CREATED


def test_after_a_day_the_key_is_as_new(forecast):
    first = forecast()
    KeptReply.objects.update(made_at=timezone.now() - KEPT_FOR + timedelta(minutes=1))
    assert told(forecast()) == told(first)
    KeptReply.objects.update(made_at=timezone.now() - KEPT_FOR)
    assert forecast(issued="2026-02-02").status_code == HTTPStatus.CREATED
    assert Forecast.objects.count() == 2


def test_replies_of_more_than_a_day_ago_are_forgotten(forecast):
    forecast()
    tasks.run_due(at=timezone.now() + KEPT_FOR - timedelta(minutes=1))
    assert KeptReply.objects.count() == 1
    tasks.run_due(at=timezone.now() + KEPT_FOR)
    assert not KeptReply.objects.exists()


@pytest.mark.parametrize(
    "key",
    [
        "",
        " ",
        '"',
        '""',
        '"a',
        'a"',
        "a b",
        '"a b"',
        "a,b",
        '"a", "b"',
        "a\\b",
        "\xe9",
        "a\x00",
        "x" * (LONGEST_KEY + 1),
    ],
)
def test_what_is_no_key_is_refused_at_the_header(forecast, key):
    answer = forecast(key)
    assert (answer.status_code, list(answer.json())) == (HTTPStatus.BAD_REQUEST, ["Idempotency-Key"])
    assert not Forecast.objects.exists()


@pytest.mark.parametrize("key", ["a", "A-z0.9_~:+/=", "x" * LONGEST_KEY, '"' + "x" * LONGEST_KEY + '"'])
def test_what_is_a_key_is_taken(forecast, key):
    assert forecast(key).status_code == HTTPStatus.CREATED


def test_a_body_that_is_too_long_is_not_read_to_tell_it_from_others(forecast):
    assert (
        post(forecast.client, "forecasts", " " * (1024 * 1024 + 1)).status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    )


def test_a_reply_is_not_told_to_who_no_longer_sees_the_row(client_of):
    keeper, user = a.person("keeper", "analyst"), a.person("user", "analyst")
    case = a.case(is_private=True, members=[keeper, user], by=a.person("boss", "administrator"), resolvers_asked=0)
    body = {"case": case.uuid, "text": "It may rain."}
    client = client_of(user)
    first = post(client, "captures", body)
    assert first.status_code == HTTPStatus.CREATED
    dismiss(case, user, by=keeper, at=timezone.now())
    assert post(client, "captures", body).status_code == HTTPStatus.NOT_FOUND
    admit(Case.objects.get(pk=case.pk), user, by=keeper, at=timezone.now())
    assert told(post(client, "captures", body)) == told(first)


def test_a_reply_is_not_told_to_who_lost_the_role(forecast, administrator):
    forecast()
    revoke_role(forecast.user, "analyst", by=administrator, at=timezone.now())
    answer = forecast()
    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_a_kept_reply_is_on_no_page_and_on_no_list(forecast, client_of, people):
    forecast(rationale="Nobody knows of the ferry.")
    assert "ferry" in KeptReply.objects.get().body
    browser = Client()
    browser.force_login(people["administrator"])
    assert browser.get("/predictions/keptreply/").status_code == HTTPStatus.NOT_FOUND
    for address in ("/", "/search/?s=ferry", "/predictions/"):
        assert "ferry" not in browser.get(address).content.decode()


def test_a_token_is_shown_once_so_its_reply_takes_no_key(people):
    body = {"username": "analyst", "password": a.PASSWORD}
    answer = post(Client(), "tokens", body)
    assert (answer.status_code, list(answer.json())) == (HTTPStatus.BAD_REQUEST, ["Idempotency-Key"])


AT_ONCE = 50


@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_once_with_one_key_one_is_recorded_and_all_are_answered_alike(tmp_path, forecast):
    authorization = forecast.client.defaults["HTTP_AUTHORIZATION"]

    def send():
        answer = post(Client(headers={"authorization": authorization}), "forecasts", forecast.body)
        return told(answer)

    with shared_database(tmp_path):
        answers = at_once(AT_ONCE, send)
        [[rows, kept]] = at_once(1, lambda: [Forecast.objects.count(), KeptReply.objects.count()])
    assert {status for status, *_ in answers} == {HTTPStatus.CREATED}
    assert len(set(answers)) == rows == kept == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_with_one_key_and_different_bodies_one_is_recorded(tmp_path, forecast):
    authorization = forecast.client.defaults["HTTP_AUTHORIZATION"]
    days = iter(range(1, 9))

    def send():
        client = Client(headers={"authorization": authorization})
        return post(client, "forecasts", forecast.body | {"issued": f"2026-02-0{next(days)}"}).status_code

    with shared_database(tmp_path):
        statuses = at_once(8, send)
        [rows] = at_once(1, Forecast.objects.count)
    assert sorted(statuses) == [HTTPStatus.CREATED] + [HTTPStatus.UNPROCESSABLE_ENTITY] * 7
    assert rows == 1
