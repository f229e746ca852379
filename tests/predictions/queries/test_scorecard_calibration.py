"""The reliability diagram and what stands beside it."""

import numpy as np
import pytest

from predictions.queries.scorecard_board import Board
from predictions.queries.scorecard_calibration import MOST_UNPOOLED, calibration_of


def board(p, y, prediction=None, event=None) -> Board:
    count = np.arange(len(p), dtype=float) + 1
    prediction = count if prediction is None else np.asarray(prediction, float)
    columns = {"prediction": prediction, "outcome": np.asarray(y, float), "spot_half": np.asarray(p, float)}
    return Board(columns, prediction if event is None else np.asarray(event, float))


def drawn(n, *, stretch=1.0, digits=2):
    """Probabilities and what came of them; `stretch` above 1 makes the forecasts overconfident."""
    chance = np.random.default_rng(3)  # of its own, so that no test hangs on those that ran before it
    p = chance.beta(0.9, 0.9, n).round(digits)
    occurred = chance.random(n) < p
    return np.clip(0.5 + stretch * (p - 0.5), 0, 1), occurred


def test_the_parts_add_up_and_lie_beside_what_chance_makes_of_the_calibrated():
    found = calibration_of(board(*drawn(400)))
    for parts in (found.brier, found.logarithmic):
        assert parts.mean == pytest.approx(parts.miscalibration - parts.discrimination + parts.uncertainty, abs=1e-12)
    assert found.brier.miscalibration < found.null_miscalibration_95
    assert found.p_value > 0.05


def test_the_overconfident_fall_outside():
    found = calibration_of(board(*drawn(400, stretch=1.8)))
    assert found.brier.miscalibration > found.null_miscalibration_95
    assert found.p_value < 0.01


@pytest.mark.parametrize(("n", "grid"), [(MOST_UNPOOLED, None), (MOST_UNPOOLED + 1, 100)])
def test_above_two_thousand_rows_probabilities_are_pooled_and_it_says_so(n, grid):
    found = calibration_of(board(*drawn(n, digits=6)))
    assert (found.n, found.grid) == (n, grid)
    assert (len(found.curve) <= 101) == (grid is not None)
    assert sum(point.n for point in found.curve) == n == sum(block.n for block in found.blocks)
    assert sum(each.n for each in found.histogram) == n


def test_rows_of_one_event_widen_the_band():
    p, y = np.full(200, 0.5), np.repeat([0, 1], 100)
    alone = calibration_of(board(p, y))
    together = calibration_of(board(p, y, event=np.arange(200) // 20))
    assert together.clusters == 10
    assert together.curve[0].upper - together.curve[0].lower > 2 * (alone.curve[0].upper - alone.curve[0].lower)


def test_spiegelhalter_is_told_only_where_each_prediction_has_one_row():
    several = calibration_of(board([0.2, 0.3, 0.9], [0, 0, 1], prediction=[1, 1, 2]))
    assert (several.spiegelhalter_z, "one forecaster" in several.reasons["spiegelhalter_z"]) == (None, True)
    assert calibration_of(board([0.2, 0.3, 0.9], [0, 0, 1])).spiegelhalter_z is not None
    assert "half" in calibration_of(board([0.5, 0.5], [0, 1])).reasons["spiegelhalter_z"]


def test_shares_are_in_the_curve_and_out_of_what_needs_yes_and_no():
    found = calibration_of(board([0.2, 0.6, 0.9], [0.0, 0.5, 1.0]))
    told = (found.auc, found.spiegelhalter_z, found.spiegelhalter_p, found.null_miscalibration_95, found.p_value)
    assert (found.n, told) == (3, (None,) * 5)
    assert all("shares" in found.reasons[name] for name in ("auc", "spiegelhalter_z", "null_miscalibration_95"))


def test_with_shares_the_band_is_drawn_from_the_events_themselves():
    """Everybody says 50% and everything is half met: nothing varies, so the band closes on the curve."""
    shares, coins = np.full(60, 0.5), np.repeat([0.0, 1.0], 30)
    found, plain = (calibration_of(board(np.full(60, 0.5), y)) for y in (shares, coins))
    assert (found.band, plain.band) == ("confidence", "consistency")
    assert found.curve[0].upper - found.curve[0].lower == pytest.approx(0.0)
    assert plain.curve[0].upper - plain.curve[0].lower > 0.1


def test_without_a_forecast_at_half_time_there_is_none():
    assert calibration_of(board([np.nan], [1])) is None
