"""How one forecast hangs on the scale of its words, and how a number is put in words."""

import pytest

from predictions.queries.forecast_sensitivity import forecast_sensitivity, in_words_of_scales
from tests import builders as a

pytestmark = pytest.mark.django_db


def test_before_the_outcome_is_known_it_tells_probabilities():
    told = forecast_sensitivity(a.forecast(words="unlikely"))
    assert not told.is_scored
    assert told.sentence == "Between 10% and 45%, depending on how the words are read."
    assert {line.name: line.point for line in told.lines}["Survey of 46 readers"] == 0.2
    assert told.unread == "These words are not listed by Kent 1964."


def test_afterwards_it_tells_what_each_reading_costs():
    forecast = a.forecast(words="unlikely")
    a.resolution(forecast.prediction, 0.0, verdict="not_met")
    forecast.prediction.refresh_from_db()
    told = forecast_sensitivity(forecast)
    costs = {line.key: tuple(round(score, 6) for score in line.scores) for line in told.lines}
    assert costs["icd203-2015"] == costs[""] == (0.04, 0.105625, 0.2025)
    assert costs["survey-2017"] == (0.01, 0.04, 0.082656)
    assert "better on every reading (always-50%: 0.2500)" in told.sentence
    assert "unlikely (20–45%), taken as 32.5% (ICD 203)" in told.readings


@pytest.mark.parametrize("words", ["70%", "two in three"])
def test_a_number_hangs_on_no_scale_and_is_put_in_the_words_of_each(words):
    forecast = a.forecast(words=words)
    assert forecast_sensitivity(forecast) is None
    assert "likely (55–80%) on ICD 203" in in_words_of_scales(forecast)


def test_half_has_no_word_on_a_scale_that_leaves_it_out():
    assert "PHIA Yardstick has no word for exactly 50%" in in_words_of_scales(a.forecast(words="50%"))
    assert in_words_of_scales(a.forecast(words="likely")) == ()
