from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.urls import get_resolver

from predictions.api.doors import Nowhere


@pytest.fixture
def schema(api):
    return api.get("/api/schema/").json()


def test_the_schema_is_valid_and_generated_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


def test_the_schema_is_openapi_3_1(schema):
    assert schema["openapi"] == "3.1.0"


def test_every_operation_names_the_refusals_it_may_answer_with(schema):
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            codes = set(operation["responses"])
            assert codes & {"400", "401"}, (method, path)
            assert ("404" in codes) == ("{" in path or "scorecards" in path), (method, path)
            assert ("413" in codes) == (method == "post"), (method, path)
            assert ("429" in codes) == (method == "post" or "scorecards" in path), (method, path)


def test_the_schema_knows_every_address_that_is_served(schema):
    served = {name for name in get_resolver("predictions.api.urls").reverse_dict if isinstance(name, str)}
    assert len(schema["paths"]) == len(served - {"api-root", "schema", "docs", "nowhere"})


def test_decisions_are_made_in_the_admin_and_what_leads_to_them_is_written_here_too(schema):
    written = {path for path, operations in schema["paths"].items() if set(operations) - {"get"}}
    recorded = {"forecasts", "evidence", "ratings", "assignments", "assessments", "disputes", "captures"}
    recorded |= {"coding-requests", "codings"}
    assert written == {f"/api/{name}/" for name in (*recorded, "tokens", "tokens/current")}


def test_the_page_takes_everything_from_this_site(api):
    page = api.get("/api/docs/").content.decode()
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in page
    assert "//" not in page
    assert "<script>" not in page
    script = api.get("/api/docs/?script=")
    assert script.headers["Content-Type"] == "application/javascript"
    assert '"validatorUrl": null' in script.content.decode()


def test_who_has_no_role_does_not_see_the_page(caller):
    assert caller("nobody").get("/api/docs/").status_code == HTTPStatus.FORBIDDEN


def test_the_catch_all_is_no_part_of_the_description():
    assert Nowhere.schema is None
