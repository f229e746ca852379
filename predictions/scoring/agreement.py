"""Do coders and resolvers agree? Per cent agreement, Cohen's and Fleiss' κ, Krippendorff's α, Gwet's AC1 and AC2.

A table of ratings has a row for each rater and a column for each unit; None or NaN is a missing rating. Categories are
numbers or texts. What corrects for chance is undefined, None, where only one category occurs: agreement that could not
have been otherwise says nothing. Texts are read one by one, so tables of them should stay below some 100,000 ratings.
"""

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from predictions.scoring.checks import NUMERIC_KINDS, Floats, Whole

RESAMPLES = 2000
SEED = 20261122  # where the caller brings no generator: the same ratings give the same interval
FEWEST_FOR_INTERVAL = 5  # units; below it no interval is shown
CHUNK = 500_000  # resampled counts held at a time
WEIGHTS = (None, "linear", "quadratic")
LEVELS = ("nominal", "ordinal", "interval")


@dataclass(frozen=True)
class Agreement:
    """A coefficient, the `units` it rests on, and its standard error or interval where the measure has one."""

    value: float
    units: int
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None


def percent_agreement(ratings: ArrayLike) -> Agreement | None:
    """Share of pairs of raters who agree, as a mean over units with at least two ratings.

    Range [0, 1], 1 best, not corrected for chance: 1 also where only one category occurs. None where no unit has two
    ratings.
    Shapes: (raters, units). Errors: ValueError for what is no such table, or mixes numbers and texts.
    Source: reference/scoring.md, section 6.2.

    >>> round(percent_agreement([["yes", "no", "no"], ["yes", "no", "yes"]]).value, 4)
    0.6667
    """
    counts, _ = _counts(ratings)
    agreed = _agreed(counts, np.eye(counts.shape[1]))
    return Agreement(float(agreed.mean()), len(agreed)) if len(agreed) else None


