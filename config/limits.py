"""Which requests of the admin and the pages count against which limit. The API counts its own, for it knows tokens."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.attempts import WAIT
from accounts.limits import spend
from accounts.requests import address_of

CAPTURES = {
    "admin:predictions_capture_add",
    "admin:predictions_source_capture_page",
    "admin:predictions_source_attach_text_page",
}
EXPORTS = {
    "scorecard-csv",
    "scorecard-json",
    "scorecard-xlsx",
    "agreement-json",
    "document-comparison-csv",
    "document-comparison-json",
    "source-annotations",
    "quote-annotation",
    "source-csl",
    "source-bibtex",
    "admin:predictions_source_original",
    "admin:predictions_source_warc",
    "receipt",
    "tlog-proof",
}


class LimitMiddleware:
    """Answers 413 to who sends too much at once, and 429, with when to come again, to who asks too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if length_of(request) > settings.LARGEST_REQUEST_BYTES:
            return HttpResponse(render_to_string("413.html", request=request), status=413)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        kind = kind_of(request)
        wait = spend(kind, who_asks(request)) if kind else None
        return None if wait is None else told_to_wait(request, wait)


def told_to_wait(request: HttpRequest, seconds: int) -> HttpResponse:
    answer = render(request, "429.html", {"wait": seconds}, status=429)
    answer.headers["Retry-After"], answer.headers["Cache-Control"] = str(seconds), "no-store"
    return answer


def too_many_attempts(request: HttpRequest) -> HttpResponse:
    """allauth calls this where somebody tries to sign in too often."""
    return told_to_wait(request, WAIT)


def length_of(request: HttpRequest) -> int:
    """How much comes with it. What does not say so is taken by the server as empty."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if str(told).isascii() and str(told).isdigit() else 0


def kind_of(request: HttpRequest) -> str | None:
    place = request.resolver_match
    if place is None or "api" in place.app_names:
        return None
    if request.method == "POST":
        return "capture" if place.view_name in CAPTURES else "create"
    return "export" if place.view_name in EXPORTS else None


def who_asks(request: HttpRequest) -> str:
    """An account, or where none has signed in, an address."""
    return f"user:{request.user.pk}" if request.user.is_authenticated else f"address:{address_of(request)}"
