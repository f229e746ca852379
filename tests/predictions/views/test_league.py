"""The league page: who is ranked, who is not yet, and that staff are named only when an administrator says so."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from predictions.models import Forecaster, League, LedgerEntry
from tests import builders as a
from tests.predictions.views.world import Page, desk, settled

pytestmark = pytest.mark.django_db

TEN = [1.0, 0.0, 1.0, 0.0, 1.0] * 2
RANKED = {
    "Ada": ["90%", "10%", "80%", "5%", "95%"] * 2,
    "Bob": ["60%", "40%", "70%", "45%", "55%"] * 2,
    "Cyd": ["20%", "80%", "30%", "75%", "40%"] * 2,
}


@pytest.fixture
def reader(client, viewer):
    client.force_login(viewer)
    return client


def league(reader, **filters):
    return reader.get(reverse("league"), filters)


def test_nobody_is_listed_who_met_nobody_and_the_page_says_what_it_takes(reader):
    settled()
    assert "A league needs predictions that several forecast at the same time" in str(Page(league(reader)))


def test_the_ranked_come_best_first_with_their_rank_intervals(reader):
    desk(RANKED, TEN)
    answer = league(reader)
    assert [place.line.name for place in answer.context["ranked"]] == ["Ada", "Bob", "Cyd"]
    assert all(place.rank for place in answer.context["ranked"])
    assert "Forecasters differ in skill by more than chance explains." in str(Page(answer))


def test_the_league_says_how_its_outcomes_were_decided(reader):
    desk(RANKED, TEN, case=a.case(notice_hours=24 * 90))
    page = str(Page(league(reader)))
    assert "10 of 10 predictions were not independently resolved" in page


def test_equals_are_not_told_apart(reader):
    turns = {"Ada": ["70%", "60%"] * 5, "Bob": ["60%", "70%"] * 5, "Cyd": ["65%", "65%"] * 5}
    desk(turns, [1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0])
    assert "No detectable difference in skill." in str(Page(league(reader)))


def test_below_the_minimum_they_stand_apart_without_a_rank(reader):
    desk({name: given[:9] for name, given in RANKED.items()}, TEN[:9])
    answer = league(reader)
    assert answer.context["ranked"] == []
    assert [place.line.name for place in answer.context["rest"]] == ["Ada", "Bob", "Cyd"]
    assert "Not yet ranked" in str(Page(answer))


def test_the_page_says_which_date_a_period_means_and_that_ranks_are_intervals(reader):
    desk(RANKED, TEN)
    page = str(Page(league(reader, since="2026-04-01")))
    assert "League: scheduled to close since 1 April 2026" in page
    assert "Scheduled close since" in page
    assert "one of known outcomes would hold early answers" in page
    assert "Ranks are intervals, and no p-values of pairs are shown" in page
    assert "descriptive: mean while standing, late entry helps" in page


def test_what_is_still_open_is_told_before_the_table(reader):
    desk(RANKED, TEN)
    assert "still open" not in str(Page(league(reader)))
    a.forecast()
    assert "One prediction is still open: early answers come in first." in str(Page(league(reader)))


def test_filters_stay_in_the_links_to_cards_and_comparisons(reader):
    people = desk(RANKED, TEN, theme="war")
    page = Page(league(reader, theme="war"))
    key = people["Ada"].uuid
    assert f"{reverse('scorecard')}?theme=war&forecaster={key}" in page.links
    assert f"{reverse('comparison')}?theme=war&first={key}" in page.links


def test_a_forecaster_in_the_address_is_left_out_of_it(reader):
    people = desk({"Ada": ["70%"], "Bob": ["60%"]}, [1.0])
    answer = league(reader, forecaster=str(people["Ada"].uuid), theme="weather")
    assert answer["Location"] == f"{reverse('league')}?theme=weather"


@pytest.fixture
def staff(administrator):
    """A league of three, of whom Ada has an account here."""
    people = desk(RANKED, TEN)
    Forecaster.objects.filter(pk=people["Ada"].pk).update(account=administrator)


def test_staff_are_left_out_and_counted_until_an_administrator_names_them(reader, administrator, staff):
    page = str(Page(league(reader)))
    assert "Left out: 1 forecaster with an account here." in page
    assert [place.line.name for place in league(reader).context["ranked"]] == ["Bob", "Cyd"]
    assert "Name staff" not in page
    reader.force_login(administrator)
    assert "Name staff in the league" in str(Page(league(reader)))
    entries = LedgerEntry.objects.count()
    answer = reader.post(reverse("league-staff"), {"names_staff": "yes", "query": "theme=weather"})
    assert answer["Location"] == f"{reverse('league')}?theme=weather"
    assert LedgerEntry.objects.count() == entries + 1
    assert [place.line.name for place in league(reader).context["ranked"]] == ["Ada", "Bob", "Cyd"]
    reader.post(reverse("league-staff"), {"names_staff": "no"})
    assert [place.line.name for place in league(reader).context["ranked"]] == ["Bob", "Cyd"]


@pytest.mark.parametrize("role", [*Role, "nobody"])
def test_only_an_administrator_switches(client, people, role):
    client.force_login(people[role])
    answer = client.post(reverse("league-staff"), {"names_staff": "yes"})
    assert answer.status_code == (302 if role == Role.ADMINISTRATOR else 403)
    assert League.names_staff_now() == (role == Role.ADMINISTRATOR)


def test_the_switch_wants_an_answer_a_post_and_a_token_of_the_form(administrator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    assert client.post(reverse("league-staff"), {"names_staff": "yes"}).status_code == 403
    client = Client()
    client.force_login(administrator)
    assert client.get(reverse("league-staff")).status_code == 405
    assert client.post(reverse("league-staff"), {"names_staff": "perhaps"}).status_code == 400
    assert not League.names_staff_now()


@pytest.mark.parametrize("query", ["//example.org", "theme=a&next=//example.org"])
def test_the_way_back_never_leaves_the_page(client, administrator, query):
    client.force_login(administrator)
    answer = client.post(reverse("league-staff"), {"names_staff": "no", "query": query})
    assert answer["Location"].startswith(reverse("league"))
