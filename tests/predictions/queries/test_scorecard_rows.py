"""The rows of a scorecard: the marks they bear, what was replaced, and what awaits its new score."""

from datetime import timedelta

import pytest

from predictions.models import Forecast, ScoringRun
from predictions.operations.triggers import undo_occurrence
from predictions.queries.scorecards import Scorecard, Selection, as_json, scorecard
from predictions.tasks import rescore_stale
from tests import builders as a

pytestmark = pytest.mark.django_db


def card_of(user, **selection) -> Scorecard:
    rescore_stale()
    return scorecard(Selection(**selection), user=user, now=a.NOW)


def settled(on=None, *, by=None):
    """A prediction with one forecast on it, resolved."""
    on = on or a.prediction()
    a.forecast(on, by=by)
    a.resolution(on)
    return on


@pytest.mark.parametrize("kind", [Forecast.Kind.WITHDRAWN, Forecast.Kind.UNQUANTIFIABLE])
def test_what_ends_a_forecast_in_hindsight_marks_its_score(viewer, kind):
    on, by = a.prediction(), a.forecaster()
    known = a.NOW + timedelta(days=1)
    a.forecast(on, by=by)
    a.resolution(on, known_at=known, at=known)
    assert (card_of(viewer).in_hindsight, card_of(viewer).without_hindsight) == (0, None)
    a.forecast(on, "", by=by, kind=kind, issued_at=a.on_day(10), at=known)
    card = card_of(viewer)
    assert (card.in_hindsight, card.rows[0].is_in_hindsight, as_json(card)["in_hindsight"]) == (1, True, 1)


def test_a_forecast_without_a_score_bears_its_own_marks(viewer):
    case = a.case()
    trigger = a.trigger(case)
    a.occurrence(trigger)
    a.forecast(a.prediction(case, trigger=trigger), "likely")
    [row] = card_of(viewer).rows
    assert (row.is_coded, row.is_implied, row.is_in_hindsight, row.is_scored) == (True, False, True, False)


def test_forecasts_that_replaced_another_are_counted_where_they_are_scored(viewer):
    on, by = a.prediction(), a.forecaster()
    for prediction in (on, a.prediction()):
        first = a.forecast(prediction, "20%", by=by)
        a.forecast(prediction, "80%", by=by, supersedes=first, reason="A misprint.")
    settled(on)
    card = card_of(viewer)
    assert (card.replaced, as_json(card)["replaced"]) == (1, 1)
    assert [row.replaced_count for row in card.rows] == [1, 0, 1]


def undo_its_trigger(on, by):
    undo_occurrence(on.trigger, reason="It did not.", by=a.a_person_with("resolver"), at=a.NOW)


RECORDED_SINCE = {
    "a forecast": lambda on, by: a.forecast(on, "80%", by=by, issued_at=a.on_day(5)),
    "a forecast of another": lambda on, by: a.forecast(on, "80%"),
    "an occurrence undone": undo_its_trigger,
    "an occurrence replaced": lambda on, by: a.occurrence(
        on.trigger, a.on_day(20), supersedes=on.trigger.occurrences.get(), reason="Misread."
    ),
    "another kernel": lambda on, by: ScoringRun.objects.update(kernel_version="0"),
}


@pytest.mark.parametrize("deed", RECORDED_SINCE)
def test_a_score_that_something_has_overtaken_awaits_its_new_score(viewer, deed):
    case, by = a.case(), a.forecaster()
    trigger = a.trigger(case)
    a.occurrence(trigger, a.on_day(55))
    on = settled(a.prediction(case, trigger=trigger), by=by)
    settled()
    assert [row.is_behind for row in card_of(viewer, forecaster=by).rows] == [False]
    RECORDED_SINCE[deed](on, by)
    [row] = scorecard(Selection(forecaster=by, theme="weather"), user=viewer, now=a.NOW).rows
    assert (row.is_behind, row.state, row.state_in_words) == (True, "scored", "awaits its new score")
    assert as_json(card_of(viewer, forecaster=by))["rows"][0]["is_behind"] is False


def test_who_forecast_after_the_scoring_awaits_a_score_and_is_not_left_out(viewer):
    on, late = settled(), a.forecaster()
    card_of(viewer)
    a.forecast(on, "80%", by=late)
    [row] = scorecard(Selection(forecaster=late), user=viewer, now=a.NOW).rows
    assert (row.is_behind, row.state_in_words) == (False, "resolved, awaits its score")
