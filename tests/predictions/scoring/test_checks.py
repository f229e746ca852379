"""The checks of the kernel's arguments: what passes unchanged, and how the first fault is named."""

import math
from decimal import Decimal

import numpy as np
import pytest

from predictions.scoring import checks

NAN, INF = math.nan, math.inf
NUMBERS = [checks.numeric, checks.unit_interval, checks.yes_or_no, checks.real, checks.losses]


@pytest.mark.parametrize(
    ("check", "given", "kept"),
    [
        (checks.unit_interval, [0, 0.5, 1], [0.0, 0.5, 1.0]),
        (checks.unit_interval, [True, False], [1.0, 0.0]),
        (checks.unit_interval, [], []),
        (checks.unit_interval, [-0.0, 5e-324, 1 - 2**-53], [0.0, 5e-324, 1 - 2**-53]),
        (checks.yes_or_no, [[0, 1]], [[0.0, 1.0]]),
        (checks.real, [-1e300, 7], [-1e300, 7.0]),
        (checks.losses, [0, INF], [0.0, INF]),
    ],
)
def test_sound_numbers_pass_as_float64(check, given, kept):
    values = check("x", given)
    assert values.dtype == np.float64
    assert values.tolist() == kept


@pytest.mark.parametrize("check", NUMBERS)
def test_float64_is_passed_on_without_a_copy(check):
    given = np.array([0.0, 1.0])
    assert check("x", given) is given


@pytest.mark.parametrize(
    ("check", "given", "why"),
    [
        (checks.unit_interval, [0.5, 1.5], r"x must lie in \[0, 1\], not 1.5 \(element 1\)"),
        (checks.unit_interval, 1 + 2**-52, r"x must lie in \[0, 1\], not 1$"),
        (checks.unit_interval, [0.5, -5e-324], r"x must lie in \[0, 1\], not -4.94066e-324 \(element 1\)"),
        (checks.unit_interval, [-0.0, -NAN], r"x is missing \(NaN\) \(element 1\)"),
        (checks.unit_interval, -INF, r"x must lie in \[0, 1\], not -inf"),
        (checks.unit_interval, NAN, r"x is missing \(NaN\)$"),
        (checks.yes_or_no, [0, 1, 0.5], r"x must be 0 or 1, not 0.5 \(element 2\)"),
        (checks.yes_or_no, [0, NAN], r"x is missing \(NaN\) \(element 1\)"),
        (checks.real, [[0, 1], [2, INF]], r"x must be finite, not inf \(element 3\)"),
        (checks.real, -INF, "x must be finite, not -inf"),
        (checks.real, [0, NAN], r"x is missing \(NaN\) \(element 1\)"),
        (checks.losses, [INF, -0.1], r"x must be at least 0, not -0.1 \(element 1\)"),
        (checks.losses, [NAN], r"x is missing \(NaN\) \(element 0\)"),
    ],
)
def test_the_first_fault_is_named_with_its_place(check, given, why):
    with pytest.raises(ValueError, match=why):
        check("x", given)


@pytest.mark.parametrize("check", NUMBERS)
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("0.5", "x must hold numbers, not <U3"),
        ([0.5, None], "x must hold numbers, not object"),
        (Decimal(1), "x must hold numbers, not object"),
        (1j, "x must hold numbers, not complex128"),
        ([[0.1], [0.1, 0.2]], "x must be a number or an even array of numbers"),
    ],
)
def test_what_is_no_number_is_never_guessed_at(check, given, why):
    with pytest.raises(ValueError, match=why):
        check("x", given)


def test_weights_are_all_one_where_none_are_given():
    assert checks.weights("w", None, (2,)).tolist() == [1.0, 1.0]
    assert checks.weights("w", [0, 2], (2,)).tolist() == [0.0, 2.0]
    assert checks.weights("w", [], (0,)).size == 0


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([1, 2, 3], r"w has shape \(3,\), not \(2,\)"),
        ([1, -1], r"w must be at least 0, not -1 \(element 1\)"),
        ([0, 0], "w must not all be 0"),
        ([1, INF], r"w must be finite, not inf \(element 1\)"),
        ([1, NAN], r"w is missing \(NaN\) \(element 1\)"),
    ],
)
def test_weights_that_weigh_nothing_or_less_are_refused(given, why):
    with pytest.raises(ValueError, match=why):
        checks.weights("w", given, (2,))


@pytest.mark.parametrize("given", [[0, 2], np.array([0, 2], np.uint8), []])
def test_classes_are_whole_numbers_from_0(given):
    values = checks.classes("k", given, 3)
    assert values.dtype == np.int64
    assert values.tolist() == list(given)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([0, 3], r"k must lie in 0 … 2, not 3 \(element 1\)"),
        (-1, "k must lie in 0 … 2, not -1"),
        ([0.0, 1.0], "k must hold whole numbers, not float64"),
        ([True, False], "k must hold whole numbers, not bool"),
    ],
)
def test_classes_that_are_none_are_refused(given, why):
    with pytest.raises(ValueError, match=why):
        checks.classes("k", given, 3)


def test_shapes_are_compared_by_name():
    two, three = np.zeros(2), np.zeros(3)
    assert checks.row("a", two) is two
    assert checks.same_shape("a", two, "b", np.ones(2)) is two
    checks.fitting("a", two, "b", np.zeros((3, 1)))
    with pytest.raises(ValueError, match=r"a must be one row, not of shape \(\)"):
        checks.row("a", np.zeros(()))
    with pytest.raises(ValueError, match=r"a has shape \(2,\), b has \(3,\)"):
        checks.same_shape("a", two, "b", three)
    with pytest.raises(ValueError, match=r"a has shape \(2,\), which does not fit b's \(3,\)"):
        checks.fitting("a", two, "b", three)


def test_an_array_without_dimensions_becomes_a_float():
    assert type(checks.plain(np.array(0.5))) is float
    assert checks.plain(np.array([0.5])).shape == (1,)
