"""Times are kept in UTC and shown in the reader's own zone."""

import zoneinfo
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone


def require_zone(name: str) -> None:
    """Refuse a name that is no IANA time zone, such as "Tokyo" for "Asia/Tokyo"."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("“%(name)s” is no time zone. Write one such as Asia/Tokyo or UTC.", params={"name": name})


class ZoneMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = getattr(request.user, "zone", "")
        with timezone.override(zoneinfo.ZoneInfo(zone) if zone else None):
            return self.get_response(request)
