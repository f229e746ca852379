"""Scores after some of the forecasts behind them are read otherwise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.scoring.rereading import reread_brier

shares = st.floats(0, 1, allow_nan=False)


def test_only_the_part_that_is_read_otherwise_moves():
    # A pair that stood at 0.5 for a quarter and at 0.9 for the rest, and one that is left alone.
    mean = [0.25 * 0.25 + 0.75 * 0.01, 0.36]
    told = reread_brier(mean, place=[0], share=[0.25], before=[0.5], after=[0.8], occurred=[1.0])
    assert told == pytest.approx([0.25 * 0.04 + 0.75 * 0.01, 0.36])


def test_of_nothing_read_otherwise_nothing_moves():
    assert reread_brier([0.1, 0.2], place=[], share=[], before=[], after=[], occurred=[]).tolist() == [0.1, 0.2]


@given(st.lists(st.tuples(shares, shares, shares), min_size=1, max_size=5), st.sampled_from([0.0, 0.4, 1.0]))
def test_it_is_the_mean_that_a_reading_from_the_start_would_give(told, outcome):
    weight, before, after = (np.array(column) for column in zip(*told, strict=True))
    share = (weight + 0.1) / (weight + 0.1).sum()
    mean = [float(share @ (before - outcome) ** 2)]
    changed = {"place": np.zeros(len(told)), "share": share, "occurred": np.full(len(told), outcome)}
    assert reread_brier(mean, before=before, after=after, **changed) == pytest.approx(
        [float(share @ (after - outcome) ** 2)], abs=1e-12
    )


@pytest.mark.parametrize(
    "wrong", [{"place": [1]}, {"place": [-1]}, {"after": [1.1]}, {"before": [float("nan")]}, {"occurred": [2]}], ids=str
)
def test_what_is_no_share_or_no_pair_is_refused(wrong):
    with pytest.raises(ValueError, match=r"place|probability|occurred"):
        reread_brier(
            [0.25], **{"place": [0], "share": [1.0], "before": [0.5], "after": [0.6], "occurred": [1.0], **wrong}
        )
