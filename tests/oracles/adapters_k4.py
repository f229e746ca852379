"""The names of `scoring_cases.json` for uncertainty, comparison, skill and agreement, put into ours.

Of `gwet_ac1` the file's standard error was not verified by its authors (scoring.md, section 11).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from predictions.scoring import agreement, comparison, skill, uncertainty


def diebold_mariano_hln(diff, h):
    found = [comparison.diebold_mariano(diff, horizon=horizon) for horizon in h]
    return {"mean": [each.mean for each in found], "stat": [each.statistic for each in found]}


def paired_t(a, b):
    """As one step of a series: `paired` itself counts sign patterns up to 20 predictions."""
    found = comparison.diebold_mariano(np.subtract(a, b))
    return {"t": found.statistic, "p": found.p_value}


def two_way_fixed_effects(forecaster, question, score):
    return {"forecaster_effect_centred": skill.two_way(forecaster, question, score).effect.tolist()}


def cohen_kappa_with_se(table):
    counts = np.asarray(table)
    first, second = (np.repeat(place.ravel(), counts.ravel()) for place in np.indices(counts.shape))
    found = agreement.cohen_kappa(first, second)
    return {"kappa": found.value, "se": found.standard_error}


def gwet_ac1(ratings):
    found = agreement.gwet_ac1(ratings)
    return {"ac1": found.value, "se": found.standard_error}


ADAPTERS: dict[str, Callable[..., Any]] = {
    "wilson_interval": lambda k, n, level: uncertainty.wilson_interval(k, n, level=level),
    "clopper_pearson": lambda k, n, level: uncertainty.clopper_pearson(k, n, level=level),
    "jeffreys_interval": lambda k, n, level: uncertainty.jeffreys_interval(k, n, level=level),
    "diebold_mariano_hln": diebold_mariano_hln,
    "paired_t": paired_t,
    "p_adjust_holm": lambda p: comparison.holm(p).tolist(),
    "p_adjust_bh": lambda p: comparison.benjamini_hochberg(p).tolist(),
    "two_way_fixed_effects": two_way_fixed_effects,
    "cohen_kappa": lambda a, b, weights: agreement.cohen_kappa(a, b, weights=weights).value,
    "cohen_kappa_with_se": cohen_kappa_with_se,
    "fleiss_kappa": lambda ratings: agreement.fleiss_kappa(np.transpose(ratings)).value,
    "krippendorff_alpha": lambda ratings, level: agreement.krippendorff_alpha(ratings, level=level).value,
    "gwet_ac1": gwet_ac1,
}
