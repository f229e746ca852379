"""The league table names nobody who has an account here until an administrator says so, on record."""

import json

import pytest

from predictions.models import League, LedgerEntry
from predictions.operations.leagues import name_staff
from predictions.queries.histories import history
from tests import builders as a

pytestmark = pytest.mark.django_db


def test_staff_are_named_from_when_an_administrator_says_so_until_one_says_otherwise(administrator):
    assert not League.names_staff_now()
    for said in (True, False, True):
        name_staff(said, by=administrator, at=a.NOW)
        assert League.names_staff_now() == said
    assert League.objects.get().pk == 1


def test_each_change_and_nothing_else_is_on_record(administrator, viewer):
    for said in (False, True, True, False):
        league = name_staff(said, by=administrator, at=a.NOW)
    entries = LedgerEntry.objects.order_by("seq")
    assert [json.loads(entry.payload.text)["changes"] for entry in entries] == [
        {"names_staff": [False, True]},
        {"names_staff": [True, False]},
    ]
    assert {entry.kind for entry in entries} == {"league.amended"}
    told = [line.sentence for line in history([league.uuid], user=viewer)]
    assert told[0] == "administrator changed the league table: names staff from no to yes"
