"""Krippendorff's α against the package of that name, Cohen's κ against scikit-learn, on seeded ratings."""

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from predictions.scoring.agreement import cohen_kappa, krippendorff_alpha


def rated(seed, raters=3, units=40, categories=4, missing=0.2):
    """Raters who follow a common truth in half of the units; some ratings missing."""
    random = np.random.default_rng(seed)
    shape = (raters, units)
    own = random.integers(0, categories, shape)
    ratings = np.where(random.random(shape) < 0.5, random.integers(0, categories, units), own).astype(float)
    ratings[random.random(shape) < missing] = np.nan
    return ratings


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
@pytest.mark.parametrize(("raters", "units", "categories"), [(2, 8, 2), (3, 40, 4), (6, 100, 11), (20, 15, 5)])
def test_krippendorffs_alpha(level, raters, units, categories):
    for seed in range(5):
        ratings = rated(seed, raters, units, categories)
        theirs = krippendorff.alpha(reliability_data=ratings, level_of_measurement=level)
        assert krippendorff_alpha(ratings, level=level, resamples=10).value == pytest.approx(theirs, abs=1e-10)


def test_alpha_of_uneven_values():
    ratings = np.array([0.1, 0.25, 4, 1000.5])[rated(7, missing=0).astype(int)]
    theirs = krippendorff.alpha(reliability_data=ratings, level_of_measurement="interval")
    assert krippendorff_alpha(ratings, level="interval", resamples=10).value == pytest.approx(theirs, abs=1e-10)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
@pytest.mark.parametrize("categories", [2, 3, 7])
def test_cohens_kappa(weights, categories):
    for seed in range(5):
        first, second = rated(seed, 2, 60, categories, missing=0)
        theirs = cohen_kappa_score(first, second, weights=weights)
        assert cohen_kappa(first, second, weights=weights).value == pytest.approx(theirs, abs=1e-10)
