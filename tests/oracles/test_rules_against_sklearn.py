"""Our rules beside scikit-learn’s on random forecasts; relative entropy beside scipy’s.

scikit-learn’s conventions are pinned by name, for its defaults differ by the number of categories.
"""

import numpy as np
import pytest
from scipy.special import rel_entr
from sklearn.metrics import brier_score_loss, d2_brier_score, d2_log_loss_score, log_loss, mean_pinball_loss

from predictions.scoring import categories, quantiles
from predictions.scoring.means import mean_scores, skill_score
from predictions.scoring.rules import bounded, brier, logarithmic, logarithmic_excess

SEEDS = range(5)


def forecasts(seed, n=400):
    """Probabilities, outcomes that roughly follow them, and weights."""
    dice = np.random.default_rng(seed)
    p = dice.beta(0.5, 0.7, n)
    return p, (dice.random(n) < p).astype(int), dice.random(n) + 0.1


def distributions(seed, k, n=300):
    dice = np.random.default_rng(seed)
    p = dice.dirichlet(np.full(k, 0.6), n)
    p = 0.999 * p + 0.001 / k
    return p, dice.integers(0, k, n), dice.random(n) + 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_binary_means_agree(seed):
    p, y, weight = forecasts(seed)
    half = brier_score_loss(y, p, sample_weight=weight, scale_by_half=True)
    nats = log_loss(y, bounded(p), sample_weight=weight)
    assert np.average(brier(p, y), weights=weight) == pytest.approx(half, abs=1e-14)
    assert np.average(logarithmic(bounded(p), y), weights=weight) == pytest.approx(nats, abs=1e-13)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_one_pass_over_many_agrees(seed):
    p, y, _ = forecasts(seed, n=70_000)
    ours = mean_scores(p, y, clip=(0.001, 0.999))
    assert ours.brier == pytest.approx(brier_score_loss(y, p, scale_by_half=True), abs=1e-14)
    assert ours.logarithmic == pytest.approx(log_loss(y, bounded(p)), abs=1e-13)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_excess_of_shares_is_their_relative_entropy(seed):
    p, y, _ = forecasts(seed)
    share = np.clip(p + 0.1 * y, 0, 1)
    theirs = rel_entr(share, p) + rel_entr(1 - share, 1 - p)
    np.testing.assert_allclose(logarithmic_excess(p, share), theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("k", [2, 3, 6])
def test_means_over_categories_agree(seed, k):
    p, outcome, weight = distributions(seed, k)
    arguments = {"labels": range(k), "sample_weight": weight}
    whole = brier_score_loss(outcome, p, scale_by_half=False, **arguments)
    half = brier_score_loss(outcome, p, scale_by_half=True, **arguments)
    nats = log_loss(outcome, p, **arguments)
    for rule, theirs in [
        (categories.multiclass_brier, whole),
        (categories.multiclass_brier_half, half),
        (categories.multiclass_logarithmic, nats),
    ]:
        assert np.average(rule(p, outcome), weights=weight) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", [0.05, 0.5, 0.9])
def test_mean_quantile_losses_agree(seed, level):
    dice = np.random.default_rng(seed)
    stated, occurred, weight = dice.normal(size=200), dice.normal(size=200), dice.random(200)
    theirs = mean_pinball_loss(occurred, stated, sample_weight=weight, alpha=level)
    ours = np.average(quantiles.quantile_loss(stated, occurred, level), weights=weight)
    assert ours == pytest.approx(theirs, abs=1e-13)


@pytest.mark.parametrize("seed", SEEDS)
def test_skill_over_the_base_rate_of_the_items_themselves_agrees(seed):
    p, y, weight = forecasts(seed)
    p = bounded(p)
    base = np.full(len(y), np.average(y, weights=weight))
    for rule, theirs in [(brier, d2_brier_score), (logarithmic, d2_log_loss_score)]:
        ours = skill_score(rule(p, y), rule(base, y), weight)
        assert ours == pytest.approx(theirs(y, p, sample_weight=weight), abs=1e-12)
