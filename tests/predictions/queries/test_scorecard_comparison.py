"""Two forecasters on what both foretold, while both had a forecast up."""

from uuid import uuid4

import numpy as np
import pytest

from predictions.models import Criterion, Forecast, Prediction, PredictionRevision
from predictions.operations.predictions import amend_prediction
from predictions.queries.scorecard_comparison import NOTHING_IN_COMMON, comparison
from predictions.queries.scorecard_league import NO_CLOSE, NO_DIFFERENCE
from predictions.queries.scorecard_selection import Selection
from predictions.tasks import rescore_stale
from tests import builders as a
from tests.predictions.queries import scores

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(db):
    return a.forecaster("Ada"), a.forecaster("Ben")


def compared(two, user, **selection):
    rescore_stale()
    return comparison(*two, within=Selection(**selection), user=user)


def both(two, first, second, outcome=1.0, *, on=None):
    on = on or a.prediction(closes_at=a.on_day(80))  # half-way comes before the outcome is known
    for by, words in zip(two, (first, second), strict=True):
        if words:
            a.forecast(on, words, by=by)
    a.resolution(on, outcome, verdict="met" if outcome else "not_met")
    return on


def test_the_difference_is_over_the_time_both_stood_in_the_scheduled_open_time(two, viewer):
    on = a.prediction()
    a.forecast(on, "60%", by=two[0])
    a.forecast(on, "90%", by=two[0], issued_at=a.on_day(40))
    a.forecast(on, "50%", by=two[1], issued_at=a.on_day(20))
    a.forecast(on, "", by=two[1], kind=Forecast.Kind.WITHDRAWN, issued_at=a.on_day(45))
    a.resolution(on)
    found = compared(two, viewer)
    together = 20 * 0.16 + 5 * 0.01, 25 * 0.25
    assert found.brier.mean == pytest.approx((together[0] - together[1]) / 100)
    assert found.first_brier == pytest.approx(together[0] / 25)
    assert found.second_brier == pytest.approx(0.25)
    nats = (-20 * np.log(0.6) - 5 * np.log(0.9) + 25 * np.log(0.5)) / 100
    assert found.logarithmic.mean == pytest.approx(nats)


def test_whoever_is_named_first_the_difference_only_changes_its_sign(two, viewer):
    for first, second, outcome in (("70%", "60%", 1.0), ("70%", "60%", 0.0), ("20%", "60%", 1.0)):
        both(two, first, second, outcome)
    found, turned = compared(two, viewer), compared(two[::-1], viewer)
    assert found.brier.mean == pytest.approx(-turned.brier.mean)
    assert found.brier.p_value == pytest.approx(turned.brier.p_value)
    assert (found.better, found.worse, found.level) == (turned.worse, turned.better, turned.level) == (1, 2, 0)
    assert [point.first for point in found.murphy] == [point.second for point in turned.murphy]


def test_only_predictions_that_both_made_count(two, viewer):
    both(two, "90%", "10%")
    both(two, "90%", None)
    both(two, None, "10%")
    found = compared(two, viewer)
    assert (found.n, found.better, found.spots) == (1, 1, 1)


def test_who_never_stood_at_once_is_not_compared_and_it_says_why(two, viewer):
    on = a.prediction()
    a.forecast(on, "60%", by=two[0])
    a.forecast(on, "", by=two[0], kind=Forecast.Kind.WITHDRAWN, issued_at=a.on_day(10))
    a.forecast(on, "90%", by=two[1], issued_at=a.on_day(20))
    a.resolution(on)
    found = compared(two, viewer)
    assert (found.n, found.brier, found.murphy, found.reason) == (0, None, (), NOTHING_IN_COMMON)
    assert compared(two, viewer, theme="nothing").reason == NOTHING_IN_COMMON


@pytest.mark.parametrize(
    ("second", "verdict"), [("10%", "Ada did better"), ("71%", NO_DIFFERENCE), ("70%", NO_DIFFERENCE)]
)
def test_the_verdict_is_that_of_the_interval(two, viewer, second, verdict):
    for k in range(6):
        both(two, f"{70 + (-1) ** k}%", second)
    assert compared(two, viewer).verdict == verdict


