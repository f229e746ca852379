"""Where the admin offers receipts."""

import re

import pytest

from tests import builders as a
from tests.predictions.exchange.receipt_files import verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(viewer, client):
    client.force_login(viewer)
    forecast = a.forecast()
    resolution = a.resolution(forecast.prediction)
    entry = forecast.entry_id
    keys = {"forecast": forecast.pk, "resolution": resolution.pk, "ledgerentry": entry}
    entries = {"forecast": entry, "resolution": resolution.entry_id, "ledgerentry": entry}
    return {name: (f"/predictions/{name}/{key}/change/", entries[name]) for name, key in keys.items()}


@pytest.mark.parametrize("name", ["forecast", "resolution", "ledgerentry"])
def test_a_page_offers_the_receipt_of_its_entry_and_says_what_it_is_good_for(client, pages, name):
    address, entry = pages[name]
    told = client.get(address).content.decode()
    assert f"/receipts/{entry}.tlog-proof" in told
    assert "Keep it outside Forsooth" in told
    [link] = re.findall(r'href="(/ledger/receipts/\d+\.json)"', told)
    status, said = verified(client.get(link).content)
    assert status == 0
    assert f"this is entry {entry}," in said
