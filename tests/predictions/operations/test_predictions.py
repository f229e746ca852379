"""Posing a prediction and changing it: what a forecaster was asked stays what they were asked."""

import pytest

from predictions.models import Criterion, Prediction, PredictionRevision
from predictions.operations.predictions import amend_prediction, pose_prediction
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


def revision(**values):
    given = {"statement": "It snows.", "opens_at": a.on_day(0), "closes_at": a.on_day(100)} | values
    return PredictionRevision(**given)


def criteria(*texts, **values):
    return [Criterion(label=label, text=text, **values) for label, text in zip("abc", texts, strict=False)]


def amend(prediction, *texts, at=a.NOW, **values):
    rows = criteria(*(texts or ("Snow falls.",)))
    return amend_prediction(revision(prediction=prediction, **values), rows, by=a.a_person_with("analyst"), at=at)


@pytest.fixture
def pose():
    case, by = a.case(), a.a_person_with("analyst")

    def pose(rows=None, *, theme="weather", **values):
        rows = criteria("It rains.") if rows is None else rows
        return pose_prediction(Prediction(case=case, theme=theme), revision(**values), rows, by=by, at=a.NOW)

    return pose


def test_a_prediction_stands_with_its_first_revision_and_criteria(pose):
    stored = Prediction.objects.get(pk=pose(criteria("It rains.", "It pours.")).pk)
    assert (stored.revision.number, stored.revision.kind, stored.created_at) == (1, "original", a.NOW)
    assert [str(criterion) for criterion in stored.revision.criteria.all()] == ["(a) It rains.", "(b) It pours."]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("theme", {"theme": ""}),
        ("statement", {"statement": ""}),
        ("statement", {"statement": "x" * 501}),
        ("opens_at", {"opens_at": None}),
        ("closes_at", {"closes_at": None}),
        ("closes_at", {"closes_at": a.on_day(0)}),
        ("closes_at", {"closes_at": a.on_day(-1)}),
        ("zone", {"zone": "Tokyo"}),
        ("outcome_rule", {"outcome_rule": "most"}),
        ("criteria", {"rows": []}),
        ("criteria", {"rows": [Criterion(label="a", text="One."), Criterion(label="a", text="Two.")]}),
        ("text", {"rows": [Criterion(label="a", text="")]}),
        ("label", {"rows": [Criterion(label="", text="One.")]}),
        ("weight", {"rows": [Criterion(label="a", text="One.", weight=0)]}),
    ],
    ids=str,
)
def test_a_prediction_that_could_not_be_judged_is_refused_at_its_field(pose, field, given):
    with refused(field):
        pose(**given)
    assert not Prediction.objects.exists()


def test_an_imported_prediction_may_close_before_it_opens_or_never():
    assert a.prediction(origin="imported", closes_at=None).revision.closes_at is None
    assert a.prediction(origin="imported", closes_at=a.on_day(-1)).revision.closes_at == a.on_day(-1)


# --- amendments --------------------------------------------------------------------------------------------------


def test_before_the_first_forecast_a_change_is_an_edit_and_needs_no_reason():
    prediction = a.prediction()
    amended = amend(prediction, "Snow falls.", "It stays.", kind="material")
    assert (amended.number, amended.kind, amended.reason) == (2, "edit", "")
    prediction.refresh_from_db()
    assert prediction.revision == amended
    assert [row.label for row in prediction.revision.criteria.all()] == ["a", "b"]


@pytest.mark.parametrize("kind", ["probability", "withdrawn", "unquantifiable"])
def test_after_the_first_forecast_a_change_is_an_amendment_with_its_reason(kind):
    prediction = a.prediction()
    a.forecast(prediction, "70%" if kind == "probability" else "", kind=kind)
    for undeclared in ("original", "edit"):
        with refused("kind", "Say whether"):
            amend(prediction, kind=undeclared, reason="Ambiguous.")
    for unreasoned in ("", "   "):
        with refused("reason", "Say why"):
            amend(prediction, kind="clarifying", reason=unreasoned)
    assert amend(prediction, kind="clarifying", reason="Ambiguous.").number == 2
    assert amend(prediction, kind="material", reason="Another question.").number == 3


def test_forecasts_name_the_revision_they_were_made_on():
    prediction = a.prediction()
    first = a.forecast(prediction)
    amended = amend(prediction, kind="clarifying", reason="Ambiguous.")
    second = a.forecast(prediction)
    assert (first.revision.number, second.revision) == (1, amended)


def test_earlier_revisions_stay_as_they_were():
    prediction = a.prediction(statement="It rains.")
    amend(prediction)
    assert [row.statement for row in prediction.revisions.all()] == ["It rains.", "It snows."]
    assert [str(row) for row in prediction.revisions.first().criteria.all()] == ["(a) It happens."]


def test_what_is_resolved_is_no_longer_amended():
    prediction = a.prediction()
    a.resolution(prediction)
    with refused(code="conflict"):
        amend(prediction)


@pytest.mark.parametrize(
    ("field", "values"), [("closes_at", {"closes_at": a.on_day(0)}), ("zone", {"zone": "Mars"})], ids=str
)
def test_an_amendment_is_held_to_the_same_rules(field, values):
    prediction = a.prediction()
    with refused(field):
        amend(prediction, **values)
    prediction.refresh_from_db()
    assert prediction.revision.number == 1


def test_a_prediction_is_no_longer_amended_once_its_outcome_can_be_known():
    trigger = a.trigger()
    prediction = a.prediction(trigger.case, trigger=trigger)
    a.occurrence(trigger, at=a.on_day(50))
    with refused(saying="Its outcome can be known", code="conflict"):
        amend_prediction(
            reworded(prediction), [Criterion(label="a", text="It happens.")], by=a.a_person_with("analyst"), at=a.NOW
        )


@pytest.mark.parametrize("change", [{"opens_at": a.on_day(30)}, {"outcome_rule": "any"}])
def test_another_opening_or_rule_is_no_clarification(change):
    prediction = a.prediction()
    a.forecast(prediction)
    rows = [Criterion(label="a", text="It happens.")]
    with refused("kind", saying="changes the substance"):
        amend_prediction(reworded(prediction, **change), rows, by=a.a_person_with("analyst"), at=a.NOW)
    amend_prediction(reworded(prediction, kind="material", **change), rows, by=a.a_person_with("analyst"), at=a.NOW)


def reworded(prediction, **fields):
    values = {"kind": "clarifying", "reason": "Plainer.", "statement": "It happens, plainly."} | fields
    times = {"opens_at": prediction.revision.opens_at, "closes_at": a.on_day(120)}
    return PredictionRevision(prediction=prediction, **(times | values))
