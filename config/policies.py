"""What a browser may do with each answer. Strict is the rule; pages in the admin's dress are its one exception.

The policy follows what is answered, not its address: whatever is no page may do nothing, a page runs our own files
and nothing else, and a page that was laid out by django-unfold (`request.wears_dress`, see predictions.admin.dress)
gets what unfold's scripts need. A view that states a policy of its own keeps it.
"""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_EVAL
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

Policy = dict[str, Any]

NOTHING: Policy = {
    "default-src": [NONE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}
STRICT: Policy = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "font-src": [SELF],
    "img-src": [SELF],
    "connect-src": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
DRESS: Policy = {
    **STRICT,
    # Alpine makes functions of the attributes in unfold's templates. Scripts written into a page stay refused.
    "script-src": [SELF, UNSAFE_EVAL],
}

NO_DEVICES = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)
"""Permissions-Policy: no page of ours asks for any of these. Passkeys are not among them."""


class PolicyMiddleware(CSPMiddleware):
    """Gives every answer its policy."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None:
            parts.config = policy_of(request, response)
        return parts


def policy_of(request: HttpRequest, response: HttpResponseBase) -> Policy:
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return NOTHING
    in_dress = isinstance(response, TemplateResponse) and getattr(request, "wears_dress", False)
    return DRESS if in_dress else STRICT
