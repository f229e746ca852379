"""Assumptions and indicators on a prediction's page: noted, amended, hidden from who is asked to judge."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from predictions.models import Assumption, Indicator, LedgerEntry
from tests import builders as a

pytestmark = pytest.mark.django_db
SURE = {"statement": "Clouds bring rain.", "status": "supported", "review_on": "2100-01-01"}


@pytest.fixture
def prediction():
    return a.prediction(a.case(resolvers_asked=2))


@pytest.fixture
def desk(client, analyst):
    client.force_login(analyst)
    return client


def form(prediction, kind="assumption", row=None):
    return f"/predictions/prediction/{prediction.pk}/{kind}/" + (f"?{kind}={row.pk}" if row else "")


def page(prediction):
    return f"/predictions/prediction/{prediction.pk}/change/"


def test_an_assumption_is_noted_and_shown(desk, prediction, analyst):
    answer = desk.post(form(prediction), SURE | {"would_change_if": "The wind turns."})
    assert answer.url == f"{page(prediction)}#assumptions"
    row = Assumption.objects.get()
    assert (row.status, str(row.review_on), row.noted_by) == ("supported", "2100-01-01", analyst)
    shown = desk.get(page(prediction)).content.decode()
    for words in ("Clouds bring rain.", "The wind turns.", "to review on 1 January 2100", form(prediction, row=row)):
        assert words in shown


def test_an_indicator_is_noted_and_later_seen(desk, prediction):
    desk.post(form(prediction, "indicator"), {"statement": "The glass falls."})
    row = Indicator.objects.get()
    assert "not seen" in desk.get(page(prediction)).content.decode()
    entered = {"statement": "The glass falls.", "observed_on": "2026-01-05", "observation": "It fell."}
    desk.post(form(prediction, "indicator", row), entered)
    row.refresh_from_db()
    assert (str(row.observed_on), row.observation) == ("2026-01-05", "It fell.")
    assert LedgerEntry.objects.first().kind == "indicator.amended"
    history = desk.get(f"/predictions/prediction/{prediction.pk}/history/").content.decode()
    assert "changed an indicator: observation from nothing to “It fell.”; observed on" in history


def test_the_form_opens_with_what_stands(desk, prediction):
    row = a.assumption(prediction, review_on=timezone.now().date())
    shown = desk.get(form(prediction, row=row)).context["form"]
    assert (shown["statement"].value(), shown["status"].value()) == (row.statement, "supported")
    assert f'value="{row.review_on}"' in str(shown["review_on"])


@pytest.mark.parametrize(
    ("kind", "entered", "field"),
    [
        ("assumption", {"statement": " "}, "statement"),
        ("assumption", {"status": "sure"}, "status"),
        ("assumption", {"review_on": "1999-01-01"}, "review_on"),
        ("assumption", {"review_on": "soon"}, "review_on"),
        ("indicator", {"observed_on": "2100-01-01"}, "observed_on"),
        ("indicator", {"observation": "It fell."}, "observed_on"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_and_nothing_is_lost(desk, prediction, kind, entered, field):
    before = LedgerEntry.objects.count()
    answer = desk.post(form(prediction, kind), SURE | entered)
    assert list(answer.context["form"].errors) == [field]
    assert LedgerEntry.objects.count() == before


def test_one_of_another_prediction_or_none_is_not_there(desk, prediction):
    other = a.assumption(a.prediction(prediction.case))
    addresses = [form(prediction, row=other), f"{form(prediction)}?assumption=x", f"{form(prediction)}?assumption=99"]
    assert [desk.get(address).status_code for address in addresses] == [404] * 3


@pytest.mark.parametrize("role", ["viewer", "resolver", "adjudicator", "administrator"])
def test_others_read_and_do_not_note(client, people, prediction, role):
    a.assumption(prediction)
    client.force_login(people[role])
    assert client.get(form(prediction)).status_code == client.post(form(prediction), SURE).status_code == 403
    shown = client.get(page(prediction)).content.decode()
    assert ("Clouds bring rain." in shown, form(prediction) in shown) == (True, False)


def test_who_is_asked_to_judge_is_told_that_they_are_hidden(client, prediction):
    both = a.person("both", "analyst", "resolver")
    a.assumption(prediction)
    a.indicator(prediction)
    a.assigned(prediction, both)
    client.force_login(both)
    shown = client.get(page(prediction))
    assert "what analysts assume of it is hidden until you have submitted" in shown.content.decode()
    assert (shown.context["page"].assumptions.count, "Clouds bring rain." in shown.content.decode()) == (0, False)
    assert client.get(form(prediction)).status_code == client.post(form(prediction), SURE).status_code == 403


def test_page_asks_as_often_for_three_of_each_as_for_one(desk, prediction):
    counts = []
    for more in (1, 2):
        for number in range(more):
            by = a.person(f"p{more}{number}", "analyst")
            a.assumption(prediction, by=by)
            a.indicator(prediction, by=by)
        desk.get(page(prediction))
        with CaptureQueriesContext(connection) as queries:
            shown = desk.get(page(prediction))
        counts.append(len(queries))
    assert shown.context["page"].assumptions.count == 6
    assert counts[0] == counts[1]
