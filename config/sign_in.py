"""How people sign in, as the environment says it: what allauth, Django's sessions and the shared cache are told."""

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from accounts.roles import Role
from config.environment import switched_on, words_of
from config.secrecy import require_no_sample, secret_from

APPS = ["allauth", "allauth.account", "allauth.mfa", "allauth.usersessions", "allauth.socialaccount"]
APPS += ["allauth.socialaccount.providers.openid_connect"]
PROVIDER = "sso"
"""Part of the address that the identity provider sends people back to."""
JUDGING = f"{Role.RESOLVER},{Role.ADJUDICATOR},{Role.ADMINISTRATOR}"
OIDC = ("OIDC_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
PASSKEY_FORMS = {
    "login_webauthn": "SignInByPasskey",
    "authenticate_webauthn": "ShowPasskey",
    "reauthenticate_webauthn": "AgainByPasskey",
    "add_webauthn": "AddPasskey",
}


def sign_in_settings(environment: Mapping[str, str], *, is_trial: bool, trusts_proxy: bool) -> dict[str, Any]:
    """The whole block. `is_trial`: a second factor is demanded of nobody unless the environment says so."""
    return {
        **_accounts(trusts_proxy),
        **_factors(environment, is_trial),
        **_sessions(environment),
        **_provider(environment),
        "CACHES": {"default": cache(environment), "haste": haste(environment)},
    }


def _accounts(trusts_proxy: bool) -> dict[str, Any]:
    return {
        "LOGIN_URL": reverse_lazy("account_login"),
        "LOGIN_REDIRECT_URL": reverse_lazy("admin:index"),
        "PASSWORD_HASHERS": [
            f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2", "PBKDF2SHA1")
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
            for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
        ],
        "PASSWORD_RESET_TIMEOUT": 3600,
        "ACCOUNT_ADAPTER": "predictions.admin.sign_in.AccountAdapter",
        "ACCOUNT_EMAIL_VERIFICATION": "none",  # addresses are entered by administrators
        "ACCOUNT_UNIQUE_EMAIL": False,  # two accounts of one address are one person, who never judges alone
        "ACCOUNT_SESSION_REMEMBER": True,  # for as long as a session lasts
        "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
        "ACCOUNT_REAUTHENTICATION_METHODS": ("password", "mfa"),
        "ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR": "django.contrib.auth.tokens.PasswordResetTokenGenerator",
        # Behind a proxy of our own the address that it saw counts; otherwise nobody says where they come from.
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1 if trusts_proxy else 0,
    }


def _factors(environment: Mapping[str, str], is_trial: bool) -> dict[str, Any]:
    roles = frozenset(words_of(environment, "SECOND_FACTOR_ROLES", "" if is_trial else JUDGING))
    if roles - set(Role):
        raise ImproperlyConfigured(f"SECOND_FACTOR_ROLES is a list of roles ({', '.join(Role)}), or empty for none.")
    return {
        "SECOND_FACTOR_ROLES": roles,
        "MFA_ADAPTER": "accounts.factors.FactorAdapter",
        "MFA_FORMS": {name: f"predictions.admin.passkey_forms.{form}" for name, form in PASSKEY_FORMS.items()},
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,
        "MFA_TOTP_TOLERANCE": 1,  # half a minute either way: telephones' clocks differ
    }


def _sessions(environment: Mapping[str, str]) -> dict[str, Any]:
    hours, minutes = environment.get("SESSION_HOURS", "12"), environment.get("SESSION_IDLE_MINUTES", "60")
    try:
        longest, idle = timedelta(hours=float(hours)), timedelta(minutes=float(minutes))
    except (ValueError, OverflowError) as fault:
        raise ImproperlyConfigured("SESSION_HOURS and SESSION_IDLE_MINUTES are numbers.") from fault
    if not timedelta(0) < idle <= longest:
        raise ImproperlyConfigured("SESSION_IDLE_MINUTES is above 0 and no longer than SESSION_HOURS.")
    return {"SESSION_LONGEST": longest, "SESSION_IDLE": idle, "SESSION_COOKIE_AGE": int(longest.total_seconds())}


# --- the identity provider of an organisation -------------------------------------------------------------------------


def _provider(environment: Mapping[str, str]) -> dict[str, Any]:
    url, client = (environment.get(name, "").strip() for name in OIDC[:2])
    secret = secret_from(environment, OIDC[2]).strip()
    require_no_sample(OIDC[2], secret)
    if any((url, client, secret)) and not all((url, client, secret)):
        raise ImproperlyConfigured(f"Set {', '.join(OIDC)} together, or none of them.")
    name = environment.get("OIDC_NAME", "").strip() or "your organisation"
    apps = [_app(url.rstrip("/"), client, secret, name)] if url else []
    return {
        "OIDC_NAME": name if apps else "",
        "OIDC_PROVIDER": PROVIDER,
        "OIDC_SECOND_FACTOR": switched_on(environment, "OIDC_SECOND_FACTOR", default=False),
        "SOCIALACCOUNT_ADAPTER": "predictions.admin.sign_in_provider.ProviderAdapter",
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": apps}},
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,  # an address that somebody claims opens nobody's account
        "SOCIALACCOUNT_REAUTHENTICATION_REQUIRED": True,
    }


def _app(url: str, client: str, secret: str, name: str) -> dict[str, Any]:
    if not (urlsplit(url).scheme == "https" or _is_loopback(url)):
        raise ImproperlyConfigured("OIDC_URL begins with https: what the provider says is trusted by its certificate.")
    chosen = {"server_url": url, "oauth_pkce_enabled": True}
    return {"provider_id": PROVIDER, "name": name, "client_id": client, "secret": secret, "settings": chosen}


def _is_loopback(url: str) -> bool:
    told = urlsplit(url)
    try:
        return told.scheme == "http" and (told.hostname == "localhost" or ip_address(told.hostname or "").is_loopback)
    except ValueError:
        return False


# --- what all processes count in common -------------------------------------------------------------------------------


def cache(environment: Mapping[str, str]) -> dict[str, Any]:
    """Where attempts are counted: a table of the database unless CACHE_URL names a Redis; both are shared by all
    processes. `locmem:` is for tests: each process would count for itself."""
    url = environment.get("CACHE_URL", "")
    if url.startswith(("redis://", "rediss://")):
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url, "KEY_PREFIX": "forsooth"}
    if url == "locmem:":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if url:
        raise ImproperlyConfigured("CACHE_URL is redis://host:6379/1 or rediss://…; without it the database is used.")
    # Culling takes entries by chance: with few allowed, whoever fills the table would have attempts forgotten.
    table = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "forsooth_cache"}
    return {**table, "OPTIONS": {"MAX_ENTRIES": 1_000_000}}


def haste(environment: Mapping[str, str]) -> dict[str, Any]:
    """Where the bounds on haste are counted, at every request: in Redis where there is one, else by each process."""
    shared = cache(environment)
    local = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "haste"}
    return local if shared["BACKEND"].endswith("DatabaseCache") else shared
