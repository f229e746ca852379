"""Sign-in by an identity provider, against one that runs on this machine."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from accounts.models import User
from predictions.models import LedgerEntry
from predictions.operations.accounts import grant_role
from tests import builders as a
from tests import second_factors
from tests.identity_provider import CLIENT, SECRET, running

pytestmark = pytest.mark.django_db

GO, BACK, LOGIN, OWN = "/login/with/sso/", "/login/with/sso/back/", "/login/", "/my-sign-in/"


@pytest.fixture
def provider(settings):
    with running() as here:
        for name, value in here.settings().items():
            setattr(settings, name, value)
        yield here


def come_by(provider, client=None, query="", **sent):
    """Goes to the provider and comes back with a code; gives where that leads, and the client."""
    client = client or Client()
    onward = client.post(GO + query, sent).context["onward"]
    assert onward.startswith(f"{provider.url}/authorize?")
    asked = parse_qs(urlsplit(onward).query)
    assert asked["code_challenge_method"] == ["S256"]
    return client.get(BACK, {"code": "a-code", "state": asked["state"][0]}), client


def is_in(client):
    return "_auth_user_id" in client.session


def text(client, address=LOGIN):
    return client.get(address).content.decode()


def test_the_page_offers_it_by_its_name(client, provider):
    assert "Sign in by Waterworks" in text(client)


def test_without_a_provider_nothing_of_it_is_there(client):
    assert "Sign in by" not in text(client)
    assert client.post(GO).status_code == client.get(BACK).status_code == 404


def test_a_newcomer_gets_an_account_without_a_role_on_record_and_does_not_enter(provider):
    answer, client = come_by(provider)
    assert answer.url == LOGIN
    assert "no role yet" in text(client)
    assert not is_in(client)
    ada = User.objects.get()
    assert (ada.username, ada.get_full_name(), ada.email) == ("ada", "Ada Waters", "ada@example.org")
    assert (ada.is_staff, ada.is_superuser, ada.has_usable_password(), ada.roles) == (False, False, False, set())
    assert list(LedgerEntry.objects.values_list("kind", flat=True)) == ["account.opened"]


def test_with_a_role_they_enter_and_are_the_same_account(provider, administrator):
    come_by(provider)
    ada = User.objects.get(username="ada")
    grant_role(ada, "analyst", by=administrator, at=timezone.now())
    provider.userinfo |= {"preferred_username": "renamed", "email": "other@example.org"}
    answer, client = come_by(provider, next="/predictions/case/")
    assert answer.url == "/predictions/case/"
    assert client.get("/predictions/case/").status_code == 200
    assert User.objects.get(username="ada") == ada
    assert SocialAccount.objects.count() == 1


def test_the_exchange_proves_itself(provider):
    come_by(provider)
    [body] = [body for path, body in provider.asked if path == "/token"]
    assert (body["client_id"], body["client_secret"]) == ([CLIENT], [SECRET])
    assert len(body["code_verifier"][0]) >= 43


@pytest.mark.parametrize("verified", [True, False, "true", "no", None])
def test_an_address_opens_nobodys_account_whether_verified_or_not(provider, administrator, verified):
    administrator.email = "ada@example.org"
    administrator.save()
    provider.userinfo["email_verified"] = verified
    _, client = come_by(provider)
    assert not is_in(client)
    ada = User.objects.get(username="ada")
    assert SocialAccount.objects.get().user == ada
    assert (ada.email == "ada@example.org") is (verified in {True, "true"})
    assert EmailAddress.objects.filter(verified=False).count() == 0


def test_nobody_takes_the_name_of_another(provider, people):
    provider.userinfo["preferred_username"] = "Administrator"
    come_by(provider)
    newcomer = SocialAccount.objects.get().user
    assert newcomer.username.casefold() != "administrator"
    assert newcomer.roles == set()


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://elsewhere.example.org"},
        {"aud": "another client"},
        {"exp": 1},
        {"sub": "somebody-else"},
        None,
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_or_of_somebody_else_is_refused(provider, change):
    provider.claims = provider.claims | change if change is not None else None
    answer, client = come_by(provider)
    assert answer.url == LOGIN
    assert "did not succeed" in text(client)
    assert not User.objects.exists()


@pytest.mark.parametrize("told", [{}, [], "no object", {"sub": None}, {"sub": {"a": 1}}], ids=str)
def test_what_the_provider_says_amiss_is_no_fault_of_the_site(provider, told):
    provider.userinfo = told
    answer, _ = come_by(provider)
    assert answer.url == LOGIN
    assert not User.objects.exists()


def test_an_answer_nobody_asked_for_opens_nothing(client, provider):
    assert client.get(BACK, {"code": "a-code", "state": "made-up"}).url == LOGIN
    assert not User.objects.exists()


def test_who_turns_back_is_told_so(client, provider):
    state = parse_qs(urlsplit(client.post(GO).context["onward"]).query)["state"][0]
    client.get(BACK, {"error": "access_denied", "state": state})
    assert "You did not sign in by Waterworks" in text(client)


def test_a_provider_that_is_down_is_told_of_in_words(client, provider, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:1"
    assert client.post(GO).url == LOGIN
    assert "Waterworks cannot be reached" in text(client)


def test_nobody_is_sent_to_the_provider_by_a_link(client, provider):
    assert client.get(GO).status_code == 405


def test_the_way_is_closed_with_the_account(provider, administrator):
    come_by(provider)
    User.objects.filter(username="ada").update(is_active=False, is_staff=True)
    _, client = come_by(provider)
    assert "closed" in text(client)
    assert not is_in(client)


# --- with the second factor -------------------------------------------------------------------------------------------


@pytest.fixture
def ada(provider, administrator):
    """Who came by the provider, and was made a resolver."""
    come_by(provider)
    ada = User.objects.get(username="ada")
    grant_role(ada, "resolver", by=administrator, at=timezone.now())
    return ada


@pytest.mark.parametrize("is_trusted", [False, True])
def test_the_provider_counts_as_second_factor_only_by_the_settings(provider, ada, settings, is_trusted):
    settings.SECOND_FACTOR_ROLES, settings.OIDC_SECOND_FACTOR = frozenset({"resolver"}), is_trusted
    _, client = come_by(provider)
    assert client.get("/").status_code == (200 if is_trusted else 302)
    assert is_trusted or client.get("/").url.startswith(OWN)


def test_who_has_no_password_can_set_up_a_factor(provider, ada, settings):
    settings.SECOND_FACTOR_ROLES = frozenset({"resolver"})
    _, client = come_by(provider)
    secret = client.get("/my-sign-in/app/").context["form"].secret
    client.post("/my-sign-in/app/", {"code": second_factors.code(secret)})
    assert client.get("/").status_code == 200
    assert client.get("/password_change/").status_code == 404


def test_who_has_no_password_says_who_they_are_by_signing_in_anew(provider, ada):
    _, client = come_by(provider)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 1800
    session.save()
    sent = client.get("/my-sign-in/app/")
    assert sent.url == "/my-sign-in/again/provider/?next=%2Fmy-sign-in%2Fapp%2F"
    assert 'name="next" value="/my-sign-in/app/"' in text(client, sent.url)
    answer, client = come_by(provider, client, next="/my-sign-in/app/")
    assert answer.url == "/my-sign-in/app/"
    assert client.get("/my-sign-in/app/").status_code == 200


# --- one account, two ways --------------------------------------------------------------------------------------------


def test_a_person_joins_their_account_to_the_providers_and_parts_it_again(provider, analyst):
    client = Client()
    client.post(LOGIN, {"username": "analyst", "password": a.PASSWORD})
    answer, _ = come_by(provider, client, "?process=connect")
    assert answer.url == OWN
    assert "You can sign in by Waterworks" in text(client, OWN)
    _, other = come_by(provider)
    assert other.session["_auth_user_id"] == str(analyst.pk)
    assert client.post("/my-sign-in/provider/leave/").url == OWN
    assert not SocialAccount.objects.exists()


def test_nobody_joins_an_account_that_belongs_to_another(provider, ada, analyst):
    client = Client()
    client.post(LOGIN, {"username": "analyst", "password": a.PASSWORD})
    come_by(provider, client, "?process=connect")
    assert "belongs to somebody else" in text(client, OWN)
    assert SocialAccount.objects.get().user == ada


def test_nobody_parts_from_the_only_way_in(provider, ada):
    _, client = come_by(provider)
    client.post("/my-sign-in/provider/leave/")
    assert "could not sign in at all" in text(client, OWN)
    assert SocialAccount.objects.exists()


def test_no_secret_of_the_exchange_is_shown(provider, ada):
    _, client = come_by(provider)
    assert not re.search(f"{SECRET}|opens-userinfo", text(client, OWN) + text(Client()))
