"""The request at hand: its id, whose it is and from which network, for logs and for whoever asks about one answer."""

import ipaddress
import re
from collections.abc import Callable
from contextvars import ContextVar
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
"""Every other is refused: TRACE would read a request's cookies out to a script."""
HEADER = "X-Request-ID"
FROM_A_PROXY = re.compile(r"[A-Za-z0-9_.-]{8,64}")
NETWORK = {4: 24, 6: 48}
"""So many bits of an address are told: enough to tell attacks apart and to shut a network out, not who it was."""

_current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


class RequestMiddleware:
    """Gives each request an id, which its answer names, and refuses methods that nobody has use for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = _id_of(request)  # type: ignore[attr-defined]
        token = _current.set(request)
        try:
            is_known = request.method in METHODS
            response = self.get_response(request) if is_known else HttpResponseNotAllowed(METHODS)
            response.headers[HEADER] = request.id  # type: ignore[attr-defined]
            response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
            return response
        finally:
            _current.reset(token)


def request_at_hand() -> HttpRequest | None:
    """None in a command or a task."""
    return _current.get()


def request_id() -> str | None:
    return getattr(_current.get(), "id", None)


def actor_of(request: HttpRequest | None) -> UUID | None:
    """The account that asks, if one has signed in."""
    uuid = getattr(getattr(request, "user", None), "uuid", None)
    return uuid if isinstance(uuid, UUID) else None


def network_of(request: HttpRequest | None) -> str | None:
    """The network that a request came from, such as 192.0.2.0/24; None where it is not known."""
    try:
        address = ipaddress.ip_address(address_of(request)) if request else None
    except ValueError:
        return None
    if address is None:
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    return str(ipaddress.ip_network((address, NETWORK[address.version]), strict=False))


def address_of(request: HttpRequest) -> str:
    """Where a request came from; what it claims of that counts only where our own proxy wrote it."""
    claimed = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return claimed if settings.TRUST_PROXY and claimed else request.META.get("REMOTE_ADDR", "")


def _id_of(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    return given if settings.TRUST_PROXY and FROM_A_PROXY.fullmatch(given) else uuid4().hex
