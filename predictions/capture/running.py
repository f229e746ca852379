"""One capture from its claim to its end, by whichever worker comes first. What ends it is written once."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.events import Outcome, tell
from accounts.models import User
from predictions.capture.material import Material, Read, fetched, handed_in, read
from predictions.capture.snapshots import add_snapshot, digest_of, require_readable
from predictions.capture.stating import source_for
from predictions.exchange.documents import Unreadable
from predictions.models import Capture, CaptureContent, Case, Snapshot, Stage, Way
from predictions.models.capture import LONGEST_WORDS
from predictions.outgoing import Refused
from predictions.policy import demand

MOST_TRIES = 3
TAKEN_UP_AT_ONCE = 20
NOT_ALLOWED = "You may no longer do this here: your roles, or who sees the case, changed meanwhile."
BROKE_OFF = f"The work on it broke off {MOST_TRIES} times, perhaps because of what is in it. It is not tried again."

Clock = Callable[[], datetime]


class TakenOver(Exception):  # noqa: N818 - it says what happened
    """Another worker has this capture now, or has ended it."""


def run(capture_id: int, *, clock: Clock = timezone.now) -> None:
    """Do what the capture asks for, unless somebody else is at it or it has ended. Run twice, it is done once.

    It takes its time, so it is given a clock.
    """
    capture = _claimed(capture_id, clock())
    if capture is None:
        return
    try:
        _work_on(capture, clock)
    except TakenOver:
        return
    except (Refused, Unreadable) as fault:
        if isinstance(fault, Refused) and fault.is_by_rule:
            tell("capture.refused", Outcome.REFUSED, actor=capture.asked_by.uuid, subject=capture.uuid)
        _fail(capture, str(fault), at=clock())
    except ValidationError as refusal:
        _fail(capture, " ".join(refusal.messages), at=clock())
    except PermissionDenied:
        _fail(capture, NOT_ALLOWED, at=clock())


def take_up_stale(*, clock: Clock = timezone.now) -> int:
    """Do the captures whose message was lost or whose worker was killed, the oldest first; tells how many."""
    stale = Capture.objects.stale(clock()).order_by("id")
    keys = list(stale.values_list("pk", flat=True)[:TAKEN_UP_AT_ONCE])
    for key in keys:
        run(key, clock=clock)
    return len(keys)


def _claimed(capture_id: int, at: datetime) -> Capture | None:
    """The capture, ours from now on; None where another worker has it, or it has ended."""
    claim = uuid4()
    taken = Capture.objects.claimable(at).filter(pk=capture_id)
    if not taken.update(claim=claim, claimed_at=at, tries=F("tries") + 1):
        return None
    return Capture.objects.select_related("case", "source", "asked_by").filter(claim=claim).first()


def _work_on(capture: Capture, clock: Clock) -> None:
    if capture.tries > MOST_TRIES:
        raise ValidationError(BROKE_OFF)
    demand(capture.asked_by, "capture_source", capture.source or capture.case)
    if capture.way == Way.ADDRESS:
        _move_on(capture, Stage.FETCHING)
        material = fetched(capture.address, at=clock())
    else:
        material = handed_in(capture)
    _move_on(capture, Stage.READING)
    found = read(material)
    require_readable(found.text)
    _move_on(capture, Stage.ANCHORING)
    _keep(capture, material, found, at=clock())


def _move_on(capture: Capture, stage: Stage) -> None:
    if not Capture.objects.in_flight().filter(pk=capture.pk, claim=capture.claim).update(stage=stage):
        raise TakenOver


@transaction.atomic
def _keep(capture: Capture, material: Material, found: Read, *, at: datetime) -> None:
    """Write the source, where it is new, and the snapshot, where its text is; in one go with the end of the capture."""
    held = _held(capture)
    by = User.objects.get(pk=held.asked_by_id)
    case = Case.objects.select_for_update().get(pk=held.case_id)  # of two captures of one address one makes the source
    demand(by, "capture_source", held.source or case)
    source = source_for(held, found, by=by, at=at)
    snapshot = Snapshot.objects.filter(source=source, sha256=digest_of(found.text)).first()
    is_unchanged = snapshot is not None
    if snapshot is None:
        snapshot = add_snapshot(source, found.text, read_from=material.kept_as(found), by=by, at=at)
    ended = {"source": source, "snapshot": snapshot, "is_unchanged": is_unchanged, "note": found.note[:LONGEST_WORDS]}
    _end(held, Stage.DONE, at=at, **ended)


@transaction.atomic
def _fail(capture: Capture, reason: str, *, at: datetime) -> None:
    try:
        _end(_held(capture), Stage.FAILED, at=at, failure=reason[:LONGEST_WORDS])
    except TakenOver:
        return


def _held(capture: Capture) -> Capture:
    """The capture under its lock, while it is still ours."""
    held = Capture.objects.in_flight().select_for_update().filter(pk=capture.pk, claim=capture.claim).first()
    if held is None:
        raise TakenOver
    return held


def _end(held: Capture, stage: Stage, *, at: datetime, **values: object) -> None:
    Capture.objects.filter(pk=held.pk).update(stage=stage, ended_at=at, **values)
    CaptureContent.objects.filter(capture=held.pk).delete()
