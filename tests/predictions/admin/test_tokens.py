import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken
from predictions.models import LedgerEntry
from predictions.operations.tokens import MOST_AT_ONCE
from tests import builders as a

pytestmark = pytest.mark.django_db
PAGE = "/my-tokens/"


def entered(**fields):
    return {"name": "Nightly export", "scopes": ["read", "forecast"], "days": "7"} | fields


def shown(answer):
    return re.findall(r"<code>([0-9a-f]{64})</code>", answer.content.decode())


def opens(token, address="/api/cases/"):
    return Client(headers={"authorization": f"Token {token}"}).get(address).status_code == HTTPStatus.OK


def test_a_token_is_shown_once_and_opens_what_was_ticked(client, analyst):
    client.force_login(analyst)
    assert "You have no tokens." in client.get(PAGE).content.decode()
    made = client.post(PAGE, entered())
    [token] = shown(made)
    assert "no-store" in made.headers["Cache-Control"]
    assert opens(token)
    kept, page = ApiToken.objects.get(), client.get(PAGE).content.decode()
    assert kept.scopes == "read forecast"
    assert timedelta(days=6, hours=23) < kept.expiry - timezone.now() <= timedelta(days=7)
    assert "Nightly export" in page
    assert "read, forecast" in page
    assert not any(secret in page for secret in (token, kept.digest, kept.token_key))


def test_the_page_says_on_which_day_it_was_last_used(client, analyst):
    client.force_login(analyst)
    [token] = shown(client.post(PAGE, entered()))
    assert "never" in client.get(PAGE).content.decode()
    assert opens(token)
    assert ApiToken.objects.get().last_used_on == timezone.now().date()
    assert "never" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin"]}, "scopes"),
        ({"days": "366"}, "days"),
        ({"days": "-1"}, "days"),
        ({"days": ""}, "days"),
    ],
)
def test_what_makes_no_token_is_refused_at_its_field(client, analyst, wrong, field):
    client.force_login(analyst)
    answer = client.post(PAGE, entered(**wrong))
    assert list(answer.context["form"].errors) == [field]
    assert not ApiToken.objects.exists()
    assert not shown(answer)


def test_the_twenty_first_is_refused_above_the_form(client, analyst):
    for _ in range(MOST_AT_ONCE):
        a.token(analyst)
    client.force_login(analyst)
    answer = client.post(PAGE, entered())
    assert "Revoke one that is not needed any more." in answer.content.decode()
    assert ApiToken.objects.count() == MOST_AT_ONCE


def test_one_is_revoked_and_the_others_stand(client, analyst):
    client.force_login(analyst)
    [first], [second] = (shown(client.post(PAGE, entered(name=name))) for name in ("one", "two"))
    assert client.post(PAGE, {"revoke": ApiToken.objects.get(name="one").uuid}).status_code == HTTPStatus.FOUND
    assert [opens(token) for token in (first, second)] == [False, True]
    assert "The token “one” opens nothing any more." in client.get(PAGE).content.decode()


def test_all_are_revoked(client, analyst, viewer):
    tokens, anothers = [a.token(analyst), a.token(analyst)], a.token(viewer)
    client.force_login(analyst)
    client.post(PAGE, {"revoke": "all"})
    assert not any(opens(token) for token in tokens)
    assert opens(anothers)


@pytest.mark.parametrize("named", ["", "1", "nonsense", "00000000-0000-0000-0000-000000000000", "another's"])
def test_what_is_no_token_of_ones_own_is_not_there(client, analyst, viewer, named):
    a.token(viewer)
    named = str(ApiToken.objects.get().uuid) if named == "another's" else named
    client.force_login(analyst)
    assert client.post(PAGE, {"revoke": named}).status_code == HTTPStatus.NOT_FOUND
    assert ApiToken.objects.exists()


def test_an_administrator_ends_the_tokens_of_an_account_without_seeing_them(client, administrator, analyst):
    token = a.token(analyst)
    page = f"/accounts/user/{analyst.pk}/end-tokens/"
    client.force_login(administrator)
    told = client.get(page).content.decode()
    assert "Tokens that stand: 1." in told
    kept = ApiToken.objects.get()
    assert not any(secret in told for secret in (kept.name, kept.digest, kept.token_key, str(kept.uuid)))
    assert client.post(page).status_code == HTTPStatus.FOUND
    assert not opens(token)
    assert LedgerEntry.objects.filter(kind="account.token_revoked", subject=analyst.uuid).count() == 1


def test_who_has_no_role_is_told_so(client):
    client.force_login(a.person("newcomer"))
    assert client.get(PAGE).status_code == HTTPStatus.FOUND
    assert client.post(PAGE, entered()).status_code == HTTPStatus.FOUND
    assert not ApiToken.objects.exists()
