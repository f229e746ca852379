"""The timeline of standing forecasts, against a sweep that asks at every instant: which forecast stands now?"""

import doctest
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.scoring import timeline
from predictions.scoring.rules import brier
from predictions.scoring.timeline import durations, mean_while_standing, pair_starts, time_coverage, time_standing

END = 30


@dataclass(frozen=True)
class Row:
    pair: int
    issued: int
    opens: int = 0
    closes: int = END
    stands: bool = True
    loss: float = 0.25


instants = st.integers(-5, END + 5)
rows_alike = st.builds(Row, st.integers(0, 2), instants, stands=st.booleans(), loss=st.floats(0, 4))
rows_unlike = st.builds(Row, st.integers(0, 2), instants, st.integers(-5, 10), instants, st.booleans(), st.floats(0, 4))
histories = st.lists(rows_alike, max_size=12)
histories_with_amendments = st.lists(rows_unlike, max_size=12)


def in_order(rows):
    return sorted(rows, key=lambda row: (row.pair, row.issued))


def column(rows, name, kind=np.int64):
    return np.array([getattr(row, name) for row in rows], dtype=kind)


def lasting(rows, opens=None, closes=None):
    """The kernel's answer for rows in order."""
    return durations(
        column(rows, "pair"),
        column(rows, "issued"),
        opens=column(rows, "opens") if opens is None else opens,
        closes=column(rows, "closes") if closes is None else closes,
        stands=column(rows, "stands", bool),
    )


def means(rows, **horizon):
    first = pair_starts(column(rows, "pair"))
    return mean_while_standing(column(rows, "loss", float), lasting(rows, **horizon), first)


def standing_at(rows, pair, instant):
    """Which row stands: the last one said by then, of those said before their own close; None if it is over."""
    said = [k for k, row in enumerate(rows) if row.pair == pair and row.issued <= instant and row.issued < row.closes]
    if not said:
        return None
    row = rows[said[-1]]
    return said[-1] if row.stands and row.opens <= instant < row.closes else None


def sweep(rows):
    lengths = [0] * len(rows)
    for pair in {row.pair for row in rows}:
        for instant in range(-10, END + 10):
            if (k := standing_at(rows, pair, instant)) is not None:
                lengths[k] += 1
    return lengths


def test_examples_in_the_docstrings_hold():
    outcome = doctest.testmod(timeline)
    assert outcome.attempted >= 5
    assert outcome.failed == 0


@given(histories_with_amendments)
def test_durations_are_what_a_sweep_of_every_instant_counts(rows):
    rows = in_order(rows)
    assert lasting(rows).tolist() == sweep(rows)


@given(histories)
def test_means_and_coverage_are_what_a_sweep_of_every_instant_counts(rows):
    rows = in_order(rows)
    swept, first = sweep(rows), pair_starts(column(rows, "pair"))
    blocks = [range(a, b) for a, b in pairwise([*first, len(rows)])]
    stood = [sum(swept[k] for k in block) for block in blocks]
    cost = [sum(swept[k] * rows[k].loss for k in block) for block in blocks]
    mean = [total / time if time else np.nan for total, time in zip(cost, stood, strict=True)]
    coverage = time_coverage(lasting(rows), first, opens=0, scheduled=2 * END)
    np.testing.assert_allclose(means(rows), mean, rtol=1e-12)
    np.testing.assert_allclose(coverage, np.array(stood) / (2 * END), rtol=1e-12)
    assert ((coverage >= 0) & (coverage <= 1)).all()


@pytest.mark.parametrize(
    ("said", "lengths"),
    [
        ([], []),
        ([10], [20]),
        ([-5], [30]),  # said before the opening: stands from the opening
        ([-5, -2], [0, 30]),
        ([0, 10, 25], [10, 15, 5]),
        ([10, 10, 10], [0, 0, 20]),  # of one instant the last wins
        ([10, 30], [20, 0]),  # at the close
        ([10, 31, 40], [20, 0, 0]),  # after it
        ([29], [1]),
        ([30], [0]),
    ],
)
def test_durations_by_hand(said, lengths):
    assert lasting([Row(1, issued) for issued in said]).tolist() == lengths


def test_time_weighted_brier_of_the_worked_example():
    times, p = np.array([0, 20, 20, 64]), np.array([0.3, 0.5, 0.55, 0.9])
    lengths = durations([7] * 4, times, opens=0, closes=100)
    assert mean_while_standing(brier(p, 1), lengths, [0]).tolist() == [pytest.approx(0.1907, abs=1e-12)]


def test_a_withdrawal_ends_the_forecast_before_it_and_counts_for_nothing():
    rows = [Row(1, 0, loss=0.1), Row(1, 10, stands=False, loss=np.nan), Row(1, 20, loss=0.3)]
    assert lasting(rows).tolist() == [10, 0, 10]
    assert means(rows).tolist() == [pytest.approx(0.2)]


def test_an_amendment_ends_a_forecast_before_the_close_of_its_mates():
    rows = [Row(1, 0, closes=12), Row(1, 20)]
    assert lasting(rows).tolist() == [12, 10]


def test_the_last_row_of_a_pair_is_not_ended_by_the_next_pair():
    assert lasting([Row(1, 5), Row(2, 8), Row(3, 2)]).tolist() == [25, 22, 28]


