"""Calibration against scikit-learn: the isotonic fit, the area under the curve, bins, and the mean losses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from predictions.scoring.calibration import decomposition, reliability
from predictions.scoring.diagnostics import auc, binned

seeds = st.integers(0, 10_000)


def forecasts(seed, digits):
    rng = np.random.default_rng(seed)
    p = np.round(rng.uniform(0.01, 0.99, 80), digits)
    y = (rng.random(80) < p).astype(float)
    y[:2] = [0, 1]
    return p, y, rng.integers(1, 5, 80) / 2


@pytest.mark.parametrize("digits", [1, 2, 12])
@settings(max_examples=25)
@given(seed=seeds)
def test_the_recalibrated_forecast(digits, seed):
    p, y, w = forecasts(seed, digits)
    curve = reliability(p, y, w)
    theirs = IsotonicRegression(y_min=0, y_max=1).fit(p, y, sample_weight=w)
    np.testing.assert_allclose(curve.recalibrated, theirs.predict(curve.probability), atol=1e-12)


@pytest.mark.parametrize(("rule", "loss"), [("brier", brier_score_loss), ("logarithmic", log_loss)])
@settings(max_examples=25)
@given(seed=seeds)
def test_the_parts_from_their_fit_and_their_losses(rule, loss, seed):
    p, y, w = forecasts(seed, 2)
    fit = IsotonicRegression(y_min=0, y_max=1).fit_transform(p, y, sample_weight=w)
    of_forecasts, of_fit, of_constant = (
        loss(y, given, sample_weight=w) for given in (p, fit, np.full(80, np.average(y, weights=w)))
    )
    parts = decomposition(p, y, w, rule=rule)
    assert parts.mean == pytest.approx(of_forecasts, abs=1e-12)
    assert parts.miscalibration == pytest.approx(of_forecasts - of_fit, abs=1e-12)
    assert parts.discrimination == pytest.approx(of_constant - of_fit, abs=1e-12)
    assert parts.uncertainty == pytest.approx(of_constant, abs=1e-12)


@pytest.mark.parametrize("digits", [1, 12])
@settings(max_examples=25)
@given(seed=seeds)
def test_the_area_under_the_curve(digits, seed):
    p, y, _ = forecasts(seed, digits)
    assert auc(p, y) == pytest.approx(roc_auc_score(y, p), abs=1e-12)


@pytest.mark.parametrize("spacing", ["uniform", "quantile"])
@pytest.mark.parametrize("digits", [1, 2, 12])
@settings(max_examples=25)
@given(seed=seeds, bins=st.integers(2, 12))
def test_the_bins(spacing, digits, seed, bins):
    p, y, _ = forecasts(seed, digits)
    observed, mean_p = calibration_curve(y, p, n_bins=bins, strategy=spacing)
    ours = binned(p, y, bins=bins, spacing=spacing)
    np.testing.assert_allclose(ours.occurred, observed, atol=1e-12)
    np.testing.assert_allclose(ours.probability, mean_p, atol=1e-12)