def cohen_kappa(
    first: ArrayLike, second: ArrayLike, *, weights: str | None = None, categories: ArrayLike | None = None
) -> Agreement | None:
    """Cohen's κ of two raters, 1 − Σ w·O / Σ w·E, with its asymptotic standard error.

    O and E are the observed and the expected shares of each pair of categories, w = 1{i≠j} (`weights` None), |i − j|
    ("linear") or (i − j)² ("quadratic"), i and j being places in the sorted categories. Units that one of them did
    not rate are left out. `categories` names all of them in order; without it, those that occur.

    Range up to 1 (best), 0 as by chance, can be negative. None where nothing but one category occurs, or no unit.
    Shapes: (units,) both. Errors: ValueError for other shapes, unknown weights, a rating outside `categories`.
    Source: Cohen 1960, 1968; Fleiss, Cohen and Everitt 1969 for the standard error.

    >>> cohen_kappa([0, 0, 1, 1], [0, 1, 1, 1]).value
    0.5
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights must be one of {WEIGHTS}, not {weights!r}")
    codes, values = _coded([_list("first", first), _list("second", second)], categories)
    both = codes[:, (codes >= 0).all(axis=0)]
    size, units = len(values), both.shape[1]
    table = np.bincount(both[0] * size + both[1], minlength=size * size).reshape(size, size) / max(units, 1)
    distance = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(float)
    disagreement = distance ** {None: 0, "linear": 1, "quadratic": 2}[weights] * (distance > 0)
    expected = float((np.outer(table.sum(axis=1), table.sum(axis=0)) * disagreement).sum())
    if not expected > 0:
        return None
    kappa = 1 - float((table * disagreement).sum()) / expected
    return Agreement(kappa, units, _kappa_error(table, disagreement / disagreement.max(), kappa, units))


def fleiss_kappa(ratings: ArrayLike) -> Agreement | None:
    """Fleiss' κ, (P − P_e)/(1 − P_e): P the mean share of agreeing pairs, P_e = Σ (share of each category)².

    Every unit must have the same number of ratings (which raters gave them does not matter); else use Krippendorff's α.
    Range up to 1 (best), 0 as by chance, can be negative. None where only one category occurs.
    Shapes: (raters, units). Errors: ValueError for what is no such table, or unequal numbers of ratings.
    Source: Fleiss 1971.

    >>> round(fleiss_kappa([[0, 1, 0, 1], [0, 1, 1, 1]]).value, 4)
    0.4667
    """
    counts, _ = _counts(ratings)
    size = counts.sum(axis=1)
    if not len(size) or size.min() != size.max() or size[0] < 2:
        raise ValueError("ratings must hold the same number of ratings, at least two, for every unit")
    by_chance = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    if counts.shape[1] < 2:
        return None
    agreed = float(_agreed(counts, np.eye(counts.shape[1])).mean())
    return Agreement((agreed - by_chance) / (1 - by_chance), len(counts))


def krippendorff_alpha(
    ratings: ArrayLike,
    *,
    level: str,
    confidence: float = 0.95,
    rng: np.random.Generator | None = None,
    resamples: int = RESAMPLES,
) -> Agreement | None:
    """Krippendorff's α, 1 − D_o/D_e from the coincidences of ratings, with a percentile interval over units.

    A pair of ratings within a unit of m counts 1/(m − 1); its distance² is 1 if different ("nominal"), the square of
    the difference ("interval"), or that of the midranks among all paired ratings ("ordinal"). Units with one rating
    count nowhere. The interval draws whole units again (draws in which nothing varies are left out); from 5 units on.

    Range up to 1 (best), 0 as by chance, can be negative. None where nothing varies or no unit has two ratings.
    Shapes: (raters, units). Errors: ValueError for what is no such table, an unknown level, texts unless nominal.
    Source: reference/scoring.md, section 6.2; Krippendorff, Content Analysis.

    >>> found = krippendorff_alpha([[0, 1, 1, None], [0, 1, 2, 2]], level="nominal")
    >>> round(found.value, 4), found.units
    (0.5455, 3)
    """
    if level not in LEVELS:
        raise ValueError(f"level must be one of {LEVELS}, not {level!r}")
    counts, values = _counts(ratings)
    if level != "nominal" and values.dtype.kind not in NUMERIC_KINDS:
        raise ValueError(f"ratings must be numbers at level {level}, not texts")
    paired = counts[counts.sum(axis=1) > 1]
    alpha = float(_alphas(np.ones((1, len(paired))), paired, values, level)[0])
    if np.isnan(alpha):
        return None
    if len(paired) < FEWEST_FOR_INTERVAL:
        return Agreement(alpha, len(paired))
    drawn = _drawn_alphas(paired, values, level, rng or np.random.default_rng(SEED), resamples)
    low, high = np.nanquantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Agreement(alpha, len(paired), low=float(low), high=float(high))


def gwet_ac1(ratings: ArrayLike, *, categories: ArrayLike | None = None) -> Agreement | None:
    """Gwet's AC1, (p_a − p_e)/(1 − p_e) with p_e = Σ π(1 − π)/(K − 1): steady where one category is rare.

    p_a is per cent agreement, π the mean share of each category over units. K counts `categories`, or without it those
    that occur: name them, K matters. The standard error is that over units, raters held fixed.

    Range up to 1 (best), 0 as by chance, can be negative. None where only one category occurs, or no unit has two
    ratings.
    Shapes: (raters, units). Errors: ValueError for what is no such table, or a rating outside `categories`.
    Source: reference/scoring.md, section 6.2; Gwet 2008.

    >>> round(gwet_ac1([[0, 1, 0, 1], [0, 1, 1, 1]]).value, 4)
    0.5294
    """
    counts, values = _counts(ratings, categories)
    return _gwet(counts, np.eye(len(values)))


def gwet_ac2(ratings: ArrayLike, *, categories: ArrayLike | None = None) -> Agreement | None:
    """Gwet's AC2: AC1 with partial credit 1 − ((k − l)/(K − 1))² for neighbouring categories, k and l their places.

    p_e is multiplied by Σ w / K. Otherwise as `gwet_ac1`, of which it is the same for two categories.

    Shapes: (raters, units). Errors: ValueError for what is no such table, or a rating outside `categories`.
    Source: reference/scoring.md, section 6.2; Gwet, Handbook of Inter-Rater Reliability.

    >>> round(gwet_ac2([[0, 1, 2, 1], [0, 1, 1, 2]]).value, 4)
    0.6667
    """
    counts, values = _counts(ratings, categories)
    place = np.arange(len(values)) / max(len(values) - 1, 1)
    return _gwet(counts, 1 - np.subtract.outer(place, place) ** 2)


def _gwet(counts: Floats, credit: Floats) -> Agreement | None:
    rated = counts[counts.sum(axis=1) > 0]
    size, k = rated.sum(axis=1), counts.shape[1]
    pairs = np.flatnonzero(size > 1)
    if np.count_nonzero(rated.sum(axis=0)) < 2 or not len(pairs):
        return None
    share = (rated / size[:, None]).mean(axis=0)
    factor = credit.sum() / (k * (k - 1))
    by_chance = factor * float((share * (1 - share)).sum())
    agreed = np.zeros(len(rated))
    agreed[pairs] = (_agreed(rated, credit) - by_chance) * len(rated) / len(pairs) / (1 - by_chance)
    value = float(agreed.mean())
    chance = factor * (rated @ (1 - share)) / size
    influence = agreed - 2 * (1 - value) * (chance - by_chance) / (1 - by_chance) - value
    n = len(rated)
    error = float(np.sqrt((influence**2).sum() / (n * (n - 1)))) if n > 1 else None
    return Agreement(value, len(pairs), error)


def _agreed(counts: Floats, credit: Floats) -> Floats:
    """Share of agreeing pairs of ratings, or their mean credit, in each unit that has two ratings."""
    size = counts.sum(axis=1)
    paired, pairs = counts[size > 1], (size * (size - 1))[size > 1]
    share: Floats = ((paired * (paired @ credit)).sum(axis=1) - paired.sum(axis=1)) / pairs
    return share


def _kappa_error(table: Floats, disagreement: Floats, kappa: float, units: int) -> float:
    credit = 1 - disagreement
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    by_chance = float(rows @ credit @ columns)
    expected = np.add.outer(credit @ columns, rows @ credit)
    squares = float((table * (credit - expected * (1 - kappa)) ** 2).sum())
    variance = (squares - (kappa - by_chance * (1 - kappa)) ** 2) / (units * (1 - by_chance) ** 2)
    return float(np.sqrt(max(variance, 0.0)))


def _drawn_alphas(counts: Floats, values: NDArray[Any], level: str, rng: np.random.Generator, resamples: int) -> Floats:
    units = len(counts)
    drawn, step = np.empty(resamples), max(1, CHUNK // units)
    for start in range(0, resamples, step):
        stop = min(start + step, resamples)
        times = rng.multinomial(units, np.full(units, 1 / units), size=stop - start).astype(np.float64)
        drawn[start:stop] = _alphas(times, counts, values, level)
    return drawn


def _alphas(times: Floats, counts: Floats, values: NDArray[Any], level: str) -> Floats:
    """α with each unit counted as often as its row of `times` says; NaN where nothing varies.

    Σ of distances² over pairs is size · Σ score² − (Σ score)², so no table of coincidences is needed.
    """
    size, margin = counts.sum(axis=1), times @ counts
    each, total = times / (size - 1), margin.sum(axis=1)
    if level == "nominal":
        observed = each @ (size**2 - (counts**2).sum(axis=1))
        expected = total**2 - (margin**2).sum(axis=1)
    else:
        score = _scores(margin, values, level)
        observed = (each * (size * (score**2 @ counts.T) - (score @ counts.T) ** 2)).sum(axis=1)
        expected = total * (margin * score**2).sum(axis=1) - (margin * score).sum(axis=1) ** 2
    varies = np.count_nonzero(margin, axis=1) > 1
    ratio: Floats = np.divide((total - 1) * observed, expected, out=np.full(len(total), np.nan), where=varies)
    return 1 - ratio


def _scores(margin: Floats, values: NDArray[Any], level: str) -> Floats:
    """What each category is worth in each row of `margin`: its midrank there, or its value, about their mean."""
    raw = np.cumsum(margin, axis=1) - margin / 2 if level == "ordinal" else np.broadcast_to(values, margin.shape)
    middle: Floats = raw - (raw * margin).sum(axis=1, keepdims=True) / np.maximum(margin.sum(axis=1, keepdims=True), 1)
    return middle


def _counts(ratings: ArrayLike, categories: ArrayLike | None = None) -> tuple[Floats, NDArray[Any]]:
    """How many ratings each unit has in each category (units, categories), and the sorted categories."""
    codes, values = _coded(ratings, categories)
    unit = np.broadcast_to(np.arange(codes.shape[1]), codes.shape)[codes >= 0]
    cells = codes.shape[1] * len(values)
    counts = np.bincount(unit * len(values) + codes[codes >= 0], minlength=cells).reshape(codes.shape[1], len(values))
    return counts.astype(np.float64), values


def _coded(ratings: Any, categories: ArrayLike | None) -> tuple[Whole, NDArray[Any]]:
    """Each rating as its place among the sorted (or given) categories, −1 where missing; and those categories."""
    raw, there = _read(ratings)
    values, places = np.unique(raw[there], return_inverse=True)
    codes = np.full(raw.shape, -1)
    if categories is None:
        codes[there] = places
        return codes, values
    named = np.asarray(categories)
    strange = values[~np.isin(values, named)]
    if named.ndim != 1 or len(np.unique(named)) != len(named) or len(strange):
        raise ValueError(f"categories must be one row of different ones that holds every rating, not without {strange}")
    order = np.argsort(named)
    codes[there] = order[np.searchsorted(named[order], values)][places]
    return codes, named


def _read(ratings: Any) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The table as floats or texts, and where it holds a rating."""
    cells = ratings if isinstance(ratings, np.ndarray) else np.asarray(ratings, dtype=object)
    if cells.ndim != 2:
        raise ValueError(f"ratings must be an even table, raters × units, not of shape {cells.shape}")
    if cells.dtype.kind in NUMERIC_KINDS:
        return cells.astype(np.float64), ~np.isnan(cells.astype(np.float64))
    there = np.asarray(np.frompyfunc(_given, 1, 1)(cells), dtype=bool)
    if all(isinstance(cell, Real) for cell in cells[there]):
        return np.where(there, cells, np.nan).astype(np.float64), there
    if not all(isinstance(cell, str) for cell in cells[there]):
        raise ValueError("ratings must be all numbers or all texts")
    return np.where(there, cells, "").astype(str), there


def _given(cell: object) -> bool:
    return cell is not None and not (isinstance(cell, float) and math.isnan(cell))


def _list(name: str, given: ArrayLike) -> list[Any]:
    values = np.asarray(given, dtype=object)
    if values.ndim != 1:
        raise ValueError(f"{name} must be one row, not of shape {values.shape}")
    return values.tolist()
