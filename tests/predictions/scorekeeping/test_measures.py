"""What is stored of each pair, worked by hand: against the peers, at fixed moments, by the day, from the first word."""

from math import log, log2

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from predictions import scorekeeping
from predictions.models import Criterion, Prediction, PredictionRevision, Score
from predictions.models.forecaster import CONSENSUS
from predictions.operations.predictions import amend_prediction
from tests import builders as a

DAY = 86_400_000_000
pytestmark = pytest.mark.django_db


def history(*forecasts, outcome=1.0, known=50, resolved=a.NOW, **fields):
    """Scores by name, ours of the consensus too, of a prediction open from day 0 to 100 and settled on day 50."""
    prediction, names = a.prediction(**fields), {}
    for name, day, words, *more in forecasts:
        names[name] = names.get(name) or a.forecaster()
        fields = more[0] if more else {}
        a.forecast(prediction, words, by=names[name], issued_at=a.on_day(day), **fields)
    a.resolution(prediction, outcome, known_at=a.on_day(known), verdict="cannot_tell", at=resolved)
    scorekeeping.rescore(Prediction.objects.filter(pk=prediction.pk), at=a.NOW)
    known_as = {forecaster.pk: name for name, forecaster in names.items()}
    methods = {name: method for method, (_, name) in CONSENSUS.items()}
    rows = prediction.scores.select_related("forecaster")
    return {known_as.get(row.forecaster_id) or methods[row.forecaster.name]: row for row in rows}


def figures(score, *names):
    return {name: getattr(score, name) for name in names}


def about(**expected):
    return {name: value if value is None else pytest.approx(value, abs=1e-12) for name, value in expected.items()}


AGAINST = ("peer_brier", "peer_logarithmic", "contested_us", "contested_brier", "crowd_brier")


def test_peer_points_are_what_the_others_lose_more_over_the_scheduled_open_time():
    scores = history(("A", 0, "90%"), ("B", 20, "50%"))
    gap, nats = 0.25 - 0.01, log(0.9) - log(0.5)
    shared = {"contested_us": 30 * DAY}
    expected = {
        "A": about(peer_brier=30 * gap, peer_logarithmic=30 * nats, contested_brier=0.01, crowd_brier=0.25, **shared),
        "B": about(peer_brier=-30 * gap, peer_logarithmic=-30 * nats, contested_brier=0.25, crowd_brier=0.01, **shared),
    }
    assert {name: figures(scores[name], *AGAINST) for name in "AB"} == expected


def test_who_stands_alone_gains_and_loses_nothing():
    alone = history(("A", 0, "90%"))
    assert set(alone) == {"A"}
    assert figures(alone["A"], *AGAINST) == about(
        peer_brier=0.0, peer_logarithmic=0.0, contested_us=0, contested_brier=None, crowd_brier=None
    )


def test_who_came_too_late_is_nobodys_peer():
    scores = history(("A", 0, "90%"), ("B", 55, "50%"))
    assert figures(scores["A"], "peer_brier", "contested_us") == about(peer_brier=0.0, contested_us=0)


def test_certainty_that_failed_is_clipped_among_peers_and_told():
    certain = {"probability": 0.0, "origin": "imported"}
    scores = history(("A", 0, "50%"), ("B", 0, "", certain))
    b = scores["B"]
    assert (b.infinite_count, b.logarithmic) == (1, float("inf"))
    assert figures(b, "logarithmic_clipped", "logarithmic_sum", "peer_logarithmic") == about(
        logarithmic_clipped=-log(0.001), logarithmic_sum=-log(0.001), peer_logarithmic=50 * (log(0.001) - log(0.5))
    )


SPOTS = ("spot_half", "spot_7", "spot_30", "spot_90")


def test_spots_are_what_stood_at_moments_that_the_schedule_fixes():
    schedule = {"opens_at": a.on_day(-60), "closes_at": a.on_day(40), "known": 40}
    told = history(("A", -60, "10%"), ("A", -40, "20%"), ("A", 0, "30%"), ("A", 20, "40%"), **schedule)["A"]
    assert figures(told, *SPOTS) == about(spot_half=0.2, spot_7=0.4, spot_30=0.3, spot_90=0.1)


