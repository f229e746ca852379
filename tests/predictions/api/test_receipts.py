"""The receipt of whatever stands on record, by the address that its reply names."""

from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.throttling import ScopedRateThrottle

from predictions import checkpoints
from predictions.exchange.signed_note import VerifierKey, verify
from predictions.models import Checkpoint
from tests import builders as a
from tests.predictions.exchange.receipt_files import verified

LATER = a.on_day(70)


def test_a_forecast_is_answered_with_the_address_of_its_receipt(send, api):
    shown = send(digits="0.7").json()
    assert shown["receipt"] == f"http://testserver/api/receipts/{shown['seq']}/"
    answer = api.get(shown["receipt"])
    assert answer["Content-Disposition"] == f'attachment; filename="receipt-{shown["seq"]}.json"'
    status, told = verified(answer.content)
    assert status == 0
    assert '"p": "0.7"' in told


@pytest.mark.parametrize("shelf", ["forecasts", "resolutions"])
def test_every_forecast_and_resolution_names_its_receipt(api, fill, shelf):
    row = fill()[shelf]
    for shown in (api.get(f"/api/{shelf}/{row.uuid}/").json(), *api.get(f"/api/{shelf}/").json()["results"]):
        assert verified(api.get(shown["receipt"]).content)[0] == 0


@pytest.mark.parametrize("shelf", ["evidence", "assessments", "predictions", "snapshots"])
def test_any_entry_has_a_receipt_at_its_place(api, fill, shelf):
    entry = getattr(fill()[shelf], "entry_id", 0)
    assert verified(api.get(f"/api/receipts/{entry}/").content)[0] == 0


def test_the_same_is_there_as_c2sp_writes_it(api):
    seq = a.forecast().entry_id
    answer = api.get(f"/api/receipts/{seq}/tlog-proof/")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    head, _, checkpoint = answer.content.decode().partition("\n\n")
    assert head.splitlines()[0] == "c2sp.org/tlog-proof@v1"
    assert f"index {seq}" in head.splitlines()
    [key] = checkpoints.verifier_keys()
    assert verify(checkpoint, [VerifierKey.read(str(key))])


def test_one_is_led_from_the_checkpoint_that_one_kept(api):
    seq = a.forecast().entry_id
    kept = checkpoints.sign(LATER)
    for _ in range(2):
        a.forecast()
        checkpoints.sign(LATER)
    content = api.get(f"/api/receipts/{seq}/", {"older": kept.size}).content
    assert verified(content, older=kept.note)[0] == 0
    assert verified(api.get(f"/api/receipts/{seq}/").content, older=kept.note)[0] == 2


@pytest.mark.parametrize("older", ["", "-1", "1.5", "x", "1" * 17, "٣", "0", "999"])
def test_an_older_checkpoint_that_cannot_be_is_told_by_its_name(api, older):
    answer = api.get(f"/api/receipts/{a.forecast().entry_id}/", {"older": older})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.json().keys() == {"older"}


@pytest.mark.parametrize("seq", [0, 10**6, 2**63, 10**40])
@pytest.mark.parametrize("form", ["", "tlog-proof/"])
def test_what_is_not_there_has_none(api, people, seq, form):
    assert api.get(f"/api/receipts/{seq}/{form}").status_code == HTTPStatus.NOT_FOUND
    assert not Checkpoint.objects.exists()


def test_that_none_can_be_made_is_told(api, settings):
    seq = a.forecast().entry_id
    settings.LEDGER_KEYS = ["no key"]
    answer = api.get(f"/api/receipts/{seq}/")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "32 random bytes in Base64" in answer.content.decode()


def test_receipts_are_asked_for_at_a_bounded_rate(api, monkeypatch):
    cache.clear()
    monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "receipts", "2/min")
    address = f"/api/receipts/{a.forecast().entry_id}/"
    assert [api.get(address).status_code for _ in range(3)] == [200, 200, 429]


def test_a_list_asks_no_more_for_the_addresses_of_receipts(api):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            a.forecast()
        with CaptureQueriesContext(connection) as queries:
            api.get("/api/forecasts/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
