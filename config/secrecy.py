"""Secrets, from the environment or from a file that it names; a sample is refused before the site starts."""

import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 50
FEWEST_CHARACTERS = 10
"""A random text of fifty has some thirty different ones; "xxxx…" and "abcabc…" have few."""

SAMPLE = re.compile(
    r"django-insecure|change.?(me|this|it)|replace.?(me|this)|placeholder|example|sample|secret.?key|your.?(secret|key)"
    r"|insert.?here|tests?.?only|not.?a.?secret|correct.?horse",
    re.IGNORECASE,
)
SAMPLE_PASSWORDS = {"password", "passwd", "pass", "secret", "admin", "test", "guest", "letmein", "qwerty", "123456"}
"""What a password in a manual is, ours included."""


def secret_from(environment: Mapping[str, str], name: str) -> str:
    """The value of `name`, or the content of the file that `name`_FILE names; blank where neither is given."""
    value, path = environment.get(name, ""), environment.get(f"{name}_FILE", "")
    if value and path:
        raise ImproperlyConfigured(f"Give {name} or {name}_FILE, not both.")
    if not path:
        return value
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {fault}") from fault


def secret_keys(environment: Mapping[str, str], *, own: Path | None) -> tuple[str, list[str]]:
    """The key that signs, and those that were used before and are still believed.

    `own` is where a copy that is tried out keeps a key made at first use; without it each key must be a good one.
    """
    key = secret_from(environment, "SECRET_KEY") or (_own_key(own) if own else "")
    earlier = re.split(r"[\s,]+", secret_from(environment, "SECRET_KEY_FALLBACKS"))
    fallbacks = [each for each in earlier if each]
    if own is None:
        for name, each in [("SECRET_KEY", key), *(("SECRET_KEY_FALLBACKS", each) for each in fallbacks)]:
            require_random(name, each)
    return key, fallbacks


def require_random(name: str, value: str) -> None:
    """Refuse a key that is missing, short, repeats itself or is a sample. The refusal does not tell the key."""
    if len(value) < SHORTEST_KEY or len(set(value)) < FEWEST_CHARACTERS or SAMPLE.search(value):
        raise ImproperlyConfigured(
            f"Set {name} to a random text of {SHORTEST_KEY} characters or more, such as "
            "`python -c 'import secrets; print(secrets.token_urlsafe(50))'` prints. Samples are refused."
        )


def require_no_sample(name: str, password: str) -> None:
    """Refuse a password that stands in a manual. Blank is none, and is let through."""
    if password.lower() in SAMPLE_PASSWORDS or (password and SAMPLE.search(password)):
        raise ImproperlyConfigured(f"{name} holds a password out of a manual. Set the real one.")


def _own_key(path: Path) -> str:
    """The key of this copy, made at first use: nobody who reads the repository knows it."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(SHORTEST_KEY))
    return path.read_text()
