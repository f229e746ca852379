"""What holds on every shelf: a constant number of queries, hidden cases, UTC, no integer keys, no copies kept."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.operations.cases import admit
from tests import builders as a

LISTS = ["cases", "sources", "quotes", "forecasters", "predictions", "forecasts", "evidence", "resolutions"]
LISTS += ["assignments", "assessments", "disputes", "ratings", "coding-requests", "codings"]
COUNTS = {"resolvers_asked", "resolver_count", "notice_hours"}
IN_CASES = [name for name in LISTS if name != "forecasters"]


def query_count(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == HTTPStatus.OK
    return len(queries)


def walk(value):
    """Every (key, value) in a JSON body."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield key, inner
        if isinstance(inner, dict | list):
            yield from walk(inner)


def test_a_list_of_three_asks_the_database_no_more_than_a_list_of_one(api, fill):
    fill()
    with_one = {name: query_count(api, f"/api/{name}/") for name in LISTS}
    fill()
    fill()
    a.forecaster()
    a.forecaster()
    assert {name: len(api.get(f"/api/{name}/").json()["results"]) for name in LISTS} == dict.fromkeys(LISTS, 3)
    assert {name: query_count(api, f"/api/{name}/") for name in LISTS} == with_one
    assert max(with_one.values()) <= 12


def test_a_row_reads_the_same_on_its_list_and_at_its_own_address(api, fill):
    for name, row in fill().items():
        [on_list] = api.get(f"/api/{name}/").json()["results"]
        assert on_list["uuid"] == str(row.uuid)
        assert api.get(f"/api/{name}/{row.uuid}/").json() == on_list


def test_no_integer_key_and_no_account_leaves_the_house(api, fill):
    for name in fill():
        told = list(walk(api.get(f"/api/{name}/").json()["results"][0]))
        numbers = {key for key, value in told if isinstance(value, int) and not isinstance(value, bool)}
        assert not {"id", "pk", "entry", "recorded_by", "resolved_by", "captured_by", "account"} & {k for k, _ in told}
        assert numbers <= {"seq", "start", "end", "length", "number", "weight", "credibility"} | COUNTS


def test_a_hidden_case_leaves_no_trace_on_any_list(api, fill):
    fill()
    before = {name: api.get(f"/api/{name}/").json() for name in LISTS}
    fill(is_private=True)
    assert {name: api.get(f"/api/{name}/").json() for name in LISTS} == before


def test_what_is_hidden_and_what_never_was_are_answered_alike(api, fill):
    rows = fill(is_private=True)
    for name in IN_CASES:
        hidden, unknown = (api.get(f"/api/{name}/{uuid}/") for uuid in (rows[name].uuid, uuid4()))
        assert hidden.status_code == unknown.status_code == HTTPStatus.NOT_FOUND
        assert (hidden.content, set(hidden.headers)) == (unknown.content, set(unknown.headers))


def test_who_is_admitted_to_a_private_case_sees_it(api, fill, people):
    rows = fill(is_private=True)
    admit(rows["cases"], people["analyst"], by=a.a_person_with("analyst"), at=a.NOW)
    for name in IN_CASES:
        assert api.get(f"/api/{name}/{rows[name].uuid}/").status_code == HTTPStatus.OK


def test_the_text_of_a_hidden_source_is_not_there(api, fill):
    source = fill(is_private=True)["sources"]
    assert api.get(f"/api/sources/{source.uuid}/text/").status_code == HTTPStatus.NOT_FOUND


def test_times_are_in_utc_and_related_rows_are_named_by_uuid(caller, fill, people):
    people["viewer"].zone = "Asia/Tokyo"
    people["viewer"].save()
    client, times = caller("viewer"), 0
    for name in fill():
        for key, value in walk(client.get(f"/api/{name}/").json()):
            if value is not None and (key in {"at", "until"} or str(key).endswith("_at")):
                assert value.endswith("Z")
                times += bool(datetime.fromisoformat(value))
            if key in {"case", "source", "prediction", "forecaster", "quote", "criterion", "resolution"} and value:
                assert UUID(value)
    assert times > 15


def test_words_tell_an_instant_in_the_callers_own_zone(caller, fill, people):
    people["viewer"].zone = "Asia/Tokyo"
    people["viewer"].save()
    row = fill()["forecasts"]
    issued = caller("viewer").get(f"/api/forecasts/{row.uuid}/").json()["issued"]
    assert issued == {
        "at": "2026-01-01T00:00:00.000000Z",
        "precision": "instant",
        "until": None,
        "words": "1 January 2026, 09:00 JST",
    }
    assert caller("analyst").get(f"/api/forecasts/{row.uuid}/").json()["issued"]["words"] == "1 January 2026, 00:00 UTC"


@pytest.mark.parametrize("address", ["/api/cases/", "/api/scorecards/", f"/api/cases/{UUID(int=1)}/"])
def test_nobody_on_the_way_may_keep_a_copy(api, address):
    assert api.get(address).headers["Cache-Control"] == "no-store"
