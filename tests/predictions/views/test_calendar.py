"""The calendar under its secret address: for programs that have no session."""

import logging
from http import HTTPStatus

import pytest
from icalendar import Calendar

from predictions.models import CalendarAddress
from predictions.operations.notices import open_calendar
from tests import builders as a

pytestmark = pytest.mark.django_db


def address(token):
    return f"/calendar/{token}.ics"


def test_whoever_has_the_address_gets_the_dates_and_may_not_keep_them_for_others(client, resolver):
    [row] = a.assigned(a.prediction(a.case(resolvers_asked=2)), resolver)
    answer = client.get(address(open_calendar(resolver, at=a.NOW)))
    assert answer.status_code == HTTPStatus.OK
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["Cache-Control"]
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["summary"]) == f"Assess: {row.prediction}"
    assert str(event["uid"]).startswith(f"assess-{row.prediction.uuid}@")


def test_the_secret_is_kept_nowhere_and_stands_in_no_log(client, resolver, caplog):
    token = open_calendar(resolver, at=a.NOW)
    row = CalendarAddress.objects.get()
    assert token not in str(vars(row))
    [handler] = [each for each in logging.getLogger().handlers if each.filters]
    with caplog.at_level(logging.DEBUG):
        client.get(address(f"{token}x"))
    [record] = [each for each in caplog.records if "/calendar/" in each.getMessage()]
    assert all(each.filter(record) for each in handler.filters)
    assert record.getMessage() == "Not Found: /calendar/…"


def test_only_reading_is_answered(client, resolver):
    token = open_calendar(resolver, at=a.NOW)
    assert client.post(address(token)).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.head(address(token)).status_code == HTTPStatus.OK


@pytest.mark.parametrize("token", ["x", "%00", "é", "A" * 5000])
def test_what_is_no_address_is_not_found(client, resolver, token):
    open_calendar(resolver, at=a.NOW)
    assert client.get(address(token)).status_code == HTTPStatus.NOT_FOUND
