from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests import builders as a

pytestmark = pytest.mark.django_db

HOME = "/"
LOG = "/predictions/forecast/add/"


def shelves(answer):
    return {shelf["title"]: shelf["count"] for shelf in answer.context["shelves"]}


def open_prediction(case=None, *, days=30, **fields):
    now = timezone.now()
    return a.prediction(case, opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=days), **fields)


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
    counted = {"Due for resolution": 1, "Closing soon": 1, "Open": 2, "Resolved, not scored yet": 0}
    client.force_login(analyst)
    assert shelves(client.get(HOME)) == counted
    client.force_login(member)
    assert shelves(client.get(HOME)) == counted | {"Open": 3}


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
    assert len(links) == 16
    assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_sidebar_marks_the_one_page_that_is_open(client, analyst):
    client.force_login(analyst)
    for address, title in {HOME: "Home", LOG: "Log a forecast", "/predictions/forecast/": "Forecasts"}.items():
        groups = client.get(address).context["sidebar_navigation"]
        assert [i["title"] for group in groups for i in group["items"] if i["active"]] == [title]


def test_home_asks_as_often_for_three_rows_as_for_one(client, analyst):
    client.force_login(analyst)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            a.forecast(open_prediction(days=3), "likely")
            a.forecast(a.prediction(trigger=a.trigger(case := a.case()), in_case=case))
            a.resolution(a.forecast().prediction)
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_no_page_asks_for_anything_outside(client, analyst):
    client.force_login(analyst)
    text = client.get(HOME).content.decode()
    assert 'src="http' not in text
    assert 'href="http' not in text
