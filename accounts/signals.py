"""What Django, and the packages that sign people in, tell of sign-ins: passed on to the log of security events.

Names of accounts that were tried are left out: people type passwords there.
"""

from typing import Any
from uuid import UUID

from allauth.account import signals as of_accounts
from allauth.mfa import signals as of_factors
from django.contrib.auth import signals as of_django
from django.dispatch import Signal
from knox import signals as of_tokens

from accounts.events import Outcome, tell

PASSED_ON: dict[str, tuple[Signal, Outcome]] = {
    "sign_in.ok": (of_django.user_logged_in, Outcome.OK),
    "sign_in.failed": (of_django.user_login_failed, Outcome.REFUSED),
    "session.ended": (of_django.user_logged_out, Outcome.OK),
    "second_factor.added": (of_factors.authenticator_added, Outcome.OK),
    "second_factor.removed": (of_factors.authenticator_removed, Outcome.OK),
    "second_factor.reset": (of_factors.authenticator_reset, Outcome.OK),
    "second_factor.failed": (of_factors.authentication_failed, Outcome.REFUSED),
    "password.changed": (of_accounts.password_changed, Outcome.OK),
    "password.set": (of_accounts.password_set, Outcome.OK),
    "password.reset": (of_accounts.password_reset, Outcome.OK),
    "sign_in.step": (of_accounts.authentication_step_completed, Outcome.OK),
    "token.expired": (of_tokens.token_expired, Outcome.OK),
}


def _pass_on(signal: Signal, event: str, outcome: Outcome) -> None:
    def heard(user: Any = None, **_: Any) -> None:
        uuid = getattr(user, "uuid", None)
        tell(event, outcome, actor=uuid if isinstance(uuid, UUID) else None)

    signal.connect(heard, weak=False, dispatch_uid=f"security event {event}")


for _event, (_signal, _outcome) in PASSED_ON.items():
    _pass_on(_signal, _event, _outcome)
