"""The second factor: of whom it is demanded, and that nothing opens before it was shown."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from accounts.factors import FactorAdapter, needs_second_factor
from accounts.models import ApiToken
from accounts.roles import Role
from predictions.operations.accounts import grant_role
from tests import builders as a
from tests import second_factors

pytestmark = pytest.mark.django_db

JUDGING = ("resolver", "adjudicator", "administrator")
OWN = "/my-sign-in/"
PAGES = ("/", "/predictions/prediction/", "/scorecards/", "/worklists/open/", "/notices/", "/my-calendar/")
PAGES += ("/accounts/user/my-settings/", "/password_change/", "/my-sign-in/sessions/", "/search/")


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.SECOND_FACTOR_ROLES = frozenset(JUDGING)


def signed_in(who, code=None, client=None):
    client = client or Client()
    client.post("/login/", {"username": who.username, "password": a.PASSWORD})
    if code:
        client.post("/login/code/", {"code": code})
    assert "_auth_user_id" in client.session
    return client


def token_of(user):
    return Client(headers={"authorization": f"Token {a.token(user)}"})


@pytest.mark.parametrize("role", list(Role))
def test_who_judges_or_administers_must_have_a_factor(people, role):
    client = signed_in(people[role])
    assert (client.get("/").status_code == 200) is (role not in JUDGING)
    assert needs_second_factor(people[role]) is (role in JUDGING)


def test_who_has_none_is_led_to_set_one_up_before_anything_else(resolver):
    client = signed_in(resolver)
    for page in PAGES:
        answer = client.get(page)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, OWN), page
    assert client.post("/predictions/trigger/add/").url.startswith(OWN)
    text = client.get(OWN).content.decode()
    assert "Your role wants a second factor" in text
    assert "/predictions/prediction/" not in text


def test_the_api_refuses_them_in_words(resolver):
    answer = signed_in(resolver).get("/api/cases/")
    assert answer.status_code == 403
    assert "second factor" in answer.json()["detail"]


def test_with_a_factor_everything_opens(resolver):
    second_factors.app_of(resolver)
    client = signed_in(resolver, second_factors.code())
    assert {client.get(page).status_code for page in PAGES} == {200}
    assert client.get("/api/cases/").status_code == 200


def test_setting_one_up_opens_everything_and_ends_the_other_sessions(resolver):
    client, other = signed_in(resolver), signed_in(resolver)
    address = "/my-sign-in/app/"
    secret = client.get(address).context["form"].secret
    assert client.post(address, {"code": "000000"}).status_code == 200
    answer = client.post(address, {"code": second_factors.code(secret)})
    assert answer.url == "/my-sign-in/codes/"
    assert client.get("/").status_code == 200
    assert other.get("/").url.startswith("/login/")


def test_a_session_from_before_the_factor_must_show_it(resolver):
    client = signed_in(resolver)
    second_factors.app_of(resolver)  # as from another machine
    sent = client.get("/predictions/prediction/")
    assert sent.url == "/my-sign-in/again/code/?next=%2Fpredictions%2Fprediction%2F"
    assert client.get("/api/cases/").status_code == 403
    assert client.post(sent.url, {"code": second_factors.code()}).url == "/predictions/prediction/"
    assert client.get("/api/cases/").status_code == 200


def test_a_session_from_before_the_role_is_over_and_the_next_owes_a_factor(analyst, administrator):
    client = signed_in(analyst)
    grant_role(analyst, Role.RESOLVER, by=administrator, at=a.NOW)
    assert client.get("/").url.startswith("/login/")
    assert signed_in(analyst, client=client).get("/").url.startswith(OWN)


def test_what_one_person_has_shown_does_not_count_for_the_next(resolver, adjudicator):
    second_factors.app_of(resolver)
    client = signed_in(resolver, second_factors.code())
    kept = {name: value for name, value in client.session.items() if name.startswith("second_factor")}
    client.force_login(adjudicator)
    second_factors.app_of(adjudicator)
    session = client.session
    session.update(kept)
    session.save()
    assert "/my-sign-in/again/" in client.get("/").url


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_a_password_makes_no_token_for_who_has_or_owes_a_factor(client, analyst, resolver):
    second_factors.app_of(analyst)
    for who in (analyst, resolver):
        body = {"username": who.username, "password": a.PASSWORD}
        answer = client.post("/api/tokens/", body, content_type="application/json")
        assert (answer.status_code, "second factor" in answer.json()["detail"]) == (403, True)
    assert not ApiToken.objects.exists()


def test_a_token_from_before_the_factor_opens_nothing(resolver, analyst, administrator):
    old = token_of(resolver)
    assert old.get("/api/cases/").status_code == 401
    app = second_factors.app_of(resolver)
    assert old.get("/api/cases/").status_code == 401
    assert token_of(resolver).get("/api/cases/").status_code == 200
    Authenticator.objects.filter(pk=app.pk).update(created_at=timezone.now() + timedelta(seconds=1))
    assert token_of(resolver).get("/api/cases/").status_code == 401


def test_a_token_from_before_the_role_opens_nothing(analyst, administrator):
    client = token_of(analyst)
    assert client.get("/api/cases/").status_code == 200
    grant_role(analyst, Role.ADJUDICATOR, by=administrator, at=a.NOW)
    assert client.get("/api/cases/").status_code == 401


def test_recovery_codes_alone_are_no_factor(resolver):
    second_factors.recovery_codes_of(resolver)
    assert signed_in(resolver).get("/").url.startswith(OWN)


def test_the_demand_costs_a_reader_of_whom_nothing_is_demanded_no_question(
    viewer, resolver, django_assert_max_num_queries
):
    """Whoever judges is asked one more: whether there is a factor."""
    second_factors.app_of(resolver)
    clients = {"viewer": signed_in(viewer), "resolver": signed_in(resolver, second_factors.code())}
    for client in clients.values():
        client.get("/api/cases/")
    for most, client in ((5, clients["viewer"]), (6, clients["resolver"])):
        with django_assert_max_num_queries(most):
            client.get("/api/cases/")


# --- how secrets lie --------------------------------------------------------------------------------------------------


def test_no_secret_lies_open_in_the_database(analyst):
    second_factors.app_of(analyst)
    codes = second_factors.recovery_codes_of(analyst)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert second_factors.SECRET not in kept
    assert not any(code in kept for code in codes)


def test_secrets_outlive_a_change_of_the_secret_key_that_names_the_old_one(settings):
    sealed = FactorAdapter().encrypt("a seed")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"
    assert FactorAdapter().decrypt(sealed) == "a seed"
