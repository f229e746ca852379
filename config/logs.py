import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from accounts.requests import request_id

SECRET_ADDRESS = re.compile(r"(/calendar/)[^/\s?\"']+")


class WithoutSecrets(logging.Filter):
    """Leaves out of every line the secret in the address of somebody's calendar, and adds the id of the request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id() or "-"
        told = record.getMessage()
        if "/calendar/" in told:
            record.msg, record.args = SECRET_ADDRESS.sub(r"\1…", told), ()
        return True


class JsonLines(logging.Formatter):
    """One line of JSON for each security event: when (UTC), how grave, and what `accounts.events.tell` was told.

    The standard library's formatter does for this what structlog would: the fields are few and already checked.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        told = getattr(record, "told", {"event": "log.unknown"})
        return json.dumps({"at": at, "level": record.levelname.lower(), **told}, sort_keys=True)


def logging_settings(*, is_trial: bool) -> dict[str, Any]:
    """Everything goes to the standard error. While trying out, of security events only refusals and failures."""
    formatters = {
        "plain": {"format": "{asctime} {levelname} {request_id} {name}: {message}", "style": "{"},
        "json": {"()": "config.logs.JsonLines"},
    }
    console = {"class": "logging.StreamHandler", "filters": ["no secrets"]}
    handlers = {"console": {**console, "formatter": "plain"}, "events": {**console, "formatter": "json"}}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no secrets": {"()": "config.logs.WithoutSecrets"}},
        "formatters": formatters,
        "handlers": handlers,
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {  # through our own handlers alone, which know what is secret
            "django": {"level": "WARNING"},
            "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
            "forsooth.security": {
                "handlers": ["events"],
                "level": "WARNING" if is_trial else "INFO",
                "propagate": False,
            },
        },
    }
