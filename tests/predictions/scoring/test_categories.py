"""Rules for several outcomes: figures by hand, how they are related, propriety, refusals."""

import doctest
import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.scoring import categories
from predictions.scoring.categories import (
    multiclass_brier,
    multiclass_brier_half,
    multiclass_logarithmic,
    multiclass_quadratic,
    multiclass_spherical,
    option_in_force,
    ordered_brier,
    ranked_probability,
    ranked_probability_normalised,
    uniform_brier,
)
from predictions.scoring.rules import brier, logarithmic, quadratic, spherical

LOSSES = [
    multiclass_brier,
    multiclass_brier_half,
    multiclass_logarithmic,
    ranked_probability,
    ranked_probability_normalised,
    ordered_brier,
]
REWARDS = [multiclass_quadratic, multiclass_spherical]
RULES = LOSSES + REWARDS
SIMPLEX = np.array([(a, b, 10 - a - b) for a, b in product(range(11), repeat=2) if a + b <= 10]) / 10

shares = st.floats(0, 1)
yes_or_no = st.sampled_from([0, 1])
rows = st.lists(st.integers(0, 100), min_size=2, max_size=6).filter(any).map(lambda n: np.array(n) / sum(n))


def test_examples_in_the_docstrings_hold():
    outcome = doctest.testmod(categories)
    assert outcome.attempted >= 10
    assert outcome.failed == 0


@pytest.mark.parametrize(
    ("rule", "by_outcome"),
    [
        (multiclass_brier, [0.38, 0.78, 0.98]),
        (multiclass_brier_half, [0.19, 0.39, 0.49]),
        (multiclass_quadratic, [0.62, 0.22, 0.02]),
        (multiclass_spherical, [0.5 / math.sqrt(0.38), 0.3 / math.sqrt(0.38), 0.2 / math.sqrt(0.38)]),
        (multiclass_logarithmic, [math.log(2), math.log(10 / 3), math.log(5)]),
        (ranked_probability, [0.29, 0.29, 0.89]),
        (ranked_probability_normalised, [0.145, 0.145, 0.445]),
        (ordered_brier, [0.29, 0.29, 0.89]),
    ],
)
def test_rules_by_hand(rule, by_outcome):
    assert rule([[0.5, 0.3, 0.2]] * 3, [0, 1, 2]) == pytest.approx(by_outcome, abs=1e-15)


@given(shares, yes_or_no)
def test_two_categories_are_yes_and_no(p, y):
    row, pairs = [1 - p, p], [(multiclass_brier_half, brier), (multiclass_quadratic, quadratic)]
    pairs += [(multiclass_spherical, spherical), (ranked_probability, brier), (ranked_probability_normalised, brier)]
    assert [ours(row, y) for ours, _ in pairs] == pytest.approx([rule(p, y) for _, rule in pairs], abs=1e-12)
    assert multiclass_logarithmic(row, y) == pytest.approx(logarithmic(1 - p, 1 - y) if y == 0 else logarithmic(p, y))
    assert multiclass_brier(row, y) == pytest.approx(2 * brier(p, y), abs=1e-12)


@given(rows, st.data())
def test_conventions_differ_as_stated_and_ranges_are_kept(p, data):
    k, n = data.draw(st.integers(0, len(p) - 1)), len(p)
    assert multiclass_quadratic(p, k) == pytest.approx(1 - multiclass_brier(p, k), abs=1e-15)
    assert ordered_brier(p, k) == pytest.approx(2 * ranked_probability(p, k) / (n - 1), abs=1e-12)
    assert ranked_probability_normalised(p, k) == pytest.approx(ranked_probability(p, k) / (n - 1), abs=1e-12)
    splits = [brier(min(p[: i + 1].sum(), 1), k <= i) for i in range(n - 1)]
    assert ranked_probability(p, k) == pytest.approx(sum(splits), abs=1e-12)
    assert 0 <= multiclass_brier(p, k) <= 2 + 1e-12
    assert 0 <= ranked_probability(p, k) <= n - 1 + 1e-12
    assert multiclass_logarithmic(p, k) >= 0
    assert 0 <= multiclass_spherical(p, k) <= 1 + 1e-12


@given(rows, st.data())
def test_an_index_is_the_share_of_one(p, data):
    k = data.draw(st.integers(0, len(p) - 1))
    for rule in RULES:
        assert rule(p, np.eye(len(p))[k]) == rule(p, k)


@pytest.mark.parametrize("n", [2, 3, 7])
def test_the_uniform_forecast_costs_the_same_whatever_occurs(n):
    p = np.full((n, n), 1 / n)
    for rule, figure in [
        (multiclass_brier, uniform_brier(n)),
        (multiclass_brier_half, uniform_brier(n) / 2),
        (multiclass_quadratic, 1 / n),
        (multiclass_spherical, 1 / math.sqrt(n)),
        (multiclass_logarithmic, math.log(n)),
    ]:
        np.testing.assert_allclose(rule(p, np.arange(n)), figure, rtol=0, atol=1e-14)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("law", [(0.2, 0.3, 0.5), (0.6, 0.1, 0.3), (1.0, 0.0, 0.0), (0.0, 0.5, 0.5)])
