"""What the log of security events is told of answers; and the answer to a form that is too large."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.defaults import bad_request

from accounts.events import CODE, Outcome, tell
from accounts.requests import actor_of
from predictions.models.guards import REFUSAL

REFUSED = {403: "permission.refused", 413: "limit.size", 429: "limit.rate"}


class AnswerMiddleware:
    """Tells of every refusal, of what was taken out, and of writing that a guard of the database refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if event := event_of(request, response):
            outcome = Outcome.OK if response.status_code < 400 else Outcome.REFUSED
            tell(event, outcome, route=route_of(request), method=str(request.method).lower())
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> None:
        if isinstance(fault, DatabaseError) and REFUSAL in str(fault):
            tell("guard.refused", Outcome.FAILED, route=route_of(request))


def event_of(request: HttpRequest, response: HttpResponseBase) -> str | None:
    status = response.status_code
    if status == 401 and "Authorization" in request.headers:
        return "token.refused"
    if status == 404:
        # What is hidden answers as what is not there; a walk through keys shows as a row of these.
        place = request.resolver_match
        return "row.not_found" if place and place.kwargs and actor_of(request) else None
    if status == 200 and response.headers.get("Content-Disposition", "").startswith("attachment"):
        return "export.taken"
    return REFUSED.get(status)


def route_of(request: HttpRequest) -> str:
    """The name of the address, without the keys and secrets that stand in it."""
    name = request.resolver_match.view_name.lower() if request.resolver_match else ""
    return name if CODE.fullmatch(name) else "unnamed"


def too_large_or_wrong(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django calls this for 400."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(request, "413.html", status=413)
    return bad_request(request, exception)
