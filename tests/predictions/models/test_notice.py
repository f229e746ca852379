"""When a daily mail goes, by the clock of its reader."""

from datetime import UTC, datetime

import pytest

from accounts.models import User
from predictions.models import NoticeChoice


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour", "now", "last"),
    [
        ("UTC", 7, "2026-03-01T07:00", "2026-03-01T07:00"),
        ("UTC", 7, "2026-03-01T06:59", "2026-02-28T07:00"),
        ("Asia/Tokyo", 7, "2026-03-01T12:00", "2026-02-28T22:00"),
        ("Asia/Tokyo", 0, "2024-02-29T15:00", "2024-02-29T15:00"),
        ("America/New_York", 23, "2026-03-01T03:00", "2026-02-28T04:00"),
        # 29 March 2026, Berlin: 02:00 to 03:00 is skipped; the mail goes when it would have been over.
        ("Europe/Berlin", 2, "2026-03-29T00:59", "2026-03-28T01:00"),
        ("Europe/Berlin", 2, "2026-03-29T01:00", "2026-03-29T01:00"),
        ("Europe/Berlin", 2, "2026-03-30T00:00", "2026-03-30T00:00"),
        # 25 October 2026, Berlin: 02:00 to 03:00 comes twice; the mail goes the first time.
        ("Europe/Berlin", 2, "2026-10-25T00:00", "2026-10-25T00:00"),
        ("Europe/Berlin", 2, "2026-10-25T01:30", "2026-10-25T00:00"),
        ("Europe/Berlin", 2, "2026-10-26T00:59", "2026-10-25T00:00"),
        ("Europe/Berlin", 2, "2026-10-26T01:00", "2026-10-26T01:00"),
    ],
)
def test_the_daily_mail_goes_once_a_day_by_the_readers_clock(zone, hour, now, last):
    choice = NoticeChoice(user=User(zone=zone), by_mail="daily", digest_hour=hour)
    assert choice.mails_until(at(now)) == at(last)


def test_the_zone_of_the_site_stands_for_none(settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    assert NoticeChoice(user=User(), digest_hour=7).mails_until(at("2026-03-01T00:00")) == at("2026-02-28T22:00")


def test_who_chose_nothing_gets_one_mail_a_day():
    assert NoticeChoice.of(User()).by_mail == NoticeChoice.ByMail.DAILY
    assert NoticeChoice(user=User(), by_mail="none").mails_until(at("2026-03-01T00:00")) is None
