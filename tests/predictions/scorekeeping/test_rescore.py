"""From rows to scores: worked by hand, and by a plain loop on random histories."""

from datetime import timedelta
from math import inf, log

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from predictions import scorekeeping
from predictions.models import Criterion, Forecaster, LogHead, Prediction, PredictionRevision, Score, ScoringRun
from predictions.models.forecaster import CONSENSUS
from predictions.operations.predictions import amend_prediction
from predictions.scoring import KERNEL_VERSION
from tests import builders as a

DAY = 86_400_000_000
LATER = a.NOW + timedelta(hours=1)

pytestmark = pytest.mark.django_db


def rescore(*only):
    chosen = Prediction.objects.filter(pk__in=[each.pk for each in only]) if only else Prediction.objects.all()
    return scorekeeping.rescore(chosen, at=a.NOW)


def put(prediction, forecaster, day, words, **more):
    return a.forecast(prediction, words, by=forecaster, issued_at=a.on_day(day), **more)


def history(*forecasts, outcome=1.0, known=50, **fields):
    """Scores by forecaster's name of a prediction open from day 0 to 100: forecasts are (name, day, words, more)."""
    prediction, names = a.prediction(**fields), {}
    for name, day, words, *more in forecasts:
        names[name] = names.get(name) or a.forecaster()
        put(prediction, names[name], day, words, **(more[0] if more else {}))
    a.resolution(prediction, outcome, known_at=a.on_day(known), verdict="cannot_tell")
    rescore(prediction)
    scores = {score.forecaster_id: score for score in prediction.scores.all()}
    return {name: scores.get(forecaster.pk) for name, forecaster in names.items()}


WITHDRAWN, VAGUE = {"kind": "withdrawn"}, {"kind": "unquantifiable"}
MONTH = {"issued_precision": "month"}
IMPLIED = {"basis": "implied", "probability": 0.75, "low": 0.5, "high": 0.95}
IMPORTED = {"origin": "imported"}


def exactly(**expected):
    return {name: pytest.approx(value, abs=1e-12) for name, value in expected.items()}


