"""What scores come to if some of the forecasts behind them had been other probabilities."""

import numpy as np
from numpy.typing import ArrayLike

from predictions.scoring.checks import Floats
from predictions.scoring.rules import brier


def reread_brier(
    mean: ArrayLike, *, place: ArrayLike, share: ArrayLike, before: ArrayLike, after: ArrayLike, occurred: ArrayLike
) -> Floats:
    """Mean Brier scores (0–1) after some forecasts are read as `after` instead of `before`.

    `mean` are time-weighted means, one per pair of forecaster and Prediction. The i-th changed forecast stood for the
    `share` of its pair's time and belongs to the pair at `place`; its term of the mean is taken out and put in anew:
    `mean[place] + Σ share · ((after − occurred)² − (before − occurred)²)`.

    Shapes: `mean` (n,), the rest (m,). Range [0, 1] where the shares are those behind `mean`, a loss.
    Errors: ValueError, as the rule raises it, and for places that are not among the pairs.
    Source: linearity of the time-weighted mean (reference/scoring.md, 3.6).

    >>> reread_brier([0.25, 0.5], place=[0], share=[0.5], before=[0.5], after=[1.0], occurred=[1.0])
    array([0.125, 0.5  ])
    """
    means, where = np.asarray(mean, np.float64), np.asarray(place, np.int64)
    if where.size and not 0 <= where.min() <= where.max() < len(means):
        raise ValueError("place must be one of the pairs")
    moved = np.asarray(brier(after, occurred)) - np.asarray(brier(before, occurred))
    told: Floats = means + np.bincount(where, np.asarray(share) * moved, minlength=len(means))
    return told
