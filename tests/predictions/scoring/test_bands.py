"""Bands: the stacked fit is the looped fit, clusters of one are rows, and the calibrated look calibrated."""

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from predictions.scoring import bands, redraws
from predictions.scoring.bands import confidence_band, consistency_band, interpolated, refitted
from predictions.scoring.calibration import decomposition, reliability


def dice(seed=20261122):
    return np.random.default_rng(seed)


def calibrated(n, rng):
    """A perfectly calibrated forecaster of mean Brier score about 0.16, and what came true."""
    p = rng.beta(0.9, 0.9, n)
    return p, (rng.random(n) < p).astype(float)


@pytest.mark.parametrize("module", [bands, redraws], ids=["bands", "redraws"])
def test_examples_in_the_docstrings_hold(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted >= 1
    assert outcome.failed == 0


counts = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 8)), min_size=4, max_size=4)
resamples = st.lists(counts.filter(lambda cells: any(count for count, _ in cells)), min_size=1, max_size=60)


@settings(max_examples=80)
@given(resamples)
def test_stacked_fits_and_readings_are_those_of_a_loop(drawn):
    x = np.array([0.05, 0.3, 0.35, 0.9])
    count, eighths = np.moveaxis(np.array(drawn), 2, 0)
    total = count * eighths / 8
    curves = interpolated(x, *refitted(count, total))
    for ours, n, hits in zip(curves, count, total, strict=True):
        fit = isotonic_regression(hits[n > 0] / n[n > 0], weights=n[n > 0]).x
        np.testing.assert_allclose(ours, np.interp(x, x[n > 0], fit), rtol=0, atol=1e-12)


@pytest.mark.parametrize("grid", [None, 20], ids=["distinct", "grid"])
def test_the_null_is_the_miscalibration_of_calibrated_forecasters(grid):
    """Not of the same numbers of rows per cell: both vary, as the probabilities of a new forecaster would."""
    p, y = calibrated(200, dice())
    band = consistency_band(p, y, rng=dice(1), grid=grid)
    rng, seen = dice(2), []
    for _ in range(400):
        x = rng.choice(p if grid is None else np.rint(p * grid) / grid, 200)
        seen.append(decomposition(x, rng.random(200) < x).miscalibration)
    assert np.mean(np.array(seen) > band.null_miscalibration_95) == pytest.approx(0.05, abs=0.035)


@pytest.mark.parametrize(("n", "mean", "tail"), [(50, 0.034, 0.051), (200, 0.015, 0.021)])
def test_a_perfect_forecaster_has_the_miscalibration_that_simulation_says(n, mean, tail):
    """Section 7.2 of reference/scoring.md, from 4,000 replicates; the figures are rounded to three places."""
    rng = dice()
    found = np.array([decomposition(*calibrated(n, rng)).miscalibration for _ in range(1000)])
    assert found.mean() == pytest.approx(mean, abs=0.0005 + 4 * found.std() / np.sqrt(1000))
    assert np.quantile(found, 0.95) == pytest.approx(tail, abs=0.003)


def test_the_calibrated_lie_below_their_null_point_and_the_overconfident_above():
    rng, below, above = dice(), [], []
    for _ in range(200):
        p, y = calibrated(200, rng)
        overconfident = p**2 / (p**2 + (1 - p) ** 2)  # log-odds doubled
        for claimed, kept in ((p, below), (overconfident, above)):
            band = consistency_band(claimed, y, rng=rng, resamples=200)
            kept.append((decomposition(claimed, y).miscalibration < band.null_miscalibration_95, band.p_value))
    calm, worried = np.array(below), np.array(above)
    assert 0.88 <= calm[:, 0].mean() <= 1.0
    assert worried[:, 0].mean() < 0.1
    assert 0.4 < calm[:, 1].mean() < 0.6  # p-values of the calibrated are spread evenly
    assert np.median(worried[:, 1]) < 0.01


