"""Agreement: by hand, what renaming and reordering must not change, and "undefined" where nothing varies."""

import doctest
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.scoring import agreement
from predictions.scoring.agreement import (
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    percent_agreement,
)

ALPHAS = [partial(krippendorff_alpha, level=level, resamples=40) for level in ("nominal", "ordinal", "interval")]
NOMINAL = [percent_agreement, gwet_ac1, ALPHAS[0]]
ALL = [*NOMINAL, gwet_ac2, *ALPHAS[1:]]
CORRECTED = [gwet_ac1, gwet_ac2, fleiss_kappa, *ALPHAS, lambda ratings: cohen_kappa(ratings[0], ratings[1])]

WIKIPEDIA = [  # three observers, fifteen units, as in the article on Krippendorff's alpha
    [None, None, None, None, None, 3, 4, 1, 2, 1, 1, 3, 3, None, 3],
    [1, None, 2, 1, 3, 3, 4, 3, None, None, None, None, None, None, None],
    [None, None, 2, 1, 3, 4, 4, None, 2, 1, 1, 3, 3, None, 4],
]

ratings = st.sampled_from([0.0, 1.0, 2.0, np.nan])
tables = st.integers(1, 7).flatmap(
    lambda units: st.lists(st.lists(ratings, min_size=units, max_size=units), min_size=2, max_size=4)
)


def test_examples_in_the_docstrings_hold():
    outcome = doctest.testmod(agreement)
    assert outcome.attempted >= 7
    assert outcome.failed == 0


def same(one, other):
    if one is None or other is None:
        assert one is other
    else:
        assert one.value == pytest.approx(other.value, abs=1e-9)
        assert one.units == other.units
        assert one.standard_error == pytest.approx(other.standard_error, abs=1e-6)


