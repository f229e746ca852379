"""The way in: who gets past the gate, by what, and what those learn who do not."""

import re

import pytest
from django.contrib import admin
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from predictions.models import LedgerEntry
from tests import builders as a
from tests import second_factors

pytestmark = pytest.mark.django_db

LOGIN = "/login/"
CODE = "/login/code/"
NEW = "a calm lake at dawn"


def typed(username="analyst", password=a.PASSWORD):
    return {"username": username, "password": password}


def is_in(client):
    return "_auth_user_id" in client.session


def test_a_password_leads_in_to_where_one_wanted_to_go(client, analyst):
    sent = client.get("/predictions/prediction/")
    assert sent.url == "/login/?next=/predictions/prediction/"
    page = client.get(sent.url).content.decode()
    assert 'name="next" value="/predictions/prediction/"' in page
    answer = client.post(LOGIN, typed() | {"next": "/predictions/prediction/"})
    assert answer.url == "/predictions/prediction/"
    assert is_in(client)


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_nobody_is_sent_on_to_another_site(client, analyst, elsewhere):
    assert client.post(LOGIN, typed() | {"next": elsewhere}).url == "/"


def test_the_session_gets_a_new_key_at_the_sign_in(client, analyst):
    client.get(LOGIN)
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post(LOGIN, typed())
    assert is_in(client)
    assert client.session.session_key != session.session_key


WRONG = [typed("analyst", "wrong"), typed("nobody-here"), typed("Analyst"), typed("closed")]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: "-".join(wrong.values()))
def test_no_refusal_tells_whether_there_is_such_an_account(client, analyst, wrong):
    User.objects.filter(pk=a.person("closed", "analyst").pk).update(is_active=False)
    answer = client.post(LOGIN, wrong)
    assert answer.context["form"].non_field_errors() == [
        "The username or the password is wrong. Capital letters count in both."
    ]
    assert not is_in(client)


@pytest.mark.parametrize("username", ["analyst", "nobody-here"])
def test_after_five_failures_even_the_right_password_waits(client, analyst, username):
    for _ in range(5):
        client.post(LOGIN, typed(username, "wrong"))
    answer = client.post(LOGIN, typed(username))
    assert "Too many attempts" in answer.content.decode()
    assert not is_in(client)


def test_whoever_comes_from_elsewhere_or_calls_another_host_is_counted_with_the_rest(client, analyst, settings):
    settings.ALLOWED_HOSTS = [".example.org"]
    for number in range(5):
        client.post(
            LOGIN, typed(password="wrong"), headers={"host": f"h{number}.example.org"}, REMOTE_ADDR=f"10.0.0.{number}"
        )
    answer = client.post(LOGIN, typed(" ANALYST "), headers={"host": "other.example.org"})
    assert "Too many attempts" in answer.content.decode()


def test_success_forgives_nothing_that_failed_before(client, analyst):
    for _ in range(4):
        client.post(LOGIN, typed(password="wrong"))
    Client().post(LOGIN, typed())
    client.post(LOGIN, typed(password="wrong"))
    assert "Too many attempts" in client.post(LOGIN, typed()).content.decode()


def tries_from_one_place(client, **headers):
    """Ten names are tried; gives what an eleventh is answered."""
    for number in range(10):
        client.post(LOGIN, typed(f"name-{number}"), headers=dict.fromkeys(headers, f"10.0.0.{number}"))
    return client.post(LOGIN, typed(), headers=dict.fromkeys(headers, "10.1.1.1")).content.decode()


def test_who_tries_many_accounts_from_one_place_waits(client, analyst):
    assert "Too many attempts" in tries_from_one_place(client)


def test_nobody_says_themselves_where_they_come_from(client, analyst):
    assert "Too many attempts" in tries_from_one_place(client, **{"x-forwarded-for": True})


