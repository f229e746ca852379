from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import DocumentComparison, Evidence, Quote, Snapshot
from predictions.operations.document_comparisons import measured
from predictions.operations.predictions import held
from predictions.operations.quotes import quoted
from predictions.policy import demand

NEWER = "A newer text of this source is held, and words are quoted from the newest. Compare that one."


@transaction.atomic
def link_evidence(
    evidence: Evidence, *, comparison: DocumentComparison | None = None, by: User, at: datetime
) -> Evidence:
    """Put a graded fact for, against or around a prediction on record. Its source lends it its own reliability.

    A `comparison`, of which the texts and the term are given, is worked out and kept with it.
    """
    evidence.prediction = held(evidence.prediction)
    demand(by, "link_evidence", evidence.prediction)
    demand(by, "read", evidence.source)
    evidence.reliability = evidence.reliability or evidence.source.reliability
    evidence.recorded_at, evidence.recorded_by = at, by
    evidence.full_clean()
    parts = [measured(comparison, evidence, by)] if comparison else []
    kind = "evidence.superseded" if evidence.supersedes else "evidence.captured"
    record.keep(evidence, kind, by=by, at=at, parts=parts)
    return evidence


@transaction.atomic
def link_passage(
    evidence: Evidence,
    quote: Quote,
    *,
    snapshot: Snapshot,
    start: int | None = None,
    comparison: DocumentComparison,
    by: User,
    at: datetime,
) -> Evidence:
    """Put a passage of `snapshot`, one of the two texts compared, on record as evidence: quoted first, then linked.

    Where its words stand several times, the place that begins at `start` is meant.
    """
    newest = Snapshot.objects.filter(source=quote.source).first()
    if newest != snapshot:
        raise ValidationError({"exact": NEWER})
    evidence.source = quote.source
    evidence.quote, _ = quoted(quote, start=start, by=by, at=at)
    return link_evidence(evidence, comparison=comparison, by=by, at=at)
