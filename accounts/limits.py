"""How often an account may record, capture and take things out, counted in the shared cache.

Windows are fixed and counts approximate: with a cache of each process its own, every process counts for itself. It is
a bound on haste, not on rights.
"""

import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
RATE = re.compile(r"([0-9]{1,9})/([0-9]{0,6})(second|minute|hour|day)s?")
DEFAULTS = {"create": "1200/minute", "capture": "120/hour", "export": "300/hour"}


@dataclass(frozen=True)
class Rate:
    """At most `count` within `seconds`."""

    count: int
    seconds: int


def rate(name: str, text: str) -> Rate | None:
    """What "60/minute" or "100/10minutes" says; "0" is no limit."""
    told = RATE.fullmatch(text.strip())
    if told is None and text.strip() != "0":
        raise ImproperlyConfigured(f"{name} is a rate such as 60/minute or 100/10minutes, or 0 for none.")
    if told is None or int(told[1]) == 0:
        return None
    return Rate(int(told[1]), int(told[2] or 1) * SECONDS[told[3]])


def rates(environment: Mapping[str, str]) -> dict[str, Rate | None]:
    """The limit of each kind of request, from LIMIT_CREATE and its like."""
    names = {kind: f"LIMIT_{kind.upper()}" for kind in DEFAULTS}
    return {kind: rate(name, environment.get(name) or DEFAULTS[kind]) for kind, name in names.items()}


def spend(kind: str, who: str) -> int | None:
    """Count one request of `who`; the seconds they have to wait where it was one too many."""
    limit = settings.LIMITS.get(kind)
    if limit is None:
        return None
    now = time.time()
    window, key = _window(limit, now), f"limit:{kind}:{who}"
    cache = caches["haste"]
    cache.add(f"{key}:{window}", 0, timeout=limit.seconds * 2)
    try:
        count = cache.incr(f"{key}:{window}")
    except ValueError:  # it ended, or was thrown out, between the two
        return None
    return None if count <= limit.count else max(1, math.ceil((window + 1) * limit.seconds - now))


def _window(limit: Rate, now: float) -> int:
    return int(now // limit.seconds)
