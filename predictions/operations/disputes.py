"""Disputes: anyone may contest a decision; somebody who did not decide answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import Dispute, DisputeAnswer, Evidence, Resolution
from predictions.operations.predictions import held
from predictions.operations.resolutions import decide
from predictions.policy import demand, demand_time_to
from predictions.tasks import rescore_later, tell_later


@transaction.atomic
def raise_dispute(dispute: Dispute, *, by: User, at: datetime) -> Dispute:
    """Contest how one criterion of the decision that stands was judged, with evidence."""
    dispute.prediction = prediction = held(dispute.prediction)
    demand(by, "dispute", prediction)
    demand_time_to("dispute", prediction, at)
    if prediction.resolution is not None:
        dispute.resolution = prediction.resolution
    dispute.raised_at, dispute.raised_by = at, by
    dispute.full_clean()
    record.keep(dispute, "dispute.raised", by=by, at=at, letter=dispute.criterion.label)
    tell_later()
    return dispute


@transaction.atomic
def answer_dispute(
    answer: DisputeAnswer,
    *,
    resolution: Resolution | None = None,
    verdicts: Mapping[str, str] | None = None,
    relied_on: Sequence[Evidence] = (),
    by: User,
    at: datetime,
) -> DisputeAnswer:
    """Answer a dispute. Where it is upheld, `resolution` with its `verdicts` replaces the decision."""
    prediction = held(answer.dispute.prediction)
    answer.dispute = Dispute.objects.select_related("resolution").get(pk=answer.dispute.pk)
    demand(by, "answer_dispute", answer.dispute)
    if DisputeAnswer.objects.filter(dispute=answer.dispute).exists():
        raise ValidationError("This dispute was answered already.", code="conflict")
    if answer.is_upheld != (resolution is not None):
        raise ValidationError({"is_upheld": "Who upholds a dispute decides anew; who does not lets it stand."})
    if resolution is not None and answer.dispute.resolution != prediction.resolution:
        raise ValidationError("The decision it disputes was replaced meanwhile. Look at the new one.", code="conflict")
    answer.dispute.prediction = prediction
    answer.answered_at, answer.answered_by = at, by
    answer.full_clean()
    record.keep(answer, "dispute.answered", by=by, at=at)
    if resolution is not None:
        _replace(resolution, answer, verdicts or {}, relied_on, by=by, at=at)
    rescore_later(prediction)
    tell_later()
    return answer


def _replace(
    resolution: Resolution,
    answer: DisputeAnswer,
    verdicts: Mapping[str, str],
    relied_on: Sequence[Evidence],
    *,
    by: User,
    at: datetime,
) -> None:
    disputed = answer.dispute.resolution
    resolution.prediction, resolution.supersedes = answer.dispute.prediction, disputed
    resolution.reason = resolution.reason or f"A dispute was upheld: {answer.text}"[:500]
    resolution.basis, resolution.resolver_count = Resolution.Basis.ADJUDICATED, disputed.resolver_count
    decide(resolution, verdicts=verdicts, relied_on=relied_on, by=by, at=at)
