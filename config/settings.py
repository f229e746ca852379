"""Settings, from the environment alone. Each variable is named in the README with its default."""

import os
from datetime import timedelta
from decimal import Decimal
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy

from accounts.limits import rates
from config import sign_in
from config.api import DESCRIPTION
from config.database import database, folder_of
from config.environment import switched_on, words_of
from config.hosts import explicit
from config.ledger import ledger
from config.logs import logging_settings
from config.mail import mail_server
from config.policies import NO_DEVICES, STRICT
from config.schedule import beat
from config.secrecy import secret_keys
from config.timestamps import time_stamping

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"


def endpoints_of(name: str) -> frozenset[tuple[str, int]]:
    """Pairs of an IP address and a port."""
    pairs = [word.rpartition(":") for word in words_of(os.environ, name)]
    try:
        return frozenset((str(ip_address(ip.strip("[]"))), int(port)) for ip, _, port in pairs)
    except ValueError as fault:
        raise ImproperlyConfigured(f"{name} is a list such as 127.0.0.1:8010,[::1]:8010. {fault}") from fault


# --- who may call, and how ---------------------------------------------------------------------------------------

DEBUG = switched_on(os.environ, "DEBUG", default=False)
HTTPS = switched_on(os.environ, "HTTPS", default=not DEBUG)
PORT = int(os.environ.get("PORT", "8000"))

SECRET_KEY, SECRET_KEY_FALLBACKS = secret_keys(os.environ, own=VAR_DIR / "secret-key" if DEBUG else None)
ALLOWED_HOSTS = explicit("ALLOWED_HOSTS", words_of(os.environ, "ALLOWED_HOSTS", "127.0.0.1,localhost"), is_trial=DEBUG)
CSRF_TRUSTED_ORIGINS = explicit("CSRF_TRUSTED_ORIGINS", words_of(os.environ, "CSRF_TRUSTED_ORIGINS"), is_trial=DEBUG)
TRUST_PROXY = switched_on(os.environ, "TRUST_PROXY", default=False)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]  # asked from inside, past the proxy
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
PERMISSIONS_POLICY = NO_DEVICES
# The prefix makes a browser refuse such a cookie from a neighbouring host, over HTTP, or for a part of the site alone.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (f"{'__Host-' if HTTPS else ''}{name}" for name in ("sessionid", "csrftoken"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # no script of ours reads either
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": STRICT}  # see config.policies for what departs from it
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
LARGEST_REQUEST_BYTES = 20 * 1024 * 1024
LIMITS = rates(os.environ)

# --- what is installed -------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    *sign_in.APPS,
    "accounts",
    "predictions",
]
if find_spec("django_linear_migrations"):  # a developer's tool: two migrations of one number are refused
    INSTALLED_APPS.append("django_linear_migrations")

