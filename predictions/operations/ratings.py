"""The evidence matrix: one person's judgement of how evidence agrees with predictions, cell by cell."""

from collections.abc import Sequence
from datetime import datetime
from textwrap import shorten

from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import Rating
from predictions.models.evidence import Evidence
from predictions.operations.predictions import held
from predictions.policy import demand

LONGEST_ITEM = 80


@transaction.atomic
def rate_evidence(rating: Rating, *, by: User, at: datetime) -> Rating:
    """Record how one piece of evidence agrees with one prediction. A later opinion replaces the earlier, with a reason.

    Each cell is an entry of its own: a row of the matrix spans predictions that different people may see.
    """
    held(rating.evidence.prediction)  # so that the evidence is not replaced meanwhile
    rating.evidence = Evidence.objects.select_related("prediction", "superseded_by").get(pk=rating.evidence_id)
    demand(by, "rate_evidence", rating.prediction)
    demand(by, "read", rating.evidence)
    rating.rater, rating.rated_at = by, at
    rating.full_clean()
    item = shorten(rating.evidence.note, LONGEST_ITEM, placeholder="…")
    record.keep(rating, _kind(rating), by=by, at=at, item=item)
    return rating


def _kind(rating: Rating) -> str:
    if not rating.consistency:
        return "rating.taken_back"
    return "rating.superseded" if rating.supersedes else "rating.made"


@transaction.atomic
def rate_matrix(ratings: Sequence[Rating], *, by: User, at: datetime) -> list[Rating]:
    """Record many cells, all or none."""
    in_order = sorted(ratings, key=lambda each: (each.evidence.prediction_id, each.evidence_id, each.prediction_id))
    return [rate_evidence(rating, by=by, at=at) for rating in in_order]
