"""How long a session lasts, which ones a person has, and what ends them.

Django says when somebody signed in or out, by its signals; what is written then is what every door has in common.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout, update_session_auth_hash
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models import F
from django.db.transaction import on_commit
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.events import Outcome, tell
from accounts.models import User

SIGNED_IN, SEEN = "signed_in", "seen"
NOTED_EVERY = 60
"""Seconds: within them a session is not written anew for every page."""


class SessionLimits:
    """Ends a session that lasts too long or was idle too long: whatever was asked is then asked by nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = time.time()
            if is_over(request.session, now):
                logout(request)
            elif now - request.session[SEEN] >= NOTED_EVERY:
                _note(request, now)
        return self.get_response(request)


def is_over(session: Any, now: float) -> bool:
    """Whether a session is too old, was idle too long, or was never begun by a sign-in. `now` in Unix seconds."""
    longest, idle = settings.SESSION_LONGEST.total_seconds(), settings.SESSION_IDLE.total_seconds()
    return now - session.get(SIGNED_IN, 0) > longest or now - session.get(SEEN, 0) > idle


def _note(request: HttpRequest, now: float) -> None:
    request.session[SEEN] = now
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


@receiver(user_logged_in)
def begin(request: Any, user: User, **_: Any) -> None:
    """Note when a session began, and from where. Who only fetched a token began none."""
    session = getattr(request, "session", None)
    if session is None or session.get(SESSION_KEY) != str(user.pk):
        return
    session[SIGNED_IN] = session[SEEN] = time.time()
    if request.META.get("REMOTE_ADDR"):
        forget_old(session)
        UserSession.objects.create_from_request(request, user=user)


def forget_old(session: Any) -> None:
    """Delete what is left of sessions that are over, with the addresses they came from."""
    session.clear_expired()
    UserSession.objects.filter(last_seen_at__lt=timezone.now() - settings.SESSION_LONGEST).delete()


@receiver(user_logged_out)
def forget(request: HttpRequest, **_: Any) -> None:
    UserSession.objects.filter(session_key=request.session.session_key).delete()


def end_sessions(user: User, *, by: User) -> None:
    """Let every session of `user` open nothing from now on."""
    User.objects.filter(pk=user.pk).update(era=F("era") + 1)
    user.refresh_from_db(fields=["era"])
    UserSession.objects.filter(user=user).delete()
    on_commit(partial(tell, "sessions.ended", Outcome.OK, actor=by.uuid, account=user.uuid))


def end_others(request: HttpRequest, user: User) -> None:
    """End every session of `user` but the one that asks for it, which goes on under a new key."""
    end_sessions(user, by=user)
    keep(request, user)


def keep(request: HttpRequest, user: User) -> None:
    """Let the session that asks go on, though those of its person were ended."""
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request, user=user)


def end_session(session: UserSession, *, by: User) -> None:
    session.end()
    on_commit(partial(tell, "session.ended", Outcome.OK, actor=by.uuid, account=session.user.uuid))
