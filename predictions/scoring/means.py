"""Means over many forecasts, and what they say beside the mean of a reference.

Ten million forecasts are taken in one pass, a piece at a time that fits into the processor's cache, checks included.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from predictions.scoring.checks import Floats, fitting, lies_in_unit_interval, losses, numeric, same_shape
from predictions.scoring.checks import weights as checked_weights
from predictions.scoring.rules import Clip, checked_clip, checked_pair, infinite_count

CHUNK = 32_768  # rows: three such arrays of float64 stay in the cache of one core
BLOCK = 8_192  # OpenBLAS takes a second thread from 10,000 on
TINY = np.nextafter(0.0, 1.0)  # stands in for 0 under a logarithm that will be weighted by 0


class MeanScores(NamedTuple):
    """n forecasts, their mean losses, and how many of them cost infinity before any clip."""

    n: int
    brier: float | None
    logarithmic: float | None
    infinite_count: int


def mean_scores(probability: ArrayLike, occurred: ArrayLike, *, clip: Clip | None = None) -> MeanScores:
    """Mean Brier score (0–1) and mean logarithmic score (nats) of all forecasts, in one pass.

    Both are losses, as `rules.brier` and `rules.logarithmic` define them. With `clip` every probability is moved into
    it before the logarithm (the Brier score never is): print the clip, and `infinite_count`, which counts the
    infinite losses without it. Without `clip` one infinite loss makes the mean infinite. Means of nothing are None.

    Shapes: two numbers or arrays in [0, 1], broadcast against each other.
    Errors: ValueError, naming the argument, as the rules raise it, and for a clip that is none.
    Source: reference/scoring.md, sections 2.1, 2.4 and 2.9.

    >>> mean_scores([0.5, 0.0, 1.0], [1, 0, 0], clip=(0.25, 0.75))
    MeanScores(n=3, brier=0.4166666666666667, logarithmic=0.789041204710539, infinite_count=1)
    """
    bounds = None if clip is None else checked_clip(clip)
    p, y = _side_by_side(probability, occurred)
    if not p.size:
        return MeanScores(0, None, None, 0)
    room = np.empty((2, CHUNK))
    with np.errstate(divide="ignore"):  # ln 0 is meant: the infinite loss of a flat miss
        parts = [_sums(p[at : at + CHUNK], y[at : at + CHUNK], bounds, room) for at in range(0, p.size, CHUNK)]
    if None in parts:
        checked_pair(probability, occurred)  # names the first fault among all rows, which a chunk cannot
    squares, surprises, infinite = zip(*filter(None, parts), strict=True)
    return MeanScores(p.size, math.fsum(squares) / p.size, math.fsum(surprises) / p.size, sum(infinite))


def skill(mean_loss: float | None, reference_mean: float | None) -> float | None:
    """Share of the reference's mean loss that was saved, `1 − mean_loss / reference_mean`.

    Range (−∞, 1], a reward: 1 perfect, 0 the reference. Both are means over the same items; never average skills.
    None where the reference mean is 0, so that nothing is left to save, and where either mean is infinite or missing.

    Errors: ValueError for a mean below 0: skill is defined for losses.
    Source: reference/scoring.md, section 2.7; name the reference beside the figure.

    >>> skill(0.125, 0.25)
    0.5
    """
    if mean_loss is None or reference_mean is None:
        return None
    if mean_loss < 0.0 or reference_mean < 0.0:
        raise ValueError(f"means of losses must be at least 0, not {mean_loss:g} and {reference_mean:g}")
    if not (math.isfinite(mean_loss) and math.isfinite(reference_mean)) or reference_mean == 0.0:
        return None
    return float(1.0 - mean_loss / reference_mean)


def skill_score(loss: ArrayLike, reference_loss: ArrayLike, weights: ArrayLike | None = None) -> float | None:
    """Skill of a series of forecasts over the reference on the same items, `1 − mean(loss) / mean(reference_loss)`.

    Range and orientation as `skill`. None as there, and where fewer than two items carry weight. With the items' own
    base rate for reference it is biased downwards at small n, for that reference has hindsight.

    Shapes: two equal rows of losses (n,), `weights` (n,) or None for equal ones.
    Errors: ValueError, naming the argument, for losses missing or below 0, weights below 0, or rows that differ.
    Source: reference/scoring.md, section 2.7; Murphy 1973 on hedging and skill scores.

    >>> skill_score([0.0, 0.25], [0.25, 0.25])
    0.5
    """
    ours, theirs = losses("loss", loss), losses("reference_loss", reference_loss)
    share = checked_weights("weights", weights, same_shape("loss", ours, "reference_loss", theirs).shape)
    heavy = share > 0.0
    if np.count_nonzero(heavy) < 2:
        return None
    ours_mean, theirs_mean = (float(np.average(each[heavy], weights=share[heavy])) for each in (ours, theirs))
    return skill(ours_mean, theirs_mean)


def _side_by_side(probability: ArrayLike, occurred: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Two flat rows of one length, of whatever numbers they hold: a copy of ten million is spared where it can be."""
    p, y = numeric("probability", probability), numeric("occurred", occurred)
    fitting("occurred", y, "probability", p)
    wide_p, wide_y = np.broadcast_arrays(p, y)
    return wide_p.reshape(-1), wide_y.reshape(-1)


