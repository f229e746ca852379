"""Cases 11 to 20: until as many as were asked have submitted, nobody learns what another found, or that they have."""

from http import HTTPStatus
from uuid import uuid4

import pytest

from accounts.roles import Role
from predictions.models import Assessment
from tests import builders as a
from tests.authorization.world import (
    SECRET,
    World,
    everything,
    in_admin,
    listed,
    pages_about,
    read,
    session_of,
    token_of,
)

pytestmark = [pytest.mark.authorization, pytest.mark.django_db]

API, ADMIN = "/api/assessments/", "/predictions/assessment/"


def seen_by(who):
    """How many assessments the lists show: of the API and of the admin, which must be the same."""
    in_api, on_page = listed(token_of(who)), in_admin(session_of(who))
    assert len(in_api) == len(on_page)
    return len(in_api)


def test_case_11_a_resolver_lists_their_own_only_before_the_quorum(world, dan):
    world.ben_submits()
    assert [seen_by(who) for who in (world.ann, world.ben, dan)] == [0, 1, 0]
    world.ann_submits()
    assert [seen_by(who) for who in (world.ann, world.ben, dan)] == [2, 2, 0]
    world.decide()
    assert [seen_by(who) for who in (world.ann, world.ben, dan)] == [2, 2, 2]


SEERS = {"before the quorum": set(), "they agree": {Role.ADMINISTRATOR}}
SEERS |= {"they disagree": {Role.ADMINISTRATOR, Role.ADJUDICATOR}, "decided": set(Role)}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("state", SEERS)
def test_case_11_who_did_not_submit_lists_them_when_their_role_says(people, world, role, state):
    world.ben_submits()
    if state != "before the quorum":
        world.ann_submits("met" if state == "they disagree" else "not_met")
    if state == "decided":
        world.decide()
    assert seen_by(people[role]) == (2 if role in SEERS[state] else 0)


def test_case_12_a_guessed_address_is_not_found(people, world, dan):
    hidden = world.ben_submits()
    places = [f"{ADMIN}{hidden.pk}/change/", f"{ADMIN}{hidden.pk}/history/"]
    addresses = [f"{API}{hidden.uuid}/", *places]
    for who in (world.ann, dan, *(people[role] for role in Role)):
        assert {session_of(who).get(address).status_code for address in addresses} == {404}
    world.ann_submits()
    assert {session_of(world.ann).get(address).status_code for address in addresses} == {200}
    assert {session_of(dan).get(address).status_code for address in addresses} == {404}
    world.decide()
    assert {session_of(dan).get(address).status_code for address in addresses} == {200}


@pytest.mark.parametrize("role", ["ann", *Role])
def test_case_13_nothing_is_counted_or_paged_otherwise_for_what_is_hidden(people, world, role):
    three = a.prediction(a.case(resolvers_asked=3))
    others = [a.person(name, "resolver") for name in ("eve", "fay")]
    a.assigned(three, world.ann, *others)
    client = session_of(world.ann if role == "ann" else people[role])
    pages = pages_about(three)
    before = everything(client, pages)
    for other in others:
        a.assessment(three, "not_met", by=other)
    assert everything(client, pages) == before
    assert not any("count" in name.lower() for _, _, headers in before.values() for name in headers)
    a.assessment(three, "not_met", by=world.ann)
    assert any(everything(client, [page]) != {page: before[page]} for page in pages)


def test_case_14_ordering_by_a_verdict_has_no_effect(people, world):
    world.ben_submits("met"), world.ann_submits("not_met")
    client, ordered = session_of(people["administrator"]), []
    for order in ("1", "-1", "2", "-2", "-3"):
        ordered.append(in_admin(client, query=f"?o={order}"))
    assert ordered == [in_admin(client)] * 5
    assert len(ordered[0]) == 2
    for field in ("verdict", "-verdict", "outcome", "verdicts__verdict"):
        assert client.get(f"{API}?ordering={field}").status_code == HTTPStatus.BAD_REQUEST
    assert client.get(f"{API}?prediction={world.prediction.uuid}").status_code == HTTPStatus.OK


LOOKUPS = ["verdict=not_met", "verdicts__verdict=not_met", "outcome=0.0", "confidence=moderate", "resolver=1"]
LOOKUPS += ["resolver__username=ben-zephyr", "assignment__resolver=1", "is_own=true", "prediction__panel=agreed"]


def test_case_15_no_filter_probes_a_verdict(world):
    world.reach_quorum()
    client = session_of(world.ann)
    for lookup in LOOKUPS:
        assert client.get(f"{API}?{lookup}").status_code == HTTPStatus.BAD_REQUEST
        assert client.get(f"{ADMIN}?{lookup}").status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.FOUND}
    case = world.prediction.case_id
    assert len(in_admin(client, query=f"?prediction__case__id__exact={case}")) == 2


