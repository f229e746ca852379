"""From forecast rows to the drawing of them: what is drawn, where a line ends, what is left out."""

from datetime import timedelta

import pytest

from predictions.admin.prediction_drawing import MOST_LINES, drawing
from predictions.models import Criterion, Prediction, PredictionRevision
from predictions.operations.predictions import amend_prediction
from tests import builders as a

pytestmark = pytest.mark.django_db
LATER = a.on_day(90)


def drawn(row, now=LATER):
    row = Prediction.objects.for_show().get(pk=row.pk)
    return drawing(row, row.revisions.all(), user=a.a_person_with("viewer"), now=now)


def amend(row, kind):
    revision = PredictionRevision(
        prediction=row, statement="Other", kind=kind, reason="Why.", opens_at=a.on_day(0), closes_at=a.on_day(100)
    )
    amend_prediction(revision, [Criterion(label="a", text="x")], by=a.a_person_with("analyst"), at=a.NOW)


def test_each_forecaster_is_told_with_the_last_forecast():
    row = a.prediction()
    first = a.forecast(row, "20%", by=a.forecaster("The Herald"))
    a.forecast(row, "30%", by=first.forecaster, issued_at=a.on_day(10))
    a.forecast(row, "likely", by=a.forecaster("The Post"), issued_at=a.on_day(20))
    told = drawn(row)
    for words in ("The Herald: 30%", "The Post: 67.5%", "low to high", "scheduled close"):
        assert words in told.wide
        assert words in told.narrow


def test_what_was_replaced_or_is_of_uncertain_order_is_not_drawn():
    row = a.prediction()
    slip = a.forecast(row, "20%", by=a.forecaster("The Herald"))
    a.forecast(row, "25%", by=slip.forecaster, supersedes=slip, reason="A slip.")
    a.forecast(row, "90%", by=a.forecaster("Vague"), issued_precision="estimated", issued_until=a.on_day(59))
    assert "Vague: 90%" in drawn(row).wide
    a.resolution(row, known_at=a.on_day(50))
    told = drawn(row).wide
    assert ("The Herald: 25%" in told, "Vague" in told, "outcome known" in told) == (True, False, True)


@pytest.mark.parametrize(("kind", "told"), [("clarifying", "The Herald: 20%"), ("material", "The Herald: withdrawn")])
def test_a_line_ends_where_the_substance_was_changed(kind, told):
    row = a.prediction()
    a.forecast(row, "20%", by=a.forecaster("The Herald"))
    amend(row, kind)
    shown = drawn(row).wide
    assert told in shown
    assert ("changed in substance" in shown) == (kind == "material")


def test_a_forecast_on_the_changed_prediction_is_drawn_on():
    row = a.prediction()
    herald = a.forecaster("The Herald")
    a.forecast(row, "20%", by=herald)
    amend(row, "material")
    a.forecast(row, "40%", by=herald, issued_at=a.NOW + timedelta(days=1), at=a.NOW + timedelta(days=2))
    assert "The Herald: 40%" in drawn(row).wide


def test_of_many_forecasters_those_who_spoke_last_are_drawn():
    row = a.prediction()
    for day in range(MOST_LINES + 2):
        a.forecast(row, by=a.forecaster(f"Forecaster no. {day:02}"), issued_at=a.on_day(day))
    told = drawn(row)
    assert told.left_out == 2
    assert "no. 01:" not in told.wide
    assert "no. 02:" in told.wide


def test_before_a_prediction_opens_there_is_nothing_to_draw():
    assert drawn(a.prediction(opens_at=a.on_day(95))) is None


def test_words_in_the_drawing_are_escaped():
    row = a.prediction(statement="<b>&")
    a.forecast(row, by=a.forecaster("<i>Eve</i>"))
    assert "<i>" not in drawn(row).wide
    assert "<b>" not in drawn(row).wide