def _sums(
    probability: NDArray[Any], occurred: NDArray[Any], clip: Clip | None, room: Floats
) -> tuple[float, float, int] | None:
    """Sums of both losses over one chunk and its infinite losses; None if something in it lies outside [0, 1]."""
    p, y = np.asarray(probability, np.float64), np.asarray(occurred, np.float64)
    if not (lies_in_unit_interval(p) and lies_in_unit_interval(y)):
        return None
    first, second = room[:, : p.size]
    less = np.subtract(y, 1.0, out=first)
    if _dot(y, less) == 0.0:  # no term is above 0, so each of them is 0: all outcomes are 0 or 1
        cost, infinite = _surprises(p, less, clip, second)
    else:
        cost, infinite = _expected_surprises(p, y, clip, room)
    error = np.subtract(p, y, out=first)
    return _dot(error, error), cost, infinite


def _surprises(p: Floats, less: Floats, clip: Clip | None, room: Floats) -> tuple[float, int]:
    """Sum of −ln of the probability given to what happened, and how often that was 0 before the clip.

    One logarithm, no mask. `less` is the outcome minus 1, for the order of `rules`: `p + (y − 1)` keeps a small p.
    """
    given = _given(p, less, room)
    if clip is None:
        cost = abs(float(np.log(given, out=given).sum()))
        return cost, 0 if math.isfinite(cost) else int(np.count_nonzero(np.isinf(given)))
    infinite = 0 if given.min() > 0.0 else given.size - int(np.count_nonzero(given))
    if sum(clip) == 1.0:  # the usual clip treats yes and no alike
        np.clip(given, *clip, out=given)
    else:
        _given(np.clip(p, *clip, out=room), less, room)
    return abs(float(np.log(given, out=given).sum())), infinite


def _given(p: Floats, less: Floats, room: Floats) -> Floats:
    given = np.add(p, less, out=room)
    return np.abs(given, out=given)


def _expected_surprises(p: Floats, y: Floats, clip: Clip | None, room: Floats) -> tuple[float, int]:
    """Sum of −[y·ln p + (1 − y)·ln(1 − p)], and how often it was infinite before the clip.

    No mask: where there is no weight, ln TINY times nothing is nothing as well.
    """
    infinite = 0 if p.min() > 0.0 and p.max() < 1.0 else infinite_count(p, y)
    if infinite and clip is None:
        return math.inf, infinite
    no, yes = room[:, : p.size]
    stated = p if clip is None else np.clip(p, *clip, out=yes)
    np.subtract(1.0, stated, out=no)
    np.log(np.maximum(no, TINY, out=no), out=no)
    np.log(np.maximum(stated, TINY, out=yes), out=yes)
    cost = _dot(y, yes)
    return abs(cost + _dot(np.subtract(1.0, y, out=yes), no)), infinite


def _dot(a: Floats, b: Floats) -> float:
    """Sum of products, by blocks too short for BLAS to wake a second thread, which would keep spinning."""
    if a.size % BLOCK:  # the last, shorter chunk
        return float(np.einsum("i,i->", a, b))
    return float(np.vecdot(a.reshape(-1, BLOCK), b.reshape(-1, BLOCK)).sum())
