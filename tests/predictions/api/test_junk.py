"""Whatever is sent, a door answers with a refusal and never with a fault of its own."""

from http import HTTPStatus

import pytest

from predictions.api.evidence import EvidenceFilters, EvidenceGiven
from predictions.api.forecasts import ForecastFilters, ForecastGiven
from predictions.api.predictions import PredictionFilters
from predictions.models import LedgerEntry

JUNK = [None, True, 0, -1, 10**400, 1.5e300, "", " ", "x" * 10_000, "\u202e", "\N{GRINNING FACE}", "{}", "null", "%s"]
JUNK += [[], {}, [[]], {"a": {"b": []}}, ["x"] * 100, "00000000-0000-0000-0000-000000000000", "2026-02-01T00:00:00"]
REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.CREATED}


@pytest.mark.parametrize(("shelf", "given"), [("forecasts", ForecastGiven), ("evidence", EvidenceGiven)])
def test_junk_at_any_field_is_refused_or_harmless(api, fill, shelf, given):
    rows = fill()
    lawful = {name: str(rows[f"{name}s"].uuid) for name in ("prediction", "forecaster", "source")}
    lawful |= {"words": "70%", "issued": "2026-01-20", "stance": "context", "note": "So.", "credibility": 1}
    lawful = {name: value for name, value in lawful.items() if name in given().fields}
    assert api.post(f"/api/{shelf}/", lawful, content_type="application/json").status_code == HTTPStatus.CREATED
    for name in given().fields:
        for junk in JUNK:
            before = LedgerEntry.objects.count()
            response = api.post(f"/api/{shelf}/", lawful | {name: junk}, content_type="application/json")
            assert response.status_code in REFUSED, (name, junk)
            assert LedgerEntry.objects.count() - before == (response.status_code == HTTPStatus.CREATED)


@pytest.mark.parametrize(
    ("shelf", "filters"),
    [("forecasts", ForecastFilters), ("evidence", EvidenceFilters), ("predictions", PredictionFilters)],
)
def test_junk_in_any_filter_is_refused_or_finds_nothing(api, fill, shelf, filters):
    fill()
    for name in [*filters.base_filters, "cursor"]:
        for junk in [*JUNK, "\x00", "a\x00b", "';--", "\\", "weather%00"]:
            response = api.get(f"/api/{shelf}/", {name: str(junk)})
            assert response.status_code == HTTPStatus.BAD_REQUEST or response.json()["results"] == [], (name, junk)
