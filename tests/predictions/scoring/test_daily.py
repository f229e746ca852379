"""Laws of Good Judgment's scores. The case of the shared file and a day-by-day loop are in tests/oracles."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.scoring import daily
from predictions.scoring.daily import daily_scores

DAYS = 10


@st.composite
def crowds(draw):
    """Rows (pair, start, end, loss) of one prediction: up to five forecasters who stay until the last day."""
    rows = []
    for pair in range(draw(st.integers(1, 5))):
        cuts = sorted(draw(st.lists(st.integers(0, DAYS - 1), min_size=1, max_size=4)))
        rows += [(pair, u, v, draw(st.floats(0, 1))) for u, v in zip(cuts, [*cuts[1:], DAYS], strict=True)]
    return rows


def scored(rows, **options):
    pair, start, end, loss = zip(*rows, strict=True)
    return daily_scores([0] * len(rows), pair, start, end, loss, **{"days": DAYS, **options})


@given(crowds())
def test_accuracy_is_the_difference_of_the_two_means_times_the_participation(rows):
    ours = scored(rows, at_least=1)
    pair, start, end, _ = (np.array(column) for column in zip(*rows, strict=True))
    participation = np.bincount(pair, end - start) / DAYS
    np.testing.assert_allclose(ours.accuracy, (ours.daily_brier - ours.median) * participation, atol=1e-12)
    assert ((ours.daily_brier >= 0) & (ours.daily_brier <= 2)).all()


@given(crowds())
def test_days_are_weighed_and_not_walked_through(rows):
    """A history stretched a million times gives the same means, and no later."""
    stretched = [(pair, u * 10**6, v * 10**6, loss) for pair, u, v, loss in rows]
    for ours, theirs in zip(scored(stretched, days=DAYS * 10**6), scored(rows), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@given(crowds(), st.floats(0, 1))
def test_who_all_say_the_same_are_as_accurate_as_the_crowd(rows, loss):
    accuracy = scored([(*row[:3], loss) for row in rows]).accuracy
    assert (np.isnan(accuracy) | (np.abs(accuracy) < 1e-12)).all()


@pytest.mark.parametrize(
    ("rows", "has_crowd"),
    [
        ([(0, 0, 9, 0.5), (1, 0, 9, 0.2)], [False, False]),
        ([(0, 0, 9, 0.5), (1, 0, 9, 0.2), (2, 8, 9, 0.1)], [True, True, True]),
        ([(0, 0, 5, 0.5), (1, 5, 9, 0.2), (2, 5, 9, 0.1), (3, 5, 9, 0.1)], [False, True, True, True]),
    ],
)
def test_the_median_of_fewer_than_three_says_nothing(rows, has_crowd):
    ours = scored(rows)
    assert (~np.isnan(ours.median)).tolist() == has_crowd
    assert (~np.isnan(ours.accuracy)).tolist() == has_crowd
    assert not np.isnan(ours.daily_brier).any()


def test_days_with_fewer_than_three_stay_out_of_median_and_accuracy():
    ours = scored([(0, 0, 9, 0.5), (1, 0, 9, 0.2), (2, 8, 9, 0.1)])
    assert ours.median[0] == pytest.approx(2 * 0.2)
    assert ours.accuracy[0] == pytest.approx(2 * (0.5 - 0.2) / DAYS)
    assert ours.daily_brier[0] == pytest.approx(2 * 0.5)


def test_without_a_day_there_is_no_score():
    rows = [(0, 3, 3, np.nan), (1, 0, 9, 0.5), (2, 0, 9, 0.5), (3, 0, 9, 0.5)]
    assert [np.isnan(figure).tolist() for figure in scored(rows)] == [[True, False, False, False]] * 3
    assert np.isnan(scored(rows, days=0).accuracy).all()
    assert [len(figure) for figure in daily_scores([], [], [], [], [], days=5)] == [0, 0, 0]


REFUSED = [
    ({"loss": [0.5, 2.0]}, "loss must lie in"),
    ({"loss": [0.5]}, "loss has shape"),
    ({"pair": [2, 1]}, "pair must be in rising order"),
    ({"end": [5, -1]}, "must not be negative"),
    ({"days": [5, 5, 5]}, "days has shape"),
]


@pytest.mark.parametrize(("change", "why"), REFUSED)
def test_rows_that_are_no_days_are_refused_by_name(change, why):
    rows = {"prediction": [1, 1], "pair": [1, 2], "start": [0, 0], "end": [9, 9], "loss": [0.5, 0.2], "days": 9}
    with pytest.raises(ValueError, match=why):
        daily_scores(**{**rows, **change})


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(daily).failed == 0
