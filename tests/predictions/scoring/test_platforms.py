"""Metaculus's scores by hand and by law; its own figures are in tests/oracles."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.scoring import platforms
from predictions.scoring.platforms import baseline, baseline_among, baseline_of_mass, baseline_over_time, peer_score


@pytest.mark.parametrize(
    ("p", "y", "score"),
    [(0.5, 1, 0.0), (0.5, 0, 0.0), (1, 1, 100.0), (0.999, 1, 99.8557), (0.001, 1, -896.5784), (0.25, 1, -100.0)],
)
def test_the_baseline_of_two_is_in_bits(p, y, score):
    assert baseline(p, y) == pytest.approx(score, abs=5e-5)


@given(st.floats(0.001, 0.999), st.integers(0, 1))
def test_two_options_are_a_binary_prediction(p, y):
    assert baseline_among([1 - p, p], y) == pytest.approx(baseline(p, y), abs=1e-9)


@pytest.mark.parametrize("options", [2, 3, 7])
def test_the_uniform_forecast_is_the_reference_and_certainty_scores_a_hundred(options):
    uniform, certain = np.full(options, 1 / options), np.eye(options)
    assert baseline_among(uniform, options - 1) == pytest.approx(0.0, abs=1e-9)
    assert baseline_among(certain, np.arange(options)).tolist() == [100.0] * options


@pytest.mark.parametrize(
    ("mass", "reference", "score"), [(0.01, 0.01, 0.0), (np.e / 20, 0.05, 50.0), (0, 0.05, -np.inf)]
)
def test_a_continuous_forecast_is_held_against_the_reference_mass(mass, reference, score):
    assert baseline_of_mass(mass, reference) == pytest.approx(score)


def test_time_without_a_forecast_adds_the_reference():
    ours = baseline_over_time([100.0, np.nan, -50.0], [30, 0, 50], [0, 2], opens=[0, 0], scheduled=[100, 2**62])
    assert ours.tolist() == pytest.approx([30.0, np.nan], nan_ok=True)


def test_a_continuous_peer_score_is_halved():
    assert peer_score([0.5, -0.5], opens=0, scheduled=1, is_continuous=True).tolist() == [25.0, -25.0]


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: baseline(0.5, 0.5), "occurred must be 0 or 1"),
        (lambda: baseline(1.5, 1), "probability must lie in"),
        (lambda: baseline_among([1.0], 0), "at least two options"),
        (lambda: baseline_among(0.5, 0), "at least two options"),
        (lambda: baseline_among([0.5, 0.5], 2), "occurred"),
        (lambda: baseline_of_mass(0.5, 0.0), "reference must be above 0"),
        (lambda: baseline_of_mass([0.5, 0.5], [0.1, 0.1, 0.1]), "reference has shape"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(call, why):
    with pytest.raises(ValueError, match=why):
        call()


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(platforms).failed == 0
