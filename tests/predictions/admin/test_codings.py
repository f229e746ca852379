"""Asking another coder, coding, and declining, in the admin."""

from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.models import Coding, CodingRequest, Forecast
from predictions.operations.sources import attach_text
from tests import builders as a

PAGE = "/predictions/codingrequest/"
ENTERED = {"words": "very likely", "scale": "icd203-2015", "had_own_forecast": "no"}


@pytest.fixture
def forecast(db):
    on = a.prediction()
    source = a.source(on.case)
    attach_text(source, "Clouds. Today it is likely to rain. So bring a coat.", by=a.a_person_with("analyst"), at=a.NOW)
    return a.coded(on, quote=a.quote(source))


@pytest.fixture
def bea(db):
    return a.person("bea", "analyst")


@pytest.fixture
def asked(forecast, bea):
    return a.asked(forecast, bea)[0]


def ask_page(forecast):
    return f"/predictions/forecast/{forecast.pk}/ask-coder/"


def test_the_page_of_a_coded_forecast_leads_to_asking_another(client, analyst, viewer, forecast):
    page = f"/predictions/forecast/{forecast.pk}/change/"
    client.force_login(analyst)
    assert ask_page(forecast) in client.get(page).content.decode()
    client.force_login(viewer)
    assert ask_page(forecast) not in client.get(page).content.decode()


@pytest.mark.parametrize("fields", [{"words": "70%"}, {"quote": None}])
def test_but_not_where_there_is_nothing_to_code(client, analyst, fields):
    forecast = a.coded(**fields)
    client.force_login(analyst)
    assert "ask-coder" not in client.get(f"/predictions/forecast/{forecast.pk}/change/").content.decode()


def test_those_are_offered_who_may_code_it(client, forecast, bea):
    asker = a.person("asker", "analyst")
    client.force_login(asker)
    offered = client.get(ask_page(forecast)).context["form"].fields["coder"].queryset
    assert set(offered) == {bea}
    answer = client.post(ask_page(forecast), {"coder": bea.pk})
    assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, f"/predictions/forecast/{forecast.pk}/change/")
    assert CodingRequest.objects.get().coder == bea
    assert client.post(ask_page(forecast), {"coder": asker.pk}).context["form"].errors.keys() == {"coder"}


def test_the_request_leads_its_coder_to_the_words_in_their_place(client, asked, bea):
    client.force_login(bea)
    answer = client.get(f"{PAGE}{asked.pk}/change/")
    assert answer.url == f"{PAGE}{asked.pk}/code/"
    told = client.get(answer.url).content.decode()
    assert all(words in told for words in ("Clouds. Today ", "<mark>it is likely to rain</mark>", ". So bring a coat."))
    assert f"{PAGE}{asked.pk}/decline/" in told


def test_coding_replaces_the_forecast_by_the_median_and_says_so(client, asked, bea):
    client.force_login(bea)
    answer = client.post(f"{PAGE}{asked.pk}/code/", ENTERED, follow=True)
    assert answer.redirect_chain == [("/worklists/to-code/", HTTPStatus.FOUND)]
    assert "median of 2 codings" in answer.content.decode()
    now = Forecast.objects.standing().get()
    assert (now.probability, Coding.objects.get(request=asked).coder) == (0.775, bea)
    shown = client.get(f"/predictions/forecast/{now.pk}/change/").content.decode()
    for words in (
        "some-analyst: likely (55–80%), taken as 67.5% (ICD 203)",
        "bea: very likely (80–95%), taken as 87.5% (ICD 203); had no forecast of their own",
        "from 67.5% to 87.5% (range 20 percentage points, n = 2 codings); their median, 77.5%, counts",
    ):
        assert words in shown
    assert client.get(f"{PAGE}{asked.pk}/code/").url == f"{PAGE}{asked.pk}/change/"


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"words": "70%"}, "words"),
        ({"words": ""}, "words"),
        ({"words": "", "low": "10", "point": "20%"}, "low"),
        ({"words": "", "low": "10%", "point": "20%"}, "low"),
        ({"words": "", "low": "30%", "point": "20%", "high": "40%"}, "low"),
        ({"words": "", "low": "likely", "point": "20%", "high": "40%"}, "low"),
        ({"words": "", "low": "90%", "point": "100%", "high": "100%"}, "words"),
        ({"scale": "none-such"}, "scale"),
        ({"had_own_forecast": ""}, "had_own_forecast"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_entered_stays(client, asked, bea, entered, field):
    client.force_login(bea)
    answer = client.post(f"{PAGE}{asked.pk}/code/", ENTERED | entered)
    assert answer.status_code == HTTPStatus.OK
    assert list(answer.context["form"].errors) == [field]
    assert Coding.objects.count() == 1


def test_a_reading_of_ones_own_is_kept_with_its_ends(client, asked, bea):
    client.force_login(bea)
    own = {"words": "it is likely to rain", "low": "50%", "point": "60%", "high": "70%", "confidence": "low"}
    client.post(f"{PAGE}{asked.pk}/code/", ENTERED | own | {"had_own_forecast": "yes"})
    row = Coding.objects.get(request=asked)
    assert (row.low, row.point, row.high, row.scale, row.confidence) == (0.5, 0.6, 0.7, "", "low")
    assert row.had_own_forecast is True


def test_declining_wants_a_reason_and_is_told(client, asked, bea):
    client.force_login(bea)
    assert client.post(f"{PAGE}{asked.pk}/decline/", {"reason": ""}).context["form"].errors.keys() == {"reason"}
    assert client.post(f"{PAGE}{asked.pk}/decline/", {"reason": "I wrote it."}).url == "/worklists/to-code/"
    told = client.get(f"{PAGE}{asked.pk}/change/").content.decode()
    assert "declined" in told
    assert "I wrote it." in told


def test_who_asked_withdraws_it_once(client, asked, analyst):
    client.force_login(analyst)
    assert client.post(f"{PAGE}{asked.pk}/withdraw/", {"reason": "On leave."}).url == f"{PAGE}{asked.pk}/change/"
    assert client.post(f"{PAGE}{asked.pk}/withdraw/", {"reason": "On leave."}).status_code == HTTPStatus.CONFLICT


@pytest.mark.parametrize("page", [PAGE, "/worklists/to-code/"])
def test_a_list_of_three_takes_no_more_queries_than_one_of_one(client, bea, page):
    client.force_login(bea)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == HTTPStatus.OK
        return len(asked)

    a.asked(a.coded(), bea)
    client.get(page)
    one = queries()
    a.asked(a.coded(), bea), a.asked(a.coded(), bea)
    assert queries() == one
