"""The rules of scoring: figures by hand, refusals, and the property that makes a rule worth having, propriety."""

import doctest
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.scoring import rules
from predictions.scoring.rules import (
    bounded,
    brier,
    infinite_count,
    logarithmic,
    logarithmic_excess,
    quadratic,
    spherical,
)

LOSSES = [brier, logarithmic, logarithmic_excess]
REWARDS = [quadratic, spherical]
RULES = LOSSES + REWARDS
GRID = np.linspace(0, 1, 101)

shares = st.floats(0, 1)
twentieths = st.integers(0, 20).map(lambda n: n / 20)
two_point_laws = st.tuples(twentieths, twentieths, twentieths)


def test_examples_in_the_docstrings_hold():
    outcome = doctest.testmod(rules)
    assert outcome.attempted >= 9
    assert outcome.failed == 0


@pytest.mark.parametrize(
    ("p", "y", "cost"),
    [
        (0.675, 1, 0.105625),  # the first case: "likely" read as 0.675, and it came true
        (0.5, 0, 0.25),
        (0.5, 1, 0.25),
        (0, 0, 0),
        (1, 0, 1),
        (0.25, 0.25, 0),
        (0.5, 0.75, 0.0625),
        (True, False, 1),
    ],
)
def test_brier_by_hand(p, y, cost):
    assert brier(p, y) == pytest.approx(cost, abs=1e-15)


