"""Calibration and diagnostics in the dialect of scoring_cases.json: `p`, `y`, and the letters of the literature."""

from collections.abc import Callable
from typing import Any

import numpy as np

from predictions.scoring.calibration import decomposition, pooled, recalibrated, reliability
from predictions.scoring.diagnostics import auc, binned, murphy_curve, spiegelhalter


def corp_decomposition(p, y, score, weight=None):
    parts = decomposition(p, y, weight, rule={"brier": "brier", "log": "logarithmic"}[score])
    return {"S": parts.mean, "MCB": parts.miscalibration, "DSC": parts.discrimination, "UNC": parts.uncertainty}


def pav_fit_at_unique_p(p, y):
    curve = reliability(p, y)
    return {"x": curve.probability, "fit": curve.recalibrated}


def pav_in_given_order(y, weight=None):
    return recalibrated(pooled(np.arange(len(y)) / len(y), y, weight))


def calibration_bins(p, y, bins, spacing):
    parts = binned(p, y, bins=bins, spacing=spacing)
    return {"observed": parts.occurred, "mean_p": parts.probability}


def murphy_elementary_mean(p, y, theta):
    return murphy_curve(p, y, theta) / 2  # the file holds the halves of the expectile functional


def spiegelhalter_z(p, y):
    result = spiegelhalter(p, y)
    return {"z": result.z, "p_two_sided": result.p_value}


ADAPTERS: dict[str, Callable[..., Any]] = {
    "auc": lambda **case: auc(case["p"], case["y"]),
    "calibration_bins_quantile": lambda p, y, bins: calibration_bins(p, y, bins, "quantile"),
    "calibration_bins_uniform": lambda p, y, bins: calibration_bins(p, y, bins, "uniform"),
    "corp_decomposition": corp_decomposition,
    "murphy_elementary_mean": murphy_elementary_mean,
    "pav_fit_at_unique_p": pav_fit_at_unique_p,
    "pav_in_given_order": pav_in_given_order,
    "spiegelhalter_z": spiegelhalter_z,
}
