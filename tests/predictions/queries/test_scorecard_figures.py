"""The figures of a card, on score rows entered as they are."""

import json

import numpy as np
import pytest

from predictions.queries.scorecard_selection import Horizon, Selection
from predictions.queries.scorecards import Scorecard, as_json, scorecard
from tests import builders as a
from tests.predictions.queries import scores

pytestmark = pytest.mark.django_db


def card_of(user, **selection) -> Scorecard:
    return scorecard(Selection(**selection), user=user, now=a.NOW)


def one_each(probabilities, outcomes, **fields):
    """One forecaster, one prediction for each probability."""
    [by] = scores.forecasters(1)
    on = scores.resolved(len(probabilities), outcomes)
    scores.keep([scores.score(each, by, p, **fields) for each, p in zip(on, probabilities, strict=True)])
    return by


@pytest.mark.parametrize(("n", "method"), [(3, "none"), (4, "none"), (5, "t"), (49, "t"), (50, "bootstrap")])
def test_the_interval_of_the_mean_is_found_as_the_number_of_events_allows(viewer, n, method):
    one_each(np.linspace(0.1, 0.9, n), 1.0)
    card = card_of(viewer)
    found = card.brier_interval
    assert (card.n, card.clusters, found.method) == (n, n, method)
    assert found.mean == pytest.approx(card.mean_brier)
    if method == "none":
        assert (found.low, found.high, card.reasons["brier_interval"]) == (
            None,
            None,
            "fewer than five independent events",
        )
    else:
        assert found.low < card.mean_brier < found.high


def test_the_crowd_is_compared_as_the_headline_is_made_whatever_the_time_it_stood(viewer):
    by, other = scores.forecasters(2)
    first, second, third = scores.resolved(3)
    rows = [(first, 0.10, 0.30, 30), (second, 0.50, 0.20, 10)]
    scores.keep(
        [
            scores.score(on, by, contested_brier=own, crowd_brier=crowd, contested_us=us * scores.DAY)
            for on, own, crowd, us in rows
        ]
        + [scores.score(third, by), scores.score(third, other)]
    )
    found = card_of(viewer, forecaster=by).crowd
    assert (found.pairs, found.predictions) == (2, 2)
    assert found.brier == pytest.approx((0.10 + 0.50) / 2)
    assert found.crowd_brier == pytest.approx((0.30 + 0.20) / 2)
    assert found.difference.mean == pytest.approx(found.crowd_brier - found.brier)


def test_who_never_stood_beside_others_has_no_peers_and_is_told_why(viewer):
    by = one_each([0.7], 1.0, peer_brier=0.0)
    card = card_of(viewer, forecaster=by)
    assert (card.crowd, card.peers) == (None, None)
    assert card.reasons["peers"] == "nobody else stood on the same prediction at the same time"


def test_the_worst_misses_are_three_by_nats_the_infinite_first(viewer):
    one_each([0.7, 0.0, 0.05, 0.9, 0.3], 1.0)
    card = card_of(viewer)
    assert [(miss.is_infinite, miss.brier) for miss in card.worst] == [
        (True, 1.0),
        (False, pytest.approx(0.9025)),
        (False, pytest.approx(0.49)),
    ]
    assert (card.infinite_logarithmic, card.mean_logarithmic) == (1, None)
    nats = -np.log([0.7, 0.001, 0.05, 0.9, 0.3])
    assert card.mean_logarithmic_clipped == pytest.approx(nats.mean())
    assert "infinite" in card.reasons["mean_logarithmic"]
    json.dumps(as_json(card), allow_nan=False)


def test_a_share_is_no_miss_for_being_a_share(viewer):
    """Half met and foretold at 50% costs 0.69 nats, the least there is."""
    one_each([0.5, 0.5, 0.7, 0.8], [0.5, 0.5, 1.0, 1.0])
    assert [miss.outcome_share for miss in card_of(viewer).worst] == [1.0, 1.0, 0.5]


def test_skill_is_told_against_a_half_and_against_the_base_rate_of_hindsight(viewer):
    one_each([0.9, 0.8, 0.3, 0.6], [1, 1, 0, 0])
    card = card_of(viewer)
    mean = (0.01 + 0.04 + 0.09 + 0.36) / 4
    assert card.skill_vs_half == pytest.approx(1 - mean / 0.25) == card.skill_vs_base_rate


