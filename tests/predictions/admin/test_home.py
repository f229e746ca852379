from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from predictions.models import Dispute, Forecast
from predictions.operations.disputes import raise_dispute
from predictions.operations.forecasts import log_forecast
from tests import builders as a

pytestmark = pytest.mark.django_db

HOME = "/"
LOG = "/predictions/forecast/add/"


def shelves(answer):
    return {shelf["words"].title: shelf["count"] for shelf in answer.context["shelves"]}


def open_prediction(case=None, *, days=30, **fields):
    now = timezone.now()
    return a.prediction(case, opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=days), **fields)


@pytest.fixture
def everybody(people):
    """One person with every role, and an own name to forecast in."""
    person = a.person("everybody", *[name for name in people if name != "nobody"])
    a.forecaster("Everybody", account=person)
    return person


def a_full_house(person):
    """One row, at least, of each kind that may await a `person` with every role."""
    case = a.case(resolvers_asked=2)
    assess, confirm, adjudicate = (a.prediction(case) for _ in range(3))
    a.assigned(assess, person)
    a.panel(confirm, "met", "met")
    a.panel(adjudicate, "met", "not_met")
    disputed = a.prediction()
    told = {"resolution": a.resolution(disputed), "criterion": disputed.revision.criteria.get()}
    told["evidence"] = a.evidence(disputed)
    raise_dispute(Dispute(prediction=disputed, text="It was dry.", **told), by=a.a_person_with("viewer"), at=a.NOW)
    a.orphaned()
    a.prediction(late := a.case(), trigger=a.trigger(late, expected_at=a.START))
    closing = a.prediction(closes_at=timezone.now() + timedelta(days=3))
    mine = Forecast(prediction=closing, forecaster=person.forecaster, words="likely", issued_at=a.START)
    log_forecast(mine, by=person, at=a.NOW)
    a.assumption(closing, review_on=a.NOW.date())
    a.asked(a.coded(), person)


def sidebar(answer):
    return [item["title"] for group in answer.context["sidebar_navigation"] for item in group["items"]]


def test_anonymous_is_sent_to_sign_in(client):
    assert client.get(HOME).url == f"{reverse('admin:login')}?next=/"