BY_HAND = {
    "one forecast": ([("A", 0, "70%")], {}, exactly(brier=0.09, logarithmic=-log(0.7), time_coverage=0.5)),
    "it did not happen": ([("A", 0, "70%")], {"outcome": 0.0}, exactly(brier=0.49, logarithmic=-log(0.3))),
    "a share": ([("A", 0, "70%")], {"outcome": 0.5}, exactly(brier=0.04, logarithmic=-(log(0.7) + log(0.3)) / 2)),
    "always 50%": ([("A", 0, "50%")], {}, exactly(brier=0.25, logarithmic=log(2))),
    "an update": (
        [("A", 0, "70%"), ("A", 30, "90%")],
        {},
        exactly(brier=(0.09 * 30 + 0.01 * 20) / 50, forecast_count=2),
    ),
    "a late start": ([("A", 25, "70%")], {}, exactly(brier=0.09, time_coverage=0.25, standing_us=25 * DAY)),
    "before the opening": ([("A", -30, "70%")], {}, exactly(brier=0.09, time_coverage=0.5)),
    "until the scheduled close": ([("A", 0, "70%")], {"closes_at": a.on_day(40)}, exactly(time_coverage=1, brier=0.09)),
    "the last of one instant": ([("A", 0, "70%"), ("A", 0, "90%")], {}, exactly(brier=0.01, forecast_count=2)),
    "withdrawn": (
        [("A", 0, "70%"), ("A", 20, "", WITHDRAWN)],
        {},
        exactly(brier=0.09, time_coverage=0.2, forecast_count=1),
    ),
    "vague": ([("A", 0, "70%"), ("A", 10, "may", VAGUE)], {}, exactly(brier=0.09, time_coverage=0.1, forecast_count=1)),
    "withdrawn and again": (
        [("A", 0, "70%"), ("A", 20, "", WITHDRAWN), ("A", 40, "50%")],
        {},
        exactly(brier=(0.09 * 20 + 0.25 * 10) / 30, standing_us=30 * DAY),
    ),
    "coded": ([("A", 0, "likely")], {}, exactly(brier=0.105625, brier_low=0.2025, brier_high=0.04, is_coded=True)),
    "implied": (
        [("A", 0, "must", IMPLIED)],
        {},
        exactly(brier=0.0625, brier_low=0.25, brier_high=0.0025, is_implied=True, is_coded=False),
    ),
    "stated ends are no reading": (
        [("A", 0, "50%", {"low": 0.4, "high": 0.6})],
        {},
        exactly(brier=0.25, brier_low=0.25, brier_high=0.25, is_coded=False, is_implied=False),
    ),
    "coded, then stated": (
        [("A", 0, "likely"), ("A", 25, "90%")],
        {},
        exactly(
            brier=(0.105625 + 0.01) / 2, brier_low=(0.2025 + 0.01) / 2, brier_high=(0.04 + 0.01) / 2, is_coded=True
        ),
    ),
    "of uncertain order, left out": (
        [("A", 0, "70%"), ("A", 40, "99%", {**MONTH, "issued_until": a.on_day(60)})],
        {},
        exactly(brier=0.09, forecast_count=1),
    ),
    "a withdrawal of uncertain order, left out": (
        [("A", 0, "70%"), ("A", 40, "", {**WITHDRAWN, **MONTH, "issued_until": a.on_day(60)})],
        {},
        exactly(brier=0.09, time_coverage=0.5),
    ),
    "known to a period that ends in time": (
        [("A", 10, "70%", {**MONTH, "issued_until": a.on_day(50)})],
        {},
        exactly(brier=0.09, time_coverage=0.4),
    ),
    "too late, left out": ([("A", 0, "70%"), ("A", 55, "99%")], {}, exactly(brier=0.09, forecast_count=1)),
    "imported certainty that failed": (
        [("A", 0, "", {"probability": 0.0, **IMPORTED})],
        {},
        exactly(brier=1, logarithmic=inf),
    ),
    "imported, never to close": (
        [("A", 0, "70%")],
        {"closes_at": None, "origin": "imported"},
        {"time_coverage": None, **exactly(brier=0.09)},
    ),
    "imported, closed before it opened": (
        [("A", -10, "70%", IMPORTED)],
        {"closes_at": a.on_day(-5), "origin": "imported"},
        {"time_coverage": None, "brier": None, "logarithmic": None, "standing_us": 0},
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_score_worked_by_hand(name):
    forecasts, given, expected = BY_HAND[name]
    score = history(*forecasts, **given)["A"]
    assert {field: getattr(score, field) for field in expected} == expected


def test_forecasters_are_scored_each_for_themselves():
    scores = history(("A", 0, "70%"), ("B", 25, "40%"), ("A", 30, "20%"), outcome=0.0)
    assert scores["A"].brier == pytest.approx((0.49 * 30 + 0.04 * 20) / 50)
    assert (scores["B"].brier, scores["B"].time_coverage) == (pytest.approx(0.16), 0.25)


IN_VAIN = {"withdrawn": (10, "", WITHDRAWN), "vague": (10, "may", VAGUE)}


@pytest.mark.parametrize("forecast", IN_VAIN)
def test_who_put_no_probability_on_it_in_time_has_no_score(forecast):
    assert history(("A", *IN_VAIN[forecast])) == {"A": None}


LEFT_OUT = {
    "too late": ((55, "70%"), {"late_count": 1}),
    "of uncertain order": ((40, "70%", {**MONTH, "issued_until": a.on_day(60)}), {"uncertain_count": 1}),
}


@pytest.mark.parametrize("forecast", LEFT_OUT)
def test_who_came_too_late_has_a_row_without_a_score_that_says_so(forecast):
    said, expected = LEFT_OUT[forecast]
    row = vars(history(("A", *said))["A"])
    counts = {"forecast_count": 0, "late_count": 0, "uncertain_count": 0, "brier_sum": 0, "standing_us": 0} | expected
    assert {name: row[name] for name in counts} == counts
    assert {row[name] for name in ("brier", "logarithmic", "peer_brier", "span_brier", "spot_half", "lead_us")} == {
        None
    }
    assert not Score.objects.counting().exists()


def test_what_was_replaced_counts_for_nothing():
    prediction, someone = a.prediction(), a.forecaster()
    first = put(prediction, someone, 0, "20%")
    put(prediction, someone, 10, "70%", supersedes=first, reason="Misread.")
    a.resolution(prediction)
    rescore()
    score = Score.objects.get()
    assert (score.brier, score.time_coverage, score.forecast_count) == (pytest.approx(0.09), 0.4, 1)


@pytest.mark.parametrize(
    ("kind", "again", "days", "brier"),
    [
        ("clarifying", False, 70, 0.09),
        ("material", False, 59.5, 0.09),
        ("clarifying", True, 70, (0.09 * 60 + 0.01 * 10) / 70),
        ("material", True, 69.5, (0.09 * 59.5 + 0.01 * 10) / 69.5),
    ],
)
def test_forecasts_stand_on_through_a_clarification_and_end_at_a_change_of_substance(kind, again, days, brier):
    prediction, someone = a.prediction(), a.forecaster()
    put(prediction, someone, 0, "70%")
    dates = {"opens_at": a.on_day(0), "closes_at": a.on_day(100)}
    revision = PredictionRevision(prediction=prediction, statement="New.", kind=kind, reason="Ambiguous.", **dates)
    amend_prediction(revision, [Criterion(label="a", text="New.")], by=a.a_person_with("analyst"), at=a.NOW)
    if again:
        put(prediction, someone, 60, "90%", at=a.on_day(60))
    a.resolution(Prediction.objects.get(), known_at=a.on_day(70), at=a.on_day(71))
    rescore()
    score = Score.objects.get()
    assert (score.standing_us, score.brier) == (days * DAY, pytest.approx(brier))


@pytest.mark.parametrize(
    ("late", "is_in_hindsight"),
    [(None, False), ({"words": "90%"}, True), ({"words": "", "kind": "withdrawn"}, True)],
    ids=["in time", "a late forecast", "a late withdrawal"],
)
def test_whatever_was_written_down_once_the_outcome_could_be_known_marks_the_score(late, is_in_hindsight):
    prediction, someone = a.prediction(), a.forecaster()
    put(prediction, someone, 0, "70%")
    a.resolution(prediction, known_at=LATER, at=LATER)
    if late:
        a.forecast(prediction, by=someone, issued_at=a.on_day(10), at=LATER, **late)
    rescore()
    assert Score.objects.get().is_in_hindsight == is_in_hindsight


def test_annulled_and_unresolved_predictions_have_no_scores():
    annulled, unresolved = a.prediction(), a.prediction()
    a.forecast(annulled), a.forecast(unresolved)
    a.resolution(annulled, None, annulled="ambiguous")
    assert rescore() == 1
    assert not Score.objects.exists()


# --- the run -----------------------------------------------------------------------------------------------------


def some_scored(count):
    predictions = [a.prediction() for _ in range(count)]
    people = [a.forecaster(), a.forecaster()]
    for prediction in predictions:
        put(prediction, people[0], 0, "70%"), put(prediction, people[1], 5, "likely")
        a.resolution(prediction)
    return predictions


def contents():
    rows = Score.objects.order_by("prediction", "forecaster").values()
    return [{name: value for name, value in row.items() if name not in {"id", "run_id"}} for row in rows]


def test_scoring_again_or_in_other_portions_changes_nothing(monkeypatch):
    predictions = some_scored(3)
    rescore()
    whole = contents()
    of_people, pooled = 3 * 2, 3 * len(CONSENSUS)
    assert len(whole) == of_people + pooled
    rescore()
    assert contents() == whole
    monkeypatch.setattr(scorekeeping, "CHUNK", 2)
    told = []
    scorekeeping.rescore(Prediction.objects.all(), at=a.NOW, progress=lambda done, of: told.append((done, of)))
    assert (contents(), told) == (whole, [(2, 3), (3, 3)])
    rescore(predictions[1])
    assert contents() == whole


def test_what_was_scored_meanwhile_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(scorekeeping, "CHUNK", 1)
    first, second, third = some_scored(3)

    def meanwhile(done, _):
        if done == 1:
            put(second, a.forecaster(), 7, "90%")
            rescore(second)

    scorekeeping.rescore(Prediction.objects.all(), at=a.NOW, progress=meanwhile)
    earlier, later = ScoringRun.objects.order_by("pk")
    assert earlier.ledger_seq < later.ledger_seq
    scored_by = dict(Score.objects.values_list("prediction", "run").distinct())
    assert scored_by == {first.pk: earlier.pk, second.pk: later.pk, third.pk: earlier.pk}
    assert Score.objects.filter(prediction=second).count() == 3 + len(CONSENSUS)
    assert (earlier.replaced_count, later.replaced_count) == (2, 1)
    assert not Prediction.objects.stale().exists()


def test_a_run_says_by_which_kernel_and_from_what_of_the_ledger():
    prediction = some_scored(1)[0]
    rescore()
    run = ScoringRun.objects.get()
    assert (run.kernel_version, run.started_at) == (KERNEL_VERSION, a.NOW)
    assert run.ledger_seq == LogHead.objects.get().next_seq - 1 == Prediction.objects.get(pk=prediction.pk).scored_seq
    assert set(Score.objects.values_list("run", flat=True)) == {run.pk}


def test_nothing_to_score_leaves_no_run():
    a.forecast()
    assert rescore() == 0
    assert not ScoringRun.objects.exists()


def test_the_number_of_queries_does_not_depend_on_the_number_of_predictions():
    Forecaster.objects.of_consensus()
    counts = []
    for more in (1, 2):
        some_scored(more)
        with CaptureQueriesContext(connection) as queries:
            rescore()
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- against a plain loop ----------------------------------------------------------------------------------------

EVENTS = st.lists(
    st.tuples(st.integers(-2, 12), st.none() | st.integers(1, 99), st.none() | st.integers(1, 4)),
    min_size=1,
    max_size=6,
)


def by_a_plain_loop(events, *, closes, known):
    """Brier score and days standing of events (day, per cent or None for a withdrawal, length of period in days)."""
    in_time = [(day, share) for day, share, span in events if day < known and day + (span or 0) <= known]
    cost = stood = 0.0
    for hour in range(min(closes, known) * 24):
        last = [share for day, share in sorted(in_time, key=lambda event: event[0]) if day * 24 <= hour]
        if last and last[-1] is not None:
            cost, stood = cost + (last[-1] / 100 - 1) ** 2, stood + 1
    if not any(share for _, share in in_time):
        return None
    return (cost / stood if stood else None), stood / 24


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, st.integers(1, 12), st.integers(1, 12))
def test_random_histories_cost_what_a_plain_loop_says(events, closes, known):
    prediction, someone = a.prediction(closes_at=a.on_day(closes)), a.forecaster()
    for day, share, span in events:
        period = {} if span is None else {"issued_precision": "estimated", "issued_until": a.on_day(day + span)}
        kind = {"kind": "withdrawn"} if share is None else {"probability": share / 100}
        put(prediction, someone, day, "", origin="imported", **period, **kind)
    a.resolution(prediction, known_at=a.on_day(known))
    rescore(prediction)
    score, expected = prediction.scores.first(), by_a_plain_loop(events, closes=closes, known=known)
    told = (score.brier, score.standing_us / DAY) if score and score.forecast_count else None
    assert told == (expected and (expected[0] if expected[0] is None else pytest.approx(expected[0]), expected[1]))
