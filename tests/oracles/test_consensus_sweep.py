"""The consensus against asking at every stretch of time who stands, with the standard library's median."""

from itertools import groupby
from math import fsum, log
from statistics import median

import numpy as np
import pytest

from predictions.scoring.consensus import CLIP, consensus
from predictions.scoring.daily import daily_scores
from tests.oracles.histories import instants, world

PREDICTIONS = 120


@pytest.fixture(scope="module")
def histories():
    return world(PREDICTIONS, 7, longest=2.0**52, magnitude=0)


def mean_log_odds(p, _):
    clipped = [min(max(x, CLIP), 1 - CLIP) for x in p]
    return 1 / (1 + np.exp(-fsum(log(x / (1 - x)) for x in clipped) / len(p)))


def recency_weighted(p, halvings):
    weight = [2.0**-age for age in halvings]
    return fsum(w * x for w, x in zip(weight, p, strict=True)) / fsum(weight)


RULES = {"median": lambda p, _: median(p), "mean_log_odds": mean_log_odds, "recency_weighted": recency_weighted}


def swept(histories, how, half_life, at_least):
    """Every stretch with enough standing, before equal neighbours are joined."""
    for prediction in range(PREDICTIONS):
        rows = histories.of(prediction)
        begin, close, p = histories.start[rows], histories.end[rows], histories.value[rows]
        stood = begin < close
        latest = begin[stood].max() if stood.any() else 0
        for u, v, standing in instants(begin[stood], close[stood]):
            if len(standing) >= at_least:
                ages = (latest - begin[stood][standing]) / half_life[prediction]
                yield prediction, u, v, RULES[how](p[stood][standing].tolist(), ages.tolist())


def at_moments(segments, moments):
    """What is said at each (prediction, moment): the segments of each prediction are looked up by their start."""
    said = {}
    for prediction, rows in groupby(zip(*segments, strict=True), key=lambda row: int(row[0])):
        said[prediction] = list(rows)
    return [next((p for _, u, v, p in said.get(of, []) if u <= t < v), np.nan) for of, t in moments]


@pytest.mark.parametrize("at_least", [1, 2, 3])
@pytest.mark.parametrize("how", RULES)
def test_the_consensus_is_what_a_sweep_pools(histories, how, at_least):
    first = np.flatnonzero(np.diff(histories.prediction, prepend=-1))
    lengths = np.maximum.reduceat(histories.end, first) - np.minimum.reduceat(histories.start, first)
    half_life = np.ones(PREDICTIONS, np.int64)
    half_life[histories.prediction[first]] = np.maximum(lengths // np.where(first % 2, 8, 12), 1)
    ours = consensus(
        histories.prediction,
        histories.pair,
        histories.start,
        histories.end,
        histories.value,
        how=how,
        half_life=half_life[histories.prediction[first]],
        at_least=at_least,
    )
    theirs = list(swept(histories, how, half_life, at_least))
    moments = [(of, (u + v) // 2) for of, u, v, _ in theirs]
    np.testing.assert_allclose(at_moments(ours, moments), [p for *_, p in theirs], rtol=1e-9)
    assert (ours.end - ours.start).sum(dtype=float) == pytest.approx(sum(float(v - u) for _, u, v, _ in theirs))


def test_medians_of_many_at_once_are_numpys():
    """3,000 forecasters who come one by one, with ties among what they say, and leave together."""
    p = np.round(np.random.default_rng(5).random(3000), 2)
    start, end = np.arange(3000), np.full(3000, 3000)
    ours = consensus(np.zeros(3000, int), np.arange(3000), start, end, p, how="median")
    for k in range(1, 3000, 97):
        said = ours.probability[np.searchsorted(ours.start, k, side="right") - 1]
        assert said == pytest.approx(np.median(p[: k + 1]), abs=1e-15)


def test_daily_medians_are_what_a_day_by_day_loop_finds():
    days = world(60, 8, longest=41, magnitude=0)  # a unit of 1: the moments are days
    first = np.flatnonzero(np.diff(days.pair, prepend=-1))
    ours = daily_scores(days.prediction, days.pair, days.start, days.end, days.value, days=50)
    for k, rows in enumerate(np.split(np.arange(len(days.pair)), first[1:])):
        whole, beside = [], []
        mates = days.of(days.prediction[rows[0]])
        for row in rows:
            for day in range(days.start[row], days.end[row]):
                active = mates[(days.start[mates] <= day) & (day < days.end[mates])]
                whole.append(2 * days.value[row])
                if len(active) >= 3:
                    beside.append((2 * days.value[row], 2 * median(days.value[active].tolist())))
        own, medians = zip(*beside, strict=True) if beside else ([], [])
        theirs = [np.mean(whole) if whole else np.nan, np.mean(medians) if beside else np.nan]
        theirs.append(fsum(np.subtract(own, medians)) / 50 if beside else np.nan)
        np.testing.assert_allclose([figure[k] for figure in ours], theirs, rtol=1e-9, atol=1e-12)
