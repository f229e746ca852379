"""What is to be told because time went by: closes that come near, and what is overdue."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Coalesce, Least

from predictions.models import Assignment, Notice, Origin, Prediction
from predictions.models.prediction import NEVER
from predictions.models.times import microseconds
from predictions.notices import concerned
from predictions.notices.found import Found
from predictions.queries.worklist_shelves import OVERDUE_DAYS

SOON = timedelta(days=3)
LATE = timedelta(days=OVERDUE_DAYS)
LOOKED_BACK = timedelta(days=30)
"""What is older than that is not told for the first time."""


def found_at(now: datetime) -> Iterator[Found]:
    yield from _to_assess(now)
    yield from _closing(now)
    yield from _undecided(now)


def _to_assess(now: datetime) -> Iterator[Found]:
    """Assessments that are not submitted, before the close and long after it; again where the close was put off."""
    closing = Least(
        Coalesce(F("prediction__revision__closes_us"), NEVER),
        Coalesce(F("prediction__trigger__occurrence__occurred_us"), NEVER),
    )
    waiting = Assignment.objects.unanswered().filter(prediction__resolution__isnull=True, prediction__panel="")
    near = waiting.annotate(closing=closing).filter(closing__lte=microseconds(now + SOON))
    told = near.values_list("resolver", "uuid", "assigned_at", "closing", "prediction__revision__uuid")
    for resolver, uuid, asked_at, closes, revision in told:
        if closes > microseconds(now):
            yield Found(resolver, Notice.Kind.ASSESS_SOON, uuid, str(revision))
        elif closes <= microseconds(now - LATE) and asked_at <= now - LATE:
            yield Found(resolver, Notice.Kind.ASSESS_OVERDUE, uuid, str(revision))


def _closing(now: datetime) -> Iterator[Found]:
    """To who forecasts on it in their own name: they may want to forecast anew."""
    soon = {"revision__closes_us__gt": microseconds(now), "revision__closes_us__lte": microseconds(now + SOON)}
    rows = Prediction.objects.unresolved().filter(**soon, trigger__occurrence__isnull=True)
    wordings = {key: (uuid, revision) for key, uuid, revision in rows.values_list("pk", "uuid", "revision__uuid")}
    for key, user in concerned.forecasters(wordings) if wordings else ():
        uuid, revision = wordings[key]
        yield Found(user, Notice.Kind.CLOSING, uuid, str(revision))


def _undecided(now: datetime) -> Iterator[Found]:
    """To who posed it, whoever is to decide: what was known to be closed long ago and has no decision."""
    span = (now - LATE - LOOKED_BACK, now - LATE)
    entered = Prediction.objects.unresolved().exclude(origin=Origin.IMPORTED).filter(created_at__lte=span[1]).order_by()
    closed = entered.filter(revision__closes_us__range=[microseconds(end) for end in span])
    occurred = entered.filter(trigger__occurrence__recorded_at__range=span)
    told = ("pk", "uuid", "revision__uuid")
    rows = {key: (uuid, revision) for each in (closed, occurred) for key, uuid, revision in each.values_list(*told)}
    for key, user in concerned.posers(rows) if rows else ():
        uuid, revision = rows[key]
        yield Found(user, Notice.Kind.OVERDUE, uuid, str(revision))
