"""What a form puts on record stands once, however often the browser sends it."""

import re

import pytest

from predictions.models import Case, Forecast, LedgerEntry, Source
from tests import builders as a

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client, analyst):
    client.force_login(analyst)
    return client


def opened(browser, address):
    """The token of the form on a page that is opened just now."""
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(address).content.decode())[1]


@pytest.fixture
def forecast(browser):
    prediction = a.prediction(closes_at=a.on_day(20_000))
    address = f"/predictions/forecast/add/?prediction={prediction.pk}"
    entered = {"prediction": prediction.pk, "forecaster": a.forecaster().pk, "words": "70%", "kind": "probability"}

    def send(token, **fields):
        return browser.post(address, {**entered, "csrfmiddlewaretoken": token, **fields})

    send.address = address
    return send


def test_a_double_click_logs_one_forecast_and_is_answered_the_same(browser, forecast):
    token, before = opened(browser, forecast.address), LedgerEntry.objects.count()
    first, second = forecast(token), forecast(token)
    assert (first.status_code, first.url) == (second.status_code, second.url) == (302, first.url)
    assert Forecast.objects.count() == 1
    assert LedgerEntry.objects.count() == before + 1


def test_who_goes_back_and_enters_something_else_logs_that_too(browser, forecast):
    token = opened(browser, forecast.address)
    forecast(token)
    forecast(token, words="60%")
    assert sorted(Forecast.objects.values_list("probability", flat=True)) == [0.6, 0.7]


def test_who_opens_the_page_again_and_enters_the_same_means_it(browser, forecast):
    for _ in range(2):
        forecast(opened(browser, forecast.address))
    assert Forecast.objects.count() == 2


def test_what_was_refused_can_be_sent_again(browser, forecast):
    token = opened(browser, forecast.address)
    assert forecast(token, words="perhaps so").status_code == 200
    assert forecast(token).status_code == 302
    assert Forecast.objects.count() == 1


def test_a_form_is_no_repeat_of_somebody_elses(client, browser, forecast):
    token = opened(browser, forecast.address)
    forecast(token)
    client.force_login(a.person("other-analyst", "analyst"))
    forecast(token)
    assert Forecast.objects.count() == 2


def test_other_rows_are_recorded_once_too(browser):
    case = a.case()
    token = opened(browser, "/predictions/source/add/")
    entered = {"case": case.pk, "title": "The Daily", "zone": "Asia/Tokyo", "reliability": "B"}
    entered["csrfmiddlewaretoken"] = token
    told = [browser.post("/predictions/source/add/", entered) for _ in range(2)]
    assert [answer.status_code for answer in told] == [302, 302]
    assert told[0].url == told[1].url
    assert Source.objects.get().case == Case.objects.get()
