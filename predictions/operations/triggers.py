from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import Trigger, TriggerOccurrence, Watch
from predictions.operations.panels import forget_judgements, hold_judged
from predictions.policy import demand
from predictions.tasks import rescore_later, tell_later


@transaction.atomic
def pose_trigger(trigger: Trigger, *, by: User, at: datetime) -> Trigger:
    demand(by, "pose_trigger", trigger.case)
    trigger.full_clean()
    record.keep(trigger, "trigger.posed", by=by, at=at)
    return trigger


@transaction.atomic
def amend_trigger(trigger: Trigger, *, by: User, at: datetime) -> Trigger:
    demand(by, "amend_trigger", _held(trigger))
    trigger.full_clean()
    record.amend(trigger, "trigger.amended", by=by, at=at)
    return trigger


@transaction.atomic
def record_occurrence(occurrence: TriggerOccurrence, *, by: User, at: datetime) -> TriggerOccurrence:
    """Record that a trigger occurred: all that waited for it closes at that instant."""
    occurrence.trigger = trigger = _held(occurrence.trigger)
    demand(by, "record_occurrence", trigger)
    occurrence.recorded_at, occurrence.recorded_by = at, by
    if occurrence.occurred_at and occurrence.occurred_at > at:
        raise ValidationError({"occurred_at": "That lies in the future. Record it when it has occurred."})
    _follow_undone(occurrence)
    occurrence.full_clean()
    record.keep(occurrence, "trigger.occurred", by=by, at=at)
    _point(trigger, occurrence)
    return occurrence


@transaction.atomic
def undo_occurrence(trigger: Trigger, *, reason: str, by: User, at: datetime) -> TriggerOccurrence:
    """Record that a trigger did not occur after all: what waited for it is open again."""
    trigger = _held(trigger)
    demand(by, "undo_occurrence", trigger)
    judged = hold_judged(trigger.predictions.all())
    stood = trigger.occurrence
    if stood is None:
        raise ValidationError("No occurrence of this trigger is on record.", code="conflict")
    undone = TriggerOccurrence(trigger=trigger, supersedes=stood, reason=reason, is_undone=True)
    undone.occurred_at, undone.occurred_precision = stood.occurred_at, stood.occurred_precision
    undone.occurred_until, undone.recorded_at, undone.recorded_by = stood.occurred_until, at, by
    undone.full_clean()
    record.keep(undone, "trigger.occurrence_undone", by=by, at=at)
    _point(trigger, None)
    for prediction in judged:
        forget_judgements(prediction, reason="Its trigger did not occur after all.", by=by, at=at)
    return undone


@transaction.atomic
def watch_trigger(trigger: Trigger, *, by: User, at: datetime) -> None:
    """Be told when it occurs. Watching twice changes nothing."""
    trigger = _held(trigger)
    demand(by, "watch", trigger)
    if not Watch.objects.filter(trigger=trigger, user=by).exists():
        record.append("trigger.watched", {}, subject=trigger.uuid, case=trigger.case, by=by, at=at)
        Watch.objects.create(trigger=trigger, user=by)


@transaction.atomic
def unwatch_trigger(trigger: Trigger, *, by: User, at: datetime) -> None:
    trigger = _held(trigger)
    demand(by, "watch", trigger)
    removed, _ = Watch.objects.filter(trigger=trigger, user=by).delete()
    if removed:
        record.append("trigger.unwatched", {}, subject=trigger.uuid, case=trigger.case, by=by, at=at)


def _held(trigger: Trigger) -> Trigger:
    """The trigger as it stands, locked in a step of its own (see `operations.predictions.held`)."""
    Trigger.objects.select_for_update().only("pk").get(pk=trigger.pk)
    return Trigger.objects.select_related("case", "occurrence").get(pk=trigger.pk)


def _follow_undone(occurrence: TriggerOccurrence) -> None:
    last = occurrence.trigger.occurrences.first()
    if last is not None and last.is_undone and occurrence.supersedes is None:
        occurrence.supersedes, occurrence.reason = last, occurrence.reason or "It occurred after all."


def _point(trigger: Trigger, occurrence: TriggerOccurrence | None) -> None:
    trigger.occurrence = occurrence
    trigger.save(update_fields=["occurrence"])
    rescore_later(*trigger.predictions.all())
    tell_later()
