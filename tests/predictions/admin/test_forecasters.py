import pytest

from predictions.models import Forecaster, LedgerEntry
from tests import builders as a

pytestmark = pytest.mark.django_db

ADD = "/predictions/forecaster/add/"


def test_adding_names_the_forecaster_on_record(client, analyst):
    client.force_login(analyst)
    assert client.post(ADD, {"name": "The Diplomat", "kind": "outlet"}).status_code == 302
    assert LedgerEntry.objects.latest("seq").kind == "forecaster.named"
    assert Forecaster.objects.get().kind == "outlet"


def test_name_in_use_is_refused_at_its_field(client, analyst):
    a.forecaster("The Diplomat")
    client.force_login(analyst)
    answer = client.post(ADD, {"name": "The Diplomat", "kind": "outlet"})
    assert answer.context["adminform"].form.errors["name"] == ["There is a forecaster of that name already."]


def test_change_is_on_record(client, analyst):
    row = a.forecaster("Diplomat")
    client.force_login(analyst)
    client.post(f"/predictions/forecaster/{row.pk}/change/", {"name": "The Diplomat", "kind": "outlet"})
    row.refresh_from_db()
    assert (row.name, row.kind) == ("The Diplomat", "outlet")
    assert LedgerEntry.objects.latest("seq").kind == "forecaster.amended"


def test_account_is_chosen_among_people_with_a_role(client, people):
    client.force_login(people["analyst"])
    field = client.get(ADD).context["adminform"].form.fields["account"]
    assert set(field.queryset) == {user for name, user in people.items() if name != "nobody"}


def test_forecasts_are_counted_as_far_as_the_reader_sees_them(client, people):
    by = a.forecaster("The Diplomat")
    a.forecast(by=by)
    a.forecast(a.prediction(a.case(by=people["analyst"], is_private=True, members=[a.a_person_with("analyst")])), by=by)
    for role, count in {"viewer": 1, "analyst": 2}.items():
        client.force_login(people[role])
        row = client.get("/predictions/forecaster/").context["cl"].result_list[0]
        assert row.issued == count


def test_search_finds_by_name(client, viewer):
    a.forecaster("The Diplomat")
    a.forecaster("The Economist")
    client.force_login(viewer)
    found = client.get("/predictions/forecaster/", {"q": "diplo"}).context["cl"].result_list
    assert [row.name for row in found] == ["The Diplomat"]
