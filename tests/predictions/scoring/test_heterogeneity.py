"""Whether forecasters differ at all: Welch's test by its laws, and how often it is wrong where nobody does."""

import doctest

import numpy as np
import pytest
from scipy.special import stdtr

from predictions.scoring import heterogeneity as module
from predictions.scoring.heterogeneity import heterogeneity


def test_examples_in_the_docstring_hold():
    outcome = doctest.testmod(module)
    assert (outcome.attempted >= 2, outcome.failed) == (True, 0)


@pytest.mark.parametrize(("n", "spread"), [((12, 30), (0.1, 0.3)), ((10, 10), (2.0, 1.0)), ((50, 11), (1.0, 1.0))])
def test_of_two_it_is_welchs_t_test(n, spread):
    squares = np.array(spread) ** 2 / n
    t = 0.07 / np.sqrt(squares.sum())
    freedom = squares.sum() ** 2 / (squares**2 / (np.array(n) - 1)).sum()
    found = heterogeneity([0.0, 0.07], n, spread)
    assert found.statistic == pytest.approx(t**2)
    assert found.p_value == pytest.approx(2 * stdtr(freedom, -t))


@pytest.mark.parametrize("zero_sum", [False, True])
def test_neither_the_order_nor_the_unit_nor_where_zero_lies_matters(zero_sum):
    mean, n, spread = np.array([0.1, -0.2, 0.4, 0.0]), np.array([4, 12, 30, 9]), np.array([0.5, 0.3, 0.6, 0.2])
    found = heterogeneity(mean, n, spread, zero_sum=zero_sum)
    turned = heterogeneity(100 * mean[::-1] + 7, n[::-1], 100 * spread[::-1], zero_sum=zero_sum)
    assert turned.p_value == pytest.approx(found.p_value)


def test_a_sum_of_zero_takes_its_share_of_the_statistic():
    mean, n, spread = [0.1, -0.2, 0.4], [12, 20, 30], [0.5, 0.3, 0.6]
    plain, shared = (heterogeneity(mean, n, spread, zero_sum=zero_sum) for zero_sum in (False, True))
    assert shared.statistic == pytest.approx(plain.statistic * 2 / 3)


@pytest.mark.parametrize(
    ("mean", "n", "spread", "reason"),
    [
        ([], [], [], "fewer than two forecasters"),
        ([0.1], [20], [0.1], "fewer than two forecasters"),
        ([0.1, 0.2], [20, 20], [0.0, 0.0], module.NO_SPREAD),
        ([0.1, 0.2], [1, 1], [np.nan, np.nan], module.NO_SPREAD),
    ],
)
def test_where_chance_cannot_be_told_there_is_no_p_and_a_reason(mean, n, spread, reason):
    found = heterogeneity(mean, n, spread)
    assert (found.statistic, found.p_value, found.reason) == (None, None, reason)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (([0.1, np.nan], [2, 2], [1, 1]), "mean"),
        (([0.1, 0.2], [2], [1, 1]), "n"),
        (([0.1, 0.2], [0, 2], [1, 1]), "n"),
        (([0.1, 0.2], [2, 2], [1, np.nan]), "spread"),
    ],
)
def test_what_is_refused_is_named(arguments, named):
    with pytest.raises(ValueError, match=named):
        heterogeneity(*arguments)


def peer_points(rng, forecasters, predictions, standing, gap=0.0):
    """Peer Brier points of `standing` of the forecasters on each prediction, NaN for the rest; all see the truth's
    log-odds through the same noise, but the first through `gap` less of it."""
    points = np.full((predictions, forecasters), np.nan)
    truth = rng.beta(0.9, 0.9, predictions)
    for row, chance, occurred in zip(points, truth, rng.random(predictions) < truth, strict=True):
        who = rng.choice(forecasters, standing, replace=False)
        noise = rng.normal(0, 1.5, standing) * np.where(who == 0, 1 - gap, 1)
        loss = (1 / (1 + np.exp(-np.log(chance / (1 - chance)) - noise)) - occurred) ** 2
        row[who] = 100 * ((loss.sum() - loss) / (standing - 1) - loss)
    return points


def p_values(forecasters, predictions, standing, *, worlds=200, gap=0.0):
    for seed in range(worlds):
        points = peer_points(np.random.default_rng(seed), forecasters, predictions, standing, gap)
        n = (~np.isnan(points)).sum(axis=0)
        yield heterogeneity(np.nanmean(points, axis=0), n, np.nanstd(points, axis=0, ddof=1), zero_sum=True).p_value


@pytest.mark.parametrize(
    ("forecasters", "predictions", "standing"), [(2, 12, 2), (3, 10, 3), (5, 30, 3), (20, 60, 5), (12, 20, 12)]
)
def test_where_nobody_differs_it_says_otherwise_one_time_in_twenty(forecasters, predictions, standing):
    """Of 200 worlds 8% are 16; 10 are expected."""
    wrong = sum(p < 0.05 for p in p_values(forecasters, predictions, standing))
    assert wrong <= 16


def test_a_plain_difference_is_found():
    assert sum(p < 0.05 for p in p_values(5, 120, 5, worlds=40, gap=1.0)) >= 36
