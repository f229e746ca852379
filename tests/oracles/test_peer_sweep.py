"""Peer integrals against a sweep that asks at every stretch of time who stands, on histories of very unlike sizes."""

from math import fsum

import numpy as np
import pytest

from predictions.scoring.peer import peer_integrals
from predictions.scoring.sweep import SPAN
from tests.oracles.histories import instants, world


def swept(begin, close, cost):
    """Gain, contested time and crowd of each row of one prediction."""
    gain, contested, crowd = ([[] for _ in begin] for _ in range(3))
    for u, v, standing in instants(begin, close):
        for k in standing if len(standing) > 1 else []:
            others = fsum(cost[j] for j in standing if j != k) / (len(standing) - 1)
            gain[k].append((v - u) * (others - cost[k]))
            crowd[k].append((v - u) * others)
            contested[k].append(v - u)
    return [fsum(part) for part in gain], [sum(part) for part in contested], [fsum(part) for part in crowd]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_prefix_integrals_are_what_a_sweep_adds_up(seed):
    histories = world(300, seed)
    ours = peer_integrals(histories.prediction, histories.start, histories.end, histories.value)
    for prediction in range(300):
        rows = histories.of(prediction)
        length, cost = histories.end[rows] - histories.start[rows], histories.value[rows]
        gain, contested, crowd = swept(histories.start[rows], histories.end[rows], cost)
        assert ours.contested[rows].tolist() == contested
        bound = 1e-12 * length * cost.max(initial=0)
        assert (np.abs(ours.gain[rows] - gain) <= bound).all()
        assert (np.abs(ours.crowd[rows] - crowd) <= bound).all()
        np.testing.assert_allclose(ours.crowd[rows], crowd, rtol=1e-9)


def test_worlds_of_this_kind_hold_what_they_should():
    """Rows that never stand, predictions of very unlike lengths, and too much of them for one chunk."""
    histories = world(300, 1)
    first = np.flatnonzero(np.diff(histories.prediction, prepend=-1))
    span = np.maximum.reduceat(histories.end, first) - np.minimum.reduceat(histories.start, first)
    assert (histories.start == histories.end).any()
    assert span.max() > 1e6 * span.min()
    assert span.sum(dtype=float) > 2 * SPAN


def test_one_long_history_keeps_its_digits():
    """Short rows late in a prediction of 20,000 forecasts, each against the closed form for two forecasters."""
    begin = np.arange(20_000, dtype=np.int64) * 86_400_000_000
    cost = np.random.default_rng(4).random((2, len(begin)))
    twice = np.tile(begin, 2)
    ours = peer_integrals(np.zeros(len(twice), int), twice, twice + 86_400_000_000, cost.ravel())
    gain = (cost[::-1] - cost).ravel() * 86_400_000_000
    np.testing.assert_allclose(ours.gain, gain, rtol=1e-9, atol=1e-11 * 86_400_000_000)
