"""What a matrix of ratings comes to, by inconsistency alone (Heuer 1999, chapter 8). Plain numbers, no rows.

A cell holds the ratings of one piece of evidence (line) against one prediction (column), one of each rater.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from predictions.models import Consistency

WEIGHTS = {Consistency.INCONSISTENT: 1, Consistency.VERY_INCONSISTENT: 2}
FEWEST_TO_TELL_APART = 2

Cells = Mapping[tuple[int, int], Sequence[str]]
"""Ratings by (line, column); without an entry, or with an empty one, a cell is not rated."""


@dataclass(frozen=True)
class Standing:
    """How one prediction stands: the sum of its weights, over `count` rated cells.

    `rank` counts from the least inconsistent; equal sums share one. None where nothing is rated.
    """

    inconsistency: Fraction
    count: int
    rank: int | None


@dataclass(frozen=True)
class Hinge:
    """`first` would be least inconsistent without this line; `is_first`: others than with it."""

    first: frozenset[int]
    is_first: bool


def weight(ratings: Sequence[str]) -> Fraction:
    """The mean weight of the raters of one cell: II counts 2, I counts 1, all else nothing."""
    total = sum(WEIGHTS.get(Consistency(rating), 0) for rating in ratings)
    return Fraction(total, len(ratings)) if ratings else Fraction(0)


def most_frequent(ratings: Sequence[str]) -> tuple[str, ...]:
    """The rating given most often in one cell; all of them, in the order of the scale, where several are."""
    counts = Counter(ratings)
    most = max(counts.values(), default=0)
    return tuple(rating for rating in Consistency.values if rating in counts and counts[rating] == most)


def tells_nothing_apart(cells: Cells, line: int, columns: Sequence[int]) -> bool:
    """Whether at least two cells of the line are rated, and all that are, alike."""
    told = [most_frequent(cells[line, column]) for column in columns if cells.get((line, column))]
    return len(told) >= FEWEST_TO_TELL_APART and len(set(told)) == 1


def standings(cells: Cells, lines: Sequence[int], columns: Sequence[int]) -> dict[int, Standing]:
    rated = {column: [cells[line, column] for line in lines if cells.get((line, column))] for column in columns}
    sums = {column: sum(map(weight, rated[column]), Fraction(0)) for column in columns}
    ranked = sorted(sums[column] for column in columns if rated[column])
    return {
        column: Standing(sums[column], len(rated[column]), 1 + ranked.index(sums[column]) if rated[column] else None)
        for column in columns
    }


def lines_it_hangs_on(cells: Cells, lines: Sequence[int], columns: Sequence[int]) -> dict[int, Hinge]:
    """The lines without which the order of the predictions would be another, each left out by itself."""
    sums = {column: each.inconsistency for column, each in standings(cells, lines, columns).items() if each.count}
    stands, hang_on = _order(sums), {}
    for line in lines:
        order = _order({column: total - weight(cells.get((line, column), ())) for column, total in sums.items()})
        if order != stands:
            hang_on[line] = Hinge(first=order[0], is_first=order[0] != stands[0])
    return hang_on


def _order(sums: Mapping[int, Fraction]) -> list[frozenset[int]]:
    """The columns from the least sum to the greatest, those of equal sums together."""
    return [frozenset(c for c, total in sums.items() if total == each) for each in sorted(set(sums.values()))]
