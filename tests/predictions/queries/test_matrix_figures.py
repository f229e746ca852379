"""What a matrix of ratings comes to, against sums made by hand."""

from fractions import Fraction

import pytest

from predictions.queries.matrix_figures import (
    Hinge,
    lines_it_hangs_on,
    most_frequent,
    standings,
    tells_nothing_apart,
    weight,
)


def table(*lines):
    """Cells of lines such as "CC I -"; raters of one cell are joined by "+", and "-" is a cell that nobody rated."""
    return {
        (line, column): [] if told == "-" else told.split("+")
        for line, text in enumerate(lines)
        for column, told in enumerate(text.split())
    }


def told(*lines):
    """Per column: the sum, how many were rated, the place."""
    found = standings(table(*lines), range(len(lines)), range(len(lines[0].split())))
    return [(each.inconsistency, each.count, each.rank) for each in found.values()]


@pytest.mark.parametrize(
    ("cell", "counts"),
    [("CC", 0), ("C", 0), ("NA", 0), ("I", 1), ("II", 2), ("I+II", Fraction(3, 2)), ("CC+I+NA", Fraction(1, 3))],
)
def test_only_what_is_inconsistent_has_weight_and_raters_count_by_their_mean(cell, counts):
    assert weight(cell.split("+")) == counts


def test_a_cell_that_nobody_rated_weighs_nothing():
    assert weight([]) == 0


def test_sums_go_down_the_columns_and_the_least_comes_first():
    assert told("CC I II", "C II NA", "I I C") == [(1, 3, 1), (4, 3, 3), (2, 3, 2)]


def test_equal_sums_share_a_place_and_the_next_is_skipped():
    assert [rank for *_, rank in told("I CC I II")] == [2, 1, 2, 4]


def test_what_nobody_rated_has_no_place_and_what_is_not_applicable_is_rated():
    assert told("NA - I", "- - C") == [(0, 1, 1), (0, 0, None), (1, 2, 2)]


def test_three_thirds_make_one_exactly():
    assert told(*["I+C+C CC"] * 3, "C I") == [(1, 4, 1), (1, 4, 1)]


@pytest.mark.parametrize(
    ("cell", "most"), [("C+C+I", ("C",)), ("C+I", ("C", "I")), ("II+CC", ("CC", "II")), ("NA", ("NA",))]
)
def test_the_rating_given_most_often_or_all_that_were_in_the_order_of_the_scale(cell, most):
    assert most_frequent(cell.split("+")) == most


@pytest.mark.parametrize(
    ("line", "is_so"),
    [
        ("C C C", True),
        ("II II -", True),
        ("NA NA NA", True),
        ("C C CC", False),
        ("C - -", False),
        ("- - -", False),
        ("C+I I+C -", True),
        ("C+C+I C -", True),
        ("C+I C -", False),
    ],
)
def test_evidence_tells_nothing_apart_where_two_cells_or_more_are_rated_and_all_alike(line, is_so):
    assert tells_nothing_apart(table(line), 0, range(3)) is is_so


def hang_on(*lines):
    return lines_it_hangs_on(table(*lines), range(len(lines)), range(len(lines[0].split())))


def test_the_order_hangs_on_the_one_line_that_makes_it():
    assert hang_on("C I", "C C", "CC NA") == {0: Hinge(frozenset({0, 1}), is_first=True)}


def test_no_single_line_matters_where_others_say_the_same():
    assert hang_on("C I", "C I") == {}


def test_a_change_behind_the_first_place_is_told_from_one_at_it():
    """Sums 0, 1, 2: without the second line the last two are level, and the first stays first."""
    assert hang_on("C I I", "C C I", "C I I") == {1: Hinge(frozenset({0}), is_first=False)}


def test_without_its_critical_item_the_other_would_come_first():
    assert hang_on("II C", "C I") == {0: Hinge(frozenset({0}), is_first=True)}


def test_a_matrix_without_ratings_hangs_on_nothing():
    assert hang_on("- -", "- -") == {}