@pytest.mark.parametrize("measure", ALL)
@given(table=tables, random=st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_neither_the_order_of_the_raters_nor_that_of_the_units_counts(measure, table, random):
    given = np.array(table)
    raters, units = (random.sample(range(size), size) for size in given.shape)
    same(measure(given), measure(given[raters][:, units]))


@pytest.mark.parametrize("measure", NOMINAL)
@given(table=tables)
@settings(max_examples=40)
def test_labels_can_be_renamed(measure, table):
    names = {0.0: "unclear", 1.0: "no", 2.0: "yes"}
    same(measure(table), measure([[names.get(cell) for cell in line] for line in table]))


@pytest.mark.parametrize("measure", [gwet_ac2, *ALPHAS[1:]])
@given(table=tables)
@settings(max_examples=40)
def test_a_scale_can_be_turned_round(measure, table):
    same(measure(table), measure(2 - np.array(table)))


@given(table=tables)
@settings(max_examples=40)
def test_ordinal_sees_ranks_and_interval_sees_differences_up_to_their_scale(table):
    given = np.array(table)
    same(ALPHAS[1](given), ALPHAS[1](np.exp(3 * given)))
    same(ALPHAS[2](given), ALPHAS[2](1e6 + 7 * given))


@pytest.mark.parametrize("measure", ALL)
@given(table=tables)
@settings(max_examples=40)
def test_a_unit_that_nobody_rated_is_no_unit(measure, table):
    same(measure(table), measure([[*line, None] for line in table]))


@pytest.mark.parametrize("measure", CORRECTED)
def test_where_nothing_varies_agreement_beyond_chance_is_undefined_and_else_perfect_is_one(measure):
    assert measure([[1] * 6] * 3) is None
    perfect = measure([[0, 1, 1, 2, 0, 1]] * 3)
    assert perfect.value == pytest.approx(1)
    assert perfect.units == 6


def test_per_cent_agreement_is_a_plain_share():
    assert percent_agreement([[1] * 6] * 3).value == 1
    assert percent_agreement([["a", "b", "a"], ["a", "a", None], ["b", "a", None]]).value == pytest.approx(1 / 3)


@pytest.mark.parametrize("measure", ALL)
def test_without_a_unit_rated_twice_there_is_nothing_to_say(measure):
    assert measure([[0, None, 1], [None, 1, None]]) is None
    assert measure([[], []]) is None


@pytest.mark.parametrize(("alpha", "value"), list(zip(ALPHAS, [0.691, 0.807, 0.811], strict=True)))
def test_alpha_of_the_published_example(alpha, value):
    found = alpha(WIKIPEDIA)
    assert found.value == pytest.approx(value, abs=5e-4)
    assert found.units == 12
    assert found.low < found.value < found.high <= 1


def test_the_interval_of_alpha_narrows_with_units_is_repeatable_and_absent_when_there_are_few():
    random = np.random.default_rng(1)
    truth = random.integers(0, 3, 400)
    given = np.where(random.random((3, 400)) < 0.7, truth, random.integers(0, 3, (3, 400)))
    many, few = krippendorff_alpha(given, level="nominal"), krippendorff_alpha(given[:, :40], level="nominal")
    assert 0 < many.high - many.low < (few.high - few.low) / 2
    assert many == krippendorff_alpha(given, level="nominal")
    assert krippendorff_alpha([[0, 1, 0], [0, 1, 1]], level="nominal").low is None


def test_gwet_stays_steady_where_kappa_collapses():
    """118 of 125 units are both "no", 5 and 2 are told apart: the paradox that AC1 was made for."""
    first, second = [0] * 118 + [1] * 5 + [0] * 2, [0] * 118 + [0] * 5 + [1] * 2
    assert cohen_kappa(first, second).value < 0
    found = gwet_ac1([first, second])
    assert found.value == pytest.approx(
        (118 / 125 - 2 * (3.5 / 125) * (121.5 / 125)) / (1 - 2 * (3.5 / 125) * (121.5 / 125))
    )
    assert 0 < found.standard_error < 0.05


def test_categories_that_nobody_used_count_for_gwet_and_for_the_distance_of_kappa():
    given = [[0, 2, 0, 2], [0, 2, 2, 2]]
    assert gwet_ac1(given, categories=[0, 1, 2]).value > gwet_ac1(given).value
    assert gwet_ac1(given).value == gwet_ac2(given).value
    one, two = ["low", "low", "high", "mid"], ["low", "high", "high", "high"]
    ordered = cohen_kappa(one, two, weights="linear", categories=["low", "mid", "high"])
    same(ordered, cohen_kappa([0, 0, 2, 1], [0, 2, 2, 2], weights="linear"))


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
@given(table=tables)
@settings(max_examples=40)
def test_kappa_is_the_same_for_both_raters_and_at_most_one(weights, table):
    one, two = cohen_kappa(*table[:2], weights=weights), cohen_kappa(*table[1::-1], weights=weights)
    same(one, two)
    assert one is None or one.value <= 1


def test_kappas_standard_error_is_how_much_it_varies_from_sample_to_sample():
    random = np.random.default_rng(3)
    truth = random.integers(0, 3, (1000, 150))
    one, two = (np.where(random.random(truth.shape) < 0.8, truth, random.integers(0, 3, truth.shape)) for _ in range(2))
    found = [cohen_kappa(a, b, weights="quadratic") for a, b in zip(one, two, strict=True)]
    spread = np.std([each.value for each in found])
    assert np.mean([each.standard_error for each in found]) == pytest.approx(spread, rel=0.1)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: percent_agreement([1, 2]), "ratings"),
        (lambda: percent_agreement([[1, 2], [1]]), "ratings"),
        (lambda: percent_agreement([[1, "yes"]]), "ratings"),
        (lambda: fleiss_kappa([[0, 1, None], [0, 1, 1]]), "ratings"),
        (lambda: fleiss_kappa([[0, 1, 1]]), "ratings"),
        (lambda: cohen_kappa([0, 1], [0]), "ratings"),
        (lambda: cohen_kappa([[0, 1]], [[0, 1]]), "first"),
        (lambda: cohen_kappa([0, 1], [0, 1], weights="cubic"), "weights"),
        (lambda: cohen_kappa([0, 1], [0, 1], categories=[0]), "categories"),
        (lambda: gwet_ac1([[0, 1], [0, 1]], categories=[0, 1, 1]), "categories"),
        (lambda: krippendorff_alpha([[0, 1]], level="ratio"), "level"),
        (lambda: krippendorff_alpha([["a", "b"], ["a", "b"]], level="ordinal"), "ratings"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(call, named):
    with pytest.raises(ValueError, match=named):
        call()