def test_there_is_no_spot_after_an_early_end_nor_before_the_first_forecast():
    told = history(("A", 20, "20%"), known=40)["A"]
    assert figures(told, *SPOTS) == about(spot_half=None, spot_7=None, spot_30=None, spot_90=None)


def test_the_lead_is_the_time_from_the_first_forecast_to_the_scheduled_close():
    assert history(("A", 20, "20%"), ("A", 30, "30%"))["A"].lead_us == 80 * DAY


def test_the_span_begins_with_the_first_forecast_even_before_the_opening():
    told = history(("A", -50, "50%"), ("A", 0, "90%"))["A"]
    assert figures(told, "brier", "span_brier", "span_us") == about(
        brier=0.01, span_brier=(0.25 * 50 + 0.01 * 50) / 100, span_us=100 * DAY
    )


def test_what_was_said_after_the_close_is_summed_but_never_stood():
    imported = {"origin": "imported"}
    told = history(("A", 0, "50%"), ("A", 45, "90%", imported), closes_at=a.on_day(40))["A"]
    assert figures(told, "brier", "forecast_count", "brier_sum", "after_close_count", "late_count") == about(
        brier=0.25, forecast_count=2, brier_sum=0.26, after_close_count=1, late_count=0
    )


def test_the_baseline_rewards_what_beats_a_half_over_the_scheduled_open_time():
    assert history(("A", 0, "90%"))["A"].baseline == pytest.approx(100 * log2(1.8) * 0.5)
    assert history(("A", 0, "90%"), outcome=0.5)["A"].baseline is None


def test_the_daily_measures_count_days_begun_and_what_stood_when_they_ended():
    scores = history(("A", 0, "50%"), ("B", 0, "50%"), ("C", 0, "90%"), ("C", 0.5, "70%"), known=10)
    days = ("daily_brier", "daily_median", "daily_accuracy")
    assert figures(scores["C"], *days) == about(daily_brier=0.18, daily_median=0.5, daily_accuracy=-0.32)


def test_a_day_is_one_of_the_predictions_own_zone():
    late = 16 / 24  # the next day in Tokyo
    told = [history(("A", 0, "50%"), ("A", late, "90%"), known=2, zone=zone)["A"] for zone in ("UTC", "Asia/Tokyo")]
    assert [score.daily_brier for score in told] == [
        pytest.approx(2 * 0.01),  # both days end with 90%
        pytest.approx(2 * (0.25 + 0.01 + 0.01) / 3),  # 1, 2 and 3 January, 09:00 in Tokyo
    ]


def test_a_day_that_the_clocks_made_longer_is_one_day():
    opens, closes = -67 - 2 / 24, -64 - 1 / 24  # midnights of Berlin, three days and 73 hours apart
    said = [("A", opens, "50%"), ("B", opens, "50%"), ("C", opens, "90%")]
    schedule = {"opens_at": a.on_day(opens), "closes_at": a.on_day(closes), "known": closes, "zone": "Europe/Berlin"}
    assert history(*said, **schedule)["C"].daily_accuracy == pytest.approx(2 * (0.01 - 0.25))


def test_the_possible_days_are_those_of_the_prediction_whatever_an_amendment_ended():
    prediction = a.prediction()
    people = [a.forecaster() for _ in range(3)]
    for person, words in zip(people, ("50%", "50%", "90%"), strict=True):
        a.forecast(prediction, words, by=person, issued_at=a.on_day(0), at=a.NOW)
    changed = {"statement": "Other.", "kind": "material", "reason": "It was wrong."}
    revision = PredictionRevision(prediction=prediction, opens_at=a.on_day(0), closes_at=a.on_day(100), **changed)
    amend_prediction(revision, [Criterion(label="a", text="So.")], by=a.a_person_with("analyst"), at=a.NOW)
    a.resolution(Prediction.objects.get(), known_at=a.on_day(80), at=a.on_day(80))
    scorekeeping.rescore(Prediction.objects.all(), at=a.on_day(80))
    ended = 60  # the days begun when it was changed, at noon
    best = Score.objects.of_forecasters().get(forecaster=people[2])
    assert best.daily_accuracy == pytest.approx(2 * (0.01 - 0.25) * ended / 80)


