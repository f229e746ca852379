"""The summary for comparison with other programs, and that its keys are those agreed upon."""

import json
from pathlib import Path

import numpy as np
import pytest

from predictions.models import Origin
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecards import as_json, scorecard
from predictions.tasks import rescore_stale
from tests import builders as a
from tests.predictions.queries import scores

pytestmark = pytest.mark.django_db

KEYS = [
    *("n_predictions_scored", "n_forecasts", "n_annulled", "n_unresolved", "n_pairs", "brier_row_mean"),
    *("logarithmic_row_mean", "n_infinite", "base_rate_rows", "skill_vs_base_rate", "skill_vs_half"),
    *("standing_brier_pair_mean", "standing_brier_prediction_mean", "standing_brier_duration_weighted"),
    *("by_category", "by_forecaster"),
]


def summary_for(user, **selection):
    return as_json(scorecard(Selection(**selection), user=user, now=a.NOW))["summary"]


def test_it_has_exactly_the_keys_agreed_upon(viewer):
    assert list(summary_for(viewer)) == KEYS


@pytest.mark.parametrize("world", ["fivethirtyeight", "forecastbench_crowd"])
def test_its_keys_are_those_of_the_real_data(viewer, world):
    path = Path(__file__).parents[4] / "shared" / "data" / world / "expected.json"
    if not path.exists():
        pytest.skip("the shared data are not on this machine")
    assert set(summary_for(viewer)) == set(json.loads(path.read_text())["summary"])


def test_of_nothing_every_mean_is_null_and_every_count_is_0(viewer):
    told = summary_for(viewer)
    counts = {name: value for name, value in told.items() if name.startswith("n_")}
    assert set(counts.values()) == {0}
    assert {name for name, value in told.items() if value is None} == set(KEYS[5:7] + KEYS[8:14])
    assert (told["by_category"], told["by_forecaster"]) == ([], [])


def test_rows_count_by_forecasts_and_spans_by_pairs_predictions_and_time(viewer):
    ada, ben = scores.forecasters(2)
    first, second = scores.resolved(2, [1.0, 0.0])
    rows = [
        scores.score(first, ada, forecast_count=3, brier_sum=0.3, logarithmic_sum=1.5, span_brier=0.1, span_us=10),
        scores.score(first, ben, forecast_count=1, brier_sum=0.5, logarithmic_sum=1.0, span_brier=0.5, span_us=30),
        scores.score(second, ada, forecast_count=2, brier_sum=0.4, logarithmic_sum=0.5, span_brier=None, span_us=0),
    ]
    scores.keep(rows)
    told = summary_for(viewer)
    assert (told["n_predictions_scored"], told["n_forecasts"], told["n_pairs"]) == (2, 6, 2)
    assert told["brier_row_mean"] == pytest.approx(1.2 / 6, abs=1e-15)
    assert told["logarithmic_row_mean"] == pytest.approx(3.0 / 6, abs=1e-15)
    assert told["base_rate_rows"] == pytest.approx(4 / 6, abs=1e-15)
    assert told["skill_vs_half"] == pytest.approx(1 - 0.2 / 0.25, abs=1e-15)
    assert told["skill_vs_base_rate"] == pytest.approx(1 - 0.2 / (2 / 3 * 1 / 3), abs=1e-15)
    assert told["standing_brier_pair_mean"] == pytest.approx(0.3)
    assert told["standing_brier_prediction_mean"] == pytest.approx(0.3)
    assert told["standing_brier_duration_weighted"] == pytest.approx((0.1 * 10 + 0.5 * 30) / 40)
    assert told["by_forecaster"] == [
        {"forecaster": ada.name, "n_forecasts": 5, "brier_row_mean": pytest.approx(0.7 / 5)},
        {"forecaster": ben.name, "n_forecasts": 1, "brier_row_mean": pytest.approx(0.5)},
    ]


def test_themes_come_with_most_forecasts_first_and_equals_by_name(viewer):
    [by] = scores.forecasters(1)
    for theme, number in (("war", 1), ("sport", 2), ("art", 1)):
        scores.keep([scores.score(on, by) for on in scores.resolved(number, theme=theme)])
    told = [(line["category"], line["n_forecasts"]) for line in summary_for(viewer)["by_category"]]
    assert told == [("sport", 2), ("art", 1), ("war", 1)]


def test_twenty_forecasters_are_named_and_a_name_decides_between_equals(viewer):
    who, [on] = scores.forecasters(25), scores.resolved(1)
    counts = np.array([5, *[2] * 22, 1, 9])
    order = np.random.default_rng(2).permutation(25)
    scores.keep([scores.score(on, who[k], forecast_count=int(counts[k])) for k in order])
    told = [line["forecaster"] for line in summary_for(viewer)["by_forecaster"]]
    assert told == [who[24].name, who[0].name, *[by.name for by in who[1:19]]]


def test_predictions_without_a_forecast_are_counted_unless_it_is_asked_whose(viewer):
    by = a.forecaster()
    a.resolution(a.prediction(), None, annulled="ambiguous")
    a.prediction()
    a.forecast(by=by)
    assert (summary_for(viewer)["n_annulled"], summary_for(viewer)["n_unresolved"]) == (1, 2)
    own = summary_for(viewer, forecaster=by)
    assert (own["n_annulled"], own["n_unresolved"]) == (0, 1)


def test_a_forecast_that_never_stood_is_a_row_and_no_pair(viewer):
    on = a.prediction(closes_at=a.on_day(10))
    a.forecast(on, "0.8", issued_at=a.on_day(20), origin=Origin.IMPORTED)
    a.resolution(on)
    rescore_stale()
    told = summary_for(viewer)
    assert (told["n_forecasts"], told["n_pairs"]) == (1, 0)
    assert told["brier_row_mean"] == pytest.approx(0.04)
    assert scorecard(Selection(), user=viewer, now=a.NOW).n == 0
