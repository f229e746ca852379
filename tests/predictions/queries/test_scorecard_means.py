"""Beside the means of a card: the crowd, the peers and other platforms' scores, each with its n and reason."""

import numpy as np
import pytest

from predictions.models import Forecaster
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecards import as_json, scorecard
from predictions.tasks import rescore_stale
from tests import builders as a
from tests.predictions.queries import scores

pytestmark = pytest.mark.django_db


def card_of(user, **selection):
    return scorecard(Selection(**selection), user=user, now=a.NOW)


def test_of_everybody_neither_points_nor_the_difference_from_the_crowd_are_given(viewer):
    who, on = scores.forecasters(2), scores.resolved(6)
    scores.keep([scores.contested(each, by, sign * 4.0) for each in on for by, sign in zip(who, (1, -1), strict=True)])
    plain = as_json(card_of(viewer))
    assert (plain["peers"]["points"], plain["crowd"]["difference"]) == (None, None)
    assert "pick one forecaster" in plain["reasons"]["peers.points"] == plain["reasons"]["crowd.difference"]
    own = as_json(card_of(viewer, forecaster=who[0]))
    assert own["peers"]["points"]["mean"] == pytest.approx(4.0)
    assert own["crowd"]["difference"]["mean"] == pytest.approx(0.04)
    assert own["peers"]["points"]["pairs"] == own["brier_interval"]["pairs"] == 6
    assert "n" not in own["brier_interval"]


def test_the_consensus_has_neither_crowd_nor_peers_for_its_own_reason(viewer):
    on = a.prediction()
    for words in ("60%", "80%", "70%"):
        a.forecast(on, words)
    a.resolution(on)
    rescore_stale()
    card = card_of(viewer, forecaster=Forecaster.objects.of_consensus()["median"])
    told = (card.reasons["peers"], card.reasons["crowd"], card.advanced.reasons["daily_median"])
    assert (card.n, set(told)) == (1, {"our own consensus is not one of the peers"})


def test_forecasts_after_the_close_are_no_forecasts_that_scores_rest_on(viewer):
    [by] = scores.forecasters(1)
    rows = [scores.score(on, by, forecast_count=5, after_close_count=2) for on in scores.resolved(2)]
    scores.keep(rows)
    card = card_of(viewer)
    assert (card.forecasts, card.too_late, card.summary["n_forecasts"]) == (6, 4, 10)


def test_each_score_of_another_platform_has_its_own_n(viewer):
    [by] = scores.forecasters(1)
    given = [
        {"baseline": 10.0, "daily_brier": 0.2},
        {"baseline": 20.0, "time_coverage": None, "spot_half": None},
        {"daily_brier": 0.4, "daily_median": 0.3, "daily_accuracy": 0.1, "spot_half": 0.9},
    ]
    scores.keep([scores.score(on, by, **fields) for on, fields in zip(scores.resolved(3), given, strict=True)])
    card = as_json(card_of(viewer))
    found, n = card["advanced"], card["advanced"]["n"]
    assert (found["baseline"], n["baseline"], n["peer_logarithmic"]) == (15.0, 2, 0)
    assert (n["daily_brier"], n["daily_median"], n["daily_accuracy"]) == (2, 1, 1)
    assert (card["time_coverage_n"], n["spherical"]) == (2, 2)
    earned = [p / np.hypot(p, 1 - p) for p in (0.7, 0.9)]
    assert found["spherical"] == pytest.approx(np.mean(earned))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "no forecast stood at the end of a day"),
        ({"daily_brier": 0.2}, "fewer than three were active on any day"),
    ],
)
def test_a_daily_median_says_whether_the_days_or_the_others_are_missing(viewer, fields, reason):
    [by] = scores.forecasters(1)
    scores.keep([scores.score(on, by, **fields) for on in scores.resolved(1)])
    found = card_of(viewer).advanced
    assert (found.daily_median, found.reasons["daily_median"], found.reasons["daily_accuracy"]) == (
        None,
        reason,
        reason,
    )


def test_with_a_share_among_the_outcomes_there_is_no_baseline(viewer):
    [by] = scores.forecasters(1)
    first, second = scores.resolved(2, [1.0, 0.5])
    scores.keep([scores.score(first, by, baseline=10.0), scores.score(second, by)])
    found = card_of(viewer).advanced
    assert (found.baseline, found.n["baseline"]) == (None, 0)
    assert "shares" in found.reasons["baseline"]


def test_the_clipped_logarithmic_mean_has_an_interval(viewer):
    [by] = scores.forecasters(1)
    chances = np.linspace(0.1, 0.9, 12)
    scores.keep([scores.score(on, by, p) for on, p in zip(scores.resolved(12), chances, strict=True)])
    card = card_of(viewer)
    found = card.logarithmic_interval
    assert found.mean == pytest.approx(card.mean_logarithmic_clipped) == pytest.approx(-np.log(chances).mean())
    assert found.low < found.mean < found.high
