"""Receipts as files: what stands in them, and the proof as C2SP writes it."""

import base64
import json
from dataclasses import replace

import pytest

from predictions import merkle
from predictions.exchange.receipts import as_json, tlog_proof, written
from predictions.exchange.signed_note import VerifierKey, parse_checkpoint, verify
from tests.predictions.exchange.receipt_files import TRUSTED, Ledger

LEDGER = Ledger(11)


def bytes_of(text):
    return base64.b64decode(text, validate=True)


def test_a_receipt_has_the_members_of_the_format():
    told = json.loads(written(LEDGER.receipt(4, older=6)))
    assert told["index"] == 4
    assert bytes_of(told["entry_b64"]) == LEDGER.leaves[4]
    assert bytes_of(told["payload_b64"]) == LEDGER.payloads[4]
    assert bytes_of(told["salt_b64"]) == LEDGER.salts[4]
    assert [bytes_of(each) for each in told["inclusion"]] == merkle.inclusion_proof(4, 11, LEDGER.subtree)
    assert [bytes_of(each) for each in told["consistency"]] == merkle.consistency_proof(6, 11, LEDGER.subtree)
    assert (told["checkpoint"], told["older_checkpoint"]) == (LEDGER.checkpoint(), LEDGER.checkpoint(6))
    assert told["keys"] == [TRUSTED]


def test_what_a_receipt_does_not_hold_is_left_out():
    receipt = replace(LEDGER.receipt(0, size=1), payload=b"", salt=b"")
    assert as_json(receipt).keys() == {"index", "entry_b64", "inclusion", "checkpoint", "keys"}


@pytest.mark.parametrize("index", range(11))
def test_a_tlog_proof_is_that_of_the_specification(index):
    """Read here as c2sp.org/tlog-proof says, line by line."""
    above, _, checkpoint = tlog_proof(LEDGER.receipt(index)).partition("\n\n")
    kind, extra, place, *hashes = above.split("\n")
    assert kind == "c2sp.org/tlog-proof@v1"
    assert place == f"index {index}"
    leaf = bytes_of(extra.removeprefix("extra "))
    text, _ = verify(checkpoint, [VerifierKey.read(TRUSTED)])
    signed = parse_checkpoint(text)
    path = [bytes_of(each) for each in hashes]
    assert merkle.verify_inclusion(index, signed.size, merkle.leaf_hash(leaf), path, signed.root)


def test_the_tlog_proof_of_the_only_entry_has_no_hashes():
    assert tlog_proof(Ledger(1).receipt(0)).splitlines()[2:5] == ["index 0", "", "example.org/forsooth"]
