from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import Criterion, Prediction, PredictionRevision
from predictions.models.times import microseconds
from predictions.operations.panels import forget_judgements
from predictions.policy import demand, demand_time_to
from predictions.tasks import rescore_later

AMENDMENTS = {PredictionRevision.Kind.CLARIFYING, PredictionRevision.Kind.MATERIAL}


def held(prediction: Prediction) -> Prediction:
    """The prediction as it stands, locked until the transaction ends."""
    # In two steps: PostgreSQL joins a row that it had to wait for with its neighbours from before the wait.
    Prediction.objects.select_for_update().only("pk").get(pk=prediction.pk)
    return Prediction.objects.for_show().get(pk=prediction.pk)


@transaction.atomic
def pose_prediction(
    prediction: Prediction, revision: PredictionRevision, criteria: Sequence[Criterion], *, by: User, at: datetime
) -> Prediction:
    """Put a statement on record with the criteria it will be judged by."""
    demand(by, "pose_prediction", prediction.case)
    prediction.created_at = revision.recorded_at = at
    revision.prediction, revision.number, revision.origin = prediction, 1, prediction.origin
    revision.kind = PredictionRevision.Kind.ORIGINAL
    prediction.full_clean()
    _settle(revision, criteria)
    digest = revision.digest(list(criteria))
    parts = [revision, *criteria]
    record.keep(prediction, "prediction.posed", by=by, at=at, parts=parts, prediction_revision_sha256=digest)
    prediction.revision = revision
    prediction.save(update_fields=["revision"])
    return prediction


@transaction.atomic
def amend_prediction(
    revision: PredictionRevision, criteria: Sequence[Criterion], *, by: User, at: datetime
) -> PredictionRevision:
    """Add the next revision. Once a forecast stands, that is an amendment: of a kind, and with a reason."""
    revision.prediction = prediction = held(revision.prediction)
    demand(by, "amend_prediction", prediction)
    if prediction.known_us <= microseconds(at):
        raise ValidationError("Its outcome can be known; it can no longer be amended.", code="conflict")
    demand_time_to("amend_prediction", prediction, at)
    _require_amendment(revision, prediction.current_revision, has_forecasts=prediction.forecasts.exists())
    revision.number = prediction.current_revision.number + 1
    revision.recorded_at, revision.origin = at, prediction.origin
    _settle(revision, criteria)
    digest = revision.digest(list(criteria))
    record.keep(revision, "prediction.revised", by=by, at=at, parts=criteria, prediction_revision_sha256=digest)
    prediction.revision = revision
    prediction.save(update_fields=["revision"])
    forget_judgements(prediction, reason="The prediction was amended.", by=by, at=at)
    rescore_later(prediction)
    return revision


def _require_amendment(revision: PredictionRevision, stands: PredictionRevision, *, has_forecasts: bool) -> None:
    if not has_forecasts:
        revision.kind = PredictionRevision.Kind.EDIT
        return
    faults = {}
    if revision.kind not in AMENDMENTS:
        faults["kind"] = (
            "Forecasts stand on this prediction. Say whether the change clarifies it or changes its substance."
        )
    elif revision.kind == PredictionRevision.Kind.CLARIFYING and _differs_in_substance(revision, stands):
        faults["kind"] = "Another opening or another rule for the outcome changes the substance, not the wording."
    if not revision.reason.strip():
        faults["reason"] = "Forecasts stand on this prediction. Say why it is amended."
    if faults:
        raise ValidationError(faults)


def _differs_in_substance(revision: PredictionRevision, stands: PredictionRevision) -> bool:
    substance = attrgetter("opens_at", "outcome_rule", "outcome_table", "cannot_tell_limit")
    return bool(substance(revision) != substance(stands))


def _settle(revision: PredictionRevision, criteria: Sequence[Criterion]) -> None:
    revision.full_clean(exclude={"prediction"})
    labels = [criterion.label for criterion in criteria]
    if not criteria:
        raise ValidationError({"criteria": "Give at least one criterion to judge the outcome by."})
    if len(set(labels)) < len(labels):
        raise ValidationError({"criteria": "Two criteria bear the same letter."})
    if strangers := sorted(revision.labels_of_table() - set(labels)):
        raise ValidationError({"outcome_table": f"There is no criterion ({strangers[0]})."})
    for criterion in criteria:
        criterion.revision = revision
        criterion.full_clean(exclude={"revision"})
