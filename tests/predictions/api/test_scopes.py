"""A token opens what it was made for, and a view that does not say what that is opens to no token."""

from http import HTTPStatus

import pytest
from django.urls import get_resolver
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from accounts.models import ApiToken
from accounts.scopes import Scope
from predictions.api.access import TokenAuthentication
from predictions.api.doors import Door, Recording
from predictions.api.scopes import READING, SCOPE_BY_VERB
from predictions.api.urls import shelves
from predictions.policy import ROLES_BY_VERB

READ, FORECAST, ASSESS = Scope
SHELVES_BY_SCOPE = {
    FORECAST: {"captures", "forecasts", "evidence", "ratings", "coding-requests", "codings"},
    ASSESS: {"assignments", "assessments", "disputes"},
}
RECORDERS = {"assignments": "administrator", "assessments": "resolver"}
WRITTEN = [(scope, shelf) for scope, names in SHELVES_BY_SCOPE.items() for shelf in sorted(names)]


def views(patterns=None):
    """Every view under /api/ that a token can be sent to, with the methods it answers."""
    for pattern in patterns or get_resolver("predictions.api.urls").url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views(pattern.url_patterns)
        elif TokenAuthentication in pattern.callback.cls.authentication_classes:
            view = pattern.callback.cls(**pattern.callback.initkwargs)
            actions = getattr(pattern.callback, "actions", None)
            methods = [name.upper() for name in actions] if actions else view.allowed_methods
            yield pattern.callback.cls, {*methods} - {"OPTIONS"}


def test_every_view_says_what_scope_each_of_its_methods_needs():
    seen = list(views())
    assert {cls for cls, _ in seen} >= set(shelves.values())
    for cls, methods in seen:
        assert methods <= set(cls.scopes), cls
        assert all(scope is None or scope in set(Scope) for scope in cls.scopes.values()), cls


def test_to_read_is_a_scope_and_to_write_is_that_of_the_verb():
    for cls, _ in views():
        posts = cls.scopes.get("POST")
        assert posts == (SCOPE_BY_VERB[cls.verb] if issubclass(cls, Recording) else None), cls
        assert {method: scope for method, scope in cls.scopes.items() if scope == READ} in ({}, READING), cls
    assert set(SCOPE_BY_VERB) == {cls.verb for cls in shelves.values() if issubclass(cls, Recording)}
    assert set(SCOPE_BY_VERB) < set(ROLES_BY_VERB)


class SaysNothing(Door):
    scopes = {}

    def get(self, request):
        return Response({})


@pytest.mark.parametrize(("has_token", "status"), [(True, HTTPStatus.FORBIDDEN), (False, HTTPStatus.OK)])
def test_a_view_that_says_nothing_is_closed_to_every_token(viewer, has_token, status):
    request = APIRequestFactory().get("/")
    token = ApiToken(user=viewer, scopes=" ".join(Scope)) if has_token else None
    force_authenticate(request, user=viewer, token=token)
    assert SaysNothing.as_view()(request).status_code == status


@pytest.mark.parametrize("scope", Scope)
def test_only_the_scope_to_read_reads(caller, scope):
    client = caller("analyst", scope)
    expected = HTTPStatus.OK if scope == READ else HTTPStatus.FORBIDDEN
    for address in ("/api/", "/api/schema/", "/api/docs/", "/api/scorecards/", *(f"/api/{name}/" for name in shelves)):
        assert client.get(address).status_code == expected, address
        assert client.head(address).status_code == expected, address


@pytest.mark.parametrize(("needed", "shelf"), WRITTEN)
@pytest.mark.parametrize("scope", Scope)
def test_only_the_scope_of_its_verb_records(caller, scope, needed, shelf):
    client = caller(RECORDERS.get(shelf, "analyst"), scope)
    answer = client.post(f"/api/{shelf}/", {}, content_type="application/json")
    assert answer.status_code == (HTTPStatus.BAD_REQUEST if scope == needed else HTTPStatus.FORBIDDEN)
    told = "This token was not made for that: it would need the scope “" + needed + "”."
    assert scope == needed or answer.json() == {"detail": told}


def test_the_table_of_this_test_names_every_shelf_that_takes_rows():
    assert {shelf for _, shelf in WRITTEN} == {name for name, cls in shelves.items() if issubclass(cls, Recording)}


def test_a_scope_gives_no_more_than_the_roles_of_its_person(caller):
    answer = caller("viewer").post("/api/forecasts/", {}, content_type="application/json")
    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_any_token_can_be_given_back(caller):
    for scope in Scope:
        assert caller("viewer", scope).delete("/api/tokens/current/").status_code == HTTPStatus.NO_CONTENT


def test_the_description_tells_the_scope_of_each_operation(api):
    paths = api.get("/api/schema/").json()["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            shelf = path.split("/")[2]
            scope = next((s for s, n in WRITTEN if n == shelf), None) if method == "post" else READ
            tokens = [each["token"] for each in operation["security"] if "token" in each] if shelf != "tokens" else []
            assert shelf == "tokens" or tokens == [[scope]], (method, path)
            assert shelf == "tokens" or f"scope `{scope}`" in operation["description"]


def test_a_token_without_scopes_opens_nothing(client_of, viewer):
    client = client_of(viewer)
    ApiToken.objects.update(scopes="")
    assert client.get("/api/cases/").status_code == HTTPStatus.FORBIDDEN
