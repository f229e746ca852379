import pytest

from predictions.models import Case, LedgerEntry
from tests import builders as a

pytestmark = pytest.mark.django_db

ADD = "/predictions/case/add/"
ENTERED = {
    "title": "Rain in May",
    "external_id": "rain-in-may",
    "selection": "All sentences.",
    "zone": "UTC",
    "resolvers_asked": 2,
    "notice_hours": 48,
}


def change(case):
    return f"/predictions/case/{case.pk}/change/"


def kinds():
    return list(LedgerEntry.objects.order_by("seq").values_list("kind", flat=True))


def members(case):
    return {member.user.username for member in case.memberships.all()}


def test_adding_opens_the_case_on_record(client, analyst):
    client.force_login(analyst)
    assert client.post(ADD, ENTERED).status_code == 302
    assert kinds() == ["case.opened"]
    assert Case.objects.get().title == "Rain in May"


def test_private_case_opens_to_those_ticked_and_to_who_opened_it(client, people):
    client.force_login(people["analyst"])
    client.post(ADD, ENTERED | {"is_private": "on", "people": [people["viewer"].pk]})
    case = Case.objects.get()
    assert members(case) == {"analyst", "viewer"}
    assert Case.objects.visible_to(people["viewer"]).exists()
    assert not Case.objects.visible_to(people["resolver"]).exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"title": ""}, "title"), ({"external_id": "rain in may"}, "external_id"), ({"zone": "Tokyo"}, "zone")],
)
def test_unsound_case_is_refused_at_its_field(client, analyst, wrong, field):
    client.force_login(analyst)
    answer = client.post(ADD, ENTERED | wrong)
    assert field in answer.context["adminform"].form.errors
    assert not Case.objects.exists()


def test_short_name_in_use_is_refused_at_its_field(client, analyst):
    a.case(external_id="rain-in-may")
    client.force_login(analyst)
    assert "external_id" in client.post(ADD, ENTERED).context["adminform"].form.errors


def test_change_is_on_record_with_old_and_new(client, analyst):
    case = a.case(title="Rain", external_id="rain-in-may", selection="All sentences.")
    client.force_login(analyst)
    assert client.post(change(case), ENTERED).status_code == 302
    assert kinds() == ["case.opened", "case.amended"]
    assert "title from “Rain” to “Rain in May”" in client.get(f"/predictions/case/{case.pk}/history/").content.decode()


def test_saving_unchanged_writes_nothing(client, analyst):
    client.force_login(analyst)
    client.post(ADD, ENTERED)
    client.post(change(Case.objects.get()), ENTERED)
    assert kinds() == ["case.opened"]


def test_only_an_administrator_lets_one_person_decide(client, people):
    client.force_login(people["analyst"])
    refused = client.post(ADD, ENTERED | {"resolvers_asked": 1})
    assert "Only an administrator" in str(refused.context["adminform"].form.errors["resolvers_asked"])
    client.force_login(people["administrator"])
    client.post(ADD, ENTERED | {"resolvers_asked": 0, "notice_hours": 0})
    assert (Case.objects.get().resolvers_asked, Case.objects.get().notice_hours) == (0, 0)


def test_people_are_admitted_and_dismissed_on_record(client, people):
    client.force_login(people["analyst"])
    client.post(ADD, ENTERED | {"is_private": "on", "people": [people["viewer"].pk]})
    case = Case.objects.get()
    client.post(change(case), ENTERED | {"is_private": "on", "people": [people["resolver"].pk]})
    assert members(case) == {"analyst", "resolver"}
    assert kinds()[1:] == ["case.member_admitted", "case.member_dismissed"]


def test_making_a_case_private_hides_it_from_all_but_its_people(client, people):
    case = a.case(external_id="rain-in-may", by=people["analyst"])
    client.force_login(people["analyst"])
    client.post(change(case), ENTERED | {"is_private": "on"})
    assert client.get(change(case)).status_code == 200
    client.force_login(people["viewer"])
    assert client.get(change(case)).status_code == 404


def test_reader_is_told_who_sees_it_and_offered_nothing_to_change(client, people):
    case = a.case(by=people["analyst"], is_private=True, members=[people["viewer"]])
    client.force_login(people["viewer"])
    text = client.get(change(case)).content.decode()
    assert 'name="people"' not in text
    assert "analyst" in text


def test_administrator_does_not_see_into_private_cases(client, administrator):
    case = a.case(is_private=True)
    client.force_login(administrator)
    assert client.get(change(case)).status_code == 404
