"""Long lists: what is counted, paged through, searched and offered has a bound, and the page says where it is cut."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from unfold.views import ChangeList

from predictions.admin import long_lists
from predictions.admin.predictions import PredictionAdmin
from predictions.models import Forecast, LedgerEntry
from tests import builders as a

pytestmark = pytest.mark.django_db
LIST, LEDGER = "/predictions/forecast/", "/predictions/ledgerentry/"


@pytest.fixture
def reader(client, viewer):
    client.force_login(viewer)
    return client


def shown(client, address):
    return list(client.get(address).context["cl"].result_list)


def text(client, address):
    return " ".join(client.get(address).content.decode().split())


def test_a_list_ends_at_its_bound_and_says_that_there_are_more(reader, monkeypatch):
    rows = [a.forecast() for _ in range(4)]
    assert "4 forecasts" in text(reader, LIST)
    monkeypatch.setattr(long_lists, "MOST_LISTED", 3)
    assert "the first 3 forecasts; there are more" in text(reader, LIST)
    assert "3 results" not in text(reader, LIST)
    monkeypatch.setattr(long_lists, "MOST_LISTED", 4)
    assert "there are more" not in text(reader, LIST)
    assert "4 results" in text(reader, LIST)
    assert shown(reader, LIST) == rows[::-1]


@pytest.mark.parametrize(
    "address", [LIST, f"{LIST}?q=Statement", LEDGER, f"{LEDGER}?q=Case", "/predictions/prediction/"]
)
def test_no_count_goes_over_a_whole_table(reader, address):
    a.forecast()
    with CaptureQueriesContext(connection) as queries:
        reader.get(address)
    counts = [query["sql"] for query in queries if query["sql"].startswith("SELECT COUNT(*)")]
    assert counts
    assert all(f"LIMIT {long_lists.MOST_LISTED + 1}" in sql for sql in counts)


@pytest.mark.parametrize(
    ("asked", "is_cut"),
    [
        ("", True),
        ("?q=Old", True),
        ("?kind__exact=probability", True),
        ("?forecaster__id__exact={row.forecaster_id}", False),
        ("?prediction__id__exact={row.prediction_id}", False),
    ],
)
def test_what_no_index_finds_is_looked_for_among_the_newest(reader, monkeypatch, asked, is_cut):
    old = a.forecast(by=a.forecaster("Old Herald"))
    newer = [a.forecast() for _ in range(3)]
    address = LIST + asked.format(row=old)
    monkeypatch.setattr(long_lists, "NEWEST", len(newer))
    assert (old in shown(reader, address)) == (not is_cut)
    assert ("Only the newest 3 forecasts were looked through" in text(reader, address)) == is_cut
    monkeypatch.setattr(long_lists, "NEWEST", len(newer) + 1)
    assert old in shown(reader, address)
    assert "were looked through" not in text(reader, address)


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [("Statement", True), ("herald statement", True), ('"The Herald"', True), ("Herald nowhere", False)],
)
def test_each_word_of_a_search_stands_somewhere_in_the_forecast(reader, asked, is_found):
    row = a.forecast(by=a.forecaster("The Herald"))
    assert shown(reader, f"{LIST}?q={asked}") == [row] * is_found


def test_what_a_search_does_not_find_is_looked_for_once(reader):
    a.forecast()
    with CaptureQueriesContext(connection) as queries:
        reader.get(f"{LEDGER}?q=nowhere")
    assert len([query for query in queries if "nowhere" in query["sql"].lower()]) == 1


def test_forecasters_are_offered_as_a_filter_while_they_are_few(reader, monkeypatch):
    row, other = a.forecast(by=a.forecaster("The Herald")), a.forecast(by=a.forecaster("The Post"))
    chosen = f"{LIST}?forecaster__id__exact={row.forecaster_id}"

    def offered(address):
        specs = reader.get(address).context["cl"].filter_specs
        found = [spec for spec in specs if spec.title == "forecaster"]
        return {name for spec in found for _, name in spec.lookup_choices}

    assert offered(LIST) == {"The Herald", "The Post"}
    monkeypatch.setattr(long_lists, "MOST_CHOICES", 1)
    assert offered(LIST) == set()
    assert offered(chosen) == {"The Herald"}
    assert shown(reader, chosen) == [row]
    assert shown(reader, LIST) == [other, row]


def test_forecasts_of_a_forecaster_are_counted_up_to_a_bound(reader, monkeypatch):
    herald = a.forecaster()
    for _ in range(3):
        a.forecast(by=herald)
    monkeypatch.setattr(long_lists, "MOST_COUNTED", 3)
    assert "more than" not in text(reader, "/predictions/forecaster/")
    monkeypatch.setattr(long_lists, "MOST_COUNTED", 2)
    assert "more than 2" in text(reader, "/predictions/forecaster/")


def test_the_standing_forecasts_on_each_prediction_are_counted(reader):
    counted = {a.prediction(): 0, a.prediction(): 1, a.prediction(): 2}
    for row, count in counted.items():
        made = [a.forecast(row) for _ in range(count)]
        if made:
            a.forecast(row, by=made[0].forecaster, supersedes=made[0], reason="a slip")
    listed = shown(reader, "/predictions/prediction/")
    told = {row: PredictionAdmin.forecast_count(None, row) for row in listed}
    assert told == {row: str(count) for row, count in counted.items()}


@pytest.mark.parametrize("descending", [False, True])
def test_pages_follow_each_other_in_the_order_of_the_list(reader, monkeypatch, descending):
    rows = [a.prediction(statement=f"{name} is told.") for name in ("Cape", "Ainu", "Edo", "Bonin", "Dogo")]
    monkeypatch.setattr(PredictionAdmin, "list_per_page", 2)
    pages = [shown(reader, f"/predictions/prediction/?o={'-' * descending}0&p={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 2, 1]
    in_order = sorted(rows, key=lambda row: row.statement, reverse=descending)
    assert [row for page in pages for row in page] == in_order


def test_the_ledger_of_one_case_is_listed_newest_first(reader):
    case = a.case()
    a.source(case)
    a.case()
    mine = LedgerEntry.objects.filter(payload__case=case).order_by("-seq")
    assert shown(reader, f"{LEDGER}?payload__case__id__exact={case.pk}") == list(mine)


def test_forecasts_on_few_and_on_many_predictions_are_the_same(monkeypatch):
    rows = [a.forecast(a.prediction(theme=theme)) for theme in ("rain", "rain", "wind")]
    wet = type(rows[0].prediction).objects.filter(theme="rain")
    for bound in (0, 1, 2):
        monkeypatch.setattr("predictions.models.forecast.MOST_BY_INDEX", bound)
        assert set(Forecast.objects.on(wet)) == set(rows[:2])


class AsUnfoldHasIt(long_lists.BoundedChangeList):
    """The same list, its links found anew for every row."""

    __init__ = ChangeList.__init__
    url_for_result = ChangeList.url_for_result
    get_query_string = ChangeList.get_query_string


@pytest.mark.parametrize("asked", ["", "?q=%22Rain+%26+雨%3F%22", "?theme=weather&o=-2.1", "?_popup=1"])
def test_what_rows_and_headings_link_to_is_what_unfold_finds(reader, monkeypatch, asked):
    rows = [a.prediction(statement="Rain & 雨?") for _ in range(2)]
    address = f"/predictions/prediction/{asked}"
    ours = text(reader, address)
    monkeypatch.setattr(PredictionAdmin, "get_changelist", lambda *_, **__: AsUnfoldHasIt)
    token = re.compile(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"')
    assert token.sub("", ours) == token.sub("", text(reader, address))
    assert all(f"/predictions/prediction/{row.pk}/change/" in ours for row in rows)
    assert ("_changelist_filters" in ours) == bool(asked)