RELATED = ["prediction", "evidence", "resolution", "dispute", "forecast", "case", "ledgerentry"]


@pytest.mark.parametrize("kind", RELATED)
def test_case_15_nor_by_way_of_a_list_of_something_else(people, world, kind):
    world.ben_submits()
    client, listing = session_of(people["administrator"]), f"/predictions/{kind}/"
    assert client.get(listing).status_code == HTTPStatus.OK
    for path in ("panel", "assessments__outcome", "prediction__assessments__verdicts__verdict", "assessed_by"):
        assert client.get(f"{listing}?{path}=not_met").status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.FOUND}


def test_case_16_no_search_probes_what_was_found(world):
    world.reach_quorum()
    client, words = session_of(world.ann), str(world.prediction).split()[-1]
    assert len(in_admin(client, query=f"?q={words}")) == 2
    for probe in ("ferry", "not_met", "moderate", "ben-zephyr"):
        assert in_admin(client, query=f"?q={probe}") == []
        assert client.get(f"{API}?search={probe}").status_code == HTTPStatus.BAD_REQUEST
        assert "assessment/" not in read(client, f"/search/?s={probe}")


@pytest.mark.parametrize("shelf", ["assessments", "predictions", "assignments", "evidence"])
def test_case_17_nothing_is_added_to_an_answer_on_request(world, shelf):
    world.ben_submits()
    client = token_of(world.ben)
    assert client.get(f"/api/{shelf}/").status_code == HTTPStatus.OK
    for query in ("expand=assignment", "fields=resolver", "include=resolver", "depth=2", "format=api"):
        assert client.get(f"/api/{shelf}/?{query}").status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("field", ["verdict", "verdicts__verdict", "outcome", "resolver__username"])
def test_case_18_lookups_are_refused(world, field):
    world.reach_quorum()
    client = session_of(world.ann)
    for ending in ("startswith", "gt", "in", "regex", "isnull", "contains"):
        probe = f"?{field}__{ending}=n"
        assert client.get(f"{API}{probe}").status_code == HTTPStatus.BAD_REQUEST
        assert client.get(f"{ADMIN}{probe}").status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.FOUND}
    assert len(listed(client)) == len(in_admin(client)) == 2


def keys(told):
    """Every name in an answer, however deep."""
    if isinstance(told, dict):
        return set(told).union(*(keys(each) for each in told.values()))
    return set().union(*(keys(each) for each in told)) if isinstance(told, list) else set()


@pytest.mark.parametrize("shelf", ["cases", "sources", "predictions", "forecasts", "evidence", "assignments"])
def test_case_19_no_row_brings_the_assessments_with_it(people, world, shelf):
    on = world.prediction
    item = a.evidence(on)
    a.forecast(on)
    hidden = world.ben_submits(relied_on=[item])
    told = token_of(people["administrator"]).get(f"/api/{shelf}/").json()
    assert told["results"]
    assert keys(told).isdisjoint({"assessments", "assessment", "verdicts", "verdict", "panel", "assessed_by", "count"})
    assert str(hidden.uuid) not in str(told)
    assert {"verdicts", "relied_on"} <= keys(token_of(world.ben).get(API).json())


def numbers(world: World, who):
    """What stands of agreement, of how many have judged, and of how far it has come."""
    client = session_of(who)
    own = f"/predictions/prediction/{world.prediction.pk}/change/"
    places = [
        "/agreement/",
        "/agreement.json",
        "/",
        "/worklists/overdue/",
        own,
        f"/api/predictions/{world.prediction.uuid}/",
    ]
    return {place: read(client, place) for place in places}


@pytest.mark.parametrize("role", ["ann", *Role])
def test_case_20_no_mean_number_or_agreement_is_told_before_the_quorum(people, world, role):
    who = world.ann if role == "ann" else people[role]
    before = numbers(world, who)
    world.ben_submits()
    assert numbers(world, who) == before
    assert SECRET not in str(before)
    world.ann_submits()
    world.decide()
    after = numbers(world, who)
    assert all(after[place] != before[place] for place in before if place.startswith(("/agreement", "/pred", "/api")))
    assert Assessment.objects.visible_to(who).count() == 2


def test_case_20_an_unknown_prediction_and_an_unjudged_one_have_no_agreement_to_ask_for(world):
    world.ben_submits()
    client = token_of(world.ann)
    asked, unknown = (client.get(f"{API}?prediction={uuid}") for uuid in (world.prediction.uuid, uuid4()))
    assert (asked.status_code, asked.content) == (unknown.status_code, unknown.content)
