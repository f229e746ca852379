"""Secondary diagnostics: definitions written out by loops, exact parts, and what is withheld."""

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.scoring import diagnostics
from predictions.scoring.diagnostics import (
    Spiegelhalter,
    auc,
    binned,
    elementary,
    histogram,
    murphy_curve,
    sharpness,
    spiegelhalter,
)
from predictions.scoring.rules import brier

tenths = st.integers(0, 10).map(lambda k: k / 10)
outcomes = st.sampled_from([0.0, 1.0])
shares = st.integers(0, 8).map(lambda k: k / 8)
masses = st.integers(1, 6).map(lambda k: k / 2)
forecasts = st.lists(st.tuples(tenths, outcomes), min_size=1, max_size=30).map(lambda drawn: np.array(drawn).T)
thousandths = st.integers(0, 1000).map(lambda k: k / 1000)
graded = st.lists(st.tuples(thousandths, shares, masses), min_size=1, max_size=30).map(lambda d: np.array(d).T)


def test_examples_in_the_docstrings_hold():
    outcome = doctest.testmod(diagnostics)
    assert outcome.attempted >= 9
    assert outcome.failed == 0


@settings(max_examples=60)
@given(forecasts)
def test_auc_counts_pairs_ties_as_half(rows):
    p, y = rows
    duels = [(a > b) + (a == b) / 2 for a in p[y == 1] for b in p[y == 0]]
    assert auc(p, y) == (pytest.approx(np.mean(duels), abs=1e-12) if duels else None)


@settings(max_examples=60)
@given(forecasts)
def test_auc_sees_only_the_order_of_the_forecasts(rows):
    p, y = rows
    assert auc(p**2, y) == auc(p, y)


@settings(max_examples=60)
@given(graded)
def test_sharpness_is_the_brier_score_expected_under_calibration(rows):
    p, _, w = rows
    expected = p * brier(p, 1) + (1 - p) * brier(p, 0)
    assert sharpness(p, w) == pytest.approx(np.average(expected, weights=w), abs=1e-12)


def test_of_nothing_nothing_can_be_said():
    assert auc([], []) is None
    assert sharpness([]) is None
    assert spiegelhalter([], []) == Spiegelhalter(None, None)
    assert binned([], []).mean is None
    assert np.isnan(murphy_curve([], [], [0.5])).all()
    assert histogram([], bins=3).counts.tolist() == [0, 0, 0]