def test_the_curve_of_the_calibrated_lies_within_its_band_about_as_often_as_the_level_says():
    rng, inside = dice(), []
    for _ in range(150):
        p = rng.integers(1, 10, 300) / 10
        curve = reliability(p, rng.random(300) < p)
        band = consistency_band(p, rng=rng, resamples=200)
        inside.append(np.mean((band.lower <= curve.recalibrated) & (curve.recalibrated <= band.upper)))
    assert np.mean(inside) == pytest.approx(0.9, abs=0.03)


def test_of_one_probability_the_band_is_the_middle_of_a_binomial():
    band = consistency_band([0.5] * 100, rng=dice(), resamples=20_000)
    assert [band.lower[0], band.upper[0]] == pytest.approx([0.42, 0.58], abs=0.001)


@pytest.mark.parametrize(
    ("p", "cluster"),
    [
        (np.arange(1, 100) / 100, None),  # rows drawn one by one
        (np.repeat([0.1, 0.45, 0.9], 40), None),  # counts drawn per cell
        (np.repeat([0.1, 0.45, 0.9], 40), np.arange(120) % 30),  # clusters drawn whole
    ],
    ids=["separate", "tied", "clusters"],
)
def test_every_cell_comes_true_with_its_own_probability_and_is_drawn_as_often_as_it_occurs(p, cluster):
    rows = redraws.rows_of(p, cluster, None)
    count, total = redraws.calibrated(rows, dice())(4000)
    np.testing.assert_allclose(total.sum(axis=0) / count.sum(axis=0), rows.probability, atol=0.03)
    np.testing.assert_allclose(count.mean(axis=0), np.unique(p, return_counts=True)[1], rtol=0.1)
    assert (total <= count).all()


def test_rows_of_a_cluster_turn_out_alike_as_far_as_their_probabilities_allow():
    rows = redraws.rows_of(np.array([0.3, 0.3, 0.6]), [5, 5, 5], None)
    count, total = redraws.calibrated(rows, dice())(4000)
    assert (count == [2, 1]).all()
    assert {tuple(hits) for hits in total} == {(0, 0), (0, 1), (2, 1)}


def test_clusters_of_one_row_each_are_rows():
    p, y = calibrated(300, dice())
    alone, clustered = (consistency_band(p, y, rng=dice(1), cluster=labels) for labels in (None, np.arange(300)))
    assert_same(alone, clustered, atol=0)


@pytest.mark.parametrize("grid", [None, 20], ids=["distinct", "grid"])
def test_clusters_nearly_all_of_one_row_follow_the_law_of_rows(grid):
    p, y = calibrated(400, dice())
    labels = np.minimum(np.arange(400), 398)  # the last two rows are one cluster, so clusters are drawn whole
    assert_same(*(consistency_band(p, y, rng=dice(1), cluster=given, grid=grid) for given in (None, labels)))


@pytest.mark.parametrize("kind", [consistency_band, confidence_band])
def test_a_row_written_down_five_times_in_one_cluster_is_one_row(kind):
    p, y = calibrated(300, dice())
    p = np.rint(p * 20) / 20
    once = kind(p, y, rng=dice(1))
    fivefold = [np.repeat(values, 5) for values in (p, y, np.arange(300))]
    assert_same(once, kind(*fivefold[:2], cluster=fivefold[2], rng=dice(2)))
    careless = kind(*fivefold[:2], rng=dice(3))
    assert np.mean(careless.upper - careless.lower) < 0.7 * np.mean(once.upper - once.lower)


