"""G² and the log ratio beside scipy's power divergence and relative risk."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import power_divergence
from scipy.stats.contingency import relative_risk

from predictions.language.keyness import log_likelihood, log_ratio

COUNTS = st.integers(1, 1000)
TOTALS = st.integers(1000, 1_000_000)


@settings(max_examples=60)
@given(COUNTS, TOTALS, COUNTS, TOTALS)
def test_g2_is_the_power_divergence_of_the_two_counts(a, c, b, d):
    expected = [c * (a + b) / (c + d), d * (a + b) / (c + d)]
    oracle = power_divergence([a, b], expected, lambda_="log-likelihood").statistic
    assert log_likelihood(a, c, b, d) == pytest.approx(oracle, rel=1e-6, abs=1e-6)


@settings(max_examples=60)
@given(COUNTS, TOTALS, COUNTS, TOTALS)
def test_the_log_ratio_and_its_interval_are_those_of_the_relative_risk(a, c, b, d):
    oracle = relative_risk(b, d, a, c)
    interval = oracle.confidence_interval(0.95)
    found = log_ratio(a, c, b, d)
    told = (found.value, found.low, found.high)
    expected = [math.log2(value) for value in (oracle.relative_risk, interval.low, interval.high)]
    assert told == pytest.approx(expected, abs=1e-9)