def test_a_histogram_puts_round_figures_where_people_expect_them():
    tenths_as_typed = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert histogram(tenths_as_typed).counts.tolist() == [2, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    assert histogram(tenths_as_typed, grid=10).counts.tolist() == [1] * 11
    assert histogram(tenths_as_typed, np.full(11, 0.5), bins=1).counts.tolist() == [5.5]


@settings(max_examples=60)
@given(graded, st.integers(1, 20))
def test_a_histogram_loses_no_weight_and_keeps_to_its_edges(rows, bins):
    p, _, w = rows
    for found in (histogram(p, w, bins=bins), histogram(p, w, grid=bins)):
        assert found.counts.sum() == pytest.approx(w.sum())
        assert len(found.edges) == len(found.counts) + 1
        assert (found.edges[0], found.edges[-1]) == (0, 1)
        assert (np.diff(found.edges) > 0).all()


@pytest.mark.parametrize("y", [[0, 0, 1], [1, 1, 0]])
def test_spiegelhalter_says_nothing_where_the_score_cannot_vary(y):
    assert spiegelhalter([0, 0.5, 1], y) == Spiegelhalter(None, None)


def test_spiegelhalter_is_standard_normal_under_calibration_and_large_for_the_overconfident():
    rng = np.random.default_rng(5)
    p = rng.beta(2, 2, (400, 200))
    y = (rng.random(p.shape) < p).astype(float)
    z = np.array([spiegelhalter(*row).z for row in zip(p, y, strict=True)])
    assert abs(z.mean()) < 4 / np.sqrt(400)
    assert 0.85 < z.std() < 1.15
    odds = (p / (1 - p)) ** 2
    assert np.mean([spiegelhalter(*row).p_value < 0.05 for row in zip(odds / (1 + odds), y, strict=True)]) > 0.95


@pytest.mark.parametrize("spacing", ["uniform", "quantile", "distinct"])
@settings(max_examples=60)
@given(rows=graded, bins=st.integers(1, 12))
def test_the_binned_parts_add_up_whatever_the_bins(spacing, rows, bins):
    p, y, w = rows
    found = binned(p, y, w, bins=bins, spacing=spacing)
    total = found.miscalibration - found.discrimination + found.uncertainty
    total += found.within_bin_variance - found.within_bin_covariance
    assert total == pytest.approx(found.mean, abs=1e-12)
    assert found.mean == pytest.approx(np.average(brier(p, y), weights=w), abs=1e-12)
    assert found.weight.sum() == pytest.approx(w.sum())
    assert (np.diff(found.probability) > 0).all()


@settings(max_examples=60)
@given(graded)
def test_bins_of_one_probability_have_nothing_within(rows):
    p, y, w = rows
    found = binned(p, y, w, spacing="distinct")
    assert [found.within_bin_variance, found.within_bin_covariance] == pytest.approx([0, 0], abs=1e-15)


@settings(max_examples=60)
@given(graded)
def test_a_row_of_no_weight_is_as_good_as_deleted(rows):
    p, y, w = rows
    more = [np.append(values, extra) for values, extra in ((p, 0.7), (y, 1.0), (w, 0.0))]
    for spacing in ("uniform", "quantile", "distinct"):
        here, there = (binned(*given_rows, spacing=spacing) for given_rows in (rows, more))
        assert (here.mean, here.miscalibration) == (there.mean, there.miscalibration)
    np.testing.assert_allclose(murphy_curve(*more[:2], [0.2, 0.8], more[2]), murphy_curve(p, y, [0.2, 0.8], w))


@settings(max_examples=60)
@given(graded, st.lists(tenths, max_size=8))
def test_the_murphy_curve_is_the_mean_of_elementary_scores(rows, thresholds):
    p, y, w = rows
    one_by_one = [np.average(elementary(p, y, theta), weights=w) for theta in thresholds]
    np.testing.assert_allclose(murphy_curve(p, y, thresholds, w), one_by_one, atol=1e-12)


@settings(max_examples=60)
@given(st.floats(0, 1), shares)
def test_elementary_scores_at_all_thresholds_make_half_the_brier_score(p, y):
    middles = (np.arange(2000) + 0.5) / 2000
    assert 2 * np.mean(elementary(p, y, middles)) == pytest.approx(brier(p, y), abs=2e-3)


@pytest.mark.parametrize(
    ("p", "y", "threshold", "cost"),
    [
        (0.25, 1, 0.25, 0.75),  # the lower end counts, the upper does not
        (0.25, 0, 0.25, 0),
        (0.25, 0, 0, 0),
        (0.75, 0, 0.5, 0.5),
        (0.75, 0.5, 0.5, 0),
        (0.75, 0.5, 0.625, 0.125),
        (1, 1, 0.5, 0),
    ],
)
def test_elementary_by_hand(p, y, threshold, cost):
    assert elementary(p, y, threshold) == pytest.approx(cost, abs=1e-15)
    assert type(elementary(p, y, threshold)) is float


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda: auc([0.5, 0.5], [0, 0.5]), "occurred must be 0 or 1, not 0.5"),
        (lambda: spiegelhalter([0.5], [0.5]), "occurred must be 0 or 1"),
        (lambda: histogram([0.5], bins=0), "bins must be a whole number"),
        (lambda: histogram([0.5], grid=-1), "grid must be a whole number"),
        (lambda: binned([0.5], [1], spacing="even"), "spacing must be"),
        (lambda: murphy_curve([0.5], [1], [1.5]), "threshold must lie in"),
        (lambda: murphy_curve([0.5], [1], 0.5), "threshold must be one row"),
        (lambda: elementary([0.5, 0.5], [1, 0, 1], 0.5), "occurred has shape"),
        (lambda: sharpness([0.5], [0.5, 1]), "weight has shape"),
    ],
    ids=range(9),
)
def test_refusals_name_the_argument(call, complaint):
    with pytest.raises(ValueError, match=complaint):
        call()
