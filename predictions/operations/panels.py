"""The resolvers of a prediction taken together. Whoever calls holds the prediction."""

from datetime import datetime

from django.core.exceptions import ValidationError

from accounts.models import User
from predictions import record
from predictions.models import Assignment, Case, Prediction
from predictions.models.assessment import panel_of
from predictions.models.prediction import PredictionQuerySet


def hold_judged(predictions: PredictionQuerySet) -> list[Prediction]:
    """Those of `predictions` that are undecided and that somebody is asked to judge, locked.

    Before the ledger is written to: whoever judges holds a prediction first and the ledger after it.
    """
    asked = Assignment.objects.standing().filter(prediction__resolution__isnull=True).values("prediction")
    keys = predictions.filter(pk__in=asked).order_by("pk").values_list("pk", flat=True)
    list(Prediction.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk").values_list("pk"))
    # Read anew: one that had to be waited for may have been decided.
    return list(Prediction.objects.for_show().filter(pk__in=list(keys), resolution__isnull=True).order_by("pk"))


def withdraw(assignment: Assignment, *, reason: str, by: User, at: datetime) -> Assignment:
    if assignment.withdrawn_at is not None:
        raise ValidationError("This assignment was withdrawn already.", code="conflict")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the assignment is withdrawn."})
    assignment.withdrawn_at, assignment.withdrawn_because = at, reason
    assignment.full_clean()
    record.amend(assignment, "assignment.withdrawn", by=by, at=at)
    return assignment


def forget_judgements(prediction: Prediction, *, reason: str, by: User, at: datetime) -> None:
    """What was found counts no longer, and nobody is asked: resolvers are asked anew."""
    for assignment in prediction.assignments.standing():
        withdraw(assignment, reason=reason, by=by, at=at)
    settle_panel(prediction)


def settle_panel(prediction: Prediction) -> None:
    """Put together what the resolvers found, once as many as are asked for have submitted."""
    counting = list(prediction.assessments.counting().prefetch_related("verdicts__criterion"))
    is_complete = prediction.case.resolvers_asked and len(counting) >= prediction.case.resolvers_asked
    prediction.panel = panel_of(prediction.current_revision, counting)[0] if is_complete else ""
    prediction.save(update_fields=["panel"])


def settle_panels(case: Case, predictions: list[Prediction]) -> None:
    """After another number of resolvers is asked for. Verdicts that are together stay so: they have been read."""
    for prediction in predictions:
        prediction.case = case
        if not prediction.panel:
            settle_panel(prediction)
