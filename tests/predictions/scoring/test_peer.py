"""Laws of peer scores. Against a brute-force sweep they are held in tests/oracles/test_peer_sweep.py."""

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.scoring import peer, sweep
from predictions.scoring.peer import peer_integrals, points

END = 20
PARTS = ("gain", "contested", "crowd")


@st.composite
def histories(draw):
    """Rows (prediction, start, end, loss) of up to three predictions with up to four forecasters each."""
    rows = []
    for prediction in range(draw(st.integers(1, 3))):
        for _ in range(draw(st.integers(1, 4))):
            cuts = sorted(draw(st.lists(st.integers(0, END), min_size=2, max_size=6)))
            held = zip(cuts[:-1], cuts[1:], draw(st.tuples(*[st.booleans()] * (len(cuts) - 1))), strict=True)
            rows += [(prediction, u, v, draw(st.floats(0, 7, width=32))) for u, v, is_up in held if is_up]
    return rows


def columns(rows):
    prediction, start, end, loss = zip(*rows, strict=True) if rows else ((), (), (), ())
    return *(np.array(column, np.int64) for column in (prediction, start, end)), np.array(loss, float)


@given(histories())
def test_gains_add_up_to_nothing_in_every_prediction(rows):
    of, start, end, loss = columns(rows)
    gain = peer_integrals(of, start, end, loss).gain
    assert np.bincount(of, gain, minlength=3).tolist() == pytest.approx([0.0] * 3, abs=1e-10)


@given(histories())
def test_the_gain_is_the_crowds_loss_less_ones_own(rows):
    of, start, end, loss = columns(rows)
    ours = peer_integrals(of, start, end, loss)
    np.testing.assert_allclose(ours.gain, ours.crowd - loss * ours.contested, atol=1e-10)
    assert ((ours.contested >= 0) & (ours.contested <= end - start)).all()


@given(histories(), st.data())
def test_repeating_the_standing_forecast_changes_nothing(rows, data):
    of, start, end, loss = columns(rows)
    split = [(p, u, data.draw(st.integers(u, v)), v, x) for p, u, v, x in rows]
    halves = [half for p, u, middle, v, x in split for half in ((p, u, middle, x), (p, middle, v, x))]
    whole, parts = peer_integrals(of, start, end, loss), peer_integrals(*columns(halves))
    for name in PARTS:
        np.testing.assert_allclose(getattr(parts, name).reshape(-1, 2).sum(1), getattr(whole, name), atol=1e-10)


@given(histories(), st.integers(0, END))
def test_integrals_of_two_halves_of_a_horizon_add_up(rows, middle):
    of, start, end, loss = columns(rows)
    early = peer_integrals(of, np.minimum(start, middle), np.minimum(end, middle), loss)
    late = peer_integrals(of, np.maximum(start, middle), np.maximum(end, middle), loss)
    whole = peer_integrals(of, start, end, loss)
    for name in PARTS:
        halves = getattr(early, name) + getattr(late, name)
        np.testing.assert_allclose(halves, getattr(whole, name), atol=1e-10)


@given(histories(), st.integers(0, 2))
def test_leaving_out_a_prediction_changes_no_other(rows, annulled):
    of, start, end, loss = columns(rows)
    whole, kept = peer_integrals(of, start, end, loss), of != annulled
    rest = peer_integrals(of[kept], start[kept], end[kept], loss[kept])
    for name in PARTS:
        np.testing.assert_allclose(getattr(rest, name), getattr(whole, name)[kept], atol=1e-10)


@given(histories())
def test_losses_that_share_the_sort_are_as_if_each_came_alone(rows):
    of, start, end, loss = columns(rows)
    both = peer_integrals(of, start, end, np.stack([loss, 1 - loss], axis=1))
    for k, alone in enumerate((loss, 1 - loss)):
        ours = peer_integrals(of, start, end, alone)
        assert both.gain[:, k].tolist() == ours.gain.tolist()
        assert both.crowd[:, k].tolist() == ours.crowd.tolist()


@settings(max_examples=30)
@given(histories(), st.sampled_from([0.0, 0.1, 1 / 3]))
def test_who_all_say_the_same_gain_exactly_nothing(rows, loss):
    of, start, end, _ = columns(rows)
    assert not peer_integrals(of, start, end, np.full(len(of), loss)).gain.any()


def test_one_who_stands_alone_is_not_contested():
    ours = peer_integrals([1, 1, 1, 2], [0, 10, 30, 0], [10, 20, 40, 40], [0.5, 0.2, 0.3, 0.9])
    assert [part.tolist() for part in ours] == [[0.0] * 4, [0] * 4, [0.0] * 4]


def test_the_loss_of_a_row_that_never_stood_is_not_looked_at():
    ours = peer_integrals([1, 1, 1], [0, 0, 5], [9, 9, 5], [0.5, 0.25, np.nan])
    assert ours.gain.tolist() == [-2.25, 2.25, 0.0]


@pytest.mark.parametrize("scale", [5e-324, 1e-300, 1e300])
def test_losses_of_any_size_can_be_added_up(scale):
    ours = peer_integrals([1, 1], [0, 0], [8, 8], [0.0, scale])
    assert ours.gain.tolist() == pytest.approx([8 * scale, -8 * scale], abs=1e-305)


def test_points_are_a_hundred_times_the_mean_over_the_scheduled_horizon():
    ours = points([25.0, -25.0, 1.0], opens=[0, 0, 5], scheduled=[100, 50, 5])
    assert ours.tolist() == pytest.approx([25.0, -50.0, np.nan], nan_ok=True)


def test_nothing_comes_of_nothing():
    assert [len(part) for part in peer_integrals([], [], [], [])] == [0, 0, 0]


REFUSED = [
    ({"prediction": [2, 1]}, "prediction must be in rising order"),
    ({"prediction": [1.0, 2.0]}, "prediction must hold integers"),
    ({"start": [0]}, "start has shape"),
    ({"end": [9, -1]}, r"end must not come before start \(row 1\)"),
    ({"end": [9, 2**61]}, r"less than 2\*\*60 microseconds \(row 0\)"),
    ({"loss": [0.5]}, "loss has shape"),
    ({"loss": ["a", "b"]}, "loss must hold numbers"),
    ({"loss": [0.5, np.inf]}, r"loss must be finite.*row 1"),
    ({"loss": [np.nan, 0.5]}, r"loss must be finite.*row 0"),
]


@pytest.mark.parametrize(("change", "why"), REFUSED)
def test_rows_that_are_no_peers_are_refused_by_name(change, why):
    rows = {"prediction": [1, 1], "start": [0, 0], "end": [9, 9], "loss": [0.5, 0.25], **change}
    with pytest.raises(ValueError, match=why):
        peer_integrals(**rows)


@pytest.mark.parametrize("module", [peer, sweep], ids=lambda module: module.__name__)
def test_examples_in_the_docstrings_hold(module):
    assert doctest.testmod(module).failed == 0