def test_sign_in_leads_home(client, analyst):
    answer = client.post(reverse("admin:login"), {"username": "analyst", "password": a.PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == HOME
    assert "Log a forecast" in answer.content.decode()


def test_person_without_role_is_told_so_at_sign_in(client, people):
    answer = client.post(reverse("admin:login"), {"username": "nobody", "password": a.PASSWORD})
    assert "no role yet" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_wrong_password_does_not_tell_whether_there_is_a_role(client, people):
    answer = client.post(reverse("admin:login"), {"username": "nobody", "password": "wrong"})
    assert "no role yet" not in answer.content.decode()


def test_signed_in_person_without_role_is_told_so_where_they_are_sent(client, people):
    client.force_login(people["nobody"])
    assert "no role yet" in client.get(HOME, follow=True).content.decode()


def test_who_lost_their_roles_is_told_so_and_sees_nothing(client):
    open_prediction(statement="A secret of the house")
    client.force_login(User.objects.create_user("newcomer", password=a.PASSWORD, is_staff=True))
    answer = client.get(HOME)
    assert "You have no role yet" in answer.content.decode()
    assert "A secret of the house" not in answer.content.decode()
    assert sidebar(answer) == ["Home"]


def test_counts_are_those_of_the_reader(client, analyst):
    member = a.a_person_with("analyst")
    secret = a.case(by=member, is_private=True)
    open_prediction(days=3)
    open_prediction()
    open_prediction(secret)
    a.prediction()
    counted = {"Due for resolution": "1", "Overdue": "1", "Closing soon": "1", "Open": "2"}
    others = ["To resolve or extend", "To review", "Quotes orphaned", "Gone stale", "Resolved, not scored yet"]
    counted |= dict.fromkeys(["To code", *others], "0")
    client.force_login(analyst)
    assert shelves(client.get(HOME)) == counted
    client.force_login(member)
    assert shelves(client.get(HOME)) == counted | {"Open": "3"}


def test_home_lists_predictions_and_latest_forecasts_with_links(client, viewer):
    due, scored_later = a.prediction(), a.prediction()
    forecast = a.forecast(scored_later, "likely", by=a.forecaster("The Diplomat"))
    a.resolution(scored_later)
    client.force_login(viewer)
    text = client.get(HOME).content.decode()
    for row in (due, scored_later, forecast):
        assert f"/predictions/{row._meta.model_name}/{row.pk}/change/" in text
    assert "The Diplomat: likely (55–80%), taken as 67.5% (ICD 203)" in text


def test_only_who_may_log_a_forecast_has_the_button(client, analyst, viewer):
    client.force_login(viewer)
    assert LOG not in client.get(HOME).content.decode()
    client.force_login(analyst)
    answer = client.get(HOME)
    assert f'href="{LOG}"' in answer.content.decode()
    assert client.get(LOG).status_code == 200


def test_only_who_may_resolve_is_offered_to(client, resolver, analyst):
    link = f"/predictions/resolution/add/?prediction={a.prediction().pk}"
    client.force_login(analyst)
    assert link not in client.get(HOME).content.decode()
    client.force_login(resolver)
    assert link in client.get(HOME).content.decode()


def test_new_site_says_what_to_do_first(client, analyst):
    client.force_login(analyst)
    steps = client.get(HOME).context["steps"]
    assert [step["link"] for step in steps][:2] == ["/predictions/case/add/", "/predictions/source/add/"]
    a.case()
    steps = client.get(HOME).context["steps"]
    assert (steps[0]["is_taken"], steps[0]["link"]) == (True, "")
    assert not steps[1]["is_taken"]


def test_first_steps_go_once_a_forecast_is_logged(client, analyst):
    client.force_login(analyst)
    assert "How to begin" in client.get(HOME).content.decode()
    a.forecast()
    assert "How to begin" not in client.get(HOME).content.decode()


def test_administrator_alone_is_led_to_people(client, people):
    for role, user in people.items():
        if role != "nobody":
            client.force_login(user)
            assert ("People" in sidebar(client.get(HOME))) == (role == "administrator")


def test_every_link_of_the_sidebar_opens(client, people):
    people["administrator"].groups.set(people["analyst"].groups.all() | people["administrator"].groups.all())
    client.force_login(people["administrator"])
    groups = client.get(HOME).context["sidebar_navigation"]
    links = [item["link"] for group in groups for item in group["items"]]
    assert len(links) == 25
    assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_sidebar_marks_the_one_page_that_is_open(client, analyst):
    client.force_login(analyst)
    for address, title in {HOME: "Home", LOG: "Log a forecast", "/predictions/forecast/": "Forecasts"}.items():
        groups = client.get(address).context["sidebar_navigation"]
        assert [i["title"] for group in groups for i in group["items"] if i["active"]] == [title]


@pytest.mark.parametrize("kind", ["to-assess", "stale", "due"])
def test_long_shelf_shows_five_and_leads_to_all(kind, client, everybody):
    for _ in range(6):
        a_full_house(everybody)
    client.force_login(everybody)
    shelf = next(each for each in client.get(HOME).context["shelves"] if each["url"] == f"/worklists/{kind}/")
    assert (len(shelf["lines"]), shelf["has_more"]) == (5, True)
    assert (
        f'<a class="text-link" href="/worklists/{kind}/">All {shelf["count"]}</a>' in client.get(HOME).content.decode()
    )


def test_what_is_empty_says_so_in_one_line(client, resolver):
    client.force_login(resolver)
    text = client.get(HOME).content.decode()
    assert "You are not asked to assess anything." in text
    assert "Nothing waits for an adjudicator." not in text


def test_home_asks_as_often_for_three_rows_as_for_one(client, everybody, monkeypatch):
    monkeypatch.setattr("predictions.queries.worklists.SHORT", 50)  # a shelf that is cut short is counted besides
    client.force_login(everybody)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            a_full_house(everybody)
        with CaptureQueriesContext(connection) as queries:
            shown = shelves(client.get(HOME))
        counts.append(len(queries))
    assert "0" not in shown.values()
    assert counts[0] == counts[1]


def test_no_page_asks_for_anything_outside(client, analyst):
    client.force_login(analyst)
    text = client.get(HOME).content.decode()
    assert 'src="http' not in text
    assert 'href="http' not in text