@pytest.mark.parametrize(
    ("probabilities", "outcomes"), [([0.7], 1.0), ([0.7, 0.6], 1.0), ([0.7] * 7, 0.1), ([0.7] * 49, 1.0)]
)
def test_where_the_reference_is_perfect_or_alone_there_is_no_skill(viewer, probabilities, outcomes):
    """Nor where rounding puts the mean of equal outcomes a hair beside them."""
    one_each(probabilities, outcomes, forecast_count=3, brier_sum=0.3)
    card = card_of(viewer)
    assert (card.skill_vs_base_rate, card.summary["skill_vs_base_rate"]) == (None, None)


def test_by_moment_each_line_speaks_of_what_stood_then(viewer):
    [by] = scores.forecasters(1)
    first, second = scores.resolved(2)
    scores.keep(
        [scores.score(first, by, spot_90=None, spot_30=0.5), scores.score(second, by, spot_90=None, spot_7=0.9)]
    )
    lines = {line.moment.split(" ")[0]: (line.n, line.mean_brier) for line in card_of(viewer).by_moment}
    assert lines["90"] == (0, None)
    assert lines["30"] == (2, pytest.approx((0.25 + 0.09) / 2))
    assert lines["7"] == (2, pytest.approx((0.09 + 0.01) / 2))


@pytest.mark.parametrize(
    ("days", "periods"),
    [
        ([0, 89, 90], [("2026 Q1", 2), ("2026 Q2", 1)]),
        ([0, -24 * 92], [("2019", 1), ("2026", 1)]),
        ([0, None], [("2026 Q1", 1)]),
    ],
)
def test_over_time_by_quarter_or_over_many_years_by_year(viewer, days, periods):
    [by] = scores.forecasters(1)
    known = [None if day is None else scores.microseconds(a.on_day(day)) for day in days]
    on = scores.resolved(len(days))
    scores.keep([scores.score(each, by, known_us=us) for each, us in zip(on, known, strict=True)])
    assert [(line.period, line.n) for line in card_of(viewer).over_time] == periods


def test_what_is_left_out_is_counted_also_where_nothing_is_scored(viewer):
    [by] = scores.forecasters(1)
    first, second = scores.resolved(2)
    nothing = dict.fromkeys(("brier", "logarithmic", "logarithmic_clipped", "spot_half", "span_brier"))
    rows = [
        scores.score(first, by, late_count=2, after_close_count=1),
        scores.score(second, by, **nothing, forecast_count=0, brier_sum=0, logarithmic_sum=0, uncertain_count=1),
    ]
    scores.keep(rows)
    card = card_of(viewer)
    assert (card.n, card.too_late, card.order_uncertain) == (1, 3, 1)


@pytest.mark.parametrize(
    ("horizon", "n"),
    [(Horizon.WEEK, 1), (Horizon.MONTH, 1), (Horizon.QUARTER, 0), (Horizon.YEAR, 1), (Horizon.LONGER, 2)],
)
def test_a_lead_time_belongs_to_one_horizon(viewer, horizon, n):
    [by] = scores.forecasters(1)
    days = [-3, 7, 90, 365, 4000, None]
    on = scores.resolved(len(days))
    leads = [None if day is None else day * scores.DAY for day in days]
    scores.keep([scores.score(each, by, lead_us=lead) for each, lead in zip(on, leads, strict=True)])
    assert card_of(viewer, horizon=horizon).n == n


def test_under_a_lead_time_what_has_no_score_is_not_counted_as_none(viewer):
    by = one_each([0.7], 1.0)
    annulled, unresolved = scores.resolved(1, [None])[0], a.prediction()
    a.forecast(annulled, by=by)
    a.forecast(unresolved, by=by)
    card = card_of(viewer, horizon=Horizon.YEAR)
    assert (card.annulled, card.unresolved) == (None, None)
    assert {card.reasons[name] for name in ("annulled", "unresolved")} == {
        "a lead time is known only of what has a score"
    }
    told = card_of(viewer)
    assert (told.annulled, told.unresolved, "annulled" in told.reasons) == (1, 1, False)


def test_a_card_is_the_same_each_time_it_is_computed(viewer):
    rng = np.random.default_rng(7)
    one_each(rng.random(60).round(2), (rng.random(60) < 0.5).astype(float))
    first = as_json(card_of(viewer))
    a.forecaster()  # an entry in the ledger: everything is computed anew
    assert as_json(card_of(viewer)) == first
