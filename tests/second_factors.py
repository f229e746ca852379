"""Second factors for tests: an authenticator app as RFC 6238 describes it, reckoned without allauth's help."""

import hmac
import time
from base64 import b32decode

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def app_of(user, secret: str = SECRET) -> Authenticator:
    """An authenticator app that `user` has set up."""
    return TOTP.activate(user, secret).instance


def code(secret: str = SECRET, *, step: int = 0) -> str:
    """What the app shows now or, by `step`, half-minutes later. Each is taken once."""
    counter = int(time.time()) // 30 + step
    digest = hmac.digest(b32decode(secret), counter.to_bytes(8), "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def recovery_codes_of(user) -> list[str]:
    return RecoveryCodes.activate(user).generate_codes()
