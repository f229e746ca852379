"""Peer scores, baseline scores and consensus in forecasts a second, beside a plain Python walk through the breakpoints.

Run: OPENBLAS_NUM_THREADS=1 .venv/bin/python -m tests.benchmarks.bench_peer
One core. "peer and baseline" goes from rows of forecasts to scores of pairs; the others start from segments. The walk
is the sketch of reference/scoring.md, section 3.5: one prediction at a time, prefix sums in dictionaries.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from predictions.scoring import timeline
from predictions.scoring.consensus import consensus
from predictions.scoring.daily import DAY, daily_scores, daily_segments
from predictions.scoring.peer import peer_integrals
from predictions.scoring.platforms import baseline, baseline_over_time, peer_score
from predictions.scoring.rules import brier, logarithmic
from tests.benchmarks.bench_timeline import interleaved

HORIZON = 365 * DAY
ROUNDS = 7
MUST_REACH = 500_000
HALF_LIFE = HORIZON // 8


@dataclass(frozen=True)
class World:
    name: str
    prediction: np.ndarray
    pair: np.ndarray
    issued: np.ndarray
    probability: np.ndarray
    start: np.ndarray
    end: np.ndarray
    loss: np.ndarray


def world(predictions: int, forecasters: int, updates: int) -> World:
    """Everybody comes at a random time of the year and stays."""
    dice = np.random.default_rng(2022)
    pairs, count = predictions * forecasters, predictions * forecasters * updates
    pair = np.repeat(np.arange(pairs), updates)
    issued = np.sort(dice.integers(0, HORIZON, (pairs, updates)), axis=1).ravel()
    p = dice.uniform(0.001, 0.999, count)
    segments = timeline.segments(pair, issued, opens=0, closes=HORIZON)
    name = f"{predictions:,} × {forecasters:,} × {updates:,}"
    return World(name, pair // forecasters, pair, issued, p, *segments, brier(p, 1))


def peer_and_baseline(rows: World) -> tuple[np.ndarray, np.ndarray]:
    start, end = timeline.segments(rows.pair, rows.issued, opens=0, closes=HORIZON)
    first, horizon = timeline.pair_starts(rows.pair), {"opens": 0, "scheduled": HORIZON}
    gain = peer_integrals(rows.prediction, start, end, logarithmic(rows.probability, 1)).gain
    reward = baseline_over_time(baseline(rows.probability, 1), end - start, first, **horizon)
    return peer_score(np.add.reduceat(gain, first), **horizon), reward


def peers(rows: World) -> np.ndarray:
    return peer_integrals(rows.prediction, rows.start, rows.end, rows.loss).gain


def peers_twice(rows: World) -> np.ndarray:
    both = np.stack([rows.loss, logarithmic(rows.probability, 1)], axis=1)
    return peer_integrals(rows.prediction, rows.start, rows.end, both).gain


def pooled(how: str) -> Callable[[World], object]:
    def work(rows: World) -> object:
        columns = rows.prediction, rows.pair, rows.start, rows.end, rows.probability
        return consensus(*columns, how=how, half_life=HALF_LIFE)

    return work


def daily(rows: World) -> object:
    start, end = daily_segments(rows.pair, rows.issued, opens=0, closes=HORIZON)
    return daily_scores(rows.prediction, rows.pair, start, end, rows.loss, days=365)


def walk(segments: Iterable[tuple[int, int, float]]) -> list[float]:
    """The peer integrals of one prediction, step by step."""
    segments = list(segments)
    steps: dict[int, tuple[int, float]] = {}
    for start, end, loss in segments:
        for moment, sign in ((start, 1), (end, -1)):
            number, total = steps.get(moment, (0, 0.0))
            steps[moment] = number + sign, total + sign * loss
    others, own = {}, {}
    number, total, a, b, last = 0, 0.0, 0.0, 0.0, 0
    for moment in sorted(steps):
        if number > 1:
            a += (moment - last) * total / (number - 1)
            b += (moment - last) * number / (number - 1)
        others[moment], own[moment], last = a, b, moment
        number, total = number + steps[moment][0], total + steps[moment][1]
    return [others[v] - others[u] - x * (own[v] - own[u]) for u, v, x in segments]


def walks(rows: World) -> np.ndarray:
    cuts = np.flatnonzero(np.diff(rows.prediction)) + 1
    columns = (np.split(column, cuts) for column in (rows.start, rows.end, rows.loss))
    return np.concatenate(
        [walk(zip(*map(np.ndarray.tolist, part), strict=True)) for part in zip(*columns, strict=True)]
    )


WORKS = {
    "peer and baseline, logarithmic": peer_and_baseline,
    "peer, Brier": peers,
    "peer, Brier and logarithmic": peers_twice,
    "consensus, median": pooled("median"),
    "consensus, mean of log-odds": pooled("mean_log_odds"),
    "consensus, recency-weighted": pooled("recency_weighted"),
    "daily Brier, median, accuracy": daily,
    "peer, plain Python walk": walks,
}


def compare(rows: World) -> None:
    np.testing.assert_allclose(peers(rows), walks(rows), rtol=1e-9, atol=1e-9 * HORIZON)
    times = dict(zip(WORKS, interleaved(*((lambda w=w: w(rows)) for w in WORKS.values()), rounds=ROUNDS), strict=True))
    print(f"\n{rows.name} = {len(rows.pair):,} forecasts, medians of {ROUNDS} interleaved")
    for name, taken in times.items():
        faster = times["peer, plain Python walk"] / taken
        print(
            f"  {name:32} {taken:9.1f} ms {len(rows.pair) / taken * 1000:13,.0f} a second   walk ÷ this {faster:6.1f}"
        )


def growth() -> None:
    worlds = [world(1, 200, updates) for updates in (5, 15, 50, 150, 500)]
    times = interleaved(*((lambda w=w: peers(w)) for w in worlds), rounds=ROUNDS)
    print(f"\npeer, Brier, one prediction × 200 forecasters, medians of {ROUNDS} interleaved")
    for rows, taken in zip(worlds, times, strict=True):
        count = len(rows.pair)
        print(f"  {count:9,} forecasts {taken:9.2f} ms   {taken * 1e6 / (count * np.log2(count)):6.2f} ns ÷ (M log₂ M)")


def main() -> None:
    print(f"must reach: {MUST_REACH:,} forecasts a second")
    compare(world(1000, 20, 10))
    compare(world(1, 200, 50))
    growth()


if __name__ == "__main__":
    main()
