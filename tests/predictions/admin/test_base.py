"""What holds on every page of the admin, whichever kind of row it shows."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import ApiToken, User
from accounts.roles import Role
from predictions.models import (
    Assessment,
    Capture,
    Case,
    CodingRequest,
    Dispute,
    Evidence,
    Forecast,
    Forecaster,
    HouseScale,
    LedgerEntry,
    Prediction,
    Quote,
    Resolution,
    Source,
    Team,
    Trigger,
)
from predictions.operations.cases import admit
from predictions.operations.disputes import raise_dispute
from predictions.operations.resolutions import confirm
from predictions.policy import can
from tests import builders as a

pytestmark = pytest.mark.django_db


def a_dispute(case):
    row = a.prediction(case)
    decision, item = a.resolution(row), a.evidence(row)
    found = Dispute(prediction=row, criterion=decision.revision.criteria.get(), evidence=item, text="It did not.")
    return raise_dispute(found, by=a.a_person_with("resolver"), at=a.NOW)


def an_assessment(case):
    """One that everybody who sees the case may read: its prediction is decided."""
    case.resolvers_asked = 1
    case.save()
    row, resolver = a.prediction(case, closes_at=a.on_day(50)), a.a_person_with("resolver")
    a.assigned(row, resolver)
    found = a.assessment(row, by=resolver)
    confirm(Resolution(prediction=row, known_at=a.on_day(50)), by=resolver, at=a.NOW)
    return found


def a_coding_request(case):
    coder = a.person(f"coder-{User.objects.count()}", "analyst")
    if case.is_private:
        admit(case, coder, by=a.a_person_with("analyst"), at=a.NOW)
    return a.asked(a.coded(a.prediction(case)), coder)[0]


IN_CASE = {
    Case: lambda case: case,
    Source: a.source,
    Quote: lambda case: a.quote(a.source(case)),
    Trigger: a.trigger,
    Prediction: a.prediction,
    Forecast: lambda case: a.forecast(a.prediction(case)),
    Evidence: lambda case: a.evidence(a.prediction(case)),
    Resolution: lambda case: a.resolution(a.prediction(case)),
    CodingRequest: a_coding_request,
    Dispute: a_dispute,
    Assessment: an_assessment,
    Capture: lambda case: a.capture(case=case),
}
OUTSIDE = {
    Forecaster: lambda case: a.forecaster(),
    HouseScale: lambda case: a.scale(version=str(HouseScale.objects.count() + 1)),
    LedgerEntry: lambda case: LedgerEntry.objects.latest("seq"),
    Team: lambda case: a.team(),
    User: lambda case: a.person(f"person-{User.objects.count()}", "viewer"),
}
ROWS = IN_CASE | OUTSIDE
PAGES_OF_ONE = ("change", "history", "delete")


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def autocomplete(model_name, field_name, **asked):
    named = {"app_label": "predictions", "model_name": model_name, "field_name": field_name}
    return reverse("admin:autocomplete"), named | asked


def private_case():
    return a.case(is_private=True, members=[a.a_person_with("resolver")])


def test_only_our_rows_and_people_have_pages():
    shown = {model for model in admin.site._registry if model._meta.app_label in {"predictions", "accounts"}}
    assert shown == set(ROWS)
    assert not {Group, ApiToken} & set(admin.site._registry)


@pytest.mark.parametrize("role", Role)
def test_each_role_is_answered_as_policy_says(client, people, role):
    user = people[role]
    client.force_login(user)
    case = a.case()
    for model, build in ROWS.items():
        row, its_admin = build(case), admin.site._registry[model]
        for name, verb in {"changelist": its_admin.read_verb, "add": its_admin.add_verb}.items():
            expected = 200 if verb and can(user, verb) else 403
            assert client.get(page(model, name)).status_code == expected, (model, name)
        for name, verb in {"change": its_admin.read_verb, "history": its_admin.read_verb, "delete": ""}.items():
            refused = {403} if can(user, "read", row) else {403, 404}  # of a team one is not of, nothing is told
            expected = {200} if verb and can(user, verb) and can(user, "read", row) else refused
            assert client.get(page(model, name, row.pk)).status_code in expected, (model, name)


@pytest.mark.parametrize("model", ROWS)
def test_viewer_writes_nothing(client, viewer, model):
    row = ROWS[model](a.case())
    client.force_login(viewer)
    entries = LedgerEntry.objects.count()
    for address in (page(model, "add"), page(model, "change", row.pk), page(model, "delete", row.pk)):
        assert client.post(address, {"post": "yes"}).status_code in {403, 404, 405}
    assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize("model", ROWS)
def test_anonymous_is_sent_to_sign_in(client, model):
    row = ROWS[model](a.case())
    pages = [page(model, "changelist"), page(model, "add"), *(page(model, name, row.pk) for name in PAGES_OF_ONE)]
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("model", ROWS)
def test_who_has_no_role_sees_no_list_and_no_row(client, model):
    row = ROWS[model](a.case())
    client.force_login(User.objects.create_user("newcomer", password=a.PASSWORD, is_staff=True))
    assert client.get(page(model, "changelist")).status_code == 403
    assert client.get(page(model, "add")).status_code == 403
    for name in PAGES_OF_ONE:
        assert client.get(page(model, name, row.pk)).status_code in {403, 404}


@pytest.mark.parametrize("model", IN_CASE)
def test_row_of_a_private_case_is_not_there_for_others(client, people, model):
    hidden = IN_CASE[model](private_case())
    for role in (Role.ANALYST, Role.ADMINISTRATOR):
        client.force_login(people[role])
        for name in PAGES_OF_ONE:
            assert client.get(page(model, name, hidden.pk)).status_code == 404
            assert client.post(page(model, name, hidden.pk), {}).status_code in {403, 404, 405}


@pytest.mark.parametrize("model", IN_CASE)
def test_member_of_a_private_case_sees_its_rows(client, model):
    row = IN_CASE[model](private_case())
    client.force_login(a.a_person_with("resolver"))
    assert client.get(page(model, "change", row.pk)).status_code == 200
    assert client.get(page(model, "history", row.pk)).status_code == 200


@pytest.mark.parametrize("model", [*IN_CASE, LedgerEntry])
def test_list_filters_and_search_show_nothing_of_a_private_case(client, analyst, model):
    case = a.case(title="Open dossier")
    secret = a.case(title="Veiled affair", is_private=True, members=[a.a_person_with("resolver")])
    for each in (case, secret):
        a.resolution(a.evidence(a.prediction(each, trigger=a.trigger(each)), source=a.source(each)).prediction)
    for build in IN_CASE.values():
        build(secret)
    client.force_login(analyst)
    for asked in ({}, {"q": "Veiled"}, {"case__id__exact": secret.pk}, {"payload__case__id__exact": secret.pk}):
        answer = client.get(page(model, "changelist"), asked)
        assert "affair" not in answer.content.decode()
        if answer.status_code == 200:
            assert not [row for row in answer.context["cl"].result_list if _case_of(row) == secret]


def _case_of(row):
    return row.payload.case if isinstance(row, LedgerEntry) else row.dossier


@pytest.mark.parametrize(
    ("model_name", "field_name", "build"),
    [
        ("source", "case", IN_CASE[Case]),
        ("quote", "source", IN_CASE[Source]),
        ("quote", "supersedes", IN_CASE[Quote]),
        ("prediction", "trigger", IN_CASE[Trigger]),
    ],
)
def test_autocomplete_offers_only_what_one_sees(client, analyst, model_name, field_name, build):
    seen, _hidden = build(a.case()), build(private_case())
    client.force_login(analyst)
    offered = client.get(*autocomplete(model_name, field_name)).json()["results"]
    assert [each["id"] for each in offered] == [str(seen.pk)]


def test_autocomplete_is_refused_without_a_role(client):
    client.force_login(User.objects.create_user("newcomer", password=a.PASSWORD, is_staff=True))
    assert client.get(*autocomplete("quote", "source")).status_code == 403


def test_hidden_row_cannot_be_chosen_by_its_number(client, analyst):
    hidden = private_case()
    client.force_login(analyst)
    answer = client.post(page(Trigger, "add"), {"statement": "It rains", "case": hidden.pk, "zone": "UTC"})
    assert answer.status_code == 200
    assert "case" in answer.context["adminform"].form.errors
    assert not Trigger.objects.exists()


@pytest.mark.parametrize("model", ROWS)
def test_list_asks_as_often_for_three_rows_as_for_one(client, people, model):
    client.force_login(people["administrator"])
    client.get(page(model, "changelist"))
    counts = []
    for more in (1, 2):
        for _ in range(more):
            ROWS[model](a.case())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page(model, "changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1], [query["sql"] for query in queries.captured_queries]
