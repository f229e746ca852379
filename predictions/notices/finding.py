"""Finds what is to be told: what was recorded since last time, and what time alone brought about.

What was told before is not told again: a notice is one by recipient, kind, row and stamp. The mark moves over what is
committed alone, for entries of the ledger are written in order; so nothing is passed over.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from predictions.models import LogHead, Notice, NoticeMark
from predictions.notices import clock, recorded, scored
from predictions.notices.found import Found

AT_ONCE = 500


def find(*, at: datetime) -> int:
    """Make the notices that are due, and say how many are new."""
    mark, _ = NoticeMark.objects.get_or_create(pk=1)
    head = LogHead.objects.filter(pk=1).first()
    last, runs = head.next_seq - 1 if head else -1, scored.runs_so_far()
    found = {*recorded.assignments(), *clock.found_at(at)}
    if last > mark.told_seq:
        found.update(recorded.found_after(mark.told_seq))
    if runs != mark.scored:
        found.update(scored.found_since(mark, at))
    with transaction.atomic():
        count = _make(found, at)
        _move(mark, last, runs, at)
    return count


def _make(found: Collection[Found], at: datetime) -> int:
    able = set(User.objects.filter(is_active=True, is_staff=True).values_list("pk", flat=True)) if found else set()
    wanted = sorted(each for each in found if each.recipient in able)
    new: list[Found] = []
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        new += sorted(set(some) - _made(some))
    rows = [Notice(recipient_id=x.recipient, kind=x.kind, about=x.about, stamp=x.stamp, made_at=at) for x in new]
    Notice.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)  # another may find the same meanwhile
    return len(rows)


def _made(found: list[Found]) -> set[Found]:
    there = Notice.objects.filter(about__in={each.about for each in found}).order_by()
    return {Found(*told) for told in there.values_list("recipient", "kind", "about", "stamp")}


def _move(mark: NoticeMark, last: int, runs: str, at: datetime) -> None:
    if (last, runs) == (mark.told_seq, mark.scored):
        return
    ahead = NoticeMark.objects.filter(Q(told_seq__lt=last) | Q(told_seq=last), pk=1)
    ahead.update(told_seq=last, scored=runs, scored_at=at if runs != mark.scored else mark.scored_at)
