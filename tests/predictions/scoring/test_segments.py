"""Stretches, moments, horizons and ticks: the parts of the timeline beyond its means."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.scoring.daily import DAY, daily_segments
from predictions.scoring.timeline import (
    durations,
    integral_while_standing,
    over_horizon,
    segments,
    share_of_horizon,
    standing_at,
    ticked,
    ticked_up,
)

NEVER = 2**62
END = 12

said = st.tuples(st.integers(0, 2), st.integers(-3, END + 3), st.booleans())
histories = st.lists(said, max_size=12).map(lambda rows: sorted(rows, key=lambda row: row[:2]))


def columns(rows):
    pair, issued, stands = zip(*rows, strict=True) if rows else ((), (), ())
    return np.array(pair, np.int64), np.array(issued, np.int64), np.array(stands, bool)


@given(histories, st.sampled_from([None, 0, 4]))
def test_segments_are_as_long_as_durations_and_never_overlap(rows, opens):
    pair, issued, stands = columns(rows)
    start, end = segments(pair, issued, opens=opens, closes=END, stands=stands)
    horizon = {"opens": -10 if opens is None else opens, "closes": END}
    assert (end - start).tolist() == durations(pair, issued, stands=stands, **horizon).tolist()
    stood = np.flatnonzero(end > start)
    is_same_pair = pair[stood[1:]] == pair[stood[:-1]]
    assert (end[stood[:-1]] <= start[stood[1:]])[is_same_pair].all()
    assert (start[stood] == np.maximum(issued[stood], horizon["opens"])).all()


@given(histories, st.integers(-3, END + 3))
def test_the_row_standing_at_a_moment_is_the_last_one_said_by_then(rows, moment):
    pair, issued, stands = columns(rows)
    start, end = segments(pair, issued, opens=0, closes=END, stands=stands)
    asked = []
    for each in np.unique(pair):
        by_then = np.flatnonzero((pair == each) & (issued <= moment))
        is_up = len(by_then) and 0 <= moment < END and stands[by_then[-1]]
        asked.append(by_then[-1] if is_up else -1)
    assert standing_at(pair, start, end, moment).tolist() == asked


def test_each_pair_may_be_asked_at_its_own_moment():
    assert standing_at([3, 3, 8], [0, 5, 2], [5, 9, 9], [4, 9]).tolist() == [0, -1]


@given(histories, st.integers(0, END))
def test_integrals_of_two_halves_of_a_horizon_add_up(rows, middle):
    pair, issued, stands = columns(rows)
    first, loss = np.flatnonzero(np.diff(pair, prepend=-1)), np.linspace(0, 1, len(pair))

    def integral(opens, closes):
        return integral_while_standing(loss, durations(pair, issued, opens=opens, closes=closes, stands=stands), first)

    np.testing.assert_allclose(integral(0, middle) + integral(middle, END), integral(0, END), rtol=1e-12)


@pytest.mark.parametrize(
    ("opens", "scheduled", "mean"),
    [(0, 4, 2.5), (2, 4, 5.0), (4, 4, None), (5, 4, None), (0, NEVER, None), (0, NEVER - 1, 10 / (NEVER - 1))],
)
def test_an_integral_is_spread_over_a_horizon_that_makes_sense(opens, scheduled, mean):
    ours = over_horizon([10.0, 0.0], opens=opens, scheduled=scheduled).tolist()
    assert ours == pytest.approx([np.nan, np.nan] if mean is None else [mean, 0.0], nan_ok=True)


@pytest.mark.parametrize(
    ("share", "opens", "scheduled", "moment"),
    [(0, 3, 9, 3), (1, 3, 9, 9), (0.5, 0, 7, 4), (0.25, -8, 8, -4), (0.5, 5, 5, NEVER), (0.5, 0, NEVER, NEVER)],
)
def test_a_share_of_the_horizon_is_a_moment_or_never(share, opens, scheduled, moment):
    assert share_of_horizon(share, opens=[opens], scheduled=[scheduled]).tolist() == [moment]


midnights = st.integers(-3, END + 3).map(lambda day: day * DAY)
histories_at_midnight = st.lists(st.tuples(st.integers(0, 2), midnights, st.booleans()), max_size=12)


@given(histories_at_midnight, st.integers(-14, 14))
def test_daily_is_continuous_when_all_times_are_midnights(rows, hours):
    ahead = hours * DAY // 24
    pair, issued, stands = columns(sorted(rows, key=lambda row: row[:2]))
    horizon = {"opens": -ahead, "closes": END * DAY - ahead, "stands": stands}
    start, end = daily_segments(pair, issued - ahead, offset=ahead, **horizon)
    assert ((end - start) * DAY).tolist() == durations(pair, issued - ahead, **horizon).tolist()


@given(histories, st.integers(2, 5))
def test_what_stands_at_the_end_of_a_day_counts_for_the_day(rows, tick):
    """Against asking at the last instant of every tick who spoke last, before the close and in the order of rows."""
    pair, issued, stands = columns(rows)
    start, end = daily_segments(pair, issued, opens=None, closes=END, stands=stands, tick=tick)
    counted = np.zeros(len(pair), int)
    for each in np.unique(pair):
        for day in range(-3, -(-END // tick)):
            heard = np.flatnonzero((pair == each) & (issued < min((day + 1) * tick, END)))
            if len(heard) and stands[heard[-1]]:
                counted[heard[-1]] += 1
    assert (end - start).tolist() == counted.tolist()


@pytest.mark.parametrize(("hours", "day"), [(-5, "2024-02-28"), (0, "2024-02-29"), (14, "2024-02-29")])
def test_days_are_those_of_the_zone(hours, day):
    moment = datetime(2024, 2, 29, 3, 30, tzinfo=UTC)
    us = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    number = int(ticked(us, DAY, hours * DAY // 24))
    assert (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=number)).date().isoformat() == day
    assert int(ticked_up(us, DAY, hours * DAY // 24)) == number + 1


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: ticked([1], 0), "tick must be at least 1"),
        (lambda: ticked([0.5], 1), "times must hold integers"),
        (lambda: over_horizon([1.0, 2.0], opens=0, scheduled=[1, 2, 3]), "scheduled has shape"),
        (lambda: share_of_horizon(1.5, opens=0, scheduled=1), "share must lie in"),
        (lambda: standing_at([1, 1], [0, 1], [1, 2], [0, 1]), "moment has shape"),
        (lambda: standing_at([2, 1], [0, 1], [1, 2], 0), "pair must be in rising order"),
        (lambda: integral_while_standing([1.0], [-1], [0]), "duration must not be negative"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(call, why):
    with pytest.raises(ValueError, match=why):
        call()
