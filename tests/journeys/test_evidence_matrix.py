"""The matrix of the Japan case, filled by two analysts in the admin; every sum below was made by hand."""

import io
import re

import pytest
from django.core.management import call_command

from predictions.management.commands.demo import JUDGES
from predictions.models import Case, Evidence, LedgerEntry, Prediction, Rating
from predictions.operations.accounts import demo_people
from tests import builders as a
from tests.journeys.test_japan_case import CASEBOOK

pytestmark = pytest.mark.django_db

PREDICTIONS = ("china", "alliance", "economy", "defence")
# Five of the case's fourteen items; the sums of the first analyst are 3, 3, 4, 3.
FIRST = {
    "e1a-2022": "CC NA NA I",
    "e1-wording": "II C NA NA",
    "e2a-mofa": "C CC I C",
    "e3a-jiia": "NA I II I",
    "e2-jiia": "I II I I",
}
# By her alone the first item tells nothing apart; her sums are 0, 1, 0, 0.
SECOND = {"e1a-2022": "C C C C", "e1-wording": "C I - -"}


@pytest.fixture
def case(people):
    demo_people(at=a.NOW)
    call_command("load_casebook", str(CASEBOOK), **JUDGES, stdout=io.StringIO())
    return Case.objects.get()


def filled(table):
    items = {each.external_id: each.pk for each in Evidence.objects.standing()}
    columns = [Prediction.objects.get(external_id=name).pk for name in PREDICTIONS]
    return {
        f"cell-{items[name]}-{column}": rating
        for name, ratings in table.items()
        for column, rating in zip(columns, ratings.split(), strict=True)
        if rating != "-"
    }


def save(client, user, case, table):
    client.force_login(user)
    page = f"/predictions/case/{case.pk}/matrix/"
    before = LedgerEntry.objects.count()
    assert client.post(page, entered := filled(table)).status_code == 302
    assert LedgerEntry.objects.count() == before + len(entered)
    return client.get(page)


def sums(shown):
    columns = {each.prediction.external_id: each for each in shown.context["matrix"].columns}
    return {name: (columns[name].inconsistency, columns[name].standing.count) for name in PREDICTIONS}


def places(shown):
    return {each.prediction.external_id: each.standing.rank for each in shown.context["matrix"].columns}


def hinges(shown):
    return {
        line.evidence.external_id: line.first_without if line.hinge.is_first else "order"
        for line in shown.context["matrix"].hinges
    }


def test_two_analysts_fill_the_matrix_of_the_japan_case(client, case, analyst):
    assert (case.predictions.count(), Evidence.objects.standing().count()) == (4, 14)
    own = save(client, analyst, case, FIRST)
    assert sums(own) == {"china": ("3", 5), "alliance": ("3", 5), "economy": ("4", 5), "defence": ("3", 5)}
    assert places(own) == {"china": 1, "alliance": 1, "economy": 4, "defence": 1}
    assert hinges(own) == {
        "e1a-2022": "P4",  # 3 3 4 2
        "e1-wording": "P1",  # 1 3 4 3
        "e2a-mofa": "P1 and P2 and P3 and P4",  # 3 3 3 3
        "e3a-jiia": "P2 and P3 and P4",  # 3 2 2 2
        "e2-jiia": "P2",  # 2 1 3 2
    }
    told = re.sub(r"\s+", " ", own.content.decode())
    assert "20 ratings were made when the outcome could be known." in told
    assert "I counts 1 and II counts 2" in told
    assert "The matrix never overrules the analyst" in told

    hers = save(client, a.person("zoe", "analyst"), case, SECOND)
    assert sums(hers) == {"china": ("0", 2), "alliance": ("1", 2), "economy": ("0", 1), "defence": ("0", 1)}
    assert [line.evidence.external_id for line in hers.context["matrix"].telling_nothing] == ["e1a-2022"]

    together = client.get(f"/predictions/case/{case.pk}/matrix/?show=all")
    # china: 2 becomes 1 (II and C); alliance: 0.5 is added (C and I); defence: 1 becomes 0.5 (I and C)
    assert sums(together) == {"china": ("2", 5), "alliance": ("3.5", 5), "economy": ("4", 5), "defence": ("2.5", 5)}
    assert places(together) == {"china": 1, "alliance": 3, "economy": 4, "defence": 2}
    assert together.context["matrix"].telling_nothing == []
    assert Rating.objects.count() == 26