def test_a_pair_that_never_stood_has_no_mean_and_no_coverage():
    rows = [Row(1, 0), Row(2, 30), Row(3, 5, stands=False), Row(4, 29)]
    assert np.isnan(means(rows)).tolist() == [False, True, True, False]
    coverage = time_coverage(lasting(rows), pair_starts([1, 2, 3, 4]), opens=0, scheduled=END)
    assert coverage.tolist() == [1.0, 0.0, 0.0, pytest.approx(1 / 30)]


def test_an_infinite_loss_counts_only_if_its_forecast_stood():
    rows = [Row(1, 0, loss=np.inf), Row(1, 0, loss=0.5), Row(2, 0, loss=np.inf), Row(2, 29, loss=0.5)]
    assert means(rows).tolist() == [0.5, np.inf]


@st.composite
def moments(draw):
    """Rows in order, one of them, and an instant at which it stands: at its own the one added last does."""
    surely = Row(draw(st.integers(0, 2)), draw(st.integers(0, END - 1)), loss=draw(st.floats(0, 4)))
    rows = in_order([*draw(histories), surely])
    found = [(standing_at(rows, pair, instant), instant) for pair in range(3) for instant in range(END)]
    return rows, *draw(st.sampled_from([(row, instant) for row, instant in found if row is not None]))


@given(moments())
def test_repeating_the_standing_forecast_changes_nothing(moment):
    rows, standing, instant = moment
    repeated = in_order([*rows, replace(rows[standing], issued=instant)])
    np.testing.assert_allclose(means(repeated), means(rows), rtol=1e-12)
    first, first_repeated = pair_starts(column(rows, "pair")), pair_starts(column(repeated, "pair"))
    assert time_standing(lasting(repeated), first_repeated).tolist() == time_standing(lasting(rows), first).tolist()


@given(histories, st.integers(END, END + 5), st.integers(0, 2), st.booleans())
def test_a_forecast_at_or_after_the_close_changes_nothing(rows, late, pair, stands):
    rows = in_order([*rows, Row(pair, 0)])
    with_late = in_order([*rows, Row(pair, late, stands=stands, loss=3.0)])
    np.testing.assert_allclose(means(with_late), means(rows), rtol=1e-12)


@given(histories_with_amendments, st.integers(0, 2))
def test_a_forecast_after_its_own_close_does_not_end_one_that_is_still_open(rows, pair):
    rows = in_order(rows)
    over = Row(pair, 7, closes=7)
    with_over = in_order([*rows, over])
    others = [length for length, row in zip(lasting(with_over), with_over, strict=True) if row is not over]
    assert others == lasting(rows).tolist()


@given(histories, st.integers(0, END))
def test_splitting_the_horizon_and_adding_is_exact(rows, middle):
    rows = in_order(rows)
    parts = lasting(rows, closes=middle) + lasting(rows, opens=middle)
    assert parts.tolist() == lasting(rows).tolist()


def test_microseconds_of_real_dates_are_kept_exactly():
    start, end = 1_648_080_000_000_001, 1_672_498_800_000_000
    assert durations([1, 1], [start, end - 1], opens=start, closes=end).tolist() == [end - 1 - start, 1]


REFUSED_ROWS = [
    ({"pair": [1.0, 2.0]}, "pair must hold integers"),
    ({"issued": [0.5, 1.5]}, "issued must hold integers"),
    ({"pair": [[1, 1]]}, "pair must be one row"),
    ({"issued": [1]}, "issued has shape"),
    ({"pair": [2, 1]}, "pair from row to row"),
    ({"issued": [5, 4]}, r"issued must rise within pair.*row 1"),
    ({"opens": [0, 0, 0]}, "opens has shape"),
    ({"closes": 9.5}, "closes must hold integers"),
    ({"closes": 2**63 - 1}, "closes must lie within"),
    ({"stands": [1, 0]}, "stands must hold booleans"),
    ({"stands": [True]}, "stands has shape"),
]


@pytest.mark.parametrize(("change", "why"), REFUSED_ROWS)
def test_rows_that_are_no_timeline_are_refused_by_name(change, why):
    given_rows = {"pair": [1, 1], "issued": [4, 5], "opens": 0, "closes": 9, "stands": [True, True], **change}
    with pytest.raises(ValueError, match=why):
        durations(given_rows.pop("pair"), given_rows.pop("issued"), **given_rows)


@pytest.mark.parametrize("first", [[], [1], [0, 0], [0, 3], [0, 2, 1], [-1]])
def test_starts_that_do_not_fit_the_rows_are_refused(first):
    with pytest.raises(ValueError, match="first must hold"):
        time_standing([1, 2, 3], first)


def test_pairs_out_of_order_have_no_starts():
    with pytest.raises(ValueError, match="rising order"):
        pair_starts([2, 1])


@pytest.mark.parametrize(
    ("loss", "why"), [([0.1, np.nan], r"loss is missing \(NaN\).*row 1"), ([0.1], "loss has shape")]
)
def test_a_forecast_that_stood_without_a_loss_is_refused(loss, why):
    with pytest.raises(ValueError, match=why):
        mean_while_standing(loss, [5, 5], [0])


@pytest.mark.parametrize(("scheduled", "why"), [(0, "must be after opens"), (9, "exceeds"), ([20, 20], "has shape")])
def test_a_horizon_that_cannot_be_is_refused(scheduled, why):
    with pytest.raises(ValueError, match=why):
        time_coverage([5, 5], [0], opens=0, scheduled=scheduled)
