"""One's own password, factors, codes and sessions, on pages of the admin."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from predictions.admin.devices import device
from predictions.admin.own_sign_in import in_words
from predictions.models import LedgerEntry
from tests import builders as a
from tests import second_factors

pytestmark = pytest.mark.django_db

OWN, SESSIONS, APP, CODES = "/my-sign-in/", "/my-sign-in/sessions/", "/my-sign-in/app/", "/my-sign-in/codes/"
NEW = "a calm lake at dawn"


def signed_in(who, code=None):
    client = Client()
    client.post("/login/", {"username": who.username, "password": a.PASSWORD})
    if code:
        client.post("/login/code/", {"code": code})
    assert "_auth_user_id" in client.session
    return client


def long_ago(client):
    """As if the sign-in were half an hour old."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 1800
    session.save()


def is_in(client):
    return client.get("/").status_code == 200


def text(client, address=OWN):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- password ---------------------------------------------------------------------------------------------------------


def test_a_new_password_keeps_this_session_and_ends_the_others_on_record(analyst):
    client, other = signed_in(analyst), signed_in(analyst)
    entered = {"oldpassword": a.PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/password_change/", entered).url == OWN
    assert "Your password is changed" in text(client)
    assert not is_in(other)
    assert User.objects.get(pk=analyst.pk).check_password(NEW)
    assert list(LedgerEntry.objects.values_list("kind", flat=True)) == ["account.password_set"]
    assert [row.session_key for row in UserSession.objects.all()] == [client.session.session_key]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"oldpassword": "wrong"}, "oldpassword"),
        ({"password2": "another"}, "password2"),
        ({"password1": "analyst", "password2": "analyst"}, "password1"),
        ({"password1": ""}, "password1"),
    ],
)
def test_an_unsound_change_is_refused_at_its_field(analyst, wrong, field):
    entered = {"oldpassword": a.PASSWORD, "password1": NEW, "password2": NEW} | wrong
    answer = signed_in(analyst).post("/password_change/", entered)
    assert list(answer.context["form"].errors) == [field]
    assert User.objects.get(pk=analyst.pk).check_password(a.PASSWORD)


def test_guessing_the_old_password_comes_to_an_end(analyst):
    client = signed_in(analyst)
    entered = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert [client.post("/password_change/", entered).status_code for _ in range(6)] == [200] * 5 + [429]


# --- saying anew who one is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [APP, "/my-sign-in/passkeys/add/", "/my-sign-in/codes/new/"])
def test_what_changes_the_sign_in_asks_anew_after_a_while(analyst, address):
    client = signed_in(analyst)
    assert client.get(address).status_code == 200
    long_ago(client)
    sent = client.get(address)
    assert sent.url.startswith("/my-sign-in/again/?next=")
    assert client.post(sent.url, {"password": "wrong"}).status_code == 200
    assert client.get(address).status_code == 302
    assert client.post(sent.url, {"password": a.PASSWORD}).url == address
    assert client.get(address).status_code == 200


# --- authenticator app and recovery codes -----------------------------------------------------------------------------


def set_up(client):
    secret = client.get(APP).context["form"].secret
    answer = client.post(APP, {"code": second_factors.code(secret)})
    assert answer.url == CODES
    return secret


def test_an_app_is_set_up_and_asked_for_from_then_on(analyst):
    client, other = signed_in(analyst), signed_in(analyst)
    secret = set_up(client)
    assert not is_in(other)
    assert "Take it off" in text(client)
    assert is_in(signed_in(analyst, second_factors.code(secret, step=1)))


def test_the_page_draws_the_key_and_spells_it(analyst):
    shown = text(signed_in(analyst), APP)
    assert "<svg" in shown
    assert "data:image" not in shown


def test_recovery_codes_are_shown_once(analyst):
    client = signed_in(analyst)
    set_up(client)
    first = client.get(CODES).context["unused_codes"]
    assert len(set(first)) == 10
    again = client.get(CODES)
    assert again.status_code == 200
    assert not any(code in again.content.decode() for code in first)
    assert "10 unused" in text(client)
    assert client.post("/my-sign-in/codes/new/").url == CODES
    second = client.get(CODES).context["unused_codes"]
    assert not set(first) & set(second)
    assert is_in(signed_in(analyst, second[0]))
    assert "9 unused" in text(client)


def test_there_are_no_recovery_codes_without_a_factor(analyst):
    client = signed_in(analyst)
    assert client.get(CODES).status_code == 404
    assert client.post("/my-sign-in/codes/new/").status_code == 200
    assert not Authenticator.objects.exists()


