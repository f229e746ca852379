"""Time-weighted scores of a million forecasts in the order of the index, beside the numpy reduceat floor.

Run: OPENBLAS_NUM_THREADS=1 .venv/bin/python -m tests.benchmarks.bench_timeline
The floor (reference/floors.md, section 2) takes the rows as they come; ours looks at every argument first.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from predictions.scoring.rules import brier, logarithmic
from predictions.scoring.timeline import durations, mean_while_standing, pair_starts

FORECASTS, PAIRS = 1_000_000, 200_000
HORIZON = 10**13  # microseconds
ROUNDS = 15
MUST_REACH = 2.0


class Rows:
    """Pairs of unlike lengths, forecasts in order, half of the statements true."""

    def __init__(self) -> None:
        dice = np.random.default_rng(2022)
        pair = np.concatenate([np.arange(PAIRS), dice.integers(0, PAIRS, FORECASTS - PAIRS)])
        issued = dice.integers(0, HORIZON, FORECASTS)
        order = np.lexsort((issued, pair))
        self.pair, self.issued = pair[order], issued[order]
        self.opens = np.zeros(FORECASTS, np.int64)
        self.closes = np.full(FORECASTS, HORIZON)
        self.probability = dice.uniform(0.001, 0.999, FORECASTS)
        self.occurred = dice.integers(0, 2, PAIRS).astype(float)[self.pair]


def floor(rows: Rows, *losses: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> list[np.ndarray]:
    is_same = rows.pair[1:] == rows.pair[:-1]
    first = np.flatnonzero(np.concatenate(([True], ~is_same)))
    until = rows.closes.copy()
    until[:-1] = np.where(is_same, rows.issued[1:], rows.closes[:-1])
    lasting = until - rows.issued
    active = np.add.reduceat(lasting, first)
    return [np.add.reduceat(loss(rows.probability, rows.occurred) * lasting, first) / active for loss in losses]


def ours(rows: Rows, *losses: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> list[np.ndarray]:
    first = pair_starts(rows.pair)
    lasting = durations(rows.pair, rows.issued, opens=rows.opens, closes=rows.closes)
    return [mean_while_standing(loss(rows.probability, rows.occurred), lasting, first) for loss in losses]


def plain_brier(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    return (p - y) ** 2


def plain_logarithmic(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    return -np.log(np.abs(p + y - 1.0))


def interleaved(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Median milliseconds of each, all of them once a round."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            began = time.perf_counter()
            work()
            taken.append((time.perf_counter() - began) * 1000)
    return [statistics.median(taken) for taken in times]


def compare(
    name: str, rows: Rows, plain: list[Callable[..., np.ndarray]], checked: list[Callable[..., object]]
) -> None:
    for theirs, mine in zip(floor(rows, *plain), ours(rows, *checked), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)
    least, taken = interleaved(lambda: floor(rows, *plain), lambda: ours(rows, *checked))
    print(f"{name:24} floor {least:7.1f} ms   ours {taken:7.1f} ms   ratio {taken / least:.2f} (≤ {MUST_REACH:g})")


def main() -> None:
    rows = Rows()
    print(f"{FORECASTS:,} forecasts, {PAIRS:,} pairs, medians of {ROUNDS} interleaved")
    compare("Brier", rows, [plain_brier], [brier])
    compare("Brier and logarithmic", rows, [plain_brier, plain_logarithmic], [brier, logarithmic])


if __name__ == "__main__":
    main()