@pytest.mark.parametrize(
    ("p", "y", "cost"),
    [
        (0.5, 1, math.log(2)),
        (0.25, 0, math.log(4 / 3)),
        (1, 1, 0),
        (0, 0, 0),
        (0, 1, math.inf),
        (1, 0, math.inf),
        (1e-300, 1, 300 * math.log(10)),  # p + y − 1 would have rounded this forecast to 0
        (0.5, 0.25, math.log(2)),
        (0, 0.25, math.inf),
        (1, 0.25, math.inf),
    ],
)
def test_logarithmic_by_hand(p, y, cost):
    assert logarithmic(p, y) == pytest.approx(cost, rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_a_perfect_forecast_costs_plain_zero_not_minus_zero(y):
    assert [rule(y, y) for rule in LOSSES] == [0, 0, 0]
    assert [math.copysign(1, rule(y, y)) for rule in LOSSES] == [1, 1, 1]
    assert [rule(y, y) for rule in REWARDS] == [1, 1]


@given(shares)
def test_logarithmic_of_a_share_met_exactly_is_the_entropy_of_the_share(y):
    entropy = -sum(x * math.log(x) for x in (y, 1 - y) if x)
    assert logarithmic(y, y) == pytest.approx(entropy, abs=1e-12)


@given(shares, shares)
def test_ranges_are_kept(p, y):
    assert 0 <= brier(p, y) <= 1
    assert logarithmic(p, y) + 1e-12 >= logarithmic_excess(p, y) >= 0
    assert -1 <= quadratic(p, y) <= 1
    assert 0 <= spherical(p, y) <= 1


@given(shares)
def test_the_excess_is_nothing_where_the_share_was_foretold(y):
    assert logarithmic_excess(y, y) == 0


@given(shares, shares)
def test_the_excess_is_the_logarithmic_score_above_the_entropy(p, y):
    entropy = -sum(x * math.log(x) for x in (y, 1 - y) if x)
    assert logarithmic_excess(p, y) == pytest.approx(logarithmic(p, y) - entropy, abs=1e-12)


def test_the_excess_of_the_least_forecast_does_not_overflow():
    assert logarithmic_excess([5e-324], [0.5])[0] == pytest.approx(-0.5 * math.log(5e-324) - math.log(2))


@given(shares, shares)
def test_brier_in_all_its_conventions(p, y):
    assert quadratic(p, y) == pytest.approx(1 - 2 * brier(p, y), abs=1e-15)


@pytest.mark.parametrize(
    ("p", "y", "earned"),
    [(0.5, 1, math.sqrt(0.5)), (0.6, 1, 0.6 / math.sqrt(0.52)), (1, 0, 0), (0.5, 0.3, math.sqrt(0.5))],
)
def test_spherical_by_hand(p, y, earned):
    assert spherical(p, y) == pytest.approx(earned, abs=1e-15)


@given(shares, st.sampled_from([0.0, 1.0]))
def test_yes_and_no_change_places_freely(p, y):
    for rule in (brier, quadratic, spherical):
        assert rule(1 - p, 1 - y) == pytest.approx(rule(p, y), abs=1e-12)


@given(shares)
def test_a_share_beside_yes_and_no_does_not_change_their_cost(p):
    alone = np.array([logarithmic(p, 0), logarithmic(p, 1)])
    beside_a_share = np.asarray(logarithmic([p] * 3, [0, 1, 0.5]))[:2]
    np.testing.assert_allclose(beside_a_share, alone, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("mean", [0.0, 0.01, 0.25, 0.5, 0.67, 0.99, 1.0])
def test_no_report_is_better_than_the_truth_for_yes_or_no(rule, mean):
    costs = _expected(rule, [(mean, 1.0), (1 - mean, 0.0)])
    assert GRID[np.argmin(costs)] == pytest.approx(mean)
    assert np.sum(costs <= costs.min() + 1e-9) == 1


@pytest.mark.parametrize("rule", RULES)
@given(law=two_point_laws)
def test_no_report_is_better_than_the_expected_share(rule, law):
    weight, high, low = law
    mean = weight * high + (1 - weight) * low
    around = np.clip(mean + np.array([-0.05, -0.01, 0.0, 0.01, 0.05]), 0, 1)
    costs = _expected(rule, [(weight, high), (1 - weight, low)], at=around)
    assert costs[2] <= costs.min() + 1e-12


def _expected(rule, law, at=GRID):
    """Expected cost of each report if each (chance, outcome) is so; what cannot happen costs nothing."""
    sign = -1 if rule in REWARDS else 1
    return sum(sign * chance * rule(at, outcome) for chance, outcome in law if chance > 0)


@pytest.mark.parametrize("rule", RULES)
def test_scalars_give_a_float_and_arrays_an_array_of_the_broadcast_shape(rule):
    assert type(rule(0.5, 1)) is float
    assert type(rule(np.float64(0.5), np.array(1))) is float
    assert rule([[0.1], [0.2]], [0, 1, 1]).shape == (2, 3)
    assert rule([0.1, 0.2], 1).dtype == np.float64
    assert rule([], []).shape == (0,)


@pytest.mark.parametrize("rule", RULES)
def test_the_arguments_are_left_as_they_were(rule):
    p, y = np.array([0.25, 0.5]), np.array([0.0, 1.0])
    rule(p, y)
    assert p.tolist() == [0.25, 0.5]
    assert y.tolist() == [0.0, 1.0]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("p", "y", "why"),
    [
        (1.2, 1, r"probability must lie in \[0, 1\], not 1.2"),
        ([0.5, -0.1], 1, r"probability must lie in \[0, 1\], not -0.1 \(element 1\)"),
        (math.nan, 1, r"probability is missing \(NaN\)"),
        ([0.5, 0.5], [0, math.nan], r"occurred is missing \(NaN\) \(element 1\)"),
        (math.inf, 0, "probability must lie"),
        (0.5, 2, r"occurred must lie in \[0, 1\], not 2"),
        (0.5, -0.001, "occurred must lie"),
        ([0.1, 0.2], [0, 1, 1], r"occurred has shape \(3,\), which does not fit probability's \(2,\)"),
        ([[0.1], [0.1, 0.2]], 1, "probability must be a number or an even array"),
        ("0.5", 1, "probability must hold numbers"),
        ([0.5, None], 1, "probability must hold numbers"),
        (0.5, Decimal(1), "occurred must hold numbers"),
        (0.5, 1j, "occurred must hold numbers"),
    ],
)
def test_what_is_no_probability_or_outcome_is_refused_by_name(rule, p, y, why):
    with pytest.raises(ValueError, match=why):
        rule(p, y)


def test_bounded_moves_what_lies_outside_the_declared_clip_and_nothing_else():
    assert bounded([0, 0.0005, 0.5, 0.9999, 1]).tolist() == [0.001, 0.001, 0.5, 0.999, 0.999]
    assert bounded([0, 0.5, 1], (0.25, 0.75)).tolist() == [0.25, 0.5, 0.75]
    assert bounded(0.5).shape == ()


@pytest.mark.parametrize("clip", [(0, 0.9), (0.1, 1), (0.9, 0.1)])
def test_bounds_that_leave_infinite_losses_are_refused(clip):
    with pytest.raises(ValueError, match="clip must be 0 < low < high < 1"):
        bounded([0.5], clip)


@given(shares, shares)
def test_infinite_losses_are_counted_before_any_clip(p, y):
    assert infinite_count(p, y) == (logarithmic(p, y) == math.inf)
    assert math.isfinite(logarithmic(bounded(p), y))


def test_infinite_losses_of_shares_count_too():
    assert infinite_count([0, 0, 1, 1, 0.5], [1, 0, 0.5, 1, 1]) == 2
    assert infinite_count([0, 1], [[0], [1]]) == 2
