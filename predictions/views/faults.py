"""What is answered where the fault is ours: a lost or full database by its own status, whatever else by 500.

Django calls `answer` for whatever no view caught, in middleware too, so that no door needs to know of outages. With
DEBUG Django shows its own page with the traceback instead.
"""

import logging
import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import server_error

from predictions.models.outages import RETRY_AFTER_SECONDS, TOLD, kind_of, outage_of

IN_API = "/api/"
SERVER_ERROR = {"detail": "Something went wrong here. Nothing was half-written."}

log = logging.getLogger(__name__)


def answer(request: HttpRequest) -> HttpResponse:
    """Neither the session nor the database is asked for anything: they may be what failed."""
    fault = sys.exc_info()[1]
    if outage := outage_of(fault):
        return _unavailable(request, outage, fault)
    if _wants_json(request):
        return JsonResponse(SERVER_ERROR, status=HTTPStatus.INTERNAL_SERVER_ERROR)
    return server_error(request)


def _unavailable(request: HttpRequest, outage: int, fault: BaseException | None) -> HttpResponse:
    response = (
        JsonResponse({"detail": TOLD[outage]}, status=outage)
        if _wants_json(request)
        else render(None, f"{outage}.html", {"told": TOLD[outage]}, status=outage)
    )
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS[outage])
    response.headers["Cache-Control"] = "no-store"
    # One line for each: in an outage every request would leave the same traceback.
    log.warning("The database failed %s: %s", request.path, kind_of(fault))
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith(IN_API) or request.get_preferred_type(["text/html", "application/json"]) == (
        "application/json"
    )