def test_our_own_proxy_is_believed(client, analyst, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    tries_from_one_place(client, **{"x-forwarded-for": True})
    assert is_in(client)


def test_the_api_counts_with_the_page(client, analyst):
    body = {"username": "analyst", "password": "wrong"}
    for _ in range(3):
        client.post(LOGIN, body)
    for _ in range(2):
        client.post("/api/tokens/", body, content_type="application/json")
    assert client.post("/api/tokens/", typed(), content_type="application/json").status_code == 429
    assert "Too many attempts" in client.post(LOGIN, typed()).content.decode()


# --- the second factor ------------------------------------------------------------------------------------------------


@pytest.fixture
def guarded(analyst):
    """An analyst with an authenticator app."""
    second_factors.app_of(analyst)
    return analyst


def test_a_password_alone_does_not_open_an_account_with_a_factor(client, guarded):
    answer = client.post(LOGIN, typed())
    assert answer.url == CODE
    assert not is_in(client)
    assert client.get("/").url.startswith(LOGIN)
    assert client.get("/api/cases/").status_code == 401
    client.post(CODE, {"code": second_factors.code()})
    assert is_in(client)
    assert client.get("/").status_code == 200


def test_the_stock_sign_in_of_the_admin_is_out_of_reach(client, guarded, rf):
    """It asks for a password alone: by its form whoever has that would be in."""
    answer = client.post(reverse("admin:login"), typed() | {"this_is_the_login_form": "1", "next": "/"})
    assert answer.url == CODE
    assert not is_in(client)
    request = rf.post(LOGIN, typed())
    request.user, request.session = type("Anonymous", (), {"is_authenticated": False})(), client.session
    stock = admin.site.login(request)
    assert (stock.status_code, stock.url) == (302, "/login/?next=%2Flogin%2F")
    assert not is_in(client)


def test_every_address_of_the_admin_sends_to_our_sign_in(client):
    assert client.get("/predictions/case/").url == "/login/?next=/predictions/case/"
    assert "sign_in/sign_in.html" in [template.name for template in client.get(LOGIN).templates]


@pytest.mark.parametrize("wrong", ["", "000000", "abc", "１２３４５６", "\x00", "9" * 500])
def test_a_wrong_code_opens_nothing(client, guarded, wrong):
    client.post(LOGIN, typed())
    assert client.post(CODE, {"code": wrong}).status_code == 200
    assert not is_in(client)


def test_a_code_opens_once(client, guarded):
    shown = second_factors.code()
    for who, enters in ((client, True), (Client(), False)):
        who.post(LOGIN, typed())
        who.post(CODE, {"code": shown})
        assert is_in(who) is enters


def test_codes_are_not_tried_without_end(client, guarded):
    client.post(LOGIN, typed())
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    assert "Too many attempts" in client.post(CODE, {"code": second_factors.code()}).content.decode()
    assert not is_in(client)


def test_a_recovery_code_opens_once(client, guarded):
    [first, *_] = second_factors.recovery_codes_of(guarded)
    for who, enters in ((client, True), (Client(), False)):
        who.post(LOGIN, typed())
        who.post(CODE, {"code": first})
        assert is_in(who) is enters


def test_the_code_of_another_opens_nothing(client, guarded):
    other = a.person("other", "analyst")
    [theirs, *_] = second_factors.recovery_codes_of(other)
    client.post(LOGIN, typed())
    client.post(CODE, {"code": theirs})
    assert not is_in(client)


def test_who_typed_a_password_may_leave_before_the_code(client, guarded):
    client.post(LOGIN, typed())
    assert client.get(LOGIN).url == CODE
    assert client.get("/login/leave/").status_code == 405
    assert client.post("/login/leave/").url == LOGIN
    assert client.get(CODE).url == LOGIN


def test_a_passkey_that_is_none_is_refused_in_words(client, analyst):
    options = client.get("/login/passkey/", headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"
    for sent in ("{}", "[]", "", "no json", '{"id": 1}', '{"response": {"userHandle": "MQ"}}'):
        assert client.post("/login/passkey/", {"credential": sent}).url == LOGIN
    assert not is_in(client)


def test_a_form_is_answered_as_a_page_even_to_who_asks_for_json(client, analyst):
    answer = client.post(LOGIN, typed(password="wrong"), headers={"accept": "application/json"})
    assert answer.headers["Content-Type"].startswith("text/html")


# --- what is not there ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["signup/", "login/signup/", "accounts/signup/", "email/", "login/code/confirm/", "2fa/", "3rdparty/"]
)
def test_nobody_signs_up_and_no_other_page_of_allauth_is_there(client, address):
    assert client.get(f"/{address}").status_code in {302, 404}
    assert not User.objects.exists()
    client.force_login(a.person("somebody", "administrator"))
    assert client.get(f"/{address}").status_code == 404


# --- a new password by mail -------------------------------------------------------------------------------------------

FORGOTTEN = "/login/forgotten/"


@pytest.fixture
def sends_mail(settings):
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SITE_URL = "https://forsooth.example.org"


def address_in(message):
    return re.search(r"https://forsooth\.example\.org(/login/\S+)", message.body)[1]


def test_a_new_password_is_set_by_the_address_in_a_mail(client, analyst, sends_mail):
    analyst.email = "Ana.Lyst@Example.org"
    analyst.save()
    before = Client()
    before.force_login(analyst)
    answer = client.post(FORGOTTEN, {"email": "ana.lyst@example.ORG"}, headers={"host": "127.0.0.1"})
    assert answer.url == "/login/forgotten/sent/"
    [message] = mail.outbox
    assert message.to == ["Ana.Lyst@Example.org"]
    sent_to = client.get(address_in(message))
    assert "set-password" in sent_to.url, "the key stands in no address that is passed on"
    answer = client.post(sent_to.url, {"password1": NEW, "password2": NEW})
    assert answer.url == "/login/forgotten/done/"
    assert User.objects.get(pk=analyst.pk).check_password(NEW)
    assert list(LedgerEntry.objects.values_list("kind", flat=True)) == ["account.password_set"]
    assert before.get("/").url.startswith(LOGIN)
    assert not is_in(client)
    assert "used up" in client.get(address_in(message)).content.decode()


def test_who_asks_does_not_learn_whether_there_is_such_an_account(client, analyst, sends_mail):
    answers = [client.post(FORGOTTEN, {"email": f"{name}@example.org"}) for name in ("analyst", "nobody-here")]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/login/forgotten/sent/")}
    assert [message.to for message in mail.outbox] == [["analyst@example.org"], ["nobody-here@example.org"]]
    assert "no account" in mail.outbox[1].body


def test_the_factor_is_still_asked_for_after_a_new_password(client, guarded, sends_mail):
    client.post(FORGOTTEN, {"email": guarded.email})
    client.post(client.get(address_in(mail.outbox[0])).url, {"password1": NEW, "password2": NEW})
    assert client.post(LOGIN, typed(password=NEW)).url == CODE


def test_no_password_is_set_for_an_account_that_has_none(client, analyst, sends_mail):
    analyst.set_unusable_password()
    analyst.save()
    client.post(FORGOTTEN, {"email": analyst.email})
    assert "no account with a password" in mail.outbox[0].body


def test_a_weak_password_is_refused_by_mail_too(client, analyst, sends_mail):
    client.post(FORGOTTEN, {"email": analyst.email})
    answer = client.post(client.get(address_in(mail.outbox[0])).url, {"password1": "password", "password2": "password"})
    assert "too common" in answer.content.decode()


def test_without_a_mail_server_there_is_no_such_page(client, settings):
    settings.SENDS_MAIL = False
    assert FORGOTTEN not in client.get(LOGIN).content.decode()
    for address in (FORGOTTEN, "/login/forgotten/sent/", "/login/forgotten/done/", "/login/forgotten/1/abc/"):
        assert client.get(address).status_code == 404


def test_a_mail_that_does_not_go_is_not_told_to_who_asked(client, analyst, sends_mail, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert client.post(FORGOTTEN, {"email": analyst.email}).url == "/login/forgotten/sent/"
    assert "could not be sent: ConnectionRefusedError" in caplog.text
    assert analyst.email not in caplog.text
