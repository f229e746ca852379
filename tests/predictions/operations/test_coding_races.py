"""Two who code at once both count, and the median is of both. PostgreSQL."""

import pytest
from django.db import connection

from predictions.models import Coding, CodingRequest, Forecast, LedgerEntry
from predictions.operations.codings import ask_coder, decline_coding, withdraw_coding
from tests import builders as a
from tests.racing import codes, meanwhile

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction at a time begin"),
]


@pytest.fixture
def forecast():
    return a.coded()


@pytest.fixture
def asked(forecast):
    return a.asked(forecast, a.person("bea", "analyst"), a.person("cal", "analyst"))


def test_of_two_coders_who_submit_at_once_both_count_and_the_median_is_of_all_three(asked):
    first, second = asked
    with meanwhile(lambda: a.coding(second, "unlikely")) as other:
        a.coding(first, "very likely")
    assert isinstance(other(), Coding)
    now = Forecast.objects.standing().get()
    assert (now.low, now.probability, now.high) == (0.55, 0.675, 0.8)
    assert [each.number for each in Coding.objects.of(now)] == [1, 2, 3]
    assert LedgerEntry.objects.filter(kind="forecast.coded").count() == 2


def test_of_submitting_and_withdrawing_at_once_the_first_stands(asked):
    request, _ = asked
    late = lambda: withdraw_coding(request, reason="On leave.", by=a.a_person_with("analyst"), at=a.NOW)  # noqa: E731
    with meanwhile(late) as other:
        a.coding(request)
    assert codes(other()) == {"conflict"}
    assert CodingRequest.objects.get(pk=request.pk).closing == "coded"


def test_of_declining_and_submitting_at_once_the_first_stands(asked):
    request, _ = asked
    with meanwhile(lambda: a.coding(request)) as other:
        decline_coding(request, reason="I wrote it.", by=request.coder, at=a.NOW)
    assert codes(other()) == {"conflict"}
    assert Coding.objects.count() == 1


def test_one_person_is_asked_once_by_two_who_ask_at_once(forecast):
    coder, asker = a.person("dee", "analyst"), a.person("asker", "analyst")

    def ask():
        return ask_coder(CodingRequest(forecast=forecast, coder=coder), by=asker, at=a.NOW)

    with meanwhile(ask) as other:
        a.asked(forecast, coder)
    assert "is asked to code it already" in str(other())
    assert CodingRequest.objects.count() == 1
