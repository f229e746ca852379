"""Receipts as files for whoever is signed in, and the page by which anybody checks one."""

import hashlib
from http import HTTPStatus

import pytest
from django.urls import reverse

from predictions import checkpoints
from tests import builders as a
from tests.predictions.exchange.receipt_files import VERIFIER, verified

pytestmark = pytest.mark.django_db

LATER = a.on_day(70)


@pytest.fixture
def reader(client, viewer):
    client.force_login(viewer)
    return client


def test_a_receipt_is_downloaded_under_a_name_of_its_own(reader):
    seq = a.forecast().entry_id
    answer = reader.get(reverse("receipt", args=[seq]))
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == f'attachment; filename="receipt-{seq}.json"'
    assert "no-store" in answer["Cache-Control"]
    assert verified(answer.content)[0] == 0


def test_so_is_its_proof_as_c2sp_writes_it(reader):
    seq = a.forecast().entry_id
    answer = reader.get(reverse("tlog-proof", args=[seq]))
    assert answer["Content-Disposition"] == f'attachment; filename="entry-{seq}.tlog-proof"'
    assert answer.content.decode().startswith("c2sp.org/tlog-proof@v1\n")


@pytest.mark.parametrize("name", ["receipt", "tlog-proof"])
def test_what_is_hidden_is_not_there(reader, name):
    hidden = a.forecast(a.prediction(a.case(is_private=True)))
    answers = [reader.get(reverse(name, args=[seq])) for seq in (hidden.entry_id, 10**6, 10**40)]
    assert {answer.status_code for answer in answers} == {HTTPStatus.NOT_FOUND}


def test_that_none_can_be_made_is_told(reader, settings):
    seq = a.forecast().entry_id
    settings.LEDGER_KEYS = ["no key"]
    answer = reader.get(reverse("receipt", args=[seq]))
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "No receipt can be made" in answer.content.decode()
    assert "32 random bytes in Base64" in answer.content.decode()


def test_anybody_is_told_how_to_check_one_and_by_which_keys(client):
    seq = a.forecast().entry_id
    assert "Nothing has been signed yet" in client.get(reverse("receipts")).content.decode()
    checkpoints.sign(LATER)
    page = client.get(reverse("receipts"))
    told = page.content.decode()
    assert hashlib.sha256(VERIFIER.read_bytes()).hexdigest() in told
    assert str(checkpoints.verifier_keys()[0]) in told
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert f"/{seq}" not in told


def test_anybody_gets_the_verifier_as_it_was_tested(client):
    answer = client.get(reverse("verifier"))
    assert answer.content == VERIFIER.read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="verify_receipt.py"'
    assert answer["Content-Type"] == "text/x-python; charset=utf-8"
