"""Mean Brier and logarithmic score of ten million forecasts, beside the chunked-numpy floor and scikit-learn.

Run: OPENBLAS_NUM_THREADS=1 .venv/bin/python -m tests.benchmarks.bench_rules

One thread, because the floor's dot product would keep a second one spinning, which helps nobody and burdens the rest.
The floor checks nothing and takes only outcomes 0 and 1; ours checks every number and finds out which kind it has.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from sklearn.metrics import brier_score_loss, log_loss

from predictions.scoring.checks import Floats
from predictions.scoring.means import mean_scores

ROWS = 10_000_000
CHUNK = 32_768
ROUNDS = 9
SLOW_ROUNDS = 5  # scikit-learn's, which are slow; in the same rounds as the others
CLIP = (0.001, 0.999)


def floor(probability: Floats, occurred: Floats) -> tuple[float, float]:
    """floors.md, section 1: chunks, q = |p + y − 1|, one logarithm, a dot product."""
    given, miss = np.empty(CHUNK), np.empty(CHUNK)
    squares = surprise = 0.0
    for at in range(0, len(probability), CHUNK):
        p, y = probability[at : at + CHUNK], occurred[at : at + CHUNK]
        q, d = given[: len(p)], miss[: len(p)]
        np.add(p, y, out=q)
        np.subtract(q, 1.0, out=q)
        np.abs(q, out=q)
        np.subtract(1.0, q, out=d)
        squares += float(d @ d)
        surprise -= float(np.log(q, out=q).sum())
    return squares / len(probability), surprise / len(probability)


def sklearn(probability: Floats, occurred: Floats) -> tuple[float, float]:
    return brier_score_loss(occurred, probability), log_loss(occurred, probability)


def means(probability: Floats, occurred: Floats, clip: tuple[float, float] | None = None) -> tuple[float, float]:
    return mean_scores(probability, occurred, clip=clip)[1:3]


def candidates() -> dict[str, Callable[[], tuple[float, float]]]:
    dice = np.random.default_rng(20261122)
    p = dice.random(ROWS)
    yes_or_no, shares, percent = (dice.random(ROWS) < p).astype(float), dice.random(ROWS), np.round(p, 2)
    return {
        "floor: chunked numpy, unchecked, outcomes 0 and 1": partial(floor, p, yes_or_no),
        "mean_scores, outcomes 0 and 1": partial(means, p, yes_or_no),
        "mean_scores, outcomes 0 and 1 as int8": partial(means, p, yes_or_no.astype(np.int8)),
        "mean_scores, whole per cent with 0 and 100, clipped": partial(means, percent, yes_or_no, CLIP),
        "mean_scores, shares": partial(means, p, shares),
        "mean_scores, shares, whole per cent, clipped": partial(means, percent, shares, CLIP),
        "scikit-learn: brier_score_loss + log_loss": partial(sklearn, p, yes_or_no),
    }


def refuse_other_answers(works: dict[str, Callable[[], tuple[float, float]]]) -> None:
    common, *others = [work() for name, work in works.items() if "outcomes 0 and 1" in name or "scikit" in name]
    for answer in others:
        np.testing.assert_allclose(answer, common, rtol=0, atol=1e-12)


def main() -> None:
    works = candidates()
    refuse_other_answers(works)
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(ROUNDS):
        for name, work in works.items():
            if "scikit" in name and turn >= SLOW_ROUNDS:
                continue
            began = time.perf_counter()
            work()
            times[name].append((time.perf_counter() - began) * 1000)
    best = statistics.median(next(iter(times.values())))
    print(f"{ROWS:,} forecasts, medians of {ROUNDS} interleaved runs ({SLOW_ROUNDS} of scikit-learn)")
    for name, took in times.items():
        middle = statistics.median(took)
        print(f"{name:56} {middle:8.1f} ms {middle / best:7.2f} × the floor")


if __name__ == "__main__":
    main()
