"""What a person settles for themselves: mails and the address of their calendar, each on record."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from predictions.models import CalendarAddress, LedgerEntry, NoticeChoice
from predictions.models.calendar_address import digest_of
from predictions.operations.notices import choose_notices, close_calendar, open_calendar, settle_own
from tests import builders as a

pytestmark = pytest.mark.django_db


def kinds():
    return [entry.kind for entry in LedgerEntry.objects.order_by("seq")]


def test_a_choice_is_kept_and_recorded_and_the_same_choice_twice_is_not(viewer):
    for _ in range(2):
        choose_notices(NoticeChoice(user=viewer, by_mail="none", digest_hour=9), at=a.NOW)
    assert NoticeChoice.of(User.objects.get(pk=viewer.pk)).by_mail == "none"
    assert kinds() == ["account.notices_chosen"]


def test_to_choose_what_stands_anyway_leaves_no_trace(viewer):
    choose_notices(NoticeChoice(user=viewer), at=a.NOW)
    assert kinds() == []


@pytest.mark.parametrize("fault", [{"by_mail": "hourly"}, {"digest_hour": 24}, {"digest_hour": -1}])
def test_what_cannot_be_chosen_is_refused_and_nothing_is_kept(viewer, fault):
    with pytest.raises(ValidationError, match=next(iter(fault))):
        settle_own(viewer, zone="Asia/Tokyo", choice=NoticeChoice(user=viewer, **fault), at=a.NOW)
    assert kinds() == []
    assert User.objects.get(pk=viewer.pk).zone == ""


def test_a_new_address_ends_the_one_before_and_only_a_digest_is_kept(viewer):
    first, second = open_calendar(viewer, at=a.NOW), open_calendar(viewer, at=a.NOW)
    assert len({first, second}) == 2
    assert len(first) >= 43  # 32 bytes
    assert CalendarAddress.objects.standing().get().digest == digest_of(second)
    assert kinds() == ["account.calendar_opened"] * 2
    ledger = "".join(entry.payload.text for entry in LedgerEntry.objects.all())
    assert not any(secret in ledger for token in (first, second) for secret in (token, digest_of(token)))


def test_a_closed_address_stands_no_longer_and_is_closed_once(viewer):
    open_calendar(viewer, at=a.NOW)
    close_calendar(viewer, at=a.NOW)
    close_calendar(viewer, at=a.NOW)
    assert not CalendarAddress.objects.standing().exists()
    assert kinds() == ["account.calendar_opened", "account.calendar_closed"]


def test_nobody_has_two_addresses_at_once(viewer):
    open_calendar(viewer, at=a.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarAddress.objects.create(user=viewer, digest="0", made_at=a.NOW)
