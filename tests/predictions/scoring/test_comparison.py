"""Comparisons: by hand and against brute force, what they must not depend on, and how often they cry wolf."""

import doctest
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.scoring import comparison
from predictions.scoring.comparison import benjamini_hochberg, diebold_mariano, holm, max_t, paired, power_note

differences = st.integers(-20, 20).map(lambda n: n / 20)
p_values = st.lists(st.floats(0, 1), max_size=12)


def test_examples_in_the_docstrings_hold():
    outcome = doctest.testmod(comparison)
    assert outcome.attempted >= 9
    assert outcome.failed == 0


@given(st.lists(differences, min_size=2, max_size=9).filter(any))
@settings(max_examples=50)
def test_the_sign_flip_counts_all_patterns(given):
    sums = [
        abs(sum(s * d for s, d in zip(signs, given, strict=True)))
        for signs in itertools.product([-1, 1], repeat=len(given))
    ]
    share = np.mean([each >= abs(sum(given)) - 1e-9 for each in sums])
    assert paired(given).p_value == share > 0


@pytest.mark.parametrize("n", [2, 10, 20])
def test_all_of_one_sign_is_as_unlikely_as_two_patterns_of_all(n):
    found = paired(np.arange(1, n + 1) / 100)
    assert (found.test, found.p_value) == ("sign-flip", 0.5 ** (n - 1))


@given(st.lists(differences, min_size=2, max_size=30), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_exchanging_the_forecasters_or_shuffling_the_predictions_changes_no_p_value(given, random):
    one, other = paired(given), paired([-d for d in random.sample(given, len(given))])
    assert one.test == other.test
    assert one.reason == other.reason
    assert one.mean == pytest.approx(-other.mean, abs=1e-12)
    if one.p_value is not None:
        assert 0 < one.p_value <= 1
        assert one.p_value == pytest.approx(other.p_value, rel=1e-9)


@pytest.mark.parametrize(("clusters", "test"), [(20, "sign-flip"), (21, "paired t"), (60, "paired t")])
def test_the_number_of_clusters_chooses_the_test_and_repeats_are_no_evidence(clusters, test):
    given = np.random.default_rng(2).normal(0.3, 1, clusters)
    once, thrice = paired(given), paired(np.repeat(given, 3), cluster=np.repeat(np.arange(clusters), 3))
    assert once.test == thrice.test == test
    assert thrice.p_value == pytest.approx(once.p_value, rel=1e-9)
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high), abs=1e-9)
    assert (thrice.n, thrice.clusters) == (3 * clusters, clusters)


def test_between_21_and_49_clusters_test_and_interval_say_the_same():
    random = np.random.default_rng(8)
    for _ in range(100):
        cluster = np.append(np.arange(25), random.integers(0, 25, 15))
        found = paired(random.normal(0.3, 1, 40), cluster=cluster)
        assert (found.test, found.clusters) == ("paired t", 25)
        assert (found.p_value < 0.05) == (found.low > 0 or found.high < 0)


@pytest.mark.parametrize(
    ("given", "cluster", "reason"),
    [([], None, "fewer than two"), ([0.5], None, "fewer"), ([0.5, 0.1], [1, 1], "fewer"), ([0, 0, 0], None, "is 0")],
)
def test_where_there_is_nothing_to_test_there_is_no_p_value_but_a_reason(given, cluster, reason):
    found = paired(np.array(given, float), cluster=cluster)
    assert (found.p_value, found.test) == (None, None)
    assert reason in found.reason


def test_certainty_stays_above_zero():
    assert paired(np.full(30, 0.1)).p_value == 0.5**29
    assert paired(np.full(2000, 0.1)).p_value > 0
    assert paired(1 + np.random.default_rng(1).normal(size=900) / 1e6).p_value > 0


@given(p_values)
def test_adjusted_p_values_are_larger_ordered_alike_and_holm_the_strictest_but_bonferroni(given):
    raw = np.array(given)
    strict, lenient = holm(raw), benjamini_hochberg(raw)
    assert (raw <= lenient * (1 + 1e-12)).all()
    assert (lenient <= strict * (1 + 1e-12)).all()
    assert (strict <= np.minimum(1, raw * len(raw)) * (1 + 1e-12)).all()
    order = np.argsort(raw)
    for adjusted in (strict, lenient):
        assert (np.diff(adjusted[order]) >= 0).all()


