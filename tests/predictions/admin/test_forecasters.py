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


def test_a_consensus_is_listed_as_what_it_is_and_neither_chosen_nor_changed(client, analyst):
    consensus, herald = Forecaster.objects.of_consensus()["median"], a.forecaster("Herald of consensus")
    client.force_login(analyst)
    told = client.get("/predictions/forecaster/").content.decode()
    assert "Consensus: median" in told
    assert "consensus that we compute" in told
    offered = client.get(
        "/autocomplete/?app_label=predictions&model_name=forecast&field_name=forecaster&term=consensus"
    ).json()["results"]
    assert [each["id"] for each in offered] == [str(herald.pk)]
    kinds = client.get(ADD).context["adminform"].form.fields["kind"].choices
    assert "consensus" not in dict(kinds)
    page = f"/predictions/forecaster/{consensus.pk}/change/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"name": "Mine", "kind": "person"}).status_code == 403
    on = a.prediction()
    posted = {"prediction": on.pk, "forecaster": consensus.pk, "words": "70%", "kind": "probability"}
    answer = client.post(f"/predictions/forecast/add/?prediction={on.pk}", posted)
    assert "forecaster" in answer.context["adminform"].form.errors
