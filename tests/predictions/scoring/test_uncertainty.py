"""Intervals: by hand, what they must not depend on, what they refuse, and how often they cover."""

import doctest
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.scoring import uncertainty
from predictions.scoring.uncertainty import (
    beta_by_moments,
    clopper_pearson,
    jeffreys_interval,
    mean_interval,
    wilson_interval,
)

PROPORTIONS = [jeffreys_interval, wilson_interval, clopper_pearson]

values = st.integers(-100, 100).map(lambda n: n / 100)
counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def noise(n, seed=3):
    return np.random.default_rng(seed).normal(size=n)


def test_examples_in_the_docstrings_hold():
    outcome = doctest.testmod(uncertainty)
    assert outcome.attempted >= 8
    assert outcome.failed == 0


@pytest.mark.parametrize(
    ("clusters", "method"), [(0, "none"), (1, "none"), (4, "none"), (5, "t"), (49, "t"), (50, "bootstrap")]
)
def test_the_number_of_clusters_chooses_the_method(clusters, method):
    found = mean_interval(np.repeat(noise(clusters), 3), cluster=np.repeat(np.arange(clusters), 3))
    assert (found.method, found.clusters, found.n) == (method, clusters, 3 * clusters)
    assert (found.low is None) == (method == "none")
    assert (found.mean is None) == (clusters == 0)


def test_five_values_by_hand():
    found = mean_interval([1, 2, 3, 4, 5])
    reach = 2.7764451051977987 * (2.5 / 5) ** 0.5  # t(4) at 97.5%, variance 2.5
    assert (found.low, found.high) == pytest.approx((3 - reach, 3 + reach), abs=1e-12)


def test_unequal_clusters_keep_the_mean_of_the_rows_and_take_the_variance_of_a_ratio():
    found = mean_interval([1, 1, 1, 0, 0, 0, 1], cluster=[0, 0, 0, 1, 2, 3, 4])
    residuals = np.array([3 * 3 / 7, -4 / 7, -4 / 7, -4 / 7, 3 / 7])
    reach = 2.7764451051977987 * (5 / 4 * (residuals**2).sum()) ** 0.5 / 7
    assert found.mean == pytest.approx(4 / 7)
    assert found.high - found.mean == pytest.approx(reach, abs=1e-12)


@given(st.lists(values, min_size=5, max_size=12), st.integers(2, 4))
def test_rows_repeated_within_their_cluster_are_no_new_evidence(given, times):
    once = mean_interval(given)
    again = mean_interval(np.repeat(given, times), cluster=np.repeat(np.arange(len(given)), times))
    assert (again.mean, again.low, again.high) == pytest.approx((once.mean, once.low, once.high), abs=1e-12)


