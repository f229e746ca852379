"""Cases 40 to 48: the admin is a door like any other, and has side entrances of its own."""

from http import HTTPStatus

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import RequestFactory

from accounts.roles import Role
from predictions.models import Assessment, LedgerEntry, Resolution
from tests import builders as a
from tests.authorization.world import SECRET, World, in_admin, read, session_of

pytestmark = [pytest.mark.authorization, pytest.mark.django_db]

LISTING = "/predictions/assessment/"
FIELDS = [("forecast", "prediction"), ("evidence", "prediction"), ("resolution", "prediction"), ("quote", "source")]
FIELDS += [("assessment", "prediction"), ("forecast", "quote")]


@pytest.fixture
def private(people):
    """A private case of which, of all roles, only the analyst is a member; another of the same words is not."""
    members = [a.a_person_with("analyst"), people["analyst"]]
    case = a.case(by=a.a_person_with("administrator"), is_private=True, title="Undisclosed matters", members=members)
    a.prediction(case, statement="Undisclosed matters come out", theme="undisclosed")
    a.quote(a.source(case, title="Undisclosed paper"), exact="undisclosed it stays")
    return case


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_case_40_autocompletion_offers_only_what_the_reader_sees(people, private, kind, field):
    address = f"/autocomplete/?app_label=predictions&model_name={kind}&field_name={field}&term=undisclosed"
    offered = {}
    for role in Role:
        answer = session_of(people[role]).get(address)
        assert answer.status_code in {200, 403}, answer.status_code
        offered[role] = len(answer.json().get("results", ())) if answer.status_code == HTTPStatus.OK else 0
    is_offered = session_of(people["analyst"]).get(address).status_code == HTTPStatus.OK
    assert offered == dict.fromkeys(Role, 0) | {Role.ANALYST: int(is_offered)}


def test_case_40_and_it_does_offer_predictions_to_who_sees_them(people, private):
    address = "/autocomplete/?app_label=predictions&model_name=forecast&field_name=prediction&term=undisclosed"
    assert len(session_of(people["analyst"]).get(address).json()["results"]) == 1


@pytest.mark.parametrize("kind", ["assessedcriterion", "assessedevidence", "assessment"])
def test_case_40_autocompletion_offers_no_hidden_assessment(people, world, dan, kind):
    field = "supersedes" if kind == "assessment" else "assessment"
    hidden = world.ben_submits()
    address = f"/autocomplete/?app_label=predictions&model_name={kind}&field_name={field}&term="
    for who in (world.ann, dan, *(people[role] for role in Role)):
        assert str(hidden.pk) not in offered(who, address)
    assert offered(world.ben, address) == {str(hidden.pk): f"assessment of “{world.prediction}”"}
    assert offered(world.ben, f"{address}not_met") == offered(world.ben, f"{address}ferry") == {}


def offered(who, address):
    results = session_of(who).get(address).json()["results"]
    return {each["id"]: each["text"] for each in results}


LISTS = ["assessment", "prediction", "forecast", "evidence", "resolution", "dispute", "ledgerentry", "source", "quote"]


@pytest.mark.parametrize("role", list(Role))
def test_case_41_filters_offer_only_the_cases_that_the_reader_sees(people, private, role):
    a.case(title="Open matters")
    client = session_of(people[role])
    told = {kind: "Undisclosed" in read(client, f"/predictions/{kind}/") for kind in LISTS}
    assert told == dict.fromkeys(LISTS, role == Role.ANALYST)


def test_case_41_no_filter_of_assessments_offers_a_verdict_or_a_person(world):
    world.reach_quorum()
    shown = session_of(world.ann).get(LISTING).context["cl"].filter_specs
    assert [spec.title for spec in shown] in (["case"], [])
    assert not any(words in str([list(spec.lookup_choices) for spec in shown]) for words in ("met", "zephyr"))


def test_case_42_no_history_tells_of_what_is_hidden(world, people):
    own = f"/predictions/prediction/{world.prediction.pk}/history/"
    readers = [world.ann, *(people[role] for role in Role)]
    before = [read(session_of(who), own) for who in readers]
    hidden = world.ben_submits()
    assert [read(session_of(who), own) for who in readers] == before
    assert all("asked a resolver" in told and "submitted" not in told for told in before)
    assert "submitted an assessment" in read(session_of(world.ben), own)
    address = f"{LISTING}{hidden.pk}/history/"
    assert {session_of(who).get(address).status_code for who in readers} == {404}
    world.ann_submits()
    assert read(session_of(world.ann), own).count("submitted an assessment") == 2
    assert session_of(world.ann).get(address).status_code == HTTPStatus.OK


@pytest.mark.parametrize("role", list(Role))
def test_case_43_no_page_asks_whether_to_delete_and_lists_what_hangs_on_it(people, world, role):
    hidden, client = world.ben_submits(), session_of(people[role])
    rows = {"prediction": world.prediction, "case": world.prediction.case, "ledgerentry": LedgerEntry.objects.last()}
    for kind, row in rows.items():
        address = f"/predictions/{kind}/{row.pk}"
        assert client.get(f"{address}/change/").status_code == HTTPStatus.OK
        for answer in (client.get(f"{address}/delete/"), client.post(f"{address}/delete/", {"post": "yes"})):
            assert answer.status_code == HTTPStatus.FORBIDDEN
            assert "ssessment" not in answer.content.decode()
        assert type(row).objects.filter(pk=row.pk).exists()
    assert client.get(f"{LISTING}{hidden.pk}/delete/").status_code == HTTPStatus.NOT_FOUND


def entries(who, probe):
    return in_admin(session_of(who), "ledgerentry", f"?q={probe}")


