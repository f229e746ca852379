import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.language.keyness import log_likelihood, log_ratio

COUNTS = st.integers(0, 500)
TOTALS = st.integers(500, 100_000)


@given(COUNTS, TOTALS, COUNTS, TOTALS)
def test_the_other_way_round_the_ratio_turns_its_sign_and_g2_stays(a, c, b, d):
    here, there = log_ratio(a, c, b, d), log_ratio(b, d, a, c)
    if a + b == 0:
        assert here == there == log_ratio(0, 1, 0, 1)
        assert log_likelihood(a, c, b, d) is None
        return
    assert here.value == pytest.approx(-there.value)
    assert (here.low, here.high) == pytest.approx((-there.high, -there.low))
    assert here.low <= here.value <= here.high
    assert log_likelihood(a, c, b, d) == pytest.approx(log_likelihood(b, d, a, c))
    assert log_likelihood(a, c, b, d) >= 0


def test_equal_rates_are_no_difference():
    assert log_likelihood(5, 1000, 50, 10_000) == pytest.approx(0, abs=1e-9)
    assert log_ratio(5, 1000, 50, 10_000).value == 0


def test_twice_the_rate_is_one_doubling():
    assert log_ratio(5, 1000, 10, 1000).value == pytest.approx(1)
    assert log_ratio(10, 1000, 5, 1000).value == pytest.approx(-1)


def test_half_is_added_where_one_count_is_nought_and_said():
    found = log_ratio(0, 1000, 4, 1000)
    assert found.is_adjusted
    assert found.value == pytest.approx(math.log2(4.5 / 0.5))
    assert not log_ratio(1, 1000, 4, 1000).is_adjusted


@pytest.mark.parametrize("given_", [(0, 0, 1, 1), (2, 1, 1, 1), (-1, 1, 1, 1), (1, 1, 2, 1), (1, 1, 1, 0)])
def test_counts_beyond_their_totals_are_refused(given_):
    for measure in (log_likelihood, log_ratio):
        with pytest.raises(ValueError, match=r"first|second"):
            measure(*given_)
