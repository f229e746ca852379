"""What a person settles for themselves: how notices reach them, and the address of their calendar."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import CalendarAddress, NoticeChoice
from predictions.models.calendar_address import digest_of, new_token
from predictions.operations.accounts import set_zone


@transaction.atomic
def choose_notices(choice: NoticeChoice, *, at: datetime) -> NoticeChoice:
    """Let a person choose whether and when notices reach them by e-mail."""
    kept = NoticeChoice.of(User.objects.select_for_update().get(pk=choice.user_id))
    stood = _said(kept)
    kept.by_mail, kept.digest_hour = choice.by_mail, choice.digest_hour
    kept.full_clean()
    if _said(kept) != stood:
        kept.save()
        _record(kept.user, "account.notices_chosen", _said(kept), at)
    return kept


@transaction.atomic
def settle_own(user: User, *, zone: str, choice: NoticeChoice, at: datetime) -> None:
    """All that a person settles about themselves, or none of it."""
    set_zone(user, zone, at=at)
    choose_notices(choice, at=at)


@transaction.atomic
def open_calendar(user: User, *, at: datetime) -> str:
    """Give a person's calendar a new secret address and return the secret, which is not kept. An earlier one ends."""
    User.objects.select_for_update().get(pk=user.pk)
    token = new_token()
    CalendarAddress.objects.standing().filter(user=user).update(ended_at=at)
    CalendarAddress.objects.create(user=user, digest=digest_of(token), made_at=at)
    _record(user, "account.calendar_opened", {}, at)
    return token


@transaction.atomic
def close_calendar(user: User, *, at: datetime) -> None:
    """Let the secret address of a person's calendar lead nowhere from now on."""
    if CalendarAddress.objects.standing().filter(user=user).update(ended_at=at):
        _record(user, "account.calendar_closed", {}, at)


def _said(choice: NoticeChoice) -> dict[str, str | int]:
    return {"by_mail": str(choice.by_mail), "digest_hour": choice.digest_hour}


def _record(user: User, kind: str, details: dict[str, str | int], at: datetime) -> None:
    record.append(kind, {"user": str(user.uuid), **details}, subject=user.uuid, case=None, by=user, at=at)
