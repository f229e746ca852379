"""Whatever an address asks, the admin answers it or refuses it, and never breaks or guesses."""

import pytest
from django.urls import reverse

from predictions.admin.addresses import is_key
from predictions.models import Forecast, HouseScale, LedgerEntry, Prediction, Team
from tests import builders as a
from tests.predictions.admin.test_base import ROWS, autocomplete, page

pytestmark = pytest.mark.django_db

NO_KEYS = ["x", "-1", "1.0", "²", "9" * 19, "1" * 5000]


@pytest.fixture
def desk(client, administrator, people):
    """Signed in as somebody in every role."""
    administrator.groups.set([group for user in people.values() for group in user.groups.all()])
    client.force_login(administrator)
    return client


@pytest.mark.parametrize("model", ROWS)
def test_nul_in_the_address_of_a_list_is_refused(desk, model):
    ROWS[model](a.case())
    for query in ("q=%00", "theme=%00", "words=%00", "kind__exact=a%00", "about=%00", "a%00b=1", "p=%00"):
        assert desk.get(f"{page(model, 'changelist')}?{query}").status_code == 400, query


def test_nul_finds_nothing_where_one_chooses_a_row(desk):
    a.case()
    assert desk.get(*autocomplete("source", "case", term="a\x00")).json()["results"] == []


@pytest.mark.parametrize(
    ("model", "lookup", "value"),
    [
        (Prediction, "theme__regex", "["),
        (Prediction, "theme__startswith", "w"),
        (Prediction, "revision__statement__regex", "["),
        (Prediction, "case__title__startswith", "S"),
        (Prediction, "uuid", "x"),
        (Prediction, "nothing_of_that_name", "1"),
        (Forecast, "words__iregex", "["),
        (Forecast, "words", "likely"),
        (Forecast, "recorded_by__password__startswith", "m"),
        (Forecast, "prediction__theme__regex", "["),
        (LedgerEntry, "payload__text__regex", "["),
        (LedgerEntry, "kind__regex", "["),
    ],
)
def test_a_list_is_asked_only_what_it_offers(desk, model, lookup, value):
    ROWS[model](a.case())
    assert desk.get(page(model, "changelist"), {lookup: value}).status_code == 400


@pytest.mark.parametrize("model", [model for model in ROWS if model is not HouseScale])  # no list of rows
def test_every_filter_that_a_list_offers_opens(desk, model):
    for _ in range(2):
        ROWS[model](a.case(title="One of two"))
    listed = desk.get(page(model, "changelist")).context["cl"]
    offered = [choice["query_string"] for each in listed.filter_specs for choice in each.choices(listed)]
    assert offered or model is Team
    for query in (*offered, "?q=of&p=1", "?o=1.-2", "?_popup=1", "?all="):
        assert desk.get(f"{page(model, 'changelist')}{query}").status_code == 200, query


@pytest.mark.parametrize("lookup", ["prediction__id__exact", "forecaster__id__exact", "prediction__case__id__exact"])
def test_a_filter_by_what_is_no_row_shows_nothing_or_begins_anew(desk, lookup):
    for _ in range(2):
        a.forecast()
    for key in NO_KEYS:
        answer = desk.get(page(Forecast, "changelist"), {lookup: key})
        assert answer.status_code == 302 or not answer.context["cl"].result_list, key


def test_the_forecasts_on_one_prediction_have_an_address(desk):
    first, _ = a.forecast(), a.forecast()
    listed = desk.get(page(Forecast, "changelist"), {"prediction__id__exact": first.prediction_id})
    assert list(listed.context["cl"].result_list) == [first]


def test_a_key_is_some_digits_that_the_database_can_hold():
    assert all(map(is_key, ["0", "7", "007", "9" * 18]))
    assert not any(map(is_key, ["", "٣", *NO_KEYS]))


@pytest.mark.parametrize("table", ["forecast", "evidence", "resolution"])
def test_a_prediction_that_no_key_names_is_not_there(desk, table):
    address = reverse(f"admin:predictions_{table}_add")
    for key in NO_KEYS:
        assert desk.get(address, {"prediction": key}).status_code == 404
        assert desk.post(address, {"prediction": key}).status_code == 404


@pytest.mark.parametrize("table", ["forecast", "evidence"])
def test_an_earlier_entry_that_no_key_names_is_none(desk, table):
    address = f"{reverse(f'admin:predictions_{table}_add')}?prediction={a.prediction().pk}"
    for key in NO_KEYS:
        opened = desk.get(f"{address}&supersedes={key}")
        assert not opened.context["adminform"].form.fields["supersedes"].queryset
        assert "supersedes" in desk.post(address, {"supersedes": key}).context["adminform"].form.errors


@pytest.mark.parametrize("model", ROWS)
def test_a_row_that_no_key_names_is_not_there(desk, model):
    for key in (*NO_KEYS, "%00"):
        for name in ("change", "history", "delete"):
            answer = desk.get(f"{page(model, 'changelist')}{key}/{name}/")
            assert answer.status_code == 404, (key, name)
