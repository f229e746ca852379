"""Laws of the consensus. Against a brute-force sweep it is held in tests/oracles/test_consensus_sweep.py."""

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.scoring import consensus as module
from predictions.scoring.consensus import consensus, half_life

HOWS = ("median", "mean_log_odds", "recency_weighted")
probabilities = st.lists(st.floats(0, 1, width=32), min_size=2, max_size=7)


def together(p, how, start=None, end=100, **options):
    """One forecast each, from the given starts until the end."""
    n = len(p)
    rows = [0] * n, range(n), [0] * n if start is None else start, [end] * n
    return consensus(*(np.array(column, np.int64) for column in rows), p, how=how, **{"half_life": 10, **options})


@pytest.mark.parametrize("how", HOWS)
@settings(max_examples=40)
@given(p=probabilities)
def test_the_consensus_lies_between_the_extremes_whatever_the_order(how, p):
    (said,) = together(p, how).probability.tolist()
    low, high = (np.clip(end, 1e-3, 1 - 1e-3) if how == "mean_log_odds" else end for end in (min(p), max(p)))
    assert low - 1e-12 <= said <= high + 1e-12
    assert together(p[::-1], how).probability.tolist() == [pytest.approx(said, abs=1e-12)]


@pytest.mark.parametrize("how", HOWS)
@settings(max_examples=40)
@given(p=probabilities)
def test_turning_the_statement_round_turns_the_consensus_round(how, p):
    said, turned = (together(each, how).probability for each in (p, [1 - x for x in p]))
    np.testing.assert_allclose(said, 1 - turned, atol=1e-12)


@pytest.mark.parametrize(
    ("how", "p", "said"),
    [
        ("median", [0.1, 0.2, 0.9], 0.2),
        ("median", [0.1, 0.2, 0.4, 0.9], 0.3),
        ("mean_log_odds", [0.5, 0.5], 0.5),
        ("mean_log_odds", [0.2, 0.5], 1 / 3),  # odds of 1:4 and 1:1 have the geometric mean 1:2
        ("mean_log_odds", [0.0, 1.0], 0.5),
        ("mean_log_odds", [1.0, 1.0], 0.999),
        ("recency_weighted", [0.1, 0.2, 0.9], 0.4),
    ],
)
def test_what_is_said_together_by_hand(how, p, said):
    assert together(p, how).probability.tolist() == [pytest.approx(said, abs=1e-12)]


def test_a_forecast_a_half_life_younger_weighs_twice_as_much():
    ours = together([0.0, 0.75, 1.0], "recency_weighted", start=[0, 10, 30])
    assert ours.start.tolist() == [10, 30]
    assert ours.probability.tolist() == pytest.approx([0.5, (2 * 0.75 + 8) / 11])


def test_what_is_said_later_changes_nothing_before_it():
    before, after = (
        together(p, "recency_weighted", start=list(range(0, 50 * len(p), 50)[: len(p)]), end=160)
        for p in ([0.1, 0.9], [0.1, 0.9, 0.5, 0.2])
    )
    assert after.probability[0] == before.probability[0]


def test_without_a_schedule_no_forecast_fades():
    unknown = half_life(opens=[0], scheduled=[2**62])
    assert together([0.1, 0.9], "recency_weighted", start=[0, 10], half_life=unknown).probability.tolist() == [
        pytest.approx(0.5)
    ]


def test_there_is_none_where_one_stands_alone_and_equal_neighbours_are_one():
    of, pair = [1, 1, 1, 1, 2], [1, 1, 2, 3, 4]
    start, end = [0, 40, 20, 30, 0], [20, 90, 60, 60, 90]
    ours = consensus(of, pair, start, end, [0.5, 0.4, 0.4, 0.4, 0.1], how="median")
    assert [column.tolist() for column in ours] == [[1], [30], [60], [0.4]]


@pytest.mark.parametrize("rows", [[[]] * 5, [[1], [1], [5], [5], [0.5]], [[1], [1], [5], [9], [0.5]]])
def test_nothing_comes_of_too_little(rows):
    assert [column.tolist() for column in consensus(*rows, how="median")] == [[]] * 4


REFUSED = [
    ({"how": "loudest"}, "how must be median, mean_log_odds or recency_weighted, not loudest"),
    ({"half_life": None}, "half_life is missing"),
    ({"half_life": [5, 5]}, "half_life has shape"),
    ({"half_life": 0}, "half_life must be above 0"),
    ({"half_life": 1, "start": [0, 17], "end": [30, 30]}, "half_life is too short: forecasts lie 17.0 half-lives"),
    ({"probability": [0.5, 1.5]}, "probability must lie in"),
    ({"probability": [0.5]}, "probability has shape"),
    ({"forecaster_pair": [1, 1]}, r"forecaster_pair must rise, and its forecasts not overlap \(row 1\)"),
    ({"forecaster_pair": [2, 1]}, "forecaster_pair must rise"),
    ({"end": [9, -1]}, "end must not come before start"),
]


@pytest.mark.parametrize(("change", "why"), REFUSED)
def test_rows_that_cannot_be_pooled_are_refused_by_name(change, why):
    rows = {"prediction": [1, 1], "forecaster_pair": [1, 2], "start": [0, 0], "end": [9, 9], "probability": [0.5, 0.1]}
    with pytest.raises(ValueError, match=why):
        consensus(**{**rows, "how": "recency_weighted", "half_life": 5, **change})


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(module).failed == 0
