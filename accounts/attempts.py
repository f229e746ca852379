"""Attempts at a password, counted by account and by address, whichever door they are made at."""

from allauth.core.internal import ratelimit
from django.contrib.auth import authenticate
from django.http import HttpRequest

from accounts.events import Outcome, tell
from accounts.models import User

WAIT = 300
"""Seconds after which a failed attempt is forgotten."""


class TooManyAttemptsError(Exception):
    """Whether the password was right is not said, and not looked at."""


def counted_by(username: str) -> str:
    """What attempts at an account are counted by: the name alone, whether there is such an account or not."""
    return username.strip().casefold()


def person_by_password(request: HttpRequest, username: str, password: str) -> User | None:
    """Whose username and password these are. Raises TooManyAttemptsError. What succeeds is not counted."""
    used = ratelimit.consume(request, app="allauth.account", action="login_failed", key=counted_by(username))
    if not used:
        tell_locked_out()
        raise TooManyAttemptsError
    user = authenticate(request, username=username, password=password)
    if user is not None:
        used.rollback()
    return user


def tell_locked_out() -> None:
    """An attempt was not looked at. Which name was tried is not told: people type passwords there."""
    tell("sign_in.locked_out", Outcome.REFUSED)