def test_taking_the_app_off_takes_the_codes_along_and_ends_other_sessions(analyst):
    client = signed_in(analyst)
    secret = set_up(client)
    other = signed_in(analyst, second_factors.code(secret, step=1))
    assert client.post("/my-sign-in/app/take-off/").url == OWN
    assert not Authenticator.objects.exists()
    assert not is_in(other)
    assert is_in(signed_in(analyst))


def test_a_wrong_code_sets_nothing_up(analyst):
    client = signed_in(analyst)
    client.get(APP)
    assert "This is not the code" in client.post(APP, {"code": "000000"}).content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "sent", ["{}", "[]", "", "no json", '{"id": "x"}', '{"id": "x", "rawId": "x", "type": "public-key"}']
)
def test_a_passkey_that_is_none_is_not_added(analyst, sent):
    answer = signed_in(analyst).post("/my-sign-in/passkeys/add/", {"name": "laptop", "credential": sent})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_nobody_touches_the_passkey_of_another(analyst, viewer):
    row = Authenticator.objects.create(user=viewer, type="webauthn", data={"name": "hers", "credential": {}})
    client = signed_in(analyst)
    for page in ("remove", "rename"):
        for method in (client.get, client.post):
            assert method(f"/my-sign-in/passkeys/{row.pk}/{page}/").status_code == 404


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_is_ended_by_its_owner(analyst):
    client, other = signed_in(analyst), signed_in(analyst)
    rows = client.get(SESSIONS).context["lines"]
    assert [line["is_here"] for line in rows].count(True) == 1
    key = next(line["row"].pk for line in rows if not line["is_here"])
    assert client.post(f"{SESSIONS}{key}/end/").url == SESSIONS
    assert (is_in(client), is_in(other)) == (True, False)
    assert client.post(f"{SESSIONS}{key}/end/").status_code == 404


def test_all_others_are_ended_at_once(analyst, viewer):
    client, *others = (signed_in(analyst) for _ in range(3))
    stranger = signed_in(viewer)
    client.post(SESSIONS)
    assert [is_in(each) for each in (client, *others, stranger)] == [True, False, False, True]
    assert len(client.get(SESSIONS).context["lines"]) == 1


def test_nobody_ends_the_session_of_another_or_the_one_they_are_in(analyst, viewer):
    client, stranger = signed_in(analyst), signed_in(viewer)
    own, theirs = (UserSession.objects.get(user=who).pk for who in (analyst, viewer))
    assert client.post(f"{SESSIONS}{theirs}/end/").status_code == 404
    assert client.post(f"{SESSIONS}{own}/end/").status_code == 403
    assert client.get(f"{SESSIONS}{own}/end/").status_code == 405
    assert is_in(client)
    assert is_in(stranger)


def test_the_list_tells_device_and_place(analyst):
    client = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
    client.post("/login/", {"username": "analyst", "password": a.PASSWORD}, REMOTE_ADDR="192.0.2.7")
    shown = text(client, SESSIONS)
    assert "Firefox on Linux · this one" in shown
    assert "192.0.2.7" in shown
    assert "12 hours after" in shown
    assert "for 1 hour" in shown
    assert client.session.session_key not in shown


def test_what_a_browser_says_of_itself_is_shown_as_text(analyst):
    client = Client(headers={"user-agent": "<script>alert(1)</script>"})
    client.post("/login/", {"username": "analyst", "password": a.PASSWORD})
    assert "<script>alert(1)" not in text(client, SESSIONS)


@pytest.mark.parametrize("address", [SESSIONS, OWN])
def test_each_session_that_is_listed_costs_two_questions(analyst, address):
    """Whether it still stands, and whose it is: few people have more than a handful."""
    client = signed_in(analyst)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            signed_in(analyst)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[1] - counts[0] <= 2 * 3


@pytest.mark.parametrize(
    ("told", "known_as"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
            "Chrome on Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18.0 Safari/605", "Safari on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140 Safari/604", "Chrome on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28 Chrome/130 Mobile Safari", "Samsung Internet on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("SomeBrowser (Linux)", "A browser on Linux"),
        ("curl/8.5", "A program"),
        ("", "A program"),
    ],
)
def test_a_device_is_named_so_that_its_owner_knows_it(told, known_as):
    assert device(told) == known_as


def test_lengths_of_time_are_told_in_words(settings):
    assert in_words(settings.SESSION_LONGEST) == "12 hours"
    assert in_words(settings.SESSION_IDLE / 4) == "15 minutes"
    assert in_words(settings.SESSION_IDLE) == "1 hour"