def test_a_consensus_that_was_sure_and_wrong_is_counted():
    certain = {"probability": 1.0, "origin": "imported"}
    median = history(("A", 0, "", certain), ("B", 0, "", certain), outcome=0.0)["median"]
    assert (median.infinite_count, median.logarithmic) == (1, float("inf"))


def test_the_consensus_is_scored_where_two_stand_and_is_nobodys_peer():
    scores = history(("A", 0, "10%"), ("B", 20, "30%"), ("C", 30, "80%"))
    median = scores["median"]
    assert figures(median, "brier", "standing_us", "peer_brier", "crowd_brier") == about(
        brier=(10 * 0.8**2 + 20 * 0.7**2) / 30, standing_us=30 * DAY, peer_brier=None, crowd_brier=None
    )
    odds = (0.1 / 0.9 * 0.3 / 0.7) ** 0.5
    early = (odds / (1 + odds) - 1) ** 2
    later = (0.1 / 0.9 * 0.3 / 0.7 * 0.8 / 0.2) ** (1 / 3)
    assert scores["mean_log_odds"].brier == pytest.approx((10 * early + 20 * (later / (1 + later) - 1) ** 2) / 30)
    assert sum(scores[name].peer_brier for name in "ABC") == pytest.approx(0, abs=1e-12)
    assert median.brier > scores["recency_weighted"].brier  # which listens more to C, who came last and was right


@pytest.mark.parametrize(("known", "is_late"), [(50, True), (59.9, False)])
def test_a_consensus_rests_on_hindsight_where_a_forecast_in_it_does(known, is_late):
    at = {"at": a.on_day(59.6)}  # all but B are written down on day 59.5
    scores = history(("A", 0, "10%"), ("B", 0, "30%", at), known=known, resolved=a.on_day(60))
    assert (scores["B"].is_in_hindsight, scores["median"].is_in_hindsight) == (is_late, is_late)


def test_a_consensus_ends_when_all_but_one_withdraw():
    scores = history(("A", 0, "10%"), ("B", 0, "30%"), ("B", 20, "", {"kind": "withdrawn"}))
    assert scores["median"].standing_us == 20 * DAY


EVENTS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 11), st.none() | st.integers(1, 99)), min_size=1, max_size=8
)


def by_a_plain_loop(events, closes):
    """Peer Brier points by forecaster, hour by hour."""
    gain = {}
    for hour in range(closes * 24):
        last = {}
        for who, day, share in sorted(events, key=lambda event: event[1]):
            if day * 24 <= hour:
                last[who] = share
        losses = {who: (share / 100 - 1) ** 2 for who, share in last.items() if share is not None}
        for who, loss in losses.items():
            others = [each for name, each in losses.items() if name != who]
            if others:
                gain[who] = gain.get(who, 0) + sum(others) / len(others) - loss
    return {who: 100 * total / (closes * 24) for who, total in gain.items()}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, st.integers(1, 12))
def test_random_crowds_gain_what_a_plain_loop_says(events, closes):
    prediction = a.prediction(closes_at=a.on_day(closes))
    people = [a.forecaster() for _ in range(3)]
    for who, day, share in events:
        kind = {"kind": "withdrawn"} if share is None else {"probability": share / 100}
        a.forecast(prediction, "", by=people[who], issued_at=a.on_day(day), origin="imported", **kind)
    a.resolution(prediction, known_at=a.on_day(30))
    scorekeeping.rescore(Prediction.objects.filter(pk=prediction.pk), at=a.NOW)
    expected = by_a_plain_loop(events, closes)
    told = dict(Score.objects.filter(prediction=prediction).values_list("forecaster", "peer_brier"))
    for who, person in enumerate(people):
        assert told.get(person.pk, 0.0) == pytest.approx(expected.get(who, 0.0), abs=1e-9)
