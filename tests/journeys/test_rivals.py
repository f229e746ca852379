"""Two people write at once and the database takes one: the other is told so at every door, and nothing is halved.

The rival that a check could not see yet is stood in for by a rule that only the database knows.
"""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from predictions.models import Evidence, Forecaster, LedgerEntry, LogHead, TriggerOccurrence
from predictions.models.rivals import refusal_of
from tests import builders as a

pytestmark = pytest.mark.django_db

TOLD = "Somebody else has just recorded that. Look at it and try again."
SAID = "It rained."


@pytest.fixture
def desk(client, analyst):
    client.force_login(analyst)
    return client


def only_one_of(table, *columns):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE UNIQUE INDEX only_one ON {table} ({', '.join(columns)})")


def test_a_form_of_the_admin_tells_who_came_second(desk):
    only_one_of("predictions_forecaster", "lower(name)")
    a.forecaster("The Diplomat")
    entries = LedgerEntry.objects.count()
    answer = desk.post("/predictions/forecaster/add/", {"name": "THE DIPLOMAT", "kind": "outlet"})
    assert answer.status_code == 409
    assert answer.context["adminform"].form.non_field_errors() == [TOLD]
    assert (Forecaster.objects.count(), LedgerEntry.objects.count()) == (1, entries)


def test_a_change_in_the_admin_tells_who_came_second(desk):
    only_one_of("predictions_forecaster", "lower(name)")
    a.forecaster("The Diplomat")
    second = a.forecaster("Another")
    entries = LedgerEntry.objects.count()
    answer = desk.post(f"/predictions/forecaster/{second.pk}/change/", {"name": "THE DIPLOMAT", "kind": "outlet"})
    assert answer.context["adminform"].form.non_field_errors() == [TOLD]
    second.refresh_from_db()
    assert (second.name, LedgerEntry.objects.count()) == ("Another", entries)


def test_a_page_for_a_deed_tells_who_came_second(desk):
    only_one_of("predictions_triggeroccurrence", "note")
    a.occurrence(a.trigger(), note=SAID)
    trigger = a.trigger()
    entries = LedgerEntry.objects.count()
    answer = desk.post(f"/predictions/trigger/{trigger.pk}/occurred/", {"occurred": "2026-02-01", "note": SAID})
    assert answer.status_code == 409
    assert answer.context["form"].non_field_errors() == [TOLD]
    assert (TriggerOccurrence.objects.count(), LedgerEntry.objects.count()) == (1, entries)


def test_the_api_answers_who_came_second_with_409(desk):
    only_one_of("predictions_evidence", "note")
    first = a.evidence(note=SAID)
    entries = LedgerEntry.objects.count()
    named = {"prediction": str(first.prediction.uuid), "source": str(first.source.uuid)}
    body = json.dumps(named | {"stance": "supports", "note": SAID, "credibility": 2})
    answer = desk.post("/api/evidence/", body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (409, {"non_field_errors": [TOLD]})
    assert (Evidence.objects.count(), LedgerEntry.objects.count()) == (1, entries)


def test_what_is_refused_stays_the_same_refusal():
    refusal = ValidationError("No.")
    assert refusal_of(refusal) is refusal


def test_a_row_that_is_unsound_is_a_fault_of_ours_and_not_hidden():
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        LogHead.objects.create(pk=7, next_seq=None)
    with pytest.raises(IntegrityError):
        refusal_of(caught.value)
