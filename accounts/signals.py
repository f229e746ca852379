"""What Django, and the packages that sign people in, tell of sign-ins: passed on to the log of security events.

Names of accounts that were tried are left out: people type passwords there.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth import signals
from django.dispatch import Signal

from accounts.events import Outcome, tell

OF_DJANGO = {
    "user_logged_in": ("sign_in.ok", Outcome.OK),
    "user_login_failed": ("sign_in.failed", Outcome.REFUSED),
    "user_logged_out": ("session.ended", Outcome.OK),
}
OF_PACKAGES = {
    "allauth.mfa": {
        "authenticator_added": ("second_factor.added", Outcome.OK),
        "authenticator_removed": ("second_factor.removed", Outcome.OK),
        "authenticator_reset": ("second_factor.reset", Outcome.OK),
        "authentication_failed": ("second_factor.failed", Outcome.REFUSED),
    },
    "allauth.account": {
        "password_changed": ("password.changed", Outcome.OK),
        "password_set": ("password.set", Outcome.OK),
        "password_reset": ("password.reset", Outcome.OK),
        "authentication_step_completed": ("sign_in.step", Outcome.OK),
    },
    "knox": {"token_expired": ("token.expired", Outcome.OK)},
}
_kept: list[Any] = []
"""Django holds receivers weakly; these last as long as the process."""


def listen() -> None:
    for name, (event, outcome) in OF_DJANGO.items():
        _pass_on(getattr(signals, name), event, outcome)
    for package, named in OF_PACKAGES.items():
        if apps.is_installed(package) and find_spec(f"{package}.signals"):
            told = import_module(f"{package}.signals")
            for name, (event, outcome) in named.items():
                if hasattr(told, name):
                    _pass_on(getattr(told, name), event, outcome)


def _pass_on(signal: Signal, event: str, outcome: Outcome) -> None:
    def heard(user: Any = None, **_: Any) -> None:
        uuid = getattr(user, "uuid", None)
        tell(event, outcome, actor=uuid if isinstance(uuid, UUID) else None)

    _kept.append(heard)
    signal.connect(heard, dispatch_uid=f"security event {event}")