def test_predictions_settled_by_one_event_are_one_cluster(two, viewer):
    case = a.case()
    trigger = a.trigger(case)
    for _ in range(3):
        both(two, "90%", "10%", on=a.prediction(case, trigger=trigger))
    found = compared(two, viewer)
    assert (found.n, found.clusters, found.brier.p_value, found.verdict) == (3, 1, None, NO_DIFFERENCE)


def test_a_blank_close_with_no_day_known_is_left_out_and_it_says_why(two, viewer):
    """Such rows come by import."""
    both(two, "90%", "10%", on=a.prediction(closes_at=None, origin="imported"))
    found = compared(two, viewer)
    assert (found.n, found.reason) == (0, NO_CLOSE)
    both(two, "90%", "10%")
    assert compared(two, viewer).n == 1


def test_what_nothing_would_ever_end_is_left_out(two, viewer):
    on = both(two, "90%", "10%")
    [endless] = scores.resolved(1, known=None, closes=None)
    for said in Forecast.objects.filter(prediction=on):
        like = {field.name: getattr(said, field.name) for field in Forecast._meta.fields}
        own = {"id": None, "uuid": uuid4(), "prediction": endless, "revision": endless.revision}
        Forecast.objects.bulk_create([Forecast(**like | own)])
        scores.keep([scores.score(endless, said.forecaster, brier=None, spot_half=None, known_us=None)])
    assert compared(two, viewer).n == 1


def test_interval_and_test_must_both_find_a_difference(two, viewer):
    """Five of one sign: the t interval leaves out 0, but one in sixteen sign patterns does as much."""
    for _ in range(5):
        both(two, "90%", "10%")
    found = compared(two, viewer)
    assert (found.brier.high < 0, found.brier.p_value, found.verdict) == (True, 0.0625, NO_DIFFERENCE)


def test_each_common_prediction_shows_the_time_that_both_shared(two, viewer):
    on = a.prediction()
    a.forecast(on, "60%", by=two[0])
    a.forecast(on, "90%", by=two[0], issued_at=a.on_day(25))
    a.forecast(on, "50%", by=two[1], issued_at=a.on_day(20))
    a.resolution(on)
    [line] = compared(two, viewer).lines
    assert (line.prediction, line.outcome) == (on.pk, 1.0)
    assert line.first == pytest.approx((5 * 0.16 + 25 * 0.01) / 30)
    assert line.second == pytest.approx(0.25)


def test_the_area_under_a_murphy_curve_is_half_the_brier_score(two, viewer):
    both(two, "80%", "40%")
    found = compared(two, viewer)
    for name, brier in (("first", 0.04), ("second", 0.36)):
        heights = [getattr(point, name) for point in found.murphy]
        assert 2 * np.trapezoid(heights, dx=0.01) == pytest.approx(brier, abs=0.01)


def test_what_is_hidden_leaves_no_trace_in_a_comparison(two, viewer):
    both(two, "90%", "10%")
    before = compared(two, viewer)
    secret = a.case(is_private=True, members=[a.a_person_with("analyst"), a.a_person_with("resolver")])
    both(two, "10%", "90%", on=a.prediction(secret))
    assert compared(two, viewer) == before
    assert compared(two, a.a_person_with("analyst")).n == 2


def test_forecasts_end_where_the_prediction_was_changed_in_substance(two, viewer):
    on = a.prediction()
    for by, words in zip(two, ("90%", "10%"), strict=True):
        a.forecast(on, words, by=by)
    dates = {"opens_at": a.on_day(0), "closes_at": a.on_day(100)}
    changed = PredictionRevision(prediction=on, statement="New.", kind="material", reason="Ambiguous.", **dates)
    amend_prediction(changed, [Criterion(label="a", text="New.")], by=a.a_person_with("analyst"), at=a.NOW)
    a.forecast(on, "90%", by=two[0], issued_at=a.on_day(60), at=a.on_day(60))
    a.resolution(Prediction.objects.get(), known_at=a.on_day(70), at=a.on_day(71))
    assert compared(two, viewer).brier.mean == pytest.approx((0.01 - 0.81) * 59.5 / 100)
