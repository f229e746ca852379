"""How long a session lasts, and what ends it."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.sessions import SEEN, SIGNED_IN
from predictions.operations.accounts import (
    amend_account,
    grant_role,
    revoke_role,
    set_password,
    sign_out_everywhere,
)
from tests import builders as a

pytestmark = pytest.mark.django_db

HOUR = 3600


def aged(client, *, signed_in=0, seen=0):
    """Moves the marks of a session so many seconds back."""
    session = client.session
    session[SIGNED_IN] -= signed_in
    session[SEEN] -= seen
    session.save()


def signed_in(who, **extra):
    client = Client(**extra)
    client.post("/login/", {"username": who.username, "password": a.PASSWORD})
    assert is_open(client)
    return client


def is_open(client):
    return client.get("/api/cases/").status_code == 200


@pytest.mark.parametrize(
    ("ages", "stays"),
    [
        ({"seen": HOUR - 5}, True),
        ({"seen": HOUR + 5}, False),
        ({"signed_in": 12 * HOUR - 5}, True),
        ({"signed_in": 12 * HOUR + 5}, False),
    ],
)
def test_a_session_ends_after_twelve_hours_and_after_an_idle_one(client, viewer, ages, stays):
    client.force_login(viewer)
    aged(client, **ages)
    assert is_open(client) is stays
    assert is_open(client) is stays
    assert stays or client.get("/").url == "/login/?next=/"


def test_whoever_goes_on_working_is_not_idle(client, viewer):
    client.force_login(viewer)
    for _ in range(3):
        aged(client, signed_in=HOUR - 60, seen=HOUR - 60)
        assert is_open(client)


@pytest.mark.parametrize("mark", [SIGNED_IN, SEEN])
def test_a_session_that_no_sign_in_began_opens_nothing(client, viewer, mark):
    client.force_login(viewer)
    session = client.session
    del session[mark]
    session.save()
    assert not is_open(client)


def test_limits_are_those_of_the_settings(client, viewer, settings):
    settings.SESSION_IDLE = timedelta(minutes=5)
    client.force_login(viewer)
    aged(client, seen=301)
    assert not is_open(client)


def test_a_session_is_not_written_for_every_page(viewer):
    client = signed_in(viewer)
    before = client.session[SEEN]
    assert is_open(client)
    assert client.session[SEEN] == before
    aged(client, seen=61)
    assert is_open(client)
    assert client.session[SEEN] > before - 61


WHAT_ENDS_THEM = {
    "a role that is granted": lambda user, by: grant_role(user, "analyst", by=by, at=a.NOW),
    "a role that is taken": lambda user, by: revoke_role(user, "viewer", by=by, at=a.NOW),
    "a new password": lambda user, by: set_password(user, "a calm lake at dawn", by=by, at=a.NOW),
    "a word of the administrator": lambda user, by: sign_out_everywhere(user, by=by, at=a.NOW),
}


@pytest.mark.parametrize("deed", WHAT_ENDS_THEM.values(), ids=WHAT_ENDS_THEM.keys())
def test_case_56_what_ends_every_session_of_an_account(
    viewer, analyst, administrator, told, deed, django_capture_on_commit_callbacks
):
    theirs, others = [signed_in(viewer), signed_in(viewer)], signed_in(analyst)
    with django_capture_on_commit_callbacks(execute=True):
        deed(viewer, administrator)
    assert not any(is_open(client) for client in theirs)
    assert is_open(others)
    said = {"event": "sessions.ended", "actor": str(administrator.uuid), "account": str(viewer.uuid)}
    assert any(said.items() <= event.items() for event in told())
    assert not UserSession.objects.filter(user=viewer).exists()


def test_sessions_of_a_closed_account_do_not_come_back_with_it(viewer, administrator):
    client = signed_in(viewer)
    for is_active in (False, True):
        viewer.is_active = is_active
        amend_account(viewer, by=administrator, at=a.NOW)
        assert not is_open(client)


def test_what_changes_nothing_ends_nothing(viewer, administrator):
    client = signed_in(viewer)
    grant_role(viewer, "viewer", by=administrator, at=a.NOW)
    revoke_role(viewer, "analyst", by=administrator, at=a.NOW)
    viewer.first_name = "Vi"
    amend_account(viewer, by=administrator, at=a.NOW)
    assert is_open(client)


def test_sessions_are_listed_from_where_they_came(viewer):
    client = signed_in(viewer, headers={"user-agent": "Mozilla/5.0 Firefox/140.0"}, REMOTE_ADDR="192.0.2.7")
    row = UserSession.objects.get()
    assert (row.user, row.ip, row.session_key) == (viewer, "192.0.2.7", client.session.session_key)
    client.post("/logout/")
    assert not UserSession.objects.exists()


def test_a_token_begins_no_session(client, viewer):
    body = {"username": "viewer", "password": a.PASSWORD}
    assert client.post("/api/tokens/", body, content_type="application/json").status_code == 201
    assert not UserSession.objects.exists()
    assert not Session.objects.exists()


def test_where_somebody_was_is_forgotten_when_their_session_is_over(viewer, analyst):
    signed_in(viewer)
    long_ago = timezone.now() - timedelta(hours=13)
    UserSession.objects.update(last_seen_at=long_ago)
    Session.objects.update(expire_date=long_ago)
    signed_in(analyst)
    assert [row.user for row in UserSession.objects.all()] == [analyst]
    assert Session.objects.count() == 1


def test_sessions_outlive_a_change_of_the_secret_key_that_names_the_old_one(client, viewer, settings):
    client.force_login(viewer)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"
    assert is_open(client)
    settings.SECRET_KEY_FALLBACKS = []
    settings.SECRET_KEY = "a third"
    assert not is_open(client)
