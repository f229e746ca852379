"""Means over many forecasts: the one pass equals the rules row by row, and skill is null where it means nothing."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.scoring import means
from predictions.scoring.means import CHUNK, mean_scores, skill, skill_score
from predictions.scoring.rules import bounded, brier, infinite_count, logarithmic

CLIP = (0.001, 0.999)
DICE = np.random.default_rng(20261122)


def test_examples_in_the_docstrings_hold():
    outcome = doctest.testmod(means)
    assert outcome.attempted >= 3
    assert outcome.failed == 0


def row_by_row(p, y, clip):
    p, y = np.broadcast_arrays(np.asarray(p, float), np.asarray(y, float))
    logs = logarithmic(bounded(p, clip) if clip else p, y)
    return p.size, np.mean(brier(p, y)), np.mean(logs), infinite_count(p, y)


def assert_equals_the_rules(p, y, clip):
    ours = mean_scores(p, y, clip=clip)
    n, *figures = row_by_row(p, y, clip)
    assert ours.n == n
    assert list(ours[1:]) == pytest.approx(figures, rel=1e-12, abs=1e-13)


unit = st.one_of(st.sampled_from([0.0, 1.0, 5e-324, 1 - 2**-53]), st.floats(0, 1))
rows = st.lists(st.tuples(unit, unit), min_size=1, max_size=20)
binary_rows = st.lists(st.tuples(unit, st.sampled_from([0, 1])), min_size=1, max_size=20)


@given(st.one_of(rows, binary_rows), st.sampled_from([None, CLIP, (0.25, 0.75)]))
@settings(max_examples=200)
def test_one_pass_gives_the_means_of_the_rules(pairs, clip):
    assert_equals_the_rules(*zip(*pairs, strict=True), clip)


@pytest.mark.parametrize("n", [CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
@pytest.mark.parametrize("clip", [None, CLIP])
def test_no_row_is_lost_or_counted_twice_between_chunks(n, clip):
    p = DICE.random(n)
    p[[0, n // 2, -1]] = [1.0, 0.0, 1.0]
    yes_or_no = (DICE.random(n) < 0.5).astype(float)
    yes_or_no[[0, n // 2, -1]] = [1.0, 0.0, 1.0]
    assert_equals_the_rules(p, yes_or_no, clip)
    assert_equals_the_rules(p, np.where(np.arange(n) < CHUNK, yes_or_no, p), clip)


@pytest.mark.parametrize("kind", [np.float32, np.int8, np.bool_, np.uint64])
def test_other_numbers_are_taken_as_they_are(kind):
    p, y = np.array([0, 1, 1], kind), np.array([0, 1, 0], kind)
    assert mean_scores(p, y) == (3, pytest.approx(1 / 3), math.inf, 1)


def test_scalars_and_shapes_are_broadcast():
    assert mean_scores(0.5, [[0, 1], [1, 1]])[:3] == (4, 0.25, pytest.approx(math.log(2)))
    assert mean_scores([[0.5], [0.5]], [0, 1, 1]).n == 6


def test_means_of_nothing_are_none():
    assert mean_scores([], []) == (0, None, None, 0)


@pytest.mark.parametrize("place", [0, CHUNK, 2 * CHUNK + 5])
@pytest.mark.parametrize("value", [math.nan, -0.5, 1.5])
@pytest.mark.parametrize("faulty", ["probability", "occurred"])
def test_the_first_fault_is_found_in_any_chunk(place, value, faulty):
    arguments = {"probability": np.full(2 * CHUNK + 6, 0.5), "occurred": np.ones(2 * CHUNK + 6)}
    arguments[faulty][place] = value
    with pytest.raises(ValueError, match=rf"{faulty} .*\(element {place}\)"):
        mean_scores(**arguments)


@pytest.mark.parametrize("clip", [(0, 1), (0.9, 0.1), (0.5, 0.5), (math.nan, 0.9)])
def test_a_clip_that_is_none_is_refused(clip):
    with pytest.raises(ValueError, match="clip must be 0 < low < high < 1"):
        mean_scores([0.5], [1], clip=clip)


@pytest.mark.parametrize(
    ("mean_loss", "reference_mean", "saved"),
    [
        (0.0, 0.25, 1.0),
        (0.25, 0.25, 0.0),
        (0.5, 0.25, -1.0),
        (0.0, 0.0, None),
        (0.25, 0.0, None),
        (math.inf, 0.25, None),
        (0.25, math.inf, None),
        (math.nan, 0.25, None),
        (None, 0.25, None),
        (0.25, None, None),
    ],
)
def test_skill_is_the_share_of_the_loss_saved_or_none(mean_loss, reference_mean, saved):
    assert skill(mean_loss, reference_mean) == saved


def test_skill_of_a_reward_is_refused():
    with pytest.raises(ValueError, match="must be at least 0"):
        skill(-0.5, 0.25)


@pytest.mark.parametrize(
    ("loss", "reference", "weights", "saved"),
    [
        ([0.1, 0.3], [0.5, 0.3], None, 0.5),
        ([0.1, 0.1], [0.1, 0.4], None, 0.6),  # the mean of the two skills, 0 and 0.75, would be 0.375
        ([0.0, 0.4], [0.4, 0.4], [3, 1], 0.75),
        ([0.0, 0.4, math.inf], [0.4, 0.4, 1.0], [3, 1, 0], 0.75),
        ([0.1], [0.2], None, None),
        ([0.1, 0.1], [0.2, 0.2], [1, 0], None),
        ([], [], None, None),
        ([0.1, 0.1], [0.0, 0.0], None, None),
        ([0.1, math.inf], [0.2, 0.2], None, None),
    ],
)
def test_skill_score_is_of_means_over_the_same_items(loss, reference, weights, saved):
    assert skill_score(loss, reference, weights) == (None if saved is None else pytest.approx(saved))


@pytest.mark.parametrize(
    ("loss", "reference", "weights", "why"),
    [
        ([0.1, 0.2], [0.1], None, r"loss has shape \(2,\), reference_loss has \(1,\)"),
        ([0.1, math.nan], [0.1, 0.1], None, r"loss is missing \(NaN\) \(element 1\)"),
        ([0.1, 0.1], [0.1, -0.1], None, "reference_loss must be at least 0"),
        ([0.1, 0.1], [0.1, 0.1], [1, -1], "weights must be at least 0"),
    ],
)
def test_losses_that_do_not_belong_together_are_refused(loss, reference, weights, why):
    with pytest.raises(ValueError, match=why):
        skill_score(loss, reference, weights)