def test_no_report_is_better_than_the_truth(rule, law):
    outcomes = [(chance, np.full(len(SIMPLEX), k)) for k, chance in enumerate(law)]
    assert_best_at(law, rule, outcomes)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("weight", "one", "other"),
    [
        (0.5, (0.2, 0.8, 0.0), (0.6, 0.0, 0.4)),
        (0.25, (1.0, 0.0, 0.0), (0.2, 0.4, 0.4)),
        (0.5, (0, 0, 1), (0.4, 0, 0.6)),
    ],
)
def test_no_report_is_better_than_the_expected_shares(rule, weight, one, other):
    law = [(weight, np.tile(one, (len(SIMPLEX), 1))), (1 - weight, np.tile(other, (len(SIMPLEX), 1)))]
    assert_best_at(weight * np.array(one) + (1 - weight) * np.array(other), rule, law)


def assert_best_at(mean, rule, law):
    """The expected cost over the grid of reports is least at the mean, and nowhere else."""
    sign = -1 if rule in REWARDS else 1
    costs = sum(sign * chance * rule(SIMPLEX, outcome) for chance, outcome in law if chance > 0)
    np.testing.assert_allclose(SIMPLEX[np.argmin(costs)], mean, atol=1e-12)
    assert np.sum(costs <= costs.min() + 1e-9) == 1


def test_a_flat_miss_costs_infinity_and_a_flat_hit_plain_zero():
    assert multiclass_logarithmic([0, 1, 0], 0) == math.inf
    assert math.copysign(1, multiclass_logarithmic([0, 1, 0], 1)) == 1
    assert multiclass_logarithmic([0, 1, 0], [0, 0.5, 0.5]) == math.inf


@pytest.mark.parametrize("rule", RULES)
def test_one_row_gives_a_float_and_several_an_array(rule):
    assert type(rule([0.5, 0.5], 0)) is float
    assert rule([[0.5, 0.5]] * 3, [0, 1, 0]).shape == (3,)
    assert rule(np.full((4, 3, 2), 0.5), np.zeros((4, 3), int)).shape == (4, 3)
    assert rule(np.empty((0, 2)), []).shape == (0,)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("p", "k", "why"),
    [
        ([0.5, 0.4], 0, r"probability must add up to 1, not 0.9 \(row 0\)"),
        ([[0.5, 0.5], [0.5, 0.500002]], [0, 0], r"probability must add up to 1, not 1.000002 \(row 1\)"),
        ([1.2, -0.2], 0, r"probability must lie in \[0, 1\], not 1.2"),
        ([math.nan, 1], 0, r"probability is missing \(NaN\)"),
        ([1.0], 0, "probability must have at least two categories"),
        (1.0, 0, "probability must have at least two categories"),
        ([0.5, 0.5], 2, "occurred must lie in 0 … 1, not 2"),
        ([0.5, 0.5], -1, "occurred must lie in 0 … 1, not -1"),
        ([0.5, 0.5], 1.0, "occurred must hold whole numbers"),
        ([0.5, 0.5], "1", "occurred must hold numbers"),
        ([[0.5, 0.5]] * 2, [0, 0, 0], r"occurred has shape \(3,\), not \(2,\)"),
        ([0.5, 0.5], [0.5, 0.4], "occurred must add up to 1"),
        ([0.5, 0.5], [0.5, 0.25, 0.25], r"occurred has shape \(3,\), not \(2,\)"),
    ],
)
def test_what_is_no_distribution_or_outcome_is_refused_by_name(rule, p, k, why):
    with pytest.raises(ValueError, match=why):
        rule(p, k)


def test_a_sum_off_by_rounding_is_scored_as_it_is():
    assert multiclass_brier([0.5, 0.5000005], 0) == pytest.approx(0.25 + 0.5000005**2, abs=1e-15)


def test_a_forecast_is_scored_with_the_options_in_force():
    in_force = [[True, True, False], [True, True, True], [True, False, True]]
    assert option_in_force([2, 2, 0], in_force, other=1).tolist() == [1, 2, 0]


@pytest.mark.parametrize(
    ("occurred", "in_force", "other", "why"),
    [
        ([2, 2], [[True, True, True], [True, False, False]], 1, r"neither what occurred nor other \(row 1\)"),
        ([0], [True, True], 1, "in_force must hold booleans"),
        ([0], [[1, 1]], 1, "in_force must hold booleans"),
        ([2], [[True, True]], 1, "occurred must lie in 0 … 1"),
        ([0], [[True, True]], 2, "other must lie in 0 … 1"),
        ([0, 1], [[True, True]], 1, r"occurred has shape \(2,\), not \(1,\)"),
    ],
)
def test_options_that_do_not_cover_what_occurred_are_refused(occurred, in_force, other, why):
    with pytest.raises(ValueError, match=why):
        option_in_force(occurred, in_force, other=other)


@pytest.mark.parametrize("count", [1, 0, 2.5, "3"])
def test_fewer_than_two_options_have_no_uniform_reference(count):
    with pytest.raises(ValueError, match="categories must be whole numbers of at least 2"):
        uniform_brier(count)