MIDDLEWARE = [
    "config.policies.PolicyMiddleware",
    "accounts.requests.RequestMiddleware",
    "config.answers.AnswerMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.SessionLimits",
    "config.limits.LimitMiddleware",
    "accounts.zones.ZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.factors.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "predictions.views.unseen.UnseenMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# --- where things are kept ---------------------------------------------------------------------------------------

VAR_DIR.mkdir(exist_ok=True)
DATABASES = {"default": database(os.environ, default=VAR_DIR / "forsooth.sqlite3")}
DISK_WATCHED = folder_of(DATABASES["default"], default=VAR_DIR)
DISK_LEAST_FREE = int(os.environ.get("DISK_LEAST_FREE", "200000000"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people and their time ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
globals().update(sign_in.sign_in_settings(os.environ, is_trial=DEBUG, trusts_proxy=TRUST_PROXY))
SECOND_FACTOR_ROLES: frozenset[str]
OIDC_NAME: str
OIDC_PROVIDER: str
OIDC_SECOND_FACTOR: bool
SESSION_LONGEST: timedelta
SESSION_IDLE: timedelta
TIME_ZONE = os.environ.get("TIME_ZONE", "UTC")
LANGUAGE_CODE = "en-gb"
USE_I18N = False

# --- mails -------------------------------------------------------------------------------------------------------

SITE_URL = os.environ.get(
    "SITE_URL", f"http://127.0.0.1:{PORT}" if DEBUG else f"https://{next(iter(ALLOWED_HOSTS), 'localhost')}"
).rstrip("/")
MAIL = mail_server(os.environ, is_trial=DEBUG)
# Without a server notices are shown in the application alone, and none wait for one.
SENDS_MAIL = MAIL is not None
EMAIL_BACKEND = f"django.core.mail.backends.{MAIL.backend if MAIL else 'dummy'}.EmailBackend"
if MAIL:
    EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.host, MAIL.port, MAIL.user, MAIL.password
    EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_FILE_PATH = MAIL.starts_tls, MAIL.is_tls, MAIL.folder
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL") or f"Forsooth <forsooth@{urlsplit(SITE_URL).hostname}>"

# --- work in the background --------------------------------------------------------------------------------------

# Without a broker every task runs at once, in the process that asks for it.
CELERY_TASK_ALWAYS_EAGER = not os.environ.get("CELERY_BROKER_URL")
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL") or "memory://localhost"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 20 * 60
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_TASK_PUBLISH_RETRY = False
# A broker that is down is given up at once: the sweep makes good what it did not hear.
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
if CELERY_BROKER_URL.startswith("redis"):
    # The first above the longest task, or Redis would hand the same message out twice.
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"visibility_timeout": 3600, "socket_connect_timeout": 1, "socket_timeout": 5}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
SWEEP_SECONDS = float(os.environ.get("SWEEP_SECONDS", "60"))
CELERY_BEAT_SCHEDULE = beat(SWEEP_SECONDS)

# --- what Forsooth itself can be told ----------------------------------------------------------------------------

LEDGER_NAME, LEDGER_KEYS, LEDGER_KEY_FILE, LEDGER_GUARD_FILE = ledger(os.environ, VAR_DIR, DATABASES["default"], DEBUG)
TIMESTAMPS = time_stamping(os.environ, endpoints_of("TIMESTAMP_ALLOW_ENDPOINTS"))
FORECAST_BOUNDS = (
    Decimal(os.environ.get("FORECAST_LOWEST", "0.001")),
    Decimal(os.environ.get("FORECAST_HIGHEST", "0.999")),
)

# Captures reach public addresses only, besides these: "127.0.0.1:8010,[::1]:8010", for tests and archives of one's own.
CAPTURE_ALLOW_ENDPOINTS = endpoints_of("CAPTURE_ALLOW_ENDPOINTS")
CAPTURE_LARGEST_BYTES = int(os.environ.get("CAPTURE_LARGEST_BYTES", "10000000"))
CAPTURE_SECONDS = int(os.environ.get("CAPTURE_SECONDS", "30"))
CAPTURES_AT_ONCE = int(os.environ.get("CAPTURES_AT_ONCE", "5"))

# --- the doors ---------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "predictions.api.access.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["predictions.api.access.HasRole", "predictions.api.scopes.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["predictions.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "predictions.api.descriptions.Described",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_THROTTLE_CLASSES": ["predictions.api.limits.CallerLimit"],
    "DEFAULT_THROTTLE_RATES": {"tokens": "10/min", "receipts": "600/min"},
    # The address that a caller claims to come from counts only where our own proxy wrote it.
    "NUM_PROXIES": int(TRUST_PROXY),
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "predictions.api.refusals.answer",
}
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105
SPECTACULAR_SETTINGS = DESCRIPTION

# --- the admin's dress -------------------------------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": "Forsooth",
    "SITE_HEADER": "Forsooth",
    "SITE_SUBHEADER": "foretold, followed, scored",
    "SITE_URL": None,
    "SITE_SYMBOL": "balance",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("predictions/favicon.svg")}
    ],
    "STYLES": [
        lambda _request: static("predictions/colours.css"),
        lambda _request: static("predictions/admin.css"),
        lambda _request: static("predictions/unseen.css"),
    ],
    "SCRIPTS": [lambda _request: static("predictions/dress.js")],
    "GLOBAL_CALLBACK": "predictions.admin.dress.put_on",
    "DASHBOARD_CALLBACK": "predictions.admin.home.show_home",
    "SIDEBAR": {"navigation": "predictions.admin.home.navigation"},
    "ACCOUNT": {
        "navigation": [
            {"title": "My settings", "link": reverse_lazy("admin:my_settings")},
            {"title": "My sign-in", "link": reverse_lazy("mfa_index")},
        ]
    },
}

LOGGING = logging_settings(is_trial=DEBUG)
