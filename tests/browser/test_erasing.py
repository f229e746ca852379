"""An administrator erases what one entry recorded, in a real browser: read first, ticked, and gone."""

import pytest

from predictions.models import LedgerPayload, Rationale
from predictions.models.erasure import ERASED
from predictions.queries.verification import verify
from tests import builders as a

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "Mrs Smith told me so on the telephone."


def test_what_a_court_wants_gone_is_erased_and_the_ledger_stays_whole(visitor, people):
    forecast = a.forecast(words="likely", rationale=WORDS)
    visitor.signs_in("administrator")
    page = visitor.goes_to(f"/predictions/ledgerentry/{forecast.entry_id}/change/")
    page.get_by_role("link", name="Erase").click()
    page.get_by_text("the rationale that was recorded with it").wait_for()
    page.get_by_label("On what ground").fill("A court ordered it.")
    page.get_by_role("button", name="Erase for good").click()
    page.get_by_text("Tick this once you have read the lists above.").wait_for()
    assert page.get_by_label("On what ground").input_value() == "A court ordered it."
    assert LedgerPayload.objects.filter(entry=forecast.entry_id).exists()
    page.get_by_label("I have read what goes and what stays").check()
    page.get_by_role("button", name="Erase for good").click()
    page.get_by_text("Its proof stands.").wait_for()
    shown = visitor.goes_to(f"/predictions/ledgerentry/{forecast.entry_id}/change/").inner_text("body")
    assert "A court ordered it." in shown
    assert not page.get_by_role("link", name="Erase").count()
    forecast.refresh_from_db()
    assert forecast.words == ERASED
    assert not Rationale.objects.filter(text=WORDS).exists()
    assert verify().is_sound
