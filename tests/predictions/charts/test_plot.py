"""Places in a drawing and the round numbers beside it."""

import doctest
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.charts import plot, sheet
from predictions.charts.plot import Plot, area, bars, levels, path, places_of, plain, spaced

bounded = st.floats(-1e6, 1e6).map(lambda value: round(value, 4))


@pytest.mark.parametrize("module", [plot, sheet])
def test_examples_in_the_docstrings_hold(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted >= 1
    assert outcome.failed == 0


@given(bounded, bounded, st.integers(3, 9), st.booleans())
def test_levels_are_few_even_and_reach_both_ends(one, other, most, whole):
    low, high = sorted((one, other))
    given_levels = levels(low, high, most=most, whole=whole)
    steps = [later - sooner for sooner, later in pairwise(given_levels)]
    assert 2 <= len(given_levels) <= most
    hair = 1e-8 * steps[0]
    assert given_levels[0] <= low + hair
    assert given_levels[-1] >= high - hair
    assert steps == pytest.approx([steps[0]] * len(steps))
    assert not whole or all(level == round(level) for level in given_levels)


@given(bounded, bounded)
def test_written_levels_differ(one, other):
    given_levels = levels(*sorted((one, other)))
    written = [plain(level, places_of(given_levels)) for level in given_levels]
    assert len(set(written)) == len(written)


def test_both_ranges_lie_between_their_sides_and_up_is_more():
    place = Plot(40, 10, 240, 110, across=(-5, 5), upwards=(0, 0.5))
    assert [place.x(value) for value in (-5, 0, 5)] == [40, 140, 240]
    assert [place.y(value) for value in (0, 0.25, 0.5)] == [110, 60, 10]


@given(st.lists(st.floats(0, 400), max_size=60).map(sorted), st.floats(0.5, 50))
def test_kept_places_lie_apart_and_the_ends_are_among_them(across, least):
    kept = spaced(across, least)
    assert kept == sorted(set(kept))
    assert kept[:1] + kept[-1:] == ([0, len(across) - 1] if across else [])
    if len(kept) > 2:
        assert all(across[later] - across[sooner] >= least for sooner, later in pairwise(kept))


def test_paths_areas_and_bars():
    assert path([(0, 1), (2, 3)]) == "M0.0 1.0L2.0 3.0"
    assert area([(0, 1), (9, 2)], [(0, 5), (9, 6)]) == "M0.0 1.0L9.0 2.0L9.0 6.0L0.0 5.0Z"
    assert area([(9, 1)], [(9, 5)]) == "M6.0 1.0L12.0 1.0L12.0 5.0L6.0 5.0Z"
    assert bars(Plot(0, 0, 10, 10), [(0, 0.5, 1), (0.5, 1, 0)]) == "M0.0 10.0V0.0H5.0V10.0Z"
