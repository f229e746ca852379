"""Times of a consistency band of 1,000 resamples at n = 1,000, beside a stacked floor and loops over other packages.

Run: .venv/bin/python -m tests.benchmarks.bench_bands

The floors are the shortest numpy that yields a band and nothing else: no checks, no clusters, no null distribution.
Must reach: at most 3 times the stacked floor. Rounds are interleaved; the ratio is of medians.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
from scipy.optimize import isotonic_regression
from sklearn.isotonic import IsotonicRegression

from predictions.scoring.bands import confidence_band, consistency_band
from predictions.scoring.calibration import decomposition

N = 1_000
RESAMPLES = 1_000
TAILS = [0.05, 0.95]
ROUNDS = 9


def stacked_floor(p: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """All resamples sorted and fitted in one call; each raised by 2 above the one before."""
    x = np.sort(p)
    drawn = x[np.sort(rng.integers(0, N, (RESAMPLES, N)), axis=1)]
    lift = 2.0 * np.arange(RESAMPLES)[:, None]
    fit = isotonic_regression(((rng.random((RESAMPLES, N)) < drawn) + lift).ravel()).x
    curves = np.interp((x + lift).ravel(), (drawn + lift).ravel(), fit).reshape(RESAMPLES, N) - lift
    return np.quantile(curves, TAILS, axis=0)


def counted_floor(p: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For tied probabilities: multinomial counts, binomial hits, one fit."""
    x, rows = np.unique(p, return_counts=True)
    count = rng.multinomial(N, rows / N, RESAMPLES)
    drawn = count > 0
    lift = np.broadcast_to(2.0 * np.arange(RESAMPLES)[:, None], count.shape)
    hits = rng.binomial(count, x)[drawn]
    fit = isotonic_regression(hits / count[drawn] + lift[drawn], weights=count[drawn]).x
    curves = np.interp((x + lift).ravel(), (x + lift)[drawn], fit).reshape(count.shape) - lift
    return np.quantile(curves, TAILS, axis=0)


def scipy_loop(p: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    x, curves = np.unique(p), []
    for _ in range(RESAMPLES):
        drawn, cell, rows = np.unique(rng.choice(p, N), return_inverse=True, return_counts=True)
        hits = np.bincount(cell, rng.random(N) < drawn[cell])
        curves.append(np.interp(x, drawn, isotonic_regression(hits / rows, weights=rows).x))
    return np.quantile(curves, TAILS, axis=0)


def sklearn_loop(p: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    x, curves = np.unique(p), []
    for _ in range(RESAMPLES):
        drawn = rng.choice(p, N)
        fit = IsotonicRegression(out_of_bounds="clip").fit(drawn, rng.random(N) < drawn)
        curves.append(fit.predict(x))
    return np.quantile(curves, TAILS, axis=0)


def compare(title: str, works: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> None:
    """Medians of interleaved rounds, each divided by that of the first."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            times[name].append((time.perf_counter() - began) * 1000)
    medians = {name: statistics.median(each) for name, each in times.items()}
    floor = next(iter(medians.values()))
    print(f"\n{title}, median of {rounds}")
    for name, median in medians.items():
        print(f"{name:48} {median:9.1f} ms {median / floor:7.2f} ×")


def clustered(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """About 330,000 forecasts of 8,000 predictions."""
    cluster = np.repeat(np.arange(8_000), rng.integers(1, 83, 8_000))
    odds = rng.normal(size=8_000)
    p = 1 / (1 + np.exp(-odds[cluster] - 0.5 * rng.normal(size=len(cluster))))
    return p, (rng.random(8_000) < 1 / (1 + np.exp(-odds)))[cluster], cluster


def main() -> None:
    rng = np.random.default_rng(2022)
    p = rng.beta(0.9, 0.9, N)
    y = rng.random(N) < p
    whole = np.rint(p * 100) / 100
    works = {
        "floor: numpy stacked, one isotonic call": lambda: stacked_floor(p, rng),
        "ours: consistency_band": lambda: consistency_band(p, y, rng=rng),
        "ours: in 500 clusters of two": lambda: consistency_band(p, y, rng=rng, cluster=np.arange(N) // 2),
        "ours: confidence_band": lambda: confidence_band(p, y, rng=rng),
        "loop over scipy": lambda: scipy_loop(p, rng),
        "loop over scikit-learn": lambda: sklearn_loop(p, rng),
    }
    compare(f"{RESAMPLES:,} resamples, n = {N:,}, all probabilities distinct", works)
    works = {
        "floor: numpy stacked, multinomial and binomial": lambda: counted_floor(whole, rng),
        "ours: consistency_band, grid=100": lambda: consistency_band(p, y, rng=rng, grid=100),
        "loop over scipy": lambda: scipy_loop(whole, rng),
        "loop over scikit-learn": lambda: sklearn_loop(whole, rng),
    }
    compare(f"{RESAMPLES:,} resamples, n = {N:,}, on a 1% grid", works)
    rows, came_true, cluster = clustered(rng)
    used = consistency_band(rows, came_true, rng=rng, cluster=cluster, grid=100).resamples
    works = {
        "ours: consistency_band": lambda: consistency_band(rows, came_true, rng=rng, cluster=cluster, grid=100),
        "ours: confidence_band": lambda: confidence_band(rows, came_true, rng=rng, cluster=cluster, grid=100),
        "ours: decomposition alone": lambda: decomposition(rows, came_true),
    }
    compare(f"{used} resamples, {len(rows):,} rows in 8,000 clusters, 1% grid", works, rounds=5)


if __name__ == "__main__":
    main()
