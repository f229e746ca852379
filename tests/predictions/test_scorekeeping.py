"""From rows to scores."""

import pytest

from predictions.models import Score
from tests import builders as a

pytestmark = pytest.mark.django_db


def test_likely_read_as_675_costs_105625_when_it_happens(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        prediction = a.prediction()
        a.forecast(prediction, "likely")
        a.evidence(prediction)
        a.resolution(prediction, 1.0)
    score = Score.objects.get()
    assert score.brier == pytest.approx(0.105625, abs=1e-15)
    assert (score.brier_low, score.brier_high) == (pytest.approx(0.2025), pytest.approx(0.04))
    assert score.time_coverage == 0.5
    assert score.is_coded and not score.is_implied and score.is_in_hindsight
