from base64 import b64encode
from http import HTTPStatus

import pytest
from django.core import signing

from predictions.api.pages import Pages
from tests import builders as a

ORDERED_BY = {
    "cases": "external_id",
    "sources": "uuid",
    "quotes": "-seq",
    "forecasters": "name",
    "predictions": "uuid",
    "forecasts": "-seq",
    "evidence": "-seq",
    "resolutions": "-seq",
    "assignments": "uuid",
    "assessments": "-seq",
    "disputes": "-seq",
    "ratings": "-seq",
    "coding-requests": "uuid",
    "codings": "-seq",
}


@pytest.fixture
def _two_on_a_page(monkeypatch):
    monkeypatch.setattr(Pages, "page_size", 2)


def walk(client, address: str | None, direction: str = "next") -> list[list[dict]]:
    pages = []
    while address:
        page = client.get(address).json()
        pages.append(page["results"])
        address = page[direction]
    return pages


@pytest.mark.usefixtures("_two_on_a_page")
def test_pages_show_every_row_once_in_their_order_and_lead_back(api, fill):
    for _ in range(5):
        fill()
    for _ in range(4):
        a.forecaster()
    for name, order in ORDERED_BY.items():
        pages = walk(api, f"/api/{name}/")
        keys = [row[order.lstrip("-")] for page in pages for row in page]
        assert [len(page) for page in pages] == [2, 2, 1], name
        assert keys == sorted(set(keys), reverse=order.startswith("-")), name
        second = api.get(api.get(f"/api/{name}/").json()["next"]).json()
        assert walk(api, second["previous"], "previous") == [pages[0]], name


@pytest.mark.usefixtures("_two_on_a_page")
def test_rows_that_are_added_meanwhile_neither_repeat_nor_skip_a_row(api):
    rows = [a.forecast() for _ in range(4)]
    first = api.get("/api/forecasts/").json()
    a.forecast()
    second = api.get(first["next"]).json()
    seen = [row["seq"] for row in first["results"] + second["results"]]
    assert seen == [row.entry_id for row in reversed(rows)]


@pytest.mark.usefixtures("_two_on_a_page")
def test_a_next_page_keeps_the_filter(api):
    on = a.prediction()
    for _ in range(3):
        a.forecast(on)
        a.forecast()
    pages = walk(api, f"/api/forecasts/?prediction={on.uuid}")
    assert [len(page) for page in pages] == [2, 1]
    assert {row["prediction"] for page in pages for row in page} == {str(on.uuid)}


@pytest.mark.usefixtures("_two_on_a_page")
def test_pages_are_the_same_whether_or_not_something_is_hidden(api, fill):
    for _ in range(3):
        fill()
    before = {name: walk(api, f"/api/{name}/") for name in ORDERED_BY}
    fill(is_private=True)
    assert {name: walk(api, f"/api/{name}/") for name in ORDERED_BY} == before


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%00",
        b64encode(b"p=1").decode(),
        b64encode(b"o=99999999&p=0").decode(),
        signing.dumps([0, False, "1"]),
        signing.dumps([0, False, "1"], salt="/api/cases/"),
    ],
    ids=range(6),
)
def test_a_cursor_that_no_list_of_ours_gave_is_refused(api, cursor):
    response = api.get("/api/forecasts/", {"cursor": cursor})
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert list(response.json()) == ["cursor"]
