from http import HTTPStatus
from uuid import uuid4

import pytest
from django.test import Client

from predictions import scorekeeping
from predictions.models import Prediction
from tests import builders as a


@pytest.fixture
def scored(fill):
    def put(theme="weather", **fields):
        rows = fill(theme, **fields)
        scorekeeping.rescore(Prediction.objects.filter(pk=rows["predictions"].pk), at=a.NOW)
        return rows

    return put


def card(client: Client, query: str = "") -> dict:
    shown = client.get(f"/api/scorecards/{query}").json()
    return {key: value for key, value in shown.items() if key != "as_of"}


@pytest.mark.parametrize("query", ["", "?theme=weather", "?forecaster={forecasters.uuid}", "?source={sources.uuid}"])
def test_likely_that_came_true_costs_0_105625(api, scored, query):
    shown = card(api, query.format(**scored()))
    assert shown["n"] == 1
    assert shown["mean_brier"] == pytest.approx(0.105625, abs=1e-15)
    assert shown["always_half"] == 0.25
    assert "lower is better" in shown["conventions"]["brier"]


def test_a_scorecard_keeps_to_what_it_is_asked_for(api, scored):
    rows = scored("tides")
    scored("weather")
    assert card(api)["n"] == 2
    assert card(api, "?theme=tides")["n"] == 1
    assert card(api, f"?source={rows['sources'].uuid}&theme=weather")["n"] == 0


def test_a_hidden_case_leaves_no_trace_on_any_scorecard(api, scored):
    rows = scored()
    queries = ["", "?theme=weather", f"?forecaster={rows['forecasters'].uuid}", f"?source={rows['sources'].uuid}"]
    before = [card(api, query) for query in queries]
    scored(is_private=True)
    assert [card(api, query) for query in queries] == before


def test_a_hidden_source_or_theme_is_as_unknown_as_one_that_never_was(api, scored):
    rows = scored("secret plans", is_private=True)
    for name, hidden, unknown in [
        ("source", rows["sources"].uuid, uuid4()),
        ("theme", "secret plans", "never heard of"),
    ]:
        answers = [api.get(f"/api/scorecards/?{name}={each}") for each in (hidden, unknown)]
        assert {answer.status_code for answer in answers} == {HTTPStatus.NOT_FOUND}
        assert answers[0].content == answers[1].content


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("forecaster=1", "forecaster"),
        ("source=", "source"),
        ("source=00000000-0000-4000-8000-000000000001&source=00000000-0000-4000-8000-000000000002", "source"),
        ("themes=weather", "themes"),
        ("case=1", "case"),
        ("since=soon", "since"),
        ("since=2026-02-01&until=2026-01-01", "until"),
        ("horizon=soon", "horizon"),
        ("cursor=x", "cursor"),
        ("forecaster=%00", "forecaster"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(api, query, field):
    response = api.get(f"/api/scorecards/?{query}")
    assert (response.status_code, list(response.json())) == (HTTPStatus.BAD_REQUEST, [field])


def test_a_theme_with_nul_is_as_unknown_as_one_that_never_was(api, scored):
    scored()
    for theme in ("%00", "weather%00"):
        assert api.get(f"/api/scorecards/?theme={theme}").status_code == HTTPStatus.NOT_FOUND


def test_a_card_comes_by_period_lead_time_and_case_and_bears_its_summary(api, scored):
    rows = scored()
    for query, n in (
        ("?since=2026-01-01&until=2027-01-01", 1),
        ("?until=2020-01-01", 0),
        (f"?case={rows['predictions'].case.uuid}", 1),
        ("?horizon=365-or-more", 0),
    ):
        shown = card(api, query)
        assert (shown["n"], shown["summary"]["n_forecasts"]) == (n, n)
    assert card(api)["summary"]["brier_row_mean"] == pytest.approx(0.105625)
    assert card(api)["has_more_rows"] is False


def test_every_figure_of_a_card_says_how_it_is_to_be_read(api, scored):
    scored()
    shown = card(api)
    plain = {"title", "selection", "as_of", "cautions", "selections", "rows", "has_more_rows", "conventions"}
    counted = {"forecasters", "unscored", "order_uncertain", "too_late", "in_hindsight", "replaced", "coded", "implied"}
    counted |= {"one_hand", "resolvers", "elsewhere", "behind", "waiting", "kernel_versions"}
    counted |= {"ledger_seq", "newest_ledger_seq"}
    assert set(shown) - plain - counted <= set(shown["conventions"])
