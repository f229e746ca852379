"""How often a caller may record, capture and take out; counted together with the admin and the pages."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.limits import spend


class CallerLimit(BaseThrottle):
    """Refuses with 429 and Retry-After. An endpoint whose reading takes something out says `is_export`."""

    _wait: int | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        kind = _kind(request, view)
        self._wait = spend(kind, f"user:{request.user.pk}") if kind else None
        return self._wait is None

    def wait(self) -> float | None:
        return self._wait


def _kind(request: Request, view: Any) -> str | None:
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return "export" if getattr(view, "is_export", False) else None
    return "capture" if getattr(view, "verb", "") == "capture_source" else "create"
