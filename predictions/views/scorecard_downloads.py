"""A scorecard as files: its rows as CSV and for Excel, all of it as JSON. Addresses ask for the card as on the page."""

from collections.abc import Iterator
from itertools import islice

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from predictions.exchange import workbook
from predictions.exchange.forecast_table import csv_text
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecards import ROWS_IN_JSON, ScorecardRow, as_json, scorecard, scorecard_rows
from predictions.views.access import for_readers
from predictions.views.address import read_address
from predictions.views.scorecard_table import HEADER, line

MARK = "\ufeff"
"""The byte order mark makes Excel read a file as UTF-8."""

AT_ONCE = 100
"""So many rows of a CSV file are written at a time."""


@for_readers
def table(request: HttpRequest, user: User) -> HttpResponseBase:
    """All rows of the card as CSV, written out as they are read."""
    selection = _asked(request, user)
    rows = scorecard_rows(selection, user=user, now=timezone.now())
    headers = _attached(selection, "csv")
    return StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8", headers=headers)


@for_readers
def sheet(request: HttpRequest, user: User) -> HttpResponse:
    """All rows of the card as an Excel workbook."""
    selection = _asked(request, user)
    rows = scorecard_rows(selection, user=user, now=timezone.now())
    try:
        content = workbook.workbook(HEADER, map(line, rows), sheet="scorecard")
    except ValueError as fault:
        raise BadRequest("The card has more rows than a sheet holds. Take the CSV file.") from fault
    return HttpResponse(content, content_type=workbook.MEDIA_TYPE, headers=_attached(selection, "xlsx"))


@for_readers
def plain(request: HttpRequest, user: User) -> HttpResponse:
    """The card as JSON, with at most so many rows as it lists there."""
    selection = _asked(request, user)
    card = scorecard(selection, user=user, now=timezone.now(), limit=ROWS_IN_JSON)
    return JsonResponse(as_json(card), headers=_attached(selection, "json"), json_dumps_params={"ensure_ascii": False})


def _asked(request: HttpRequest, user: User) -> Selection:
    asked = read_address(request.GET, user)
    if asked.faults and asked.status == 404:
        raise Http404("There is no such scorecard.")
    if asked.faults:
        raise BadRequest(asked.faults[0].sentence)
    return asked.selection


def _lines(rows: Iterator[ScorecardRow]) -> Iterator[str]:
    heading = csv_text(HEADER, ())
    yield MARK + heading
    while batch := [line(row) for row in islice(rows, AT_ONCE)]:
        yield csv_text(HEADER, batch).removeprefix(heading)


def _attached(selection: Selection, ending: str) -> dict[str, str]:
    name = slugify(selection.title)[:80] or "selection"
    return {"Content-Disposition": f'attachment; filename="scorecard-{name}.{ending}"'}
