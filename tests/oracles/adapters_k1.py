"""How the functions named in scoring_cases.json are asked of ours: rules, categories, quantiles, skill.

Each takes a case's inputs by the file's names: p, y = probability, occurred; P, k = category probabilities, index.
"""

from math import log

import numpy as np

from predictions.scoring import categories, quantiles
from predictions.scoring.means import skill_score
from predictions.scoring.rules import bounded, brier, logarithmic, spherical


def mean_of(rule, scale=1.0):
    return lambda weight=None, **inputs: scale * np.average(rule(**inputs), weights=weight)


def brier_each(p, y):
    return brier(p, y)


def brier_affine(p, y):
    y = np.asarray(y)
    return y * brier(p, 1) + (1 - y) * brier(p, 0)


def logarithmic_each(p, y, clip=None):
    return logarithmic(bounded(p, tuple(clip)) if clip else p, y)


def of_categories(rule):
    return lambda **case: rule(case["P"], case["k"])


def spherical_each(**case):
    return categories.multiclass_spherical(case["P"], case["k"]) if "P" in case else spherical(case["p"], case["y"])


def crps_from_quantiles(y, levels, **case):
    return quantiles.crps_from_quantiles(case["Q"], y, levels)


def quantile_loss(y, q, level):
    return quantiles.quantile_loss(q, y, level)


def interval_score(y, lower, upper, alpha):
    return quantiles.interval_score(lower, upper, y, alpha).total


def weighted_interval_score(y, median, lower, upper, alpha):
    return quantiles.weighted_interval_score(median, lower, upper, y, alpha).total


def over_base_rate(rule):
    return lambda p, y: skill_score(rule(p, y), rule(np.full(len(y), np.mean(y)), y))


ADAPTERS = {
    "brier_binary_01": mean_of(brier_each),
    "brier_binary_01_each": brier_each,
    "brier_binary_02": mean_of(brier_each, scale=2),
    "brier_fractional_expected_over_bernoulli": mean_of(brier_affine),
    "brier_multiclass_02": mean_of(of_categories(categories.multiclass_brier)),
    "brier_multiclass_half": mean_of(of_categories(categories.multiclass_brier_half)),
    "brier_skill_score": over_base_rate(brier),
    "crps_ensemble_each": lambda y, ensemble, estimator: quantiles.crps_ensemble(ensemble, y, fair=estimator == "fair"),
    "crps_from_quantiles_each": crps_from_quantiles,
    "crps_normal_each": lambda y, mu, sigma: quantiles.crps_normal(mu, sigma, y),
    "interval_score_each": interval_score,
    "log_loss_bits": mean_of(logarithmic_each, scale=1 / log(2)),
    "log_loss_multiclass_nats": mean_of(of_categories(categories.multiclass_logarithmic)),
    "log_loss_nats": mean_of(logarithmic_each),
    "log_loss_nats_each": logarithmic_each,
    "log_skill_score": over_base_rate(logarithmic),
    "quadratic_score_mean": mean_of(of_categories(categories.multiclass_quadratic)),
    "quantile_score_each": quantile_loss,
    "quantile_score_mean": mean_of(quantile_loss),
    "rps_normalised_mean": mean_of(of_categories(categories.ranked_probability_normalised)),
    "rps_unnormalised_each": of_categories(categories.ranked_probability),
    "spherical_score_mean": mean_of(spherical_each),
    "weighted_interval_score_each": weighted_interval_score,
    "weighted_interval_score_mean": mean_of(weighted_interval_score),
}
