"""Times are kept in UTC and shown in the reader's own zone."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import timezone

from accounts.models import User
from accounts.zones import ZoneMiddleware, require_zone

MORNING = datetime(2022, 12, 16, 0, 30, tzinfo=UTC)


def shown_to(rf, user):
    request = rf.get("/")
    request.user = user
    page = ZoneMiddleware(lambda request: HttpResponse(f"{timezone.localtime(MORNING):%d %H:%M %Z}"))(request)
    return page.content.decode()


@pytest.mark.parametrize("name", ["UTC", "Asia/Tokyo", "America/New_York", "Etc/GMT+9"])
def test_iana_zones_are_accepted(name):
    require_zone(name)


@pytest.mark.parametrize(
    "name", ["", "Tokyo", "JST", "asia/tokyo", "UTC+9", "../etc/passwd", "localtime", "Factory", "Asia"]
)
def test_anything_else_is_refused_with_an_example(name):
    with pytest.raises(ValidationError, match="such as Asia/Tokyo"):
        require_zone(name)


@pytest.mark.parametrize(
    ("zone", "words"), [("Asia/Tokyo", "16 09:30 JST"), ("America/New_York", "15 19:30 EST"), ("", "16 00:30 UTC")]
)
def test_each_reader_is_shown_times_in_their_own_zone(rf, zone, words):
    assert shown_to(rf, User(zone=zone)) == words


def test_without_a_zone_or_an_account_it_is_that_of_the_site(rf, settings):
    assert shown_to(rf, AnonymousUser()) == "16 00:30 UTC"


def test_the_zone_of_one_reader_does_not_stay_for_the_next(rf):
    shown_to(rf, User(zone="Asia/Tokyo"))
    assert shown_to(rf, AnonymousUser()) == "16 00:30 UTC"
    assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.django_db
def test_a_zone_is_validated_on_the_account():
    with pytest.raises(ValidationError) as refusal:
        User(username="someone", password="x", zone="Tokyo").full_clean()
    assert refusal.value.error_dict.keys() == {"zone"}
