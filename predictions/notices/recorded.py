"""What is to be told of what was recorded after an entry of the ledger. Nobody is told of what they did themselves."""

import json
from collections.abc import Iterator

from accounts.models import User
from accounts.roles import Role
from predictions.models import (
    Assignment,
    Dispute,
    DisputeAnswer,
    LedgerEntry,
    Notice,
    Origin,
    Resolution,
    TriggerOccurrence,
)
from predictions.notices import concerned
from predictions.notices.found import Found


def found_after(seq: int) -> Iterator[Found]:
    yield from _occurrences(seq)
    yield from _resolutions(seq)
    yield from _disputes(seq)
    yield from _answers(seq)
    yield from _roles_taken(seq)


def assignments() -> Iterator[Found]:
    """Every one that stands and waits: these have no entry of their own to go by, and there are few of them."""
    waiting = Assignment.objects.unanswered().filter(prediction__resolution__isnull=True)
    for resolver, uuid in waiting.values_list("resolver", "uuid"):
        yield Found(resolver, Notice.Kind.ASSIGNED, uuid)


def _occurrences(seq: int) -> Iterator[Found]:
    """That a trigger occurred, or did not after all."""
    rows = list(TriggerOccurrence.objects.filter(entry__gt=seq).order_by())
    people = concerned.of_triggers({row.trigger_id for row in rows}) if rows else {}
    for row in rows:
        for user in people.get(row.trigger_id, set()) - {row.recorded_by_id}:
            yield Found(user, Notice.Kind.OCCURRED, row.uuid)


def _resolutions(seq: int) -> Iterator[Found]:
    """Decisions, but for imported ones: those were made elsewhere, long ago, and come by the thousand."""
    rows = list(Resolution.objects.filter(entry__gt=seq).exclude(origin=Origin.IMPORTED).order_by())
    keys = {row.prediction_id for row in rows}
    people = concerned.of_predictions(keys) if rows else {}
    watching = concerned.watchers(keys) if rows else {}
    for row in rows:
        told = people.get(row.prediction_id, set()) | watching.get(row.prediction_id, set())
        for user in told - {row.resolved_by_id}:
            yield Found(user, Notice.Kind.RESOLVED, row.uuid)


def _disputes(seq: int) -> Iterator[Found]:
    """To whom the prediction concerns, who decided it, and who may answer."""
    rows = list(Dispute.objects.filter(entry__gt=seq).select_related("resolution", "prediction__case").order_by())
    people = concerned.of_predictions({row.prediction_id for row in rows}) if rows else {}
    answering = concerned.may_answer(rows) if rows else {}
    for row in rows:
        told = people.get(row.prediction_id, set()) | answering.get(row.pk, set()) | {row.resolution.resolved_by_id}
        for user in told - {row.raised_by_id}:
            yield Found(user, Notice.Kind.DISPUTED, row.uuid)


def _answers(seq: int) -> Iterator[Found]:
    rows = list(DisputeAnswer.objects.filter(entry__gt=seq).select_related("dispute").order_by())
    people = concerned.of_predictions({row.dispute.prediction_id for row in rows}) if rows else {}
    for row in rows:
        told = people.get(row.dispute.prediction_id, set()) | {row.dispute.raised_by_id}
        for user in told - {row.answered_by_id}:
            yield Found(user, Notice.Kind.ANSWERED, row.uuid)


def _roles_taken(seq: int) -> Iterator[Found]:
    """That somebody who can sign in gave themselves a role: to every administrator, themselves included."""
    administrators = User.objects.filter(groups__name=Role.ADMINISTRATOR, is_active=True)
    everyone = (administrators | User.objects.filter(is_superuser=True, is_active=True)).distinct()
    able = {user.uuid: user.pk for user in everyone if user.is_staff}
    granted = LedgerEntry.objects.filter(kind="role.granted", subject__in=able, seq__gt=seq, payload__isnull=False)
    for entry, subject, actor, text in granted.values_list("seq", "subject", "payload__actor", "payload__text"):
        for recipient in able.values() if able[subject] == actor else ():
            yield Found(recipient, Notice.Kind.GRANTED, subject, f"{json.loads(text)['role']} {entry}")
