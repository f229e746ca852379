"""Random histories of many predictions: updates, gaps, solitary stretches, ties and rows that never stand."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

GRID = 40  # moments of a history: few enough for ties


@dataclass(frozen=True)
class World:
    """Rows in order of (prediction, pair, start), and what they cost."""

    prediction: np.ndarray
    pair: np.ndarray
    start: np.ndarray
    end: np.ndarray
    value: np.ndarray

    def of(self, prediction):
        """Row numbers of one prediction."""
        return np.flatnonzero(self.prediction == prediction)


def stretches(dice):
    """One forecaster's: cut points, most stretches between them held, one in four left out as a gap."""
    cuts = np.sort(dice.integers(0, GRID, dice.integers(2, 22)))
    return [(u, v) for u, v in pairwise(cuts) if dice.random() < 0.75]


def world(number, seed, *, longest=2.0**59, magnitude=6.0):
    """`number` histories whose lengths, beginnings and costs differ by many orders of magnitude."""
    dice, columns = np.random.default_rng(seed), []
    for prediction in range(number):
        unit = int(2 ** dice.uniform(0, np.log2(longest / GRID)))
        begins, scale = int(dice.integers(-(2**50), 2**50)), 10 ** dice.uniform(-magnitude, magnitude)
        for forecaster in range(dice.integers(1, 9)):
            rows = [(begins + u * unit, begins + v * unit, dice.random() * scale) for u, v in stretches(dice)]
            columns += [(prediction, 10 * prediction + forecaster, *row) for row in rows]
    prediction, pair, start, end, value = zip(*columns, strict=True)
    return World(*(np.array(column, np.int64) for column in (prediction, pair, start, end)), np.array(value))


def instants(begin, close):
    """The stretches of one prediction in which nothing changes, each with the rows that stand: asked one by one."""
    for u, v in pairwise(sorted({*begin.tolist(), *close.tolist()})):
        yield u, v, [k for k in range(len(begin)) if begin[k] <= u and v <= close[k]]