@given(p_values, st.randoms(use_true_random=False))
def test_the_order_of_the_questions_does_not_matter(given, random):
    order = random.sample(range(len(given)), len(given))
    for adjust in (holm, benjamini_hochberg):
        np.testing.assert_array_equal(adjust(np.array(given))[order], adjust(np.array(given)[order]))


def test_a_series_that_swings_about_has_no_variance_at_longer_horizons():
    swing = [1.0, -1.0, 1.0, -1.0, 1.0, -1.0]
    assert diebold_mariano(swing).statistic == 0
    assert diebold_mariano(swing, horizon=2).statistic is None
    assert diebold_mariano([0.1] * 5).p_value is None


def test_a_series_that_drifts_is_less_certain_at_longer_horizons():
    drifting = np.convolve(np.random.default_rng(4).normal(0.4, 1, 60), [1, 1, 1], "valid")
    p = [diebold_mariano(drifting, horizon=h).p_value for h in (1, 3)]
    assert 0 < p[0] < p[1] <= 1


def test_who_is_far_behind_is_told_from_the_best_and_who_is_close_is_not():
    random = np.random.default_rng(6)
    score = random.normal(size=(200, 1)) + random.normal([0.0, -0.02, -0.9, -0.7], 0.5, (200, 4))
    score[random.random(score.shape) < 0.2] = np.nan
    found = max_t(score)
    assert found.distinguishable.tolist() == [False, False, True, True]
    assert found.gap[found.best] == 0
    assert (found.gap >= -0.2).all()


def test_renaming_the_forecasters_renames_the_answer():
    score = np.random.default_rng(7).normal([0.0, -0.3, 0.2, 0.6], 1, (80, 4))
    order = [2, 0, 3, 1]
    one, two = max_t(score), max_t(score[:, order])
    assert one.best == order[two.best]
    np.testing.assert_allclose(two.gap, one.gap[order], atol=1e-12)
    assert two.critical == pytest.approx(one.critical, rel=1e-9)


def test_among_equals_somebody_is_told_from_the_best_about_once_in_twenty():
    random = np.random.default_rng(9)
    alarms = [max_t(random.normal(size=(60, 6)), rng=random, resamples=400).distinguishable.any() for _ in range(200)]
    assert np.mean(alarms) <= 0.09


def test_pairs_with_too_little_in_common_are_not_told_apart():
    score = np.full((12, 3), np.nan)
    score[:8, 0], score[:8, 1], score[8:, 2] = np.arange(8) + 10, np.arange(8) % 3, 0.0
    found = max_t(score)
    assert found.distinguishable.tolist() == [False, True, False]
    assert np.isnan(found.statistic[2])
    assert max_t(np.zeros((9, 2))).critical is None
    assert max_t(np.ones((4, 1))).best == 0


def test_half_the_gap_needs_four_times_the_predictions():
    assert power_note(0.018, 0.155) == 583  # scoring.md: about 590, from figures before rounding
    assert power_note(0.0179, 0.1552) == 591
    assert power_note(-0.01, 0.155) == power_note(0.01, 0.155)
    assert power_note(0.005, 0.1) == pytest.approx(4 * power_note(0.01, 0.1), abs=4)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: paired([np.nan, 1.0]), "difference"),
        (lambda: paired([[1.0, 2.0]]), "difference"),
        (lambda: holm([1.5]), "p_values"),
        (lambda: benjamini_hochberg([[0.5]]), "p_values"),
        (lambda: diebold_mariano([1.0]), "difference"),
        (lambda: diebold_mariano([1.0, 2.0], horizon=2), "horizon"),
        (lambda: max_t([1.0, 2.0]), "score"),
        (lambda: max_t([[1.0, np.nan], [1.0, np.nan]]), "score"),
        (lambda: power_note(0.0, 1.0), "gap"),
        (lambda: power_note(0.1, 1.0, power=1.0), "power"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(call, named):
    with pytest.raises(ValueError, match=named):
        call()
