"""A lost message costs time and no score: the sweep finds what is stale, and mends it."""

import pytest

from predictions import tasks
from predictions.models import Prediction, Score, ScoringRun
from predictions.operations.triggers import undo_occurrence
from predictions.scoring import KERNEL_VERSION
from tests import builders as a

MEND = {"reason": "Misread."}

pytestmark = pytest.mark.django_db


@pytest.fixture
def prediction():
    """Resolved, forecast and scored; it waited for a trigger that occurred."""
    trigger = a.trigger()
    prediction = a.prediction(trigger.case, trigger=trigger)
    a.forecast(prediction, "70%")
    a.occurrence(trigger, at=a.on_day(55))
    a.resolution(prediction)
    tasks.rescore_stale()
    assert Score.objects.get().brier == pytest.approx(0.09)
    return prediction


def replace_decision(prediction, outcome, verdict, **values):
    judge = a.a_person_with("resolver")
    judge.groups.set(a.person("adjudicator", "adjudicator").groups.all())
    first = Prediction.objects.get(pk=prediction.pk).resolution
    a.resolution(prediction, outcome, verdict=verdict, supersedes=first, **MEND, **values)


def costs():
    return [round(score.brier, 9) for score in Score.objects.of_forecasters().order_by("forecaster")]


# What is recorded without its message: the scores that the sweep then makes.
LOST = {
    "a forecast of another": (lambda p: a.forecast(p, "50%"), [0.09, 0.25]),
    "a correction": (
        lambda p: a.forecast(p, "80%", by=(first := p.forecasts.get()).forecaster, supersedes=first, **MEND),
        [0.04],
    ),
    "a withdrawal": (
        lambda p: a.forecast(p, "", by=p.forecasts.get().forecaster, kind="withdrawn", issued_at=a.on_day(10)),
        [0.09],
    ),
    "an undoing": (
        lambda p: undo_occurrence(p.trigger, reason="No.", by=a.a_person_with("resolver"), at=a.NOW),
        [0.09],
    ),
    "another decision": (lambda p: replace_decision(p, 0.0, "not_met"), [0.49]),
    "an annulment": (lambda p: replace_decision(p, None, "met", annulled="ambiguous"), []),
}


@pytest.mark.parametrize("loss", LOST)
def test_the_sweep_makes_good_what_was_lost(prediction, loss):
    deed, scores = LOST[loss]
    assert not Prediction.objects.stale().exists()
    deed(prediction)
    assert list(Prediction.objects.stale()) == [prediction]
    tasks.rescore_stale()
    assert costs() == scores
    assert not Prediction.objects.stale().exists()


def test_a_correction_of_the_occurrence_is_swept_up_too(prediction):
    first = prediction.trigger.occurrences.get()
    a.occurrence(prediction.trigger, at=a.on_day(20), supersedes=first, **MEND)
    tasks.rescore_stale()
    assert Score.objects.get().time_coverage == 0.2


@pytest.mark.parametrize("deed", [a.evidence, lambda prediction: a.forecast(), lambda prediction: a.prediction()])
def test_what_bears_on_no_score_leaves_it_alone(prediction, deed):
    deed(prediction)
    assert not Prediction.objects.stale().exists()


def test_a_sweep_with_nothing_to_do_leaves_no_trace(prediction):
    runs = ScoringRun.objects.count()
    tasks.rescore_stale()
    assert ScoringRun.objects.count() == runs


def test_what_is_not_resolved_is_never_stale_and_leaves_no_trace():
    unresolved = a.forecast().prediction
    tasks.rescore([unresolved.pk])
    assert not Prediction.objects.stale().exists()
    assert not ScoringRun.objects.exists()
    assert Prediction.objects.get().scored_seq is None


def test_what_was_forecast_before_it_was_resolved_is_swept_up_once_it_is():
    unresolved = a.forecast().prediction
    tasks.rescore([unresolved.pk])
    a.resolution(unresolved)
    tasks.rescore_stale()
    assert costs() == [0.09]


def test_what_another_kernel_scored_is_scored_anew(prediction):
    ScoringRun.objects.update(kernel_version="0")
    assert list(Prediction.objects.stale()) == [prediction]
    tasks.rescore_stale()
    assert Score.objects.get().run.kernel_version == KERNEL_VERSION
    assert not Prediction.objects.stale().exists()


def test_a_prediction_is_stale_once_however_much_was_recorded_since(prediction):
    for words in ("50%", "60%"):
        a.forecast(prediction, words)
    undo_occurrence(prediction.trigger, reason="No.", by=a.a_person_with("resolver"), at=a.NOW)
    assert list(Prediction.objects.stale()) == [prediction]


def test_a_message_comes_only_once_what_it_speaks_of_is_written(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as messages:
        prediction = a.prediction()
        assert messages == []
        a.forecast(prediction)
        a.resolution(prediction)
        assert not Score.objects.exists()
    assert len(messages) == 3  # the last lets people be told
    for message in [*messages, *messages]:  # a message that comes twice does no harm
        message()
        assert costs() == [0.09]


def test_without_predictions_there_is_no_message(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as messages:
        tasks.rescore_later()
        a.occurrence(a.trigger())
    assert len(messages) == 1  # lets people be told


def test_a_prediction_that_a_message_names_in_vain_is_passed_over():
    tasks.rescore([10**9])
    assert not ScoringRun.objects.exists()
