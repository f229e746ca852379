"""One mail in plain text: what it says is made when it is sent, for the one who will read it."""

from datetime import datetime
from textwrap import shorten
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from predictions.models import Mail
from predictions.notices.telling import Told, seen, tell
from predictions.queries.histories import display_name

LONGEST_SUBJECT = 120


def letter(mail: Mail, *, now: datetime) -> EmailMessage | None:
    """The mail as it is to be sent now; None where nothing is left to tell."""
    user = mail.recipient
    with timezone.override(ZoneInfo(user.zone or settings.TIME_ZONE)):
        told = [each for each in tell(seen(user).filter(mail=mail).order_by("pk"), now=now) if each.is_news]
    if not told or not user.email:
        return None
    settle = _address("admin:my_settings")
    headers = {"Message-ID": message_id(mail), "Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{settle}>"}
    return EmailMessage(_subject(told), _body(user, told, settle), to=[user.email], headers=headers)


def message_id(mail: Mail) -> str:
    """The same each time this mail is sent, so that what comes twice is known to be one."""
    return f"<{mail.uuid}@{urlsplit(settings.SITE_URL).hostname}>"


def _subject(told: list[Told]) -> str:
    if len(told) == 1:
        return shorten(f"Forsooth: {told[0].text}", LONGEST_SUBJECT, placeholder="…")
    kinds = list(dict.fromkeys(each.kind for each in told))
    return shorten(f"Forsooth: {len(told)} notices ({', '.join(kinds)})", LONGEST_SUBJECT, placeholder="…")


def _body(user: User, told: list[Told], settle: str) -> str:
    lines = [f"{each.text}\n{_address('notice', each.uuid)}\n" for each in told]
    foot = [f"All your notices: {_address('notices')}", f"To get them by e-mail at once, daily or never: {settle}"]
    return "\n".join([f"Dear {display_name(user)},\n", *lines, "-- ", *foot, ""])


def _address(name: str, *args: object) -> str:
    return settings.SITE_URL + reverse(name, args=args)
