from http import HTTPStatus
from uuid import uuid4

import pytest

from tests import builders as a

LISTS = ["cases", "sources", "quotes", "forecasters", "predictions", "forecasts", "evidence", "resolutions"]
LISTS += ["assignments", "assessments", "disputes", "ratings"]
FILTERS = {
    "sources": ["case"],
    "quotes": ["case", "source"],
    "predictions": ["case", "theme", "status"],
    "forecasts": ["case", "theme", "prediction", "forecaster"],
    "evidence": ["case", "theme", "prediction", "source", "stance"],
    "resolutions": ["case", "theme", "prediction"],
    "assignments": ["case", "prediction"],
    "assessments": ["prediction"],
    "disputes": ["case", "prediction"],
    "ratings": ["case", "prediction", "evidence"],
}
NAMED = [(name, each) for name, filters in FILTERS.items() for each in filters if each not in {"status", "stance"}]


def value(rows: dict, name: str) -> str:
    return "tides" if name == "theme" else str((rows.get(f"{name}s") or rows[name]).uuid)


def found(client, name: str, query: str) -> list[str]:
    return [row["uuid"] for row in client.get(f"/api/{name}/?{query}").json()["results"]]


def test_a_filter_keeps_what_it_names_and_nothing_else(api, fill):
    rows, others = fill("tides"), fill("weather")
    for name, by in NAMED:
        of_both = {str(others[name].uuid)} if by == "forecaster" else set()
        assert set(found(api, name, f"{by}={value(rows, by)}")) == {str(rows[name].uuid)} | of_both, (name, by)
        assert len(found(api, name, "")) == 2
        assert by == "theme" or found(api, name, f"{by}={uuid4()}") == []


def test_a_filter_that_names_something_hidden_finds_nothing(api, fill):
    rows = fill("tides", is_private=True)
    for name, by in NAMED:
        assert found(api, name, f"{by}={value(rows, by)}") == []


@pytest.mark.parametrize(
    ("status", "is_made"),
    [
        ("upcoming", lambda: a.prediction(opens_at=a.on_day(9999), closes_at=a.on_day(10_000))),
        ("open", lambda: a.prediction(closes_at=a.on_day(10_000))),
        ("due", a.prediction),
        ("resolved", lambda: a.resolution(a.prediction()).prediction),
        ("annulled", lambda: a.resolution(a.prediction(), None, annulled="ambiguous").prediction),
    ],
)
def test_predictions_are_found_by_their_status(api, status, is_made):
    made = is_made()
    assert api.get(f"/api/predictions/{made.uuid}/").json()["status"] == status
    for each in ("upcoming", "open", "due", "resolved", "annulled"):
        assert found(api, "predictions", f"status={each}") == ([str(made.uuid)] if each == status else [])


def test_evidence_is_found_by_its_stance(api, fill):
    row = fill()["evidence"]
    assert found(api, "evidence", "stance=supports") == [str(row.uuid)]
    assert found(api, "evidence", "stance=contradicts") == []


@pytest.mark.parametrize(
    "query",
    ["caes=1", "ordering=theme", "search=x", "format=json", "id=1", "expand=codings", "prediction__id=1", "page=2"],
)
def test_a_filter_that_does_not_exist_is_refused_by_name(api, query):
    for name in LISTS:
        response = api.get(f"/api/{name}/?{query}")
        assert (response.status_code, list(response.json())) == (HTTPStatus.BAD_REQUEST, [query.split("=")[0]]), name


@pytest.mark.parametrize(
    ("name", "query", "field"),
    [
        ("forecasts", "case=", "case"),
        ("forecasts", "case=%20", "case"),
        ("forecasts", "case=1", "case"),
        ("forecasts", "case=*", "case"),
        ("forecasts", "case=00000000-0000-4000-8000-000000000001&case=00000000-0000-4000-8000-000000000002", "case"),
        ("predictions", "status=opne", "status"),
        ("predictions", "status=OPEN", "status"),
        ("predictions", "theme=%00", "theme"),
        ("forecasts", "forecaster__name=The+Daily", "forecaster__name"),
        ("predictions", "status__startswith=r", "status__startswith"),
    ],
)
def test_a_value_that_means_nothing_is_refused_at_its_filter(api, name, query, field):
    response = api.get(f"/api/{name}/?{query}")
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert list(response.json()) == [field]


def test_what_has_an_address_of_its_own_takes_no_filter(api, fill):
    rows = fill()
    for address in (f"/api/predictions/{rows['predictions'].uuid}/", f"/api/sources/{rows['sources'].uuid}/text/"):
        assert api.get(f"{address}?case={rows['cases'].uuid}").status_code == HTTPStatus.BAD_REQUEST