@pytest.mark.parametrize("probe", ["not_met", "assessment.submitted", "moderate"])
def test_case_44_a_search_of_the_ledger_finds_no_hidden_entry(people, world, dan, probe):
    hidden = world.ben_submits()
    assert entries(world.ben, probe) == [hidden.entry_id]
    for who in (world.ann, dan, *(people[role] for role in Role)):
        assert entries(who, probe) == []


@pytest.mark.parametrize("state", ["they disagree", "decided"])
def test_case_44_nor_whose_verdict_is_whose(people, world, state):
    """The entry of an assessment says who acted and under which assignment; its page does not, nor may a search."""
    world.ben_submits()
    world.ann_submits("met" if state == "they disagree" else "not_met")
    who = people["adjudicator"]
    if state == "decided":
        world.decide()
    found = set(LedgerEntry.objects.filter(kind="assessment.submitted").values_list("seq", flat=True))
    assert set(entries(who, "assessment.submitted")) == found
    told = "".join(read(session_of(who), f"/predictions/ledgerentry/{seq}/change/") for seq in found)
    assert "moderate" in told
    for named in (world.ben.uuid, world.assignment_of(world.ben).uuid):
        assert str(named) not in told
        assert entries(who, named)
        assert found.isdisjoint(entries(who, named))
    assert len(found & set(entries(world.ben, world.ben.uuid))) == 1


@pytest.mark.parametrize("kind", ["assessment", "prediction", "evidence", "resolution"])
def test_case_44_no_other_search_looks_into_assessments(people, world, kind):
    a.evidence(world.prediction)
    world.ben_submits()
    statement = str(world.prediction)
    for who in (world.ann, world.ben, people["administrator"]):
        for probe in ("ferry", "not_met", "zephyr"):
            assert in_admin(session_of(who), kind, f"?q={probe}") == []
    found = {"prediction": 1, "evidence": 1, "assessment": 1, "resolution": 0}[kind]
    probe = "seen" if kind == "evidence" else statement.replace(" ", "+")
    assert len(in_admin(session_of(world.ben), kind, f"?q={probe}")) == found


SIDES = ["_popup=1", "_to_field=id", "_to_field=uuid", "_popup=1&_to_field=resolver", "_changelist_filters=q%3Dmet"]


@pytest.mark.parametrize("side", SIDES)
def test_case_45_popups_and_other_keys_open_no_hidden_row(people, world, dan, side):
    hidden = world.ben_submits()
    own, other = f"{LISTING}{hidden.pk}/change/?{side}", f"{LISTING}{hidden.uuid}/change/?{side}"
    for who in (world.ann, dan, *(people[role] for role in Role)):
        client = session_of(who)
        assert {client.get(address).status_code for address in (own, other)} <= {400, 404}
        listed = client.get(f"{LISTING}?{side}")
        assert listed.status_code != HTTPStatus.OK or not list(listed.context["cl"].result_list)
    assert session_of(world.ben).get(own).status_code in {200, 400}
    assert session_of(world.ben).get(own.replace(side, "_popup=1")).status_code == HTTPStatus.OK


def test_case_46_no_name_of_a_row_tells_a_verdict(world: World):
    rows = [world.ben_submits("not_met"), world.ann_submits("met")]
    assert [str(row) for row in rows] == [f"assessment of “{world.prediction}”"] * 2
    told = read(session_of(world.ann), LISTING)
    assert told.count("a resolver’s") == 1
    assert not any(words in told.lower() for words in ("not met", "not_met", "moderate", "ferry", "zephyr"))
    page = session_of(world.ann).get(f"{LISTING}{rows[0].pk}/change/")
    assert SECRET in page.content.decode()
    assert "met" not in f"{page.context['title']} {page.context.get('subtitle')} {page.context['original']}"


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.model_name)
def test_case_47_no_list_has_actions(people, model):
    options, request = admin.site._registry[model], RequestFactory().get("/")
    for role in Role:
        request.user = people[role]
        assert not options.get_actions(request)
        assert not options.has_delete_permission(request)
    names = {pattern.name or "" for pattern in options.urls}
    assert not [name for name in names if "export" in name or "import" in name]


@pytest.mark.parametrize("action", ["delete_selected", "export", "export_admin_action"])
def test_case_47_and_none_is_done_that_is_asked_for(people, world, action):
    hidden = world.reach_quorum()
    client, before = session_of(people["administrator"]), LedgerEntry.objects.count()
    assert len(in_admin(client)) == 2
    answer = client.post(LISTING, {"action": action, "_selected_action": [hidden.pk], "index": 0, "post": "yes"})
    assert answer.status_code in {200, 302, 403}
    assert SECRET not in answer.content.decode()
    assert (Assessment.objects.count(), LedgerEntry.objects.count()) == (2, before)


def test_case_48_what_is_done_in_the_admin_stands_in_no_log_of_djangos(people, world):
    page = f"/predictions/assessment/add/?prediction={world.prediction.pk}"
    found = {"verdict_a": "not_met", "outcome": "no", "confidence": "low", "rationale": SECRET}
    for who in (world.ann, world.ben):
        assert session_of(who).post(page, found).status_code == HTTPStatus.FOUND
    confirm = f"/predictions/prediction/{world.prediction.pk}/confirm/"
    assert session_of(world.ann).post(confirm, {"known": "2026-02-20"}).status_code == HTTPStatus.FOUND
    account = {"username": "viewer", "email": "", "zone": "", "is_active": "on", "roles": ["resolver"]}
    address = f"/accounts/user/{people['viewer'].pk}/change/"
    assert session_of(people["administrator"]).post(address, account).status_code == HTTPStatus.FOUND
    assert (Assessment.objects.count(), Resolution.objects.count()) == (2, 1)
    assert not LogEntry.objects.exists()
