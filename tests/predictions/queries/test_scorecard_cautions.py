"""The sentences that stand before the numbers."""

import pytest

from predictions.models import Origin
from predictions.queries.scorecard_cautions import counted, part_of
from predictions.queries.scorecards import Selection, scorecard
from predictions.tasks import rescore_stale
from tests import builders as a


def cautions_for(user) -> tuple[str, ...]:
    rescore_stale()
    return scorecard(Selection(), user=user, now=a.NOW).cautions


def settled(on=None, **resolution):
    on = on or a.prediction()
    a.forecast(on)
    return a.resolution(on, **resolution)


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (1, 1, "the score"),
        (2, 2, "both scores"),
        (4, 4, "all four scores"),
        (1, 4, "one of four scores"),
        (12, 1200, "12 of 1,200 scores"),
    ],
)
def test_parts_are_told_as_people_tell_them(part, whole, words):
    assert part_of(part, whole, "score") == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "no events"), (1, "one event"), (9, "nine events"), (10, "10 events")]
)
def test_small_numbers_are_written_out(count, words):
    assert counted(count, "event") == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on_one_event", "alone", "sentence"),
    [
        (4, 0, "Four predictions settled by one event say little about skill."),
        (3, 1, "Four predictions settled by two events say little about skill."),
        (0, 1, "One prediction says little about skill."),
        (0, 3, "Three predictions say little about skill."),
        (11, 0, "11 predictions settled by one event say little about skill."),
    ],
)
def test_few_independent_events_say_little_about_skill(viewer, on_one_event, alone, sentence):
    case = a.case()
    trigger = a.trigger(case)
    for _ in range(on_one_event):
        settled(a.prediction(case, trigger=trigger))
    for _ in range(alone):
        settled(a.prediction(case))
    assert cautions_for(viewer)[0] == sentence


@pytest.mark.django_db
def test_ten_independent_events_pass_without_that_caution(viewer):
    for _ in range(10):
        settled()
    assert not [caution for caution in cautions_for(viewer) if "skill" in caution]


@pytest.mark.django_db
def test_how_the_record_came_about_is_told(viewer):
    settled()
    settled(known_at=a.on_day(70), at=a.on_day(80))
    assert cautions_for(viewer)[1:] == (
        "One of two scores rests on a forecast written down when the outcome could be known.",
        "One person decided both outcomes; nobody else judged independently.",
    )


@pytest.mark.django_db
def test_whoever_writes_down_and_decides_is_told_of(viewer, people):
    both = a.person("both-hands", "analyst", "resolver")
    on = a.prediction()
    a.forecast(on)
    settled()
    other = a.prediction()
    forecast = a.Forecast(prediction=other, forecaster=a.forecaster(), words="70%", issued_at=a.on_day(0))
    a.log_forecast(forecast, by=both, at=a.NOW)
    a.resolve(
        a.Resolution(prediction=other, outcome=1.0, known_at=a.on_day(50)), verdicts={"a": "met"}, by=both, at=a.NOW
    )
    found = cautions_for(viewer)
    assert "For one of two predictions, whoever wrote the forecast down also decided the outcome." in found
    assert "Each outcome was decided by one person; nobody else judged it independently." in found


@pytest.mark.django_db
def test_what_is_annulled_infinite_waiting_or_left_out_is_told(viewer):
    annulled, flat, unsure = a.prediction(), a.prediction(), a.prediction()
    a.forecast(annulled)
    a.resolution(annulled, None, annulled="ambiguous")
    a.forecast(flat, "1", origin=Origin.IMPORTED)
    a.resolution(flat, 0.0, verdict="not_met")
    a.forecast(unsure, issued_at=a.on_day(49), issued_precision="day", issued_until=a.on_day(51))
    a.resolution(unsure)
    found = cautions_for(viewer)
    settled()
    found += scorecard(Selection(), user=viewer, now=a.NOW).cautions
    for sentence in (
        "The score rests on a 0% or 100% that proved wrong: infinitely many nats, so no mean is given.",
        "Annulled, so unscored: one prediction. Annulling what went wrong flatters the mean.",
        "Left out: one forecast that may have come after the outcome.",
        "Not scored yet: one resolved prediction. Scores follow within a minute or so.",
    ):
        assert sentence in found


@pytest.mark.django_db
def test_a_score_that_something_has_overtaken_is_told_of(viewer):
    case = a.case()
    trigger = a.trigger(case)
    settled(a.prediction(case, trigger=trigger))
    before = cautions_for(viewer)
    a.occurrence(trigger)
    found = scorecard(Selection(), user=viewer, now=a.NOW).cautions
    overtaken = "The score is out of date: something was recorded, or the method changed, since it was computed."
    assert [caution for caution in found if caution not in before] == [overtaken]


@pytest.mark.django_db
def test_who_forecast_later_waits_while_the_prediction_counts_as_scored(viewer):
    on = a.prediction()
    settled(on)
    rescore_stale()
    late = a.forecast(on).forecaster
    waiting = "Not scored yet: one resolved prediction. Scores follow within a minute or so."
    for selection, is_told in ((Selection(), False), (Selection(forecaster=late), True)):
        assert (waiting in scorecard(selection, user=viewer, now=a.NOW).cautions) == is_told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "One forecast replaced an earlier entry, with a reason; what it replaced counts for nothing."),
        (2, "Two forecasts replaced earlier entries, each with a reason; what they replaced counts for nothing."),
    ],
)
def test_forecasts_that_replaced_another_are_told_of(viewer, count, sentence):
    for _ in range(count):
        first = a.forecast()
        forecast = a.forecast(first.prediction, "90%", by=first.forecaster, supersedes=first, reason="A misprint.")
        a.resolution(forecast.prediction)
    assert sentence in cautions_for(viewer)


@pytest.mark.django_db
def test_where_nothing_is_scored_there_is_nothing_to_beware_of(viewer):
    a.forecast()
    assert cautions_for(viewer) == ()