def test_a_calibrated_crowd_looks_calibrated_once_its_shared_outcomes_are_told():
    """Twenty forecasters each see ten signs of the chance of each prediction and report what they then expect."""
    rng, told, untold = dice(), [], []
    for _ in range(40):
        chance = rng.random(100)
        p = (1 + rng.binomial(10, np.repeat(chance, 20))) / 12
        y = np.repeat(rng.random(100) < chance, 20).astype(float)
        seen = decomposition(p, y).miscalibration
        for cluster, kept in ((np.arange(2000) // 20, told), (None, untold)):
            band = consistency_band(p, y, cluster=cluster, rng=rng, resamples=200)
            kept.append(seen > band.null_miscalibration_95)
    assert np.mean(told) <= 0.15
    assert np.mean(untold) >= 0.5


def assert_same(one, other, atol=0.012):
    """Equal within Monte Carlo noise."""
    for side in ("lower", "upper"):
        assert np.mean(np.abs(getattr(one, side) - getattr(other, side))) <= atol
    if one.null_miscalibration_95 is not None:
        assert other.null_miscalibration_95 == pytest.approx(one.null_miscalibration_95, rel=10 * atol)
        assert other.p_value == pytest.approx(one.p_value, abs=5 * atol)


def test_the_confidence_band_holds_the_true_curve_about_as_often_as_the_level_says():
    rng, inside = dice(), []
    for _ in range(100):
        p = rng.integers(1, 10, 2000) / 10
        y = rng.random(2000) < p**2  # the truth is another curve than the diagonal
        twice = [np.repeat(values, 2) for values in (p, y, np.arange(2000))]
        band = confidence_band(*twice[:2], cluster=twice[2], rng=rng, resamples=200)
        inside.append(np.mean((band.lower <= band.probability**2) & (band.probability**2 <= band.upper)))
    assert np.mean(inside) == pytest.approx(0.9, abs=0.03)


def test_shares_that_never_vary_leave_no_doubt():
    band = confidence_band([0.2, 0.4, 0.6] * 20, [0.5] * 60, rng=dice())
    np.testing.assert_allclose([band.lower, band.upper], 0.5, atol=1e-12)
    assert (band.null_miscalibration_95, band.p_value) == (None, None)


def test_a_higher_level_is_a_wider_band_and_outcomes_move_only_the_p_value():
    p, y = calibrated(100, dice())
    narrow, wide = (consistency_band(p, rng=dice(1), level=level) for level in (0.8, 0.95))
    assert (wide.lower <= narrow.lower).all()
    assert (narrow.upper <= wide.upper).all()
    assert narrow.p_value is None
    judged = consistency_band(p, y, rng=dice(1), level=0.8)
    np.testing.assert_array_equal(judged.lower, narrow.lower)
    assert 0 < judged.p_value <= 1


def test_work_is_bounded_by_fewer_resamples_and_the_number_is_told():
    p = dice().random(350_000)
    assert consistency_band(p, rng=dice(), grid=10).resamples == 200
    assert consistency_band(p, rng=dice(), grid=10, resamples=20).resamples == 20
    assert consistency_band(p[:100], rng=dice()).resamples == 1000


def test_of_nothing_nothing_can_be_said():
    for band in (consistency_band([], [], rng=dice()), confidence_band([], [], rng=dice(), cluster=[])):
        assert band.probability.size == band.lower.size == band.upper.size == band.resamples == 0
        assert (band.null_miscalibration_95, band.p_value) == (None, None)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"probability": [0.5, 2]}, "probability must lie in"),
        ({"occurred": [1]}, "occurred has shape"),
        ({"cluster": [1]}, r"cluster must be integers of shape \(2,\)"),
        ({"cluster": [0.5, 1.0]}, "cluster must be integers"),
        ({"level": 1.0}, "level must lie between 0 and 1"),
        ({"resamples": 0}, "resamples must be at least 1"),
        ({"grid": -5}, "grid must be a whole number"),
        ({"probability": np.linspace(0, 1, 50_001), "occurred": np.zeros(50_001)}, "pool them on a grid"),
    ],
    ids=lambda given: next(iter(given)) if isinstance(given, dict) else "",
)
@pytest.mark.parametrize("kind", [consistency_band, confidence_band])
def test_refusals_name_the_argument(kind, options, complaint):
    with pytest.raises(ValueError, match=complaint):
        kind(**({"probability": [0.5, 0.6], "occurred": [0, 1], "rng": dice()} | options))
