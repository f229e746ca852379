"""The second factor: of whom it is demanded, whether a session or a token has shown it, and how its secrets lie.

An authenticator app and a passkey are factors; recovery codes stand in for them and are none.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db.models import Min, QuerySet
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlencode

from accounts.models import User

NAME = "Forsooth"
SHOWN_BY = "second_factor_shown_by"
TOTP, PASSKEY, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES


class Owed(StrEnum):
    """What somebody owes before anything opens to them, as the words they are refused with."""

    SET_UP = "Your role wants a second factor. Sign in on the site and set one up under My sign-in."
    SHOW = "Your role wants a second factor, and this session has not shown it. Sign in again."


def is_demanded_of(user: User) -> bool:
    return bool(user.roles & settings.SECOND_FACTOR_ROLES)


def factors_of(user: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=user, type__in=(TOTP, PASSKEY)).order_by("created_at", "pk")


def has_way_in(user: User) -> bool:
    """Whether there is anything by which its person could sign in to this account."""
    accounts = SocialAccount.objects.filter(user=user)
    return user.has_usable_password() or accounts.exists() or factors_of(user).filter(type=PASSKEY).exists()


def owed_by(request: HttpRequest) -> Owed | None:
    """What whoever is signed in still owes. An identity provider that asks for a factor itself has been shown it."""
    user = request.user
    if not isinstance(user, User) or not is_demanded_of(user) or _trusts_provider(request):
        return None
    if not factors_of(user).exists():
        return Owed.SET_UP
    return None if request.session.get(SHOWN_BY) == str(user.pk) else Owed.SHOW


def token_stands(user: User, made_at: datetime) -> bool:
    """Whether a token of `user` opens anything: one from before they had a factor was made without it."""
    if not is_demanded_of(user) or (settings.OIDC_SECOND_FACTOR and not user.has_usable_password()):
        return True
    since = factors_of(user).aggregate(since=Min("created_at"))["since"]
    return since is not None and made_at >= since


def needs_second_factor(user: User) -> bool:
    """Whether a password alone opens nothing for this account: it has a factor, or should have one."""
    return is_demanded_of(user) or factors_of(user).exists()


# --- what a session has shown -----------------------------------------------------------------------------------------

PROVIDER = "provider"


@receiver(authentication_step_completed)
def note_step(request: HttpRequest, user: User, method: str, **_: Any) -> None:
    """allauth says by this signal which steps of a sign-in somebody has passed."""
    if method == "mfa":
        show(request, user)
    elif method == "socialaccount":
        request.session[PROVIDER] = str(user.pk)


def show(request: HttpRequest, user: User) -> None:
    """Note that whoever holds this session has shown a factor of `user`."""
    request.session[SHOWN_BY] = str(user.pk)


def _trusts_provider(request: HttpRequest) -> bool:
    return bool(settings.OIDC_SECOND_FACTOR) and request.session.get(PROVIDER) == str(request.user.pk)


# --- before anything else ---------------------------------------------------------------------------------------------

OPEN_MEANWHILE = frozenset(
    {
        "favicon",
        "account_login",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "admin:logout",
    }
)
"""What one needs to set up a factor or to show it, and to leave."""


class SecondFactorMiddleware:
    """Leads whoever owes a factor to where it is set up or shown; the API refuses them instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        owed = request.factor_owed = owed_by(request) if request.user.is_authenticated else None  # type: ignore[attr-defined]
        if owed is None or (match and match.view_name in OPEN_MEANWHILE):
            return None
        if match and match.app_name == "api":
            return JsonResponse({"detail": str(owed)}, status=403, headers={"Cache-Control": "no-store"})
        return HttpResponseRedirect(f"{_where(owed, request.user)}?{urlencode({'next': request.get_full_path()})}")


def _where(owed: Owed, user: Any) -> str:
    if owed is Owed.SET_UP:
        return reverse("mfa_index")
    has_codes = Authenticator.objects.filter(user=user, type=TOTP).exists()
    return reverse("mfa_reauthenticate" if has_codes else "mfa_reauthenticate_webauthn")


# --- how secrets lie in the database ----------------------------------------------------------------------------------


class FactorAdapter(DefaultMFAAdapter):
    """Seals what authenticator apps and recovery codes are reckoned from, and names things in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This is not the code. Wait for the next one and type it anew.",
        "incorrect_passkey": "This is no passkey of yours.",
    }

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return NAME

    def get_totp_label(self, user: Any) -> str:
        return user.get_username()

    def _get_user_identifier(self, user: Any) -> str:
        return user.get_username()

    def _get_site_name(self) -> str:
        return NAME

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"


def _seal() -> MultiFernet:
    """Keys made from the secret key and its fallbacks: whoever has the database alone has no second factor."""
    secrets = (force_bytes(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    digests = (sha256(b"forsooth/second-factor/v1\n" + secret).digest() for secret in secrets)
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
