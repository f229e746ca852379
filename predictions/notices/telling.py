"""Notices in words, made for their reader when they are shown or sent: what they see no longer is not told."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, QuerySet

from accounts.models import User
from predictions.models import Notice
from predictions.notices.sentences import TELLINGS, rows_of, subject_of

MOST_COUNTED = 99


@dataclass(frozen=True)
class Told:
    """One notice in words; `about` is what it leads to. `is_news`: it still holds and waits to be heard of."""

    uuid: UUID
    kind: str
    text: str
    at: datetime
    about: Model
    is_read: bool
    is_news: bool


def seen(user: User) -> QuerySet[Notice]:
    """The notices that `user` may be shown, newest first. `is_again`: there was one of this kind on it before."""
    earlier = Notice.objects.filter(
        recipient=OuterRef("recipient"), kind=OuterRef("kind"), about=OuterRef("about"), pk__lt=OuterRef("pk")
    )
    return Notice.objects.visible_to(user).annotate(is_again=Exists(earlier)).order_by("-pk")


def tell(notices: Iterable[Notice], *, now: datetime) -> list[Told]:
    """These of `seen` in words, in a number of queries that does not depend on how many there are."""
    notices = list(notices)
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for notice in notices:
        wanted[notice.kind].add(notice.about)
    rows = {(kind, row.uuid): row for kind, about in wanted.items() for row in rows_of(kind).filter(uuid__in=about)}
    return [_told(each, rows[each.kind, each.about], now) for each in notices if (each.kind, each.about) in rows]


def _told(notice: Any, row: Any, now: datetime) -> Told:
    telling, is_read = TELLINGS[notice.kind], notice.read_at is not None
    is_news = not is_read and telling.is_news(row, now)
    label = Notice.Kind(notice.kind).label
    return Told(notice.uuid, label, telling.text(row, notice, now), notice.made_at, subject_of(row), is_read, is_news)


def notice_of(uuid: UUID, user: User, *, now: datetime) -> Told | None:
    return next(iter(tell(seen(user).filter(uuid=uuid), now=now)), None)


def unread_count(user: User) -> int:
    """How many they have not read, of those they see; no further than MOST_COUNTED + 1."""
    if not Notice.objects.unread().filter(recipient=user).exists():  # every page asks, and most often there are none
        return 0
    return len(Notice.objects.visible_to(user).unread().order_by().values("pk")[: MOST_COUNTED + 1])


def mark_read(user: User, *, at: datetime, only: UUID | None = None) -> None:
    mine = Notice.objects.unread().filter(recipient=user)
    (mine.filter(uuid=only) if only else mine).update(read_at=at)
