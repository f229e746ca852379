"""Rules for numbers: figures by hand, identities between them, propriety, refusals."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from predictions.scoring import quantiles
from predictions.scoring.quantiles import (
    crps_ensemble,
    crps_from_quantiles,
    crps_normal,
    interval_coverage,
    interval_score,
    quantile_loss,
    weighted_interval_score,
)

numbers = st.integers(-10_000, 10_000).map(lambda n: n / 100)
ladders = st.integers(1, 4).flatmap(lambda k: st.lists(numbers, min_size=2 * k + 1, max_size=2 * k + 1)).map(sorted)


def test_examples_in_the_docstrings_hold():
    outcome = doctest.testmod(quantiles)
    assert outcome.attempted >= 7
    assert outcome.failed == 0


@pytest.mark.parametrize(
    ("q", "y", "level", "cost"), [(10, 12, 0.25, 0.5), (10, 8, 0.25, 1.5), (10, 10, 0.9, 0), (10, 12, 0.5, 1)]
)
def test_quantile_loss_by_hand(q, y, level, cost):
    assert quantile_loss(q, y, level) == pytest.approx(cost, abs=1e-15)


@pytest.mark.parametrize(
    ("y", "parts"),
    [(6, (4, 4, 0, 0)), (4, (4, 4, 0, 0)), (8, (4, 4, 0, 0)), (10, (12, 4, 8, 0)), (3, (8, 4, 0, 4))],
)
def test_interval_score_by_hand_with_its_parts(y, parts):
    assert interval_score(4, 8, y, 0.5) == pytest.approx(parts)


def test_weighted_interval_score_by_hand_with_its_parts():
    # median 6, 50% interval [4, 8], 90% interval [0, 9]; 11 occurs: parts over K + ½ = 2.5
    ours = weighted_interval_score(6, [4, 0], [8, 9], 11, [0.5, 0.1])
    dispersion, under = 0.25 * 4 + 0.05 * 9, 0.5 * 5 + 3 + 2
    assert ours == pytest.approx(((dispersion + under) / 2.5, dispersion / 2.5, under / 2.5, 0))


@given(ladders, numbers)
def test_the_weighted_interval_score_is_twice_the_mean_quantile_loss(ladder, y):
    k = len(ladder) // 2
    levels = np.arange(1, 2 * k + 2) / (2 * k + 2)
    lower, median, upper = ladder[:k], ladder[k], ladder[:k:-1]
    ours = weighted_interval_score(median, lower, upper, y, 2 * levels[:k])
    assert ours.total == pytest.approx(2 * np.mean(quantile_loss(ladder, y, levels)), abs=1e-9)
    assert ours.total == pytest.approx(crps_from_quantiles(ladder, y, levels), abs=1e-9)
    assert ours.total == pytest.approx(sum(ours[1:]), abs=1e-9)
    assert min(ours) >= 0


@given(ladders, numbers)
def test_the_mirror_image_costs_the_same_and_changes_the_parts_over(ladder, y):
    k = len(ladder) // 2
    alpha = np.arange(1, k + 1) / (k + 1)
    ours = weighted_interval_score(ladder[k], ladder[:k], ladder[:k:-1], y, alpha)
    mirrored = np.negative(ladder)
    theirs = weighted_interval_score(mirrored[k], mirrored[:k:-1], mirrored[:k], -y, alpha)
    assert theirs.total == pytest.approx(ours.total, abs=1e-9)
    assert theirs[1:] == pytest.approx((ours.dispersion, ours.overprediction, ours.underprediction), abs=1e-9)


def test_intervals_may_come_in_any_order():
    one = weighted_interval_score(6, [4, 0], [8, 9], 11, [0.5, 0.1])
    assert weighted_interval_score(6, [0, 4], [9, 8], 11, [0.1, 0.5]) == pytest.approx(one)


@given(st.lists(numbers, min_size=1, max_size=8), numbers)
def test_the_ensemble_score_is_the_mean_distance_less_half_the_mean_distance_within(members, y):
    x, m = np.array(members), len(members)
    outside, within = np.abs(x - y).mean(), np.abs(x[:, None] - x).sum()
    assert crps_ensemble(members, y) == pytest.approx(outside - within / (2 * m * m), abs=1e-9)
    if m > 1:
        assert crps_ensemble(members, y, fair=True) == pytest.approx(outside - within / (2 * m * (m - 1)), abs=1e-9)


@given(numbers, numbers)
def test_a_point_forecast_costs_its_distance(x, y):
    assert crps_ensemble([x], y) == abs(x - y)
    assert crps_from_quantiles([x], y, [0.5]) == pytest.approx(abs(x - y))


@pytest.mark.parametrize(("mean", "deviation", "y"), [(0, 1, 0), (0, 1, 2.5), (10, 3, -4), (-1, 0.01, 5)])
def test_crps_normal_is_the_integral_it_stands_for(mean, deviation, y):
    reach = 10 * deviation + abs(y - mean)
    x = np.linspace(mean - reach, mean + reach, 2_000_001)
    below = (ndtr((x - mean) / deviation) - (x >= y)) ** 2
    assert crps_normal(mean, deviation, y) == pytest.approx(np.trapezoid(below, x), rel=1e-4)


def test_many_equal_steps_of_a_normal_cost_what_the_normal_does():
    levels = (np.arange(2000) + 0.5) / 2000
    steps = ndtri(levels)
    assert crps_ensemble(steps, 0.7) == pytest.approx(crps_normal(0, 1, 0.7), abs=1e-4)
    assert crps_from_quantiles(steps, 0.7, levels) == pytest.approx(crps_normal(0, 1, 0.7), abs=1e-4)


OUTCOMES = np.arange(11.0)
CHANCES = np.array([1, 1, 2, 3, 5, 9, 5, 3, 2, 1, 1]) / 33


@pytest.mark.parametrize("level", [0.1, 0.25, 0.5, 0.75, 0.9])
def test_no_quantile_is_better_than_the_true_one(level):
    costs = CHANCES @ quantile_loss(OUTCOMES, OUTCOMES[:, None], level)
    assert OUTCOMES[np.argmin(costs)] == OUTCOMES[np.searchsorted(np.cumsum(CHANCES), level)]
    assert np.sum(costs <= costs.min() + 1e-9) == 1


def test_no_central_interval_is_better_than_the_true_one():
    low, high = (side.ravel() for side in np.meshgrid(OUTCOMES, OUTCOMES))
    low, high = low[low <= high], high[low <= high]
    costs = CHANCES @ interval_score(low, high, OUTCOMES[:, None], 0.5).total
    assert (low[np.argmin(costs)], high[np.argmin(costs)]) == (4, 6)
    assert np.sum(costs <= costs.min() + 1e-9) == 1


def test_no_normal_is_better_than_the_true_one():
    truth = 2 + 1.5 * ndtri((np.arange(2000) + 0.5) / 2000)
    means, deviations = (side.ravel() for side in np.meshgrid(np.arange(0, 4.1, 0.5), np.arange(0.5, 3.1, 0.25)))
    costs = crps_normal(means, deviations, truth[:, None]).mean(axis=0)
    assert (means[np.argmin(costs)], deviations[np.argmin(costs)]) == (2, 1.5)


@pytest.mark.parametrize(
    ("y", "weights", "share"),
    [([0, 1, 2], None, 2 / 3), ([2, 3, -1], None, 0), ([0, 2, 2], [3, 1, 0], 0.75), ([], None, None)],
)
def test_interval_coverage_counts_the_ends_as_inside(y, weights, share):
    bounds = np.zeros(len(y)), np.ones(len(y))
    assert interval_coverage(*bounds, y, weights) == (None if share is None else pytest.approx(share))


def test_scalars_give_a_float_and_arrays_an_array_of_the_broadcast_shape():
    assert type(quantile_loss(1, 2, 0.5)) is float
    assert type(weighted_interval_score(1, [0], [2], 1, [0.5]).total) is float
    assert type(crps_ensemble([1, 2], 2)) is float
    assert quantile_loss([[1], [2]], [1, 2, 3], 0.5).shape == (2, 3)
    assert weighted_interval_score([1, 1, 1], [0], [2], [0, 1, 2], [0.5]).dispersion.shape == (3,)
    assert crps_ensemble(np.zeros((4, 3)), np.zeros(4)).shape == (4,)
    assert crps_normal([], 1, []).shape == (0,)


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (lambda: quantile_loss(math.nan, 1, 0.5), r"quantile is missing \(NaN\)"),
        (lambda: quantile_loss(1, math.inf, 0.5), "occurred must be finite"),
        (lambda: quantile_loss(1, 1, 1.0), "level must lie between 0 and 1, both excluded"),
        (lambda: quantile_loss([1, 2], [1, 2, 3], 0.5), r"quantile has shape \(2,\), which does not fit occurred's"),
        (lambda: interval_score([0, 2], [1, 1], 1, 0.5), r"upper: quantiles must not cross \(forecast 1\)"),
        (lambda: interval_score(0, 1, 1, 0), "alpha must lie between 0 and 1"),
        (lambda: weighted_interval_score(9, [0], [8], 1, [0.5]), "must not cross"),
        (lambda: weighted_interval_score(5, [1, 0], [8, 7], 1, [0.1, 0.5]), "must not cross"),
        (lambda: weighted_interval_score(5, [0, 1], [8], 1, [0.1, 0.5]), r"upper must hold 2 values .* not \(1,\)"),
        (lambda: weighted_interval_score(5, [], [], 1, []), "alpha must hold at least one interval"),
        (lambda: weighted_interval_score(5, [1], [8], 1, 0.5), "alpha must be one row"),
        (lambda: crps_from_quantiles([3, 2], 1, [0.1, 0.9]), "quantiles: quantiles must not cross"),
        (lambda: crps_from_quantiles([1, 2], 1, [0.9, 0.1]), "levels must hold at least one level and rise"),
        (lambda: crps_from_quantiles([1, 2], 1, [0.5]), r"quantiles must hold 1 values .* not \(2,\)"),
        (lambda: crps_ensemble([], 1), "members must hold at least 1"),
        (lambda: crps_ensemble([1], 1, fair=True), "members must hold at least 2"),
        (lambda: crps_normal(0, 0, 1), "deviation must be above 0, not 0"),
        (lambda: interval_coverage([1], [0], [1]), "must not cross"),
        (lambda: interval_coverage([0], [1], [1], [-1]), "weights must be at least 0"),
    ],
)
def test_what_is_no_forecast_of_a_number_is_refused_by_name(ask, why):
    with pytest.raises(ValueError, match=why):
        ask()