@given(st.lists(st.tuples(values, st.integers(0, 8)), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_neither_the_order_of_the_rows_nor_the_names_of_the_clusters_count(rows, random):
    shuffled = random.sample(rows, len(rows))
    one = mean_interval([v for v, _ in rows], cluster=[c for _, c in rows])
    two = mean_interval([v for v, _ in shuffled], cluster=[f"name {9 - c}" for _, c in shuffled])
    assert (one.n, one.clusters, one.method) == (two.n, two.clusters, two.method)
    assert one.mean == pytest.approx(two.mean, abs=1e-12)
    if one.low is not None:
        assert (one.low, one.high) == pytest.approx((two.low, two.high), abs=1e-12)


@pytest.mark.parametrize("n", [7, 60])
def test_scale_shift_and_weights_do_what_they_do_to_a_mean(n):
    plain, weight = mean_interval(noise(n)), np.full(n, 0.25)
    moved = mean_interval(3 * noise(n) + 1, weight=weight)
    assert (moved.mean, moved.low, moved.high) == pytest.approx(
        (3 * plain.mean + 1, 3 * plain.low + 1, 3 * plain.high + 1), abs=1e-12
    )
    with_silent_row = mean_interval([*noise(n), 99.0], weight=[1.0] * n + [0.0])
    assert with_silent_row == mean_interval(noise(n), weight=np.ones(n))


def test_the_bootstrap_comes_near_the_normal_interval_and_is_the_same_every_time():
    value, cluster = noise(4000), np.arange(4000) // 2
    found = mean_interval(value, cluster=cluster)
    reach = 1.96 * value.reshape(-1, 2).mean(axis=1).std() / 2000**0.5
    assert (found.low, found.high) == pytest.approx((found.mean - reach, found.mean + reach), abs=0.06 * reach)
    assert found == mean_interval(value, cluster=cluster)
    assert found != mean_interval(value, cluster=cluster, rng=np.random.default_rng(1))


@pytest.mark.parametrize(("n", "repeats", "least", "most"), [(10, 2000, 0.94, 0.96), (60, 400, 0.91, 0.97)])
def test_about_nineteen_intervals_in_twenty_cover_the_truth(n, repeats, least, most):
    worlds = np.random.default_rng(11).normal(size=(repeats, n))
    found = [mean_interval(world, resamples=500) for world in worlds]
    assert least <= np.mean([each.low <= 0 <= each.high for each in found]) <= most


@pytest.mark.parametrize("interval", PROPORTIONS)
@given(pair=counts)
@settings(max_examples=40)
def test_intervals_of_a_proportion_are_symmetric_ordered_and_hold_it(interval, pair):
    hits, n = pair
    low, high = interval(hits, n)
    assert 0 <= low < high <= 1
    assert interval(n - hits, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)
    if 0 < hits < n:
        assert low < hits / n < high


@pytest.mark.parametrize("hits", range(0, 13, 3))
def test_the_exact_interval_contains_the_prior_based_one_and_a_higher_level_contains_a_lower(hits):
    exact, middle = clopper_pearson(hits, 12), jeffreys_interval(hits, 12)
    assert exact[0] <= middle[0] < middle[1] <= exact[1]
    for interval in PROPORTIONS:
        narrow, wide = interval(hits, 12, level=0.5), interval(hits, 12, level=0.99)
        assert wide[0] <= narrow[0] < narrow[1] <= wide[1]


def test_wilson_solves_the_equation_of_the_score_test():
    z = NormalDist().inv_cdf(0.975)
    for end in wilson_interval(7, 9):
        assert abs(7 / 9 - end) == pytest.approx(z * (end * (1 - end) / 9) ** 0.5, abs=1e-12)


@pytest.mark.parametrize("interval", PROPORTIONS)
def test_without_trials_there_is_no_interval_and_impossible_counts_are_refused(interval):
    assert interval(0, 0) is None
    for hits, n in [(3, 2), (-1, 2), (float("nan"), 2), (1, float("inf"))]:
        with pytest.raises(ValueError, match="successes"):
            interval(hits, n)
    with pytest.raises(ValueError, match="level"):
        interval(1, 2, level=1.0)


def test_fitted_proportions_find_the_law_they_were_drawn_from():
    random = np.random.default_rng(5)
    trials = random.integers(5, 60, 4000)
    fitted = beta_by_moments(random.binomial(trials, random.beta(3, 5, 4000)), trials)
    assert (fitted.a, fitted.b) == pytest.approx((3, 5), rel=0.1)


@given(st.lists(counts, min_size=2, max_size=8))
def test_shrunken_proportions_lie_between_ones_own_and_everybodys(pairs):
    hits, trials = np.array(pairs).T
    own, common = hits / trials, hits.sum() / trials.sum()
    value = beta_by_moments(hits, trials).value
    assert (value >= np.minimum(own, common) - 1e-12).all()
    assert (value <= np.maximum(own, common) + 1e-12).all()


@pytest.mark.parametrize("pairs", [([1, 0, 1], [1, 1, 1]), ([5, 5], [10, 10]), ([0, 0], [4, 9]), ([3], [9])])
def test_proportions_that_cannot_be_told_apart_are_all_the_common_one(pairs):
    hits, trials = pairs
    fitted = beta_by_moments(hits, trials)
    assert fitted.a is None
    assert fitted.value == pytest.approx(sum(hits) / sum(trials))


def test_proportions_with_nothing_in_common_stay_as_they_are():
    fitted = beta_by_moments([0, 10, 0], [10, 10, 0])
    assert fitted.value.tolist() == [0, 1, 0.5]


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"value": [[1.0]]}, "value"),
        ({"value": [1.0, np.nan]}, "value"),
        ({"value": [1.0, np.inf]}, "value"),
        ({"cluster": [1, 2, 3]}, "cluster"),
        ({"weight": [1.0, -1.0]}, "weight"),
        ({"weight": [0.0, 0.0]}, "weight"),
        ({"level": 0.0}, "level"),
        ({"value": noise(60), "resamples": 0}, "resamples"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(fault, named):
    with pytest.raises(ValueError, match=named):
        mean_interval(**({"value": [1.0, 2.0]} | fault))
    with pytest.raises(ValueError, match="successes"):
        beta_by_moments([0], [0])
