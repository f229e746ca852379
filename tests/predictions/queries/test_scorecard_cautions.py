"""The sentences that stand before the numbers."""

from datetime import timedelta

import pytest

from predictions.models import Dispute, DisputeAnswer, Origin, Resolution
from predictions.operations.disputes import answer_dispute, raise_dispute
from predictions.operations.resolutions import adjudicate, confirm
from predictions.queries.scorecard_board import Judged
from predictions.queries.scorecard_cautions import counted, on_decisions, part_of
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
        "Two of two predictions were not independently resolved: one person decided both outcomes.",
        "One of two scores rests on a forecast written down when the outcome could be known.",
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
    alone = "Two of two predictions were not independently resolved: fewer than two people judged blind to each other."
    assert alone in found


DECIDED = {
    "by one person": ({"resolvers_asked": 0}, a.resolution, 1, 0),
    "as one resolver found": ({"resolvers_asked": 1}, lambda on: confirmed(on, "met"), 1, 0),
    "as two resolvers found": ({"resolvers_asked": 2}, lambda on: confirmed(on, "met", "met"), 0, 0),
    "by an adjudicator": ({"resolvers_asked": 2}, lambda on: adjudicated(on, "met", "not_met"), 0, 0),
    "provisionally": ({"resolvers_asked": 0, "notice_hours": 48}, a.resolution, 1, 1),
    "and disputed": ({"resolvers_asked": 0}, lambda on: disputed(a.resolution(on)), 1, 1),
    "and disputed in vain": ({"resolvers_asked": 0}, lambda on: answered(disputed(a.resolution(on))), 1, 0),
    "provisionally and disputed": (
        {"notice_hours": 48, "resolvers_asked": 0},
        lambda on: disputed(a.resolution(on)),
        1,
        1,
    ),
}


def confirmed(on, *verdicts):
    a.panel(on, *verdicts)
    return confirm(Resolution(prediction=on, known_at=a.on_day(50)), by=a.a_person_with("resolver"), at=a.NOW)


def adjudicated(on, *verdicts):
    a.panel(on, *verdicts)
    row = Resolution(prediction=on, outcome=1.0, known_at=a.on_day(50))
    row.rationale = "The first read it rightly."
    return adjudicate(row, verdicts={"a": "met"}, by=a.a_person_with("adjudicator"), at=a.NOW)


def disputed(resolution):
    on = resolution.prediction
    row = Dispute(prediction=on, criterion=on.revision.criteria.get(), evidence=a.evidence(on), text="It did not.")
    return raise_dispute(row, by=a.a_person_with("viewer"), at=a.NOW)


def answered(dispute):
    answer = DisputeAnswer(dispute=dispute, is_upheld=False, text="It did.")
    return answer_dispute(answer, by=a.a_person_with("adjudicator"), at=a.NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("how", DECIDED)
def test_how_each_outcome_was_decided_is_counted_and_marked(viewer, how):
    fields, decide, not_independent, provisional = DECIDED[how]
    on = a.prediction(a.case(by=a.a_person_with("administrator"), **fields), closes_at=a.on_day(50))
    a.forecast(on)
    decide(on)
    rescore_stale()
    card = scorecard(Selection(), user=viewer, now=a.NOW)
    assert (card.n, card.not_independent, card.provisional) == (1, not_independent, provisional)
    [row] = card.rows
    assert (row.is_independent, row.is_provisional) == (not not_independent, bool(provisional))
    told = " ".join(card.cautions)
    assert ("not independently resolved" in told) == bool(not_independent)
    assert ("provisional" in told) == bool(provisional)


@pytest.mark.django_db
def test_a_score_is_provisional_until_the_notice_period_is_over_though_nothing_is_recorded_meanwhile(viewer):
    settled(a.prediction(a.case(notice_hours=48)))
    settled()
    rescore_stale()
    ends = a.NOW + timedelta(hours=48)
    for now, is_told in ((a.NOW, True), (ends - timedelta(microseconds=1), True), (ends, False)):
        card = scorecard(Selection(), user=viewer, now=now)
        assert card.provisional == is_told == any(row.is_provisional for row in card.rows)
        told = "One of two predictions is provisional: its notice period is not over."
        assert (told in card.cautions) == is_told


@pytest.mark.django_db
def test_only_what_the_figures_rest_on_is_counted_as_decided_somehow(viewer):
    settled(a.prediction(a.case(notice_hours=48)))
    a.resolution(a.prediction(a.case(notice_hours=48)))
    hidden = a.case(is_private=True, notice_hours=48, members=[a.a_person_with("resolver")])
    settled(a.prediction(hidden))
    rescore_stale()
    card = scorecard(Selection(), user=viewer, now=a.NOW)
    assert (card.n, card.not_independent, card.provisional) == (1, 1, 1)


@pytest.mark.parametrize(
    ("counts", "sentences"),
    [
        ((3, 0, 0, 0), ()),
        ((4, 4, 0, 0), ("Four of four predictions were not independently resolved: {blind}.",)),
        ((1, 1, 0, 0), ("The prediction was not independently resolved: {blind}.",)),
        ((4, 0, 2, 0), ("Two of four predictions are provisional: their notice period is not over.",)),
        ((4, 0, 1, 1), ("One of four predictions is provisional: the decision is disputed.",)),
        (
            (40, 0, 12, 2),
            ("12 of 40 predictions are provisional: their notice period is not over, or the decision is disputed.",),
        ),
    ],
)
def test_what_outcomes_rest_on_is_told_in_one_wording_everywhere(counts, sentences):
    blind = "fewer than two people judged blind to each other"
    assert on_decisions(Judged(*counts)) == tuple(sentence.format(blind=blind) for sentence in sentences)


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
