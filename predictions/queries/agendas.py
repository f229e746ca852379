"""The dates that concern one person, of what they see: what they are to do, what they forecast, watch and review."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from accounts.models import User
from predictions.exchange.calendar_file import Appointment
from predictions.models import Assumption, Forecast, Indicator, Precision, Prediction, Trigger, Watch
from predictions.models.times import MICROSECOND, whole_day
from predictions.policy import can
from predictions.queries import worklist_shelves as shelves
from predictions.queries.worklist_shelves import Reader

MOST_OF_A_KIND = 500
DAY = timedelta(days=1)


def agenda(user: User, *, now: datetime) -> list[Appointment]:
    """Nothing in it says a verdict, an outcome or a probability."""
    reader = Reader(user, now)
    kinds = [_closing(reader), _expected(reader), _reviewed(reader, Assumption), _reviewed(reader, Indicator)]
    kinds += [_judging("assess", "Assess", shelves.to_assess(reader))] if can(user, "assess") else []
    kinds += [_judging("adjudicate", "Adjudicate", shelves.to_adjudicate(reader))] if can(user, "adjudicate") else []
    kinds += [_answering(shelves.to_answer(reader))] if can(user, "answer_dispute") else []
    return [each for kind in kinds for each in islice(kind, MOST_OF_A_KIND)]


def _judging(key: str, verb: str, predictions: Any) -> Iterator[Appointment]:
    """On the day of their close."""
    for prediction in predictions[:MOST_OF_A_KIND]:
        if prediction.closing_at is not None:
            days = _close(prediction)
            yield Appointment(f"{key}-{prediction.uuid}", f"{verb}: {prediction}", *days)


def _answering(disputes: Any) -> Iterator[Appointment]:
    for dispute in disputes[:MOST_OF_A_KIND]:
        yield Appointment(f"answer-{dispute.uuid}", f"Answer the dispute: {dispute.prediction}", dispute.raised_at)


def _closing(reader: Reader) -> Iterator[Appointment]:
    """Closes of open predictions that they forecast in their own name."""
    own = Forecast.objects.filter(prediction=OuterRef("pk"), forecaster__account=reader.user)
    for prediction in shelves.open_now(reader).filter(Exists(own))[:MOST_OF_A_KIND]:
        if prediction.closing_at is not None:
            yield Appointment(f"close-{prediction.uuid}", f"Closes: {prediction}", *_close(prediction))


def _expected(reader: Reader) -> Iterator[Appointment]:
    """What they watch and what has not occurred, when it is expected."""
    watched = Watch.objects.filter(user=reader.user).values("trigger")
    waiting = Trigger.objects.visible_to(reader.user).filter(pk__in=watched, occurrence__isnull=True)
    for trigger in waiting.filter(expected_at__isnull=False).order_by("expected_at", "pk")[:MOST_OF_A_KIND]:
        yield Appointment(f"expect-{trigger.uuid}", f"Expected: {trigger}", *_days_expected(trigger))


def _reviewed(reader: Reader, model: Any) -> Iterator[Appointment]:
    """What they noted themselves, on the day it is to be looked at again while the prediction is undecided."""
    noted = model.objects.visible_to(reader.user).filter(noted_by=reader.user, review_on__isnull=False)
    for row in noted.filter(prediction__resolution__isnull=True).order_by("review_on", "pk")[:MOST_OF_A_KIND]:
        yield Appointment(f"review-{row.uuid}", f"Review: {row}", row.review_on, row.review_on + DAY)


def _close(prediction: Prediction) -> tuple[date, date | None]:
    """The day of a close that was given as one, in the zone that it was given in; else its instant."""
    revision, closing = prediction.current_revision, prediction.closing_at
    assert closing is not None
    day = whole_day(closing, revision.zone, is_end=True) if closing == revision.closes_at else None
    return (day, day + DAY) if day else (closing, None)


def _days_expected(trigger: Trigger) -> tuple[date, date | None]:
    assert trigger.expected_at is not None
    if trigger.expected_precision == Precision.INSTANT or trigger.expected_until is None:
        return trigger.expected_at, None
    zone = ZoneInfo(trigger.zone)
    last = (trigger.expected_until - MICROSECOND).astimezone(zone).date()
    return trigger.expected_at.astimezone(zone).date(), last + DAY
