"""Calibration by isotonic regression: exact parts, invariance under how rows are written down, degenerate cases."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.scoring import calibration
from predictions.scoring.calibration import INFINITE, NO_ROWS, decomposition, pooled, recalibrated, reliability
from predictions.scoring.rules import brier, logarithmic

RULES = {"brier": brier, "logarithmic": logarithmic}
PARTS = ("mean", "miscalibration", "discrimination", "uncertainty")

percents = st.integers(0, 100).map(lambda k: k / 100)
inner = st.integers(1, 99).map(lambda k: k / 100)
outcomes = st.sampled_from([0.0, 1.0])
shares = st.integers(0, 8).map(lambda k: k / 8)
masses = st.integers(0, 6).map(lambda k: k / 2)


def rows(probabilities, occurrences):
    """Sets of (probability, occurred, weight), the first of weight 1 so that not all weigh nothing."""
    one = st.tuples(probabilities, occurrences, st.just(1.0))
    return st.tuples(one, st.lists(st.tuples(probabilities, occurrences, masses), max_size=30)).map(
        lambda drawn: np.array([drawn[0], *drawn[1]]).T
    )


def parts(found):
    return [getattr(found, name) for name in PARTS]


def test_examples_in_the_docstrings_hold():
    outcome = doctest.testmod(calibration)
    assert outcome.attempted >= 8
    assert outcome.failed == 0


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=60)
@given(data=st.data())
def test_the_parts_add_up_to_the_mean_score_and_none_is_negative(rule, data):
    p, y, w = data.draw(rows(inner, st.one_of(outcomes, shares)))
    found = decomposition(p, y, w, rule=rule)
    assert found.mean == pytest.approx(np.average(RULES[rule](p, y), weights=w), abs=1e-12)
    total = found.miscalibration - found.discrimination + found.uncertainty
    assert total == pytest.approx(found.mean, abs=1e-12)
    assert min(parts(found)) >= 0
    assert found.reason is None


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=60)
@given(data=st.data())
def test_the_parts_are_differences_of_mean_scores(rule, data):
    drawn = data.draw(rows(inner, outcomes))
    p, y, w = drawn[:, drawn[2] > 0]
    found = decomposition(*drawn, rule=rule)
    curve = reliability(*drawn)
    fit = curve.recalibrated[np.searchsorted(curve.probability, p)]
    of_fit = np.average(RULES[rule](fit, y), weights=w)
    of_constant = np.average(RULES[rule](np.full(len(y), np.average(y, weights=w)), y), weights=w)
    assert found.miscalibration == pytest.approx(found.mean - of_fit, abs=1e-12)
    assert found.discrimination == pytest.approx(of_constant - of_fit, abs=1e-12)
    assert found.uncertainty == pytest.approx(of_constant, abs=1e-12)


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=60)
@given(data=st.data())
def test_neither_the_order_of_rows_nor_splitting_them_changes_anything(rule, data):
    p, y, w = data.draw(rows(inner, shares))
    order = data.draw(st.permutations(range(len(p))))
    plain = parts(decomposition(p, y, w, rule=rule))
    np.testing.assert_allclose(parts(decomposition(p[order], y[order], w[order], rule=rule)), plain, atol=1e-12)
    halved = decomposition(np.tile(p, 2), np.tile(y, 2), np.tile(w / 2, 2), rule=rule)
    np.testing.assert_allclose(parts(halved), plain, atol=1e-12)


@settings(max_examples=60)
@given(rows(percents, outcomes))
def test_yes_and_no_change_places_freely(given_rows):
    p, y, w = given_rows
    np.testing.assert_allclose(
        parts(decomposition(1 - p, 1 - y, w)), parts(decomposition(np.round(p, 2), y, w)), atol=1e-12
    )


@settings(max_examples=60)
@given(rows(percents, shares))
def test_the_fit_rises_keeps_the_mean_and_is_its_own_fit(given_rows):
    p, y, w = given_rows
    cells = pooled(p, y, w)
    fit = recalibrated(cells)
    assert (np.diff(fit) >= 0).all()
    assert cells.weight @ fit == pytest.approx(w @ y, abs=1e-9)
    again = decomposition(fit, cells.occurred, cells.weight)
    assert again.miscalibration == pytest.approx(0, abs=1e-12)


@settings(max_examples=60)
@given(rows(percents, shares))
def test_pooling_loses_no_weight_no_outcome_and_no_brier_score(given_rows):
    p, y, w = given_rows
    cells = pooled(p, y, w)
    x, mass = cells.probability, cells.weight
    assert (np.diff(x) > 0).all()
    assert mass.sum() == pytest.approx(w.sum())
    assert cells.rows.sum() == np.count_nonzero(w)
    cost = (mass * x**2 - 2 * x * mass * cells.occurred + cells.squared).sum() / mass.sum()
    assert cost == pytest.approx(np.average(brier(p, y), weights=w), abs=1e-12)


@settings(max_examples=60)
@given(rows(percents, shares))
def test_blocks_cover_the_cells_and_rise(given_rows):
    p, y, w = given_rows
    curve = reliability(p, y, w)
    blocks = curve.blocks
    assert (np.diff(blocks.mean) > 0).all()
    assert blocks.start[0] == curve.probability[0]
    assert blocks.end[-1] == curve.probability[-1]
    assert (blocks.start <= blocks.end).all()
    assert (blocks.end[:-1] < blocks.start[1:]).all()
    assert blocks.weight.sum() == pytest.approx(w.sum())
    assert blocks.rows.sum() == np.count_nonzero(w)


@pytest.mark.parametrize(
    ("p", "y", "rule", "expected"),
    [
        ([0.3] * 6, [0, 1, 0, 0, 1, 0], "brier", (0.67 / 3, 1 / 900, 0, 2 / 9)),  # constant: nothing is told apart
        ([0.2, 0.6], [1, 1], "brier", (0.4, 0.4, 0, 0)),  # one outcome only
        ([0.2, 0.6], [0, 0], "brier", (0.2, 0.2, 0, 0)),
        ([0.25, 0.5], [1, 1], "logarithmic", (1.5 * math.log(2), 1.5 * math.log(2), 0, 0)),
        ([0.0, 0.0, 1.0, 1.0], [0, 0, 1, 1], "brier", (0, 0, 0.25, 0.25)),  # clairvoyant
        ([0.0, 0.0, 1.0, 1.0], [0, 0, 1, 1], "logarithmic", (0, 0, math.log(2), math.log(2))),
        ([0.2, 0.4], [0.5, 0.5], "brier", (0.05, 0.05, 0, 0)),  # a share that never varies
        ([0.5], [1], "brier", (0.25, 0.25, 0, 0)),
    ],
)
def test_degenerate_cases(p, y, rule, expected):
    assert parts(decomposition(p, y, rule=rule)) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("rule", RULES)
def test_of_nothing_nothing_can_be_said(rule):
    found = decomposition([], [], rule=rule)
    assert parts(found) == [None] * 4
    assert found.reason == NO_ROWS
    assert reliability([], []).recalibrated.size == reliability([], []).blocks.mean.size == 0


def test_an_infinite_mean_is_withheld_with_its_reason_and_the_rest_stands():
    found = decomposition([0.0, 0.0, 0.5, 1.0], [0, 1, 1, 1], rule="logarithmic")
    assert (found.mean, found.miscalibration, found.reason) == (None, None, INFINITE)
    clipped = decomposition([0.001, 0.001, 0.5, 0.999], [0, 1, 1, 1], rule="logarithmic")
    assert (found.discrimination, found.uncertainty) == (clipped.discrimination, clipped.uncertainty)
    assert clipped.mean == pytest.approx(np.mean(logarithmic([0.001, 0.001, 0.5, 0.999], [0, 1, 1, 1])))


def test_a_share_so_near_to_one_that_it_rounds_there_costs_no_infinity():
    found = decomposition([0.3, 0.2, 0.3, 0.2], [1 - 1e-16, 1, 1, 1 - 1e-16], rule="logarithmic")
    assert all(map(math.isfinite, parts(found)))


@settings(max_examples=60)
@given(rows(percents, outcomes))
def test_a_grid_rounds_and_does_nothing_else(given_rows):
    p, y, w = given_rows
    on_grid, beforehand = reliability(p, y, w, grid=20), reliability(np.rint(p * 20) / 20, y, w)
    assert (on_grid.grid, beforehand.grid) == (20, None)
    np.testing.assert_array_equal(on_grid.probability, beforehand.probability)
    np.testing.assert_allclose(on_grid.recalibrated, beforehand.recalibrated, atol=1e-15)


@settings(max_examples=60)
@given(rows(percents, outcomes))
def test_whole_percents_are_on_the_grid_of_a_hundred_already(given_rows):
    p, y, w = given_rows
    np.testing.assert_array_equal(pooled(p, y, w, grid=100).probability, pooled(p, y, w).probability)


@pytest.mark.parametrize(
    ("arguments", "options", "complaint"),
    [
        (([0.5, 1.1], [0, 1]), {}, r"probability must lie in \[0, 1\], not 1.1 \(element 1\)"),
        (([0.5], [math.nan]), {}, "occurred is missing"),
        (([0.5, 0.5], [1]), {}, "occurred has shape"),
        ((0.5, 1), {}, "probability must be one row"),
        (([0.5], [1], [-1]), {}, "weight must be at least 0"),
        (([0.5], [1], [0]), {}, "weight must not all be 0"),
        (([0.5], [1]), {"grid": 0}, "grid must be a whole number"),
        (([0.5], [1]), {"grid": 0.5}, "grid must be a whole number"),
    ],
)
def test_refusals_name_the_argument(arguments, options, complaint):
    with pytest.raises(ValueError, match=complaint):
        pooled(*arguments, **options)


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="rule must be 'brier' or 'logarithmic', not 'spherical'"):
        decomposition([0.5], [1], rule="spherical")
