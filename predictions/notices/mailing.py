"""Notices go out by e-mail: put together into one mail for each person, each mail claimed before it is sent.

A claim puts off when the mail is taken up next, by one statement that only one of many can win. Who is killed after
that leaves the mail to be taken up again then, under the same Message-ID.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from accounts.models import User
from predictions.models import Mail, Notice, NoticeChoice
from predictions.notices.letters import letter

CLAIM = timedelta(minutes=30)
"""Longer than a task may take: nobody takes up a mail that another may still be about to send."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=4)
GIVEN_UP_AFTER = timedelta(days=5)
MOST_AT_ONCE = 100

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """What became of a round of mails. `is_set_up`: there is a mail server to send them by."""

    sent: int
    failed: int
    is_set_up: bool

    def in_words(self) -> str:
        if not self.is_set_up:
            return "No mails: no mail server is set up (EMAIL_URL)."
        told = f"{self.sent:,} mail{'' if self.sent == 1 else 's'} sent"
        return f"{told}; {self.failed:,} could not be and will be tried again." if self.failed else f"{told}."


def send_mails(*, at: datetime) -> Sent:
    """Put together the mails that are due by each person's choice, and send what is to be sent."""
    _put_together(at)
    due = Mail.objects.open().filter(due_at__lte=at).order_by("due_at", "pk").values_list("pk", flat=True)
    went = [_send(mail, at) for mail in list(due[:MOST_AT_ONCE]) if _claim(mail, at)]
    return Sent(went.count(True), went.count(False), settings.SENDS_MAIL)


# --- one mail for each person -----------------------------------------------------------------------------------------


def _put_together(at: datetime) -> None:
    awaiting = Notice.objects.filter(recipient=OuterRef("pk"), awaits_mail=True)
    for user in User.objects.filter(Exists(awaiting)).select_related("notice_choice").order_by("pk"):
        _put_into_one(user, at)


@transaction.atomic
def _put_into_one(user: User, at: datetime) -> None:
    """Whatever is due for this person goes into one mail; where no mail ever goes to them, into none."""
    until = NoticeChoice.of(user).mails_until(at) if settings.SENDS_MAIL and user.email else None
    awaiting = Notice.objects.select_for_update().filter(recipient=user, awaits_mail=True, made_at__lte=until or at)
    keys = list(awaiting.order_by("pk").values_list("pk", flat=True))
    if keys:
        mail = Mail.objects.create(recipient=user, made_at=at, due_at=at) if until else None
        Notice.objects.filter(pk__in=keys).update(awaits_mail=False, mail=mail)


# --- sending ----------------------------------------------------------------------------------------------------------


def _claim(key: int, at: datetime) -> bool:
    """Whether the mail is ours for the while: of many who ask, the database lets one put it off."""
    mine = Mail.objects.open().filter(pk=key, due_at__lte=at)
    return mine.update(due_at=at + CLAIM, attempt_count=F("attempt_count") + 1) == 1


def _send(key: int, at: datetime) -> bool | None:
    """Whether it went; None where nothing was left to tell."""
    mail = Mail.objects.select_related("recipient").get(pk=key)
    message = letter(mail, now=at)
    if message is None:
        Mail.objects.filter(pk=key).update(dropped_at=at)
        return None
    try:
        message.send()
    except (SMTPException, OSError, ValueError) as fault:
        _put_off(mail, fault, at)
        return False
    Mail.objects.filter(pk=key).update(sent_at=at)
    return True


def _put_off(mail: Mail, fault: Exception, at: datetime) -> None:
    """The fault's own words may hold an address or a password: the log names its kind alone."""
    told = (mail.uuid, type(fault).__name__, getattr(fault, "smtp_code", "no code"))
    if at - mail.made_at > GIVEN_UP_AFTER:
        log.error("Mail %s is given up: %s (%s). Its notices stand in the application.", *told)
        Mail.objects.filter(pk=mail.pk).update(dropped_at=at)
        return
    wait = min(FIRST_WAIT * 2 ** min(mail.attempt_count - 1, 10), LONGEST_WAIT)
    log.warning("Mail %s could not be sent: %s (%s). It is tried again in %s.", *told, wait)
    Mail.objects.filter(pk=mail.pk).update(due_at=at + wait)
