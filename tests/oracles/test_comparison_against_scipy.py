"""Tests, intervals and adjustments against scipy.stats, on seeded data of many sizes."""

import numpy as np
import pytest
from scipy import stats

from predictions.scoring.comparison import benjamini_hochberg, diebold_mariano, paired
from predictions.scoring.uncertainty import clopper_pearson, jeffreys_interval, mean_interval, wilson_interval

SIZES = [5, 12, 21, 49]


def normal(n, mean=0.3):
    return np.random.default_rng(n).normal(mean, 1, n)


@pytest.mark.parametrize("n", [21, 30, 200])
def test_the_paired_t_test(n):
    a, b = normal(n), normal(n + 1)[:n]
    theirs = stats.ttest_rel(a, b).pvalue
    assert paired(a - b).p_value == pytest.approx(theirs, rel=1e-9)
    found = diebold_mariano(a - b)
    assert (found.statistic, found.p_value) == pytest.approx(stats.ttest_rel(a, b), rel=1e-9)


@pytest.mark.parametrize("n", [2, 5, 9, 12])
def test_the_sign_flip_test(n):
    """scipy's permutation test of one sample against its mirror image; its two-sided p is twice the smaller tail."""
    given = normal(n).round(1)
    theirs = stats.permutation_test((given,), np.sum, permutation_type="samples", n_resamples=np.inf)
    assert paired(given).p_value == pytest.approx(theirs.pvalue, abs=1e-12)


@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize("n", SIZES)
def test_the_t_interval(n, level):
    found = mean_interval(normal(n), level=level)
    theirs = stats.ttest_1samp(normal(n), 0).confidence_interval(level)
    assert (found.low, found.high) == pytest.approx(tuple(theirs), rel=1e-9, abs=1e-12)


def test_the_bootstrap_interval():
    found = mean_interval(normal(400), resamples=20_000)
    theirs = stats.bootstrap((normal(400),), np.mean, n_resamples=20_000, method="percentile", rng=1)
    reach = found.high - found.low
    assert (found.low, found.high) == pytest.approx(tuple(theirs.confidence_interval), abs=0.02 * reach)


@pytest.mark.parametrize("hits", range(14))
def test_the_intervals_of_a_proportion(hits):
    theirs = stats.binomtest(hits, 13)
    assert wilson_interval(hits, 13) == pytest.approx(tuple(theirs.proportion_ci(method="wilson")), abs=1e-12)
    assert clopper_pearson(hits, 13) == pytest.approx(tuple(theirs.proportion_ci(method="exact")), abs=1e-9)
    assert jeffreys_interval(hits, 13) == pytest.approx(stats.beta(hits + 0.5, 13.5 - hits).interval(0.95), abs=1e-9)


@pytest.mark.parametrize("m", [1, 2, 40])
def test_benjamini_and_hochbergs_adjustment(m):
    given = np.random.default_rng(m).beta(0.5, 1, m)
    np.testing.assert_allclose(benjamini_hochberg(given), stats.false_discovery_control(given), rtol=1e-12)
