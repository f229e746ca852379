"""Case 61: what supervisors ask tells nothing of the record, of people or of the machine, well or not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from predictions.models import LogHead
from tests import builders as a
from tests.authorization.world import session_of

pytestmark = [pytest.mark.authorization, pytest.mark.django_db]

WORDS = {"ok", "degraded", "unavailable", "failing"}
PARTS = {"database", "migrations", "guards", "clock", "ledger", "disk", "broker"}


def answers(client: Client) -> list[dict]:
    return [client.get(address).json() for address in ("/livez", "/readyz")]


def test_case_61_health_is_told_in_a_fixed_choice_of_words(world, settings):
    told = answers(Client())
    LogHead.objects.update(last_at=timezone.now() + timedelta(days=1))
    settings.DISK_LEAST_FREE = 10**18
    for answer in (*told, *answers(Client())):
        assert answer.keys() <= {"status", "parts"}
        assert answer["status"] in WORDS
        assert answer.get("parts", {}).keys() <= PARTS
        assert set(answer.get("parts", {}).values()) <= WORDS


def test_case_61_what_is_recorded_and_who_asks_changes_nothing_of_it(world, administrator):
    before = answers(Client())
    a.resolution(a.forecast().prediction)
    assert answers(Client()) == answers(session_of(administrator)) == before
