import pytest

from predictions.models import Case, LedgerEntry, Team
from tests import builders as a
from tests.predictions.admin.test_cases import ENTERED, change

pytestmark = pytest.mark.django_db

ADD = "/predictions/team/add/"


def page(team):
    return f"/predictions/team/{team.pk}/change/"


def kinds():
    return list(LedgerEntry.objects.order_by("seq").values_list("kind", flat=True))


def test_a_team_is_formed_and_its_people_chosen_on_record(client, people):
    client.force_login(people["administrator"])
    assert client.post(ADD, {"name": "Japan desk", "people": [people["viewer"].pk]}).status_code == 302
    team = Team.objects.get()
    assert client.post(page(team), {"name": "Japan desk", "people": [people["resolver"].pk]}).status_code == 302
    assert kinds() == ["team.formed", "team.member_added", "team.member_added", "team.member_removed"]
    told = client.get(f"/predictions/team/{team.pk}/history/").content.decode()
    assert "removed viewer from the team Japan desk" in told
    assert "resolver" in client.get("/predictions/team/").content.decode()


@pytest.mark.parametrize(("entered", "field"), [({"name": ""}, "name"), ({"name": "Taken"}, "name")])
def test_a_name_that_is_missing_or_taken_is_refused_at_its_field(client, administrator, entered, field):
    a.team("Taken")
    client.force_login(administrator)
    assert field in client.post(ADD, entered).context["adminform"].form.errors


def test_who_ticks_themselves_later_is_refused_at_the_field_and_nothing_is_kept(client, people):
    team = a.team("Desk")
    client.force_login(people["administrator"])
    ticked = [people["administrator"].pk, people["viewer"].pk]
    answer = client.post(page(team), {"name": "Renamed", "people": ticked})
    assert "cannot add yourself" in str(answer.context["adminform"].form.errors["people"])
    team.refresh_from_db()
    assert (team.name, team.memberships.count()) == ("Desk", 0)


@pytest.mark.parametrize("teams", [1, 3])
def test_the_list_asks_no_more_for_more_teams(client, people, teams, django_assert_max_num_queries):
    for number in range(teams):
        a.team(f"Desk {number}", people["viewer"], people["resolver"])
    client.force_login(people["administrator"])
    client.get("/predictions/team/")
    with django_assert_max_num_queries(9):
        assert client.get("/predictions/team/").content.decode().count("Desk ") >= teams


def test_a_case_admits_and_dismisses_teams_on_its_page(client, people):
    team = a.team("Japan desk", people["resolver"])
    client.force_login(people["analyst"])
    client.post("/predictions/case/add/", ENTERED | {"is_private": "on", "teams": [team.pk]})
    case = Case.objects.get()
    assert Case.objects.visible_to(people["resolver"]).exists()
    assert "Japan desk (resolver)" in client.get(change(case)).content.decode()
    client.post(change(case), ENTERED | {"is_private": "on"})
    assert not Case.objects.visible_to(people["resolver"]).exists()
    assert kinds()[-1] == "case.team_dismissed"
    told = client.get(f"/predictions/case/{case.pk}/history/").content.decode()
    assert "no longer lets the team Japan desk see the case" in told


def test_who_only_reads_a_case_is_told_its_teams_and_who_is_of_them(client, people):
    case = a.case(is_private=True, teams=[a.team("Japan desk", people["viewer"])])
    client.force_login(people["viewer"])
    text = client.get(change(case)).content.decode()
    assert "Japan desk (viewer)" in text
    assert 'name="teams"' not in text
