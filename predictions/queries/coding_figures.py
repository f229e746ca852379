"""How far coders agree on what words mean, in figures. The rating is the probability that words were taken for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from predictions.scoring.agreement import Agreement as Measure
from predictions.scoring.agreement import krippendorff_alpha
from predictions.scoring.checks import Floats

WITHIN = 0.1
"""Two codings agree, where that is asked, if they are no more than ten percentage points apart."""


class Coded(NamedTuple):
    """One coding of a forecast that several coded."""

    forecast: int
    coder: int
    point: float
    had_own_forecast: bool | None


@dataclass(frozen=True)
class CodingFigures:
    """Of `coded` forecasts whose number was read out of words, `n` were coded by two or more.

    `within` is the mean over these of the share of pairs of codings that are at most ten points apart; `mean_range`
    and `largest_range` are of the highest less the lowest point. `alpha` is None where nothing varies.
    """

    coded: int
    n: int
    coders: int
    codings: int
    fewest: int
    most: int
    within: float | None
    mean_range: float | None
    largest_range: float | None
    alpha: Measure | None
    asked: int
    had_own_forecast: int


def figures_of(coded: Sequence[Coded], count: int) -> CodingFigures:
    """The figures of the codings of forecasts that several coded, of `count` coded forecasts in all."""
    points: dict[int, list[float]] = defaultdict(list)
    for row in coded:
        points[row.forecast].append(row.point)
    ranges = [max(each) - min(each) for each in points.values()]
    sizes = [len(each) for each in points.values()]
    return CodingFigures(
        coded=count,
        n=len(points),
        coders=len({row.coder for row in coded}),
        codings=len(coded),
        fewest=min(sizes, default=0),
        most=max(sizes, default=0),
        within=_within(points.values()) if points else None,
        mean_range=float(np.mean(ranges)) if ranges else None,
        largest_range=max(ranges, default=None),
        alpha=krippendorff_alpha(_table(coded), level="interval") if points else None,
        asked=sum(row.had_own_forecast is not None for row in coded),
        had_own_forecast=sum(bool(row.had_own_forecast) for row in coded),
    )


def _within(points: Iterable[list[float]]) -> float:
    shares = [np.mean([round(abs(p - q), 9) <= WITHIN for p, q in combinations(each, 2)]) for each in points]
    return float(np.mean(shares))


def _table(coded: Sequence[Coded]) -> Floats:
    """Coders × forecasts: the probability, or NaN where they did not code it."""
    coders = {key: place for place, key in enumerate(sorted({row.coder for row in coded}))}
    forecasts = {key: place for place, key in enumerate(dict.fromkeys(row.forecast for row in coded))}
    table = np.full((len(coders), len(forecasts)), np.nan)
    for row in coded:
        table[coders[row.coder], forecasts[row.forecast]] = row.point
    return table
