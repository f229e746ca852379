"""Times are kept in UTC and shown in the reader's own zone."""

import zoneinfo
from collections.abc import Callable
from functools import cache

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone


@cache
def zone_names() -> frozenset[str]:
    """Names of IANA time zones; without those that mean something else on each machine, or nothing."""
    return frozenset(zoneinfo.available_timezones() - {"localtime", "posixrules", "Factory"})


def require_zone(name: str) -> None:
    """Refuse a name that is no IANA time zone, such as "Tokyo" for "Asia/Tokyo"."""
    if name not in zone_names():
        raise ValidationError("“%(name)s” is no time zone. Write one such as Asia/Tokyo or UTC.", params={"name": name})


class ZoneMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = getattr(request.user, "zone", "")
        with timezone.override(zoneinfo.ZoneInfo(zone) if zone else None):
            return self.get_response(request)
