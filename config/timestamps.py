"""Who stamps checkpoints with the time (RFC 3161), as the environment says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class TimeStamping:
    """`roots` are the certificates that the authority's own must lead to, in PEM; `allow` as for captures."""

    url: str
    roots: Path
    every: timedelta
    allow: frozenset[tuple[str, int]]


def time_stamping(environment: Mapping[str, str], allow: frozenset[tuple[str, int]]) -> TimeStamping | None:
    """None unless TIMESTAMP_URL is set: nothing is sent to anybody by itself."""
    url = environment.get("TIMESTAMP_URL", "")
    if not url:
        return None
    roots = environment.get("TIMESTAMP_ROOTS", "")
    if not roots:
        raise ImproperlyConfigured("TIMESTAMP_ROOTS names a PEM file with the authority's root certificate.")
    try:
        hours = float(environment.get("TIMESTAMP_HOURS") or 24)
        return TimeStamping(url, Path(roots), timedelta(hours=hours), allow)
    except (ValueError, OverflowError) as fault:
        raise ImproperlyConfigured("TIMESTAMP_HOURS is a number of hours.") from fault
