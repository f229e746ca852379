"""Settings, from the environment alone. Each variable is named in the README with its default."""

import os
import secrets
from datetime import timedelta
from decimal import Decimal
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy

from config.ledger import ledger
from config.mail import mail_server
from config.schedule import beat
from config.timestamps import time_stamping

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
SHORTEST_SECRET_KEY = 50


def switched_on(name: str, *, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


def words_of(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def endpoints_of(name: str) -> frozenset[tuple[str, int]]:
    """Pairs of an IP address and a port."""
    pairs = [word.rpartition(":") for word in words_of(name)]
    try:
        return frozenset((str(ip_address(ip.strip("[]"))), int(port)) for ip, _, port in pairs)
    except ValueError as fault:
        raise ImproperlyConfigured(f"{name} is a list such as 127.0.0.1:8010,[::1]:8010. {fault}") from fault


def own_secret_key() -> str:
    """The key of this copy, made at first use: nobody who reads the repository knows it."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        VAR_DIR.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(SHORTEST_SECRET_KEY))
    return path.read_text()


# --- who may call, and how ---------------------------------------------------------------------------------------

DEBUG = switched_on("DEBUG", default=False)
HTTPS = switched_on("HTTPS", default=not DEBUG)
PORT = int(os.environ.get("PORT", "8000"))

SECRET_KEY = os.environ.get("SECRET_KEY") or (own_secret_key() if DEBUG else "")
if not DEBUG and len(SECRET_KEY) < SHORTEST_SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a random text of 50 characters or more; DEBUG=1 makes one by itself.")

ALLOWED_HOSTS = words_of("ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = words_of("CSRF_TRUSTED_ORIGINS")
if switched_on("TRUST_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

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
    "accounts",
    "predictions",
]
if find_spec("django_linear_migrations"):  # a developer's tool: two migrations of one number are refused
    INSTALLED_APPS.append("django_linear_migrations")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.zones.ZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",  # writes the policy that a view states; those that state none have none
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
WHITENOISE_USE_FINDERS = DEBUG

# --- where things are kept ---------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", f"sqlite:///{VAR_DIR / 'forsooth.sqlite3'}"), conn_max_age=60
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(exist_ok=True)
    # IMMEDIATE: a transaction that reads and then writes must not lose its lock half-way. FULL: an
    # acknowledged commit survives a power cut. recursive_triggers: REPLACE must meet the delete guards.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
    }
else:
    # Pages ask short questions of many conditions: PostgreSQL would compile them for longer than they take.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")

# --- people and their time ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]
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
    "DEFAULT_PERMISSION_CLASSES": ["predictions.api.access.HasRole"],
    "DEFAULT_PARSER_CLASSES": ["predictions.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_THROTTLE_RATES": {"tokens": "10/min", "receipts": "600/min"},
    # The address that a caller claims to come from counts only where our own proxy wrote it.
    "NUM_PROXIES": 1 if switched_on("TRUST_PROXY", default=False) else 0,
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "predictions.api.refusals.answer",
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=30), "TOKEN_LIMIT_PER_USER": 20}
SPECTACULAR_SETTINGS = {
    "TITLE": "Forsooth",
    "DESCRIPTION": "What articles foretold, by their words, and how it turned out.\n\n"
    "A program asks for a token at `/api/tokens/` and sends it as `Authorization: Token …`; a session does as well. "
    "Times are UTC; a list shows a hundred rows and names its next page.",
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["predictions.api.access.HasRole"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "predictions.api.documentation.with_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ForecastKind": "predictions.models.Forecast.Kind",
        "ForecasterKind": "predictions.models.Forecaster.Kind",
        "RevisionKind": "predictions.models.PredictionRevision.Kind",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},  # no validator outside reads our schema
}

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
    "BORDER_RADIUS": "6px",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("predictions/favicon.svg")}
    ],
    "STYLES": [lambda _request: static("predictions/admin.css")],
    "DASHBOARD_CALLBACK": "predictions.admin.home.show_home",
    "SIDEBAR": {"navigation": "predictions.admin.home.navigation"},
    "ACCOUNT": {
        "navigation": [
            {"title": "My settings", "link": reverse_lazy("admin:my_settings")},
            {"title": "Change password", "link": reverse_lazy("admin:password_change")},
        ]
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no secrets": {"()": "config.logs.WithoutSecrets"}},
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no secrets"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {  # through our own handler alone, which knows what is secret
        "django": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
