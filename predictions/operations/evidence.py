from datetime import datetime

from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import Evidence
from predictions.operations.predictions import held
from predictions.policy import demand


@transaction.atomic
def link_evidence(evidence: Evidence, *, by: User, at: datetime) -> Evidence:
    """Put a graded fact for, against or around a prediction on record. Its source lends it its own reliability."""
    evidence.prediction = held(evidence.prediction)
    demand(by, "link_evidence", evidence.prediction)
    demand(by, "read", evidence.source)
    evidence.reliability = evidence.reliability or evidence.source.reliability
    evidence.recorded_at, evidence.recorded_by = at, by
    evidence.full_clean()
    record.keep(evidence, "evidence.superseded" if evidence.supersedes else "evidence.captured", by=by, at=at)
    return evidence
