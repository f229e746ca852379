"""Skill: shrinkage, ranks, padding and the two-way model, by hand, by brute force and by what must not matter."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.scoring import additive, skill
from predictions.scoring.skill import components, padding, rank_intervals, shrink, two_way

METHODS = ["dersimonian-laird", "paule-mandel"]

means = st.integers(-100, 100).map(lambda n: n / 1000)
forecasters = st.lists(st.tuples(means, st.integers(1, 60), st.integers(1, 40).map(lambda n: n / 100)), min_size=2)


def test_examples_in_the_docstrings_hold():
    outcome = doctest.testmod(skill)
    assert outcome.attempted >= 8
    assert outcome.failed == 0


@pytest.mark.parametrize("method", METHODS)
@given(rows=forecasters.filter(lambda rows: any(n > 1 for _, n, _ in rows)))
def test_a_shrunken_value_lies_between_ones_own_mean_and_everybodys(method, rows):
    mean, n, spread = map(np.array, zip(*rows, strict=True))
    found = shrink(mean, n, spread, method=method)
    assert found.population_variance >= 0
    assert (found.value >= np.minimum(mean, found.population_mean) - 1e-12).all()
    assert (found.value <= np.maximum(mean, found.population_mean) + 1e-12).all()
    assert (found.variance <= found.population_variance + 1e-15).all()
    backwards = shrink(mean[::-1], n[::-1], spread[::-1], method=method)
    np.testing.assert_allclose(backwards.value[::-1], found.value, atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_equal_precision_by_hand(method):
    """v = 0.04/40 = 0.001; with equal v, τ² is the sample variance of the means less v: 0.0019 − 0.001."""
    found = shrink([0.0, 0.05, 0.1, 0.05, 0.08], [40] * 5, [0.2] * 5, method=method)
    between = np.var([0.0, 0.05, 0.1, 0.05, 0.08], ddof=1) - 0.001
    assert found.population_variance == pytest.approx(between, abs=1e-12)
    assert found.population_mean == pytest.approx(0.056)
    assert found.value[0] == pytest.approx(0.056 - 0.056 * between / (between + 0.001))
    assert found.variance == pytest.approx(between * 0.001 / (between + 0.001))


@pytest.mark.parametrize("method", METHODS)
def test_where_chance_explains_it_all_everybody_is_equal(method):
    found = shrink([0.01, 0.0, -0.01], [12, 30, 20], [0.2, 0.1, 0.2], method=method)
    assert found.population_variance == 0
    assert found.value == pytest.approx(found.population_mean)
    assert not found.variance.any()


def test_paule_and_mandels_variance_solves_their_equation():
    mean, n = np.array([0.0, 0.3, -0.2, 0.5]), np.array([15, 90, 40, 12])
    found = shrink(mean, n, np.full(4, 0.3), method="paule-mandel")
    squares = (mean - found.population_mean) ** 2 / (0.09 / n + found.population_variance)
    assert squares.sum() == pytest.approx(3, rel=1e-9)


def test_few_predictions_borrow_everybodys_spread_and_the_fewer_the_closer_to_the_mean():
    one, other = (shrink([0.5, 0.0, 0.5], [30, 30, 3], [1.0, 1.0, s]) for s in (0.001, 1.0))
    pooled = (29 + 29 + 2 * 0.001**2) / 60
    assert one.value[2] < one.value[0]
    assert one.variance[2] / (1 - one.variance[2] / one.population_variance) == pytest.approx(pooled / 3)
    assert other.value[2] < other.value[0]


def test_a_single_prediction_needs_no_spread_of_its_own():
    found = shrink([0.1, 0.2, 0.3], [20, 20, 1], [0.1, 0.1, np.nan])
    assert np.isfinite(found.value).all()


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (([0.1], [9], [0.1]), "two"),
        (([0.1, 0.2], [1, 1], [np.nan, 0.0]), "vary"),
        (([0.1, 0.1], [9, 9], [0, 0]), "vary"),
    ],
)
def test_what_cannot_be_known_is_missing_with_a_reason(rows, reason):
    found = shrink(*rows)
    assert np.isnan(found.value).all()
    assert np.isnan(found.population_variance)
    assert reason in found.reason


def test_forecasters_far_apart_have_their_own_ranks_and_the_rest_share():
    value, variance = np.array([0.1, 0.9, 0.5, 0.51]), np.array([1e-4] * 4)
    found = rank_intervals(value, variance)
    assert list(zip(found.best.tolist(), found.worst.tolist(), strict=True)) == [(4, 4), (1, 1), (2, 3), (2, 3)]
    assert found.probability_best.tolist() == [0, 1, 0, 0]


@given(st.lists(st.tuples(means, st.sampled_from([0.0, 0.001, 0.01])), min_size=1, max_size=12, unique=True))
def test_ranks_are_ranks_and_follow_the_forecaster_not_the_order(rows):
    value, variance = map(np.array, zip(*rows, strict=True))
    found, backwards = (
        rank_intervals(value, variance, draws=200),
        rank_intervals(value[::-1], variance[::-1], draws=200),
    )
    assert (found.best >= 1).all()
    assert (found.best <= found.worst).all()
    assert (found.worst <= len(rows)).all()
    assert found.probability_best.sum() == pytest.approx(1)
    np.testing.assert_array_equal(found.best, backwards.best[::-1])
    np.testing.assert_array_equal(found.probability_best, backwards.probability_best[::-1])


def test_equals_share_every_rank():
    certain, uncertain = rank_intervals([0.2] * 4, [0.0] * 4), rank_intervals([0.2] * 4, [1.0] * 4)
    assert certain.probability_best.tolist() == [0.25] * 4
    for found in (certain, uncertain):
        assert found.best.tolist() == [1] * 4
        assert found.worst.tolist() == [4] * 4
    assert rank_intervals([], []).best.size == 0


def test_the_chance_of_being_best_of_two_is_that_of_a_normal_difference():
    found = rank_intervals([0.1, 0.0], [0.005, 0.005], draws=20_000)
    assert found.probability_best[0] == pytest.approx(0.8413, abs=0.01)


def test_padding_counts_what_is_missing_as_zero():
    assert padding([-6.0, 6.0, 6.0], [10.0, 29.0, 60.0]).tolist() == [-0.2, 0.2, 0.1]
    assert padding([6.0], [10.0], floor=6).tolist() == [0.6]


def pairs(seed, rows=400, names=8, items=30):
    random = np.random.default_rng(seed)
    i, q = random.integers(0, names, rows), random.integers(0, items, rows)
    return i, q, random.normal(size=rows) + 0.3 * i + 0.1 * q, random.integers(1, 5, rows).astype(float)


def least_squares(i, q, y, w):
    """The same model with a column for everybody, by brute force; effects and covariance for a mean of 0."""
    design = np.column_stack([np.eye(i.max() + 1)[i], np.eye(q.max() + 1)[q]]) * np.sqrt(w)[:, None]
    k, inverse = i.max() + 1, np.linalg.pinv(design.T @ design)
    fitted = inverse @ (design.T @ (np.sqrt(w) * y))
    noise = ((np.sqrt(w) * y - design @ fitted) ** 2).sum() / (len(y) - np.linalg.matrix_rank(design))
    centre = np.eye(k) - 1 / k
    return centre @ fitted[:k], noise * np.diag(centre @ inverse[:k, :k] @ centre)


@pytest.mark.parametrize("most_dense", [1000, 1])
def test_the_two_way_model_is_least_squares(most_dense, monkeypatch):
    monkeypatch.setattr(additive, "MOST_FOR_DENSE", most_dense)
    i, q, y, w = pairs(1)
    found, (effect, variance) = two_way(i, q, y, weight=w), least_squares(i, q, y, w)
    np.testing.assert_allclose(found.effect, effect, atol=1e-10)
    np.testing.assert_allclose(found.variance, variance, rtol=1e-9 if most_dense > 1 else 0.35)
    assert found.difficulty.mean() == pytest.approx(0, abs=1e-12)
    assert found.effect.mean() == pytest.approx(0, abs=1e-12)


@given(st.integers(0, 50))
def test_effects_follow_the_names_and_forget_an_added_difficulty(seed):
    i, q, y, w = pairs(seed, rows=60)
    shuffled = np.random.default_rng(seed).permutation(60)
    one = two_way(i, q, y, weight=w)
    two = two_way(
        np.char.add("name ", i.astype(str))[shuffled], -q[shuffled], (y + q**2)[shuffled], weight=9 * w[shuffled]
    )
    np.testing.assert_array_equal(one.forecasters.astype(str), [str(n)[5:] for n in two.forecasters])
    np.testing.assert_allclose(two.effect, one.effect, atol=1e-9)
    np.testing.assert_allclose(two.variance, one.variance, rtol=1e-6)


@pytest.mark.parametrize("most_dense", [1000, 1])
def test_each_component_has_its_own_mean_and_a_chain_holds_it_together(most_dense, monkeypatch):
    monkeypatch.setattr(additive, "MOST_FOR_DENSE", most_dense)
    chain = np.arange(300)
    i, q = np.concatenate([chain, chain, [500, 500]]), np.concatenate([chain, chain + 1, [900, 901]])
    found = two_way(i, q, 0.01 * i + 0.5 * (q % 3))
    assert len(found.mean) == 2
    np.testing.assert_allclose(np.diff(found.effect[:300]), 0.01, atol=1e-7)
    assert found.effect[300] == 0
    assert found.component.tolist() == [0] * 300 + [1]
    assert components(i, q).tolist() == [0] * 600 + [1] * 2
    assert "two" in found.shrunken(1).reason
    np.testing.assert_allclose(found.mean[1], 5 + 0.5 * 0.5, atol=1e-12)


def test_shrunken_effects_lie_between_the_effect_and_the_mean():
    found = two_way(*pairs(3)[:3])
    drawn = found.shrunken(0)
    assert drawn.population_variance > 0
    assert (np.abs(drawn.value - drawn.population_mean) < np.abs(found.effect - drawn.population_mean)).all()


def test_without_a_residual_there_is_no_variance_and_nothing_to_shrink_by():
    found = two_way(["a", "b"], [1, 1], [0.1, 0.3])
    assert np.isnan(found.variance).all()
    assert "residual" in found.shrunken(0).reason


def test_rows_without_weight_count_nowhere():
    i, q, y, w = pairs(4)
    w[:50] = 0
    one, two = two_way(i, q, y, weight=w), two_way(i[50:], q[50:], y[50:], weight=w[50:])
    np.testing.assert_array_equal(one.effect, two.effect)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: shrink([0.1, 0.2], [5, 0], [0.1, 0.1]), "n must"),
        (lambda: shrink([0.1, 0.2], [5, 5], [0.1, np.nan]), "spread"),
        (lambda: shrink([0.1, 0.2], [5, 5], [0.1]), "spread"),
        (lambda: shrink([0.1, 0.2], [5, 5], [0.1, 0.1], method="reml"), "method"),
        (lambda: rank_intervals([0.1], [-0.1]), "variance"),
        (lambda: rank_intervals([0.1], [0.1], draws=0), "draws"),
        (lambda: padding([1.0], [1.0], floor=0), "floor"),
        (lambda: two_way([1], [1, 2], [0.1]), "prediction"),
        (lambda: two_way([1], [1], [np.nan]), "score"),
        (lambda: components([1], [1, 2]), "prediction"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(call, named):
    with pytest.raises(ValueError, match=named):
        call()
