"""The published verifier: a true receipt is accepted, whatever else is refused in words, and nothing breaks it."""

import base64
import json
import subprocess
import sys
from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions import merkle
from predictions.exchange.receipts import as_json, written
from predictions.exchange.signed_note import checkpoint_text, sign
from predictions.exchange.verify_receipt import L, P, climb, is_signed
from tests.predictions.exchange.receipt_files import KEY, LOG, OTHER_KEY, TRUSTED, VERIFIER, Ledger, verified

LEDGER = Ledger(11)
RECEIPT = LEDGER.receipt(4, older=6)
KEPT = LEDGER.checkpoint(6)


def test_the_file_is_one_that_can_be_read_through():
    lines = VERIFIER.read_text().splitlines()
    assert len(lines) <= 150
    assert max(map(len, lines)) <= 120


def test_it_is_a_program_that_needs_nothing_but_python(tmp_path):
    path = tmp_path / "receipt.json"
    path.write_text(written(RECEIPT))
    done = subprocess.run([sys.executable, "-I", VERIFIER, path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == verified(RECEIPT)[1]
    used = {line.split()[1] for line in VERIFIER.read_text().splitlines() if line.startswith(("import ", "from "))}
    assert used <= sys.stdlib_module_names


# --- what it says ----------------------------------------------------------------------------------------------------


def test_a_true_receipt_is_accepted_and_told_in_words():
    status, told = verified(RECEIPT)
    proved, unproved = told.split("Not proved:")
    assert status == 0
    assert f"entry 4, counted from 0, of the log {LOG}: forecast.created at 2026-11-22T05:19:03.123456Z" in proved
    assert f"under a checkpoint of 11 entries, signed with {TRUSTED}" in proved
    assert '"p": "0.7"' in proved
    assert "its first 6 entries are those under an older checkpoint" in proved
    assert "that the key is the log's: it came with the receipt" in unproved
    assert "the operator's" in unproved
    assert "could rewrite what nobody else had seen" in unproved


def test_a_key_that_one_trusts_is_no_longer_among_what_is_not_proved():
    status, told = verified(RECEIPT, "--key", TRUSTED)
    assert status == 0
    assert "--key" not in told


def test_without_its_payload_a_receipt_says_that_what_was_recorded_is_not_proved():
    status, told = verified(replace(RECEIPT, payload=b"", salt=b""))
    assert status == 0
    assert "it was erased, or is not shown" in told
    assert "0.7" not in told


def test_the_first_receipt_there_is_needs_neither_proof():
    assert verified(Ledger(1).receipt(0))[0] == 0


def test_words_are_printed_as_they_are_and_what_steers_a_terminal_is_not():
    assert "たぶん" in verified(LEDGER.receipt(2))[1]
    told = verified(Ledger(3, changed={1: "\x1b[2J\u202eabc"}).receipt(1))[1]
    assert "\\u202e" in told
    assert not {"\x1b", "\u202e"} & set(told)


@pytest.mark.parametrize("size", [6, 11])
def test_a_checkpoint_of_ones_own_is_found_among_those_of_the_receipt(size):
    status, told = verified(RECEIPT, older=LEDGER.checkpoint(size))
    assert status == 0
    assert "your own checkpoint is one of these" in told


def test_two_keys_of_one_name_count_while_one_takes_over_from_the_other():
    turning = Ledger(5, keys=(KEY, OTHER_KEY)).receipt(3, older=4)
    status, told = verified(turning)
    assert status == 0
    assert all(f"signed with {' and '.join(turning.keys)}" in line for line in told.splitlines() if "signed" in line)
    assert [verified(turning, "--key", key)[0] for key in turning.keys] == [0, 0]


def test_a_ledger_that_was_begun_anew_is_told_by_its_epoch():
    status, told = verified(Ledger(5, signed_as=f"{LOG}/epoch-2").receipt(3, older=2))
    assert status == 0
    assert f"of the log {LOG}/epoch-2: " in told


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 12])
def test_every_entry_and_every_older_size_is_accepted(size):
    ledger = Ledger(size)
    for index in range(size):
        for older in [None, *range(1, size)]:
            assert verified(ledger.receipt(index, older=older))[0] == 0, (index, older)


# --- forgeries -------------------------------------------------------------------------------------------------------


def b64(content):
    return base64.b64encode(content).decode()


def edited(**members):
    return as_json(RECEIPT) | members


def swapped(old, new):
    return as_json(RECEIPT) | {
        name: b64(base64.b64decode(value).replace(old, new))
        for name, value in as_json(RECEIPT).items()
        if name in {"entry_b64", "payload_b64"}
    }


def resized(note, size):
    origin, _, *rest = note.split("\n")
    return "\n".join([origin, size, *rest])


REWRITTEN = Ledger(11, changed={1: "unlikely"})
OTHERS = Ledger(11, keys=(OTHER_KEY,))
ELSEWHERE = Ledger(11, name="example.org/elsewhere")
MEMBERS = as_json(RECEIPT)
PATH, STEPS = MEMBERS["inclusion"], MEMBERS["consistency"]
FORGERIES = {
    "a probability edited": swapped(b'"0.7"', b'"0.9"'),
    "a time edited": swapped(b"05:19", b"05:18"),
    "a kind edited": swapped(b"created", b"deleted"),
    "another place": edited(index=5),
    "a place before the first": edited(index=-1),
    "a place beyond the last": edited(index=11),
    "a size edited": edited(checkpoint=resized(RECEIPT.checkpoint, "12")),
    "an older size edited": edited(older_checkpoint=resized(RECEIPT.older_checkpoint, "7")),
    "a history rewritten before the older checkpoint": as_json(REWRITTEN.receipt(4, older=6))
    | {"older_checkpoint": RECEIPT.older_checkpoint},
    "signed with another key": as_json(OTHERS.receipt(4, older=6)) | {"keys": MEMBERS["keys"]},
    "a proof one step short": edited(inclusion=PATH[:-1]),
    "a proof without its first step": edited(inclusion=PATH[1:]),
    "no proof": edited(inclusion=[]),
    "a proof one step long": edited(inclusion=[*PATH, PATH[0]]),
    "the steps of a proof in another order": edited(inclusion=PATH[::-1]),
    "a consistency proof one step short": edited(consistency=STEPS[:-1]),
    "a consistency proof one step long": edited(consistency=[*STEPS, STEPS[0]]),
    "the salt of another entry": edited(salt_b64=b64(LEDGER.salts[3])),
    "the payload of another entry": edited(payload_b64=b64(LEDGER.payloads[3])),
    "payload and salt of another entry": edited(payload_b64=b64(LEDGER.payloads[3]), salt_b64=b64(LEDGER.salts[3])),
    "another entry": edited(entry_b64=b64(LEDGER.leaves[3])),
    "another entry and its place": edited(entry_b64=b64(LEDGER.leaves[3]), index=3),
    "an older checkpoint of another log": edited(older_checkpoint=ELSEWHERE.checkpoint(6)),
    "an older checkpoint of another log under both keys": edited(
        older_checkpoint=ELSEWHERE.checkpoint(6), keys=MEMBERS["keys"] + as_json(ELSEWHERE.receipt(0))["keys"]
    ),
    "an older checkpoint that is not older": edited(older_checkpoint=RECEIPT.checkpoint, consistency=[]),
    "an entry of another log": as_json(ELSEWHERE.receipt(4)) | {"checkpoint": RECEIPT.checkpoint, "keys": [TRUSTED]},
    "an entry of another log under a checkpoint of this one": as_json(ELSEWHERE.receipt(4))
    | {"checkpoint": sign(checkpoint_text(LOG, 11, merkle.root(ELSEWHERE.hashes)), LOG, KEY), "keys": [TRUSTED]},
    "an entry of another log under an epoch of this one": as_json(
        Ledger(11, name="example.org/elsewhere", signed_as=f"{LOG}/epoch-2").receipt(4)
    ),
    "an older checkpoint of another epoch": edited(
        older_checkpoint=Ledger(11, signed_as=f"{LOG}/epoch-2").checkpoint(6),
        keys=[TRUSTED, *as_json(Ledger(1, signed_as=f"{LOG}/epoch-2").receipt(0))["keys"]],
    ),
    "a signature moved from the older checkpoint": edited(
        checkpoint=RECEIPT.checkpoint.rpartition("\n\n")[0] + "\n\n" + RECEIPT.older_checkpoint.rpartition("\n\n")[2]
    ),
    "a true signature and a false one of the same key": edited(
        checkpoint=RECEIPT.checkpoint + RECEIPT.older_checkpoint.rpartition("\n\n")[2]
    ),
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_is_refused_in_words(forged):
    status, told = verified(forged)
    assert status == 1
    assert told.startswith("FALSE. ")
    assert "Proved" not in told


def test_whoever_forges_the_key_with_the_receipt_is_found_by_the_key_that_one_trusts():
    forged = OTHERS.receipt(4, older=6)
    assert verified(forged)[0] == 0, "nothing in the file itself tells it"
    assert "--key" in verified(forged)[1]
    assert verified(forged, "--key", TRUSTED)[0] == 1


def test_a_history_rewritten_since_is_found_by_the_checkpoint_that_one_kept():
    for forged in (REWRITTEN.receipt(4, older=6), REWRITTEN.receipt(4, size=6)):
        assert verified(forged)[0] == 0, "nothing in the file itself tells it"
        status, told = verified(forged, older=KEPT)
        assert status == 1
        assert "keep both" in told


def test_a_kept_checkpoint_that_the_receipt_does_not_lead_from_is_no_forgery():
    status, told = verified(RECEIPT, older=LEDGER.checkpoint(3))
    assert status == 2
    assert "from no checkpoint of your size" in told


def test_a_kept_checkpoint_of_another_log_is_refused():
    assert verified(RECEIPT, older=ELSEWHERE.checkpoint(6))[0] == 1


# --- what is no receipt ----------------------------------------------------------------------------------------------

TEXT = json.dumps(MEMBERS)
MISSHAPEN = {
    "nothing": b"",
    "no JSON": b"receipt",
    "another kind of file": b"\x89PNG\r\n\x1a\n",
    "no UTF-8": b"\xff" + TEXT.encode(),
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "empty": b"{}",
    "a member twice": TEXT.replace("{", '{"index": 4, ', 1).encode(),
    "an unknown member": json.dumps(MEMBERS | {"more": 1}).encode(),
    "NaN": TEXT.replace('"index": 4', '"index": NaN').encode(),
    "a fraction": TEXT.replace('"index": 4', '"index": 4.0').encode(),
    "a truth for a number": json.dumps(as_json(LEDGER.receipt(1)) | {"index": True}).encode(),
    "text for a number": json.dumps(MEMBERS | {"index": "4"}).encode(),
    "text for a list": json.dumps(MEMBERS | {"inclusion": "ab"}).encode(),
    "an object for a list": json.dumps(MEMBERS | {"inclusion": dict.fromkeys(PATH, 1)}).encode(),
    "numbers in a list": json.dumps(MEMBERS | {"inclusion": [1, 2]}).encode(),
    "null in a list": json.dumps(MEMBERS | {"keys": [None]}).encode(),
    "a lone surrogate": json.dumps(MEMBERS | {"checkpoint": "\ud800"}).encode(),
    "a short hash": json.dumps(MEMBERS | {"inclusion": [b64(b"short"), *PATH[1:]]}).encode(),
    "a short salt": json.dumps(MEMBERS | {"salt_b64": b64(LEDGER.salts[4][:-1])}).encode(),
    "a salt and no payload's salt": json.dumps({**MEMBERS, "salt_b64": ""}).encode(),
    "another Base64": json.dumps(MEMBERS | {"entry_b64": MEMBERS["entry_b64"] + "\n"}).encode(),
    "no keys": json.dumps(MEMBERS | {"keys": []}).encode().replace(b"keys", b"kays"),
    "a key with another ID": json.dumps(MEMBERS | {"keys": [TRUSTED.replace("+", "+0", 1)]}).encode(),
    "a checkpoint without its gap": json.dumps(
        MEMBERS | {"checkpoint": RECEIPT.checkpoint.replace("\n\n", "\n")}
    ).encode(),
    "an empty log": json.dumps(MEMBERS | {"checkpoint": LEDGER.checkpoint(0)}).encode(),
    "a size with a zero before it": json.dumps(MEMBERS | {"checkpoint": resized(RECEIPT.checkpoint, "011")}).encode(),
    "a size in other digits": json.dumps(MEMBERS | {"checkpoint": resized(RECEIPT.checkpoint, "١١")}).encode(),
    "a size past all bounds": json.dumps(MEMBERS | {"checkpoint": resized(RECEIPT.checkpoint, "9" * 5000)}).encode(),
    "a hundred and one signatures": json.dumps(
        MEMBERS | {"checkpoint": RECEIPT.checkpoint + 100 * f"{RECEIPT.checkpoint.splitlines()[-1]}\n"}
    ).encode(),
    "an entry in another spelling": json.dumps(MEMBERS | {"entry_b64": b64(LEDGER.leaves[4] + b" ")}).encode(),
    "nested too deeply": b"[" * 100_000,
    "an object nested too deeply": b'{"keys":' * 100_000,
    "a number past all bounds": TEXT.replace('"index": 4', '"index": ' + "9" * 10_000).encode(),
    "too long": TEXT.encode() + b" " * 4_000_000 + b"}",
}


@pytest.mark.parametrize("content", MISSHAPEN.values(), ids=MISSHAPEN)
def test_what_is_no_receipt_is_told_to_be_none(content):
    status, told = verified(content)
    assert status == 2
    assert told.startswith("This cannot be checked: ")


@pytest.mark.parametrize("arguments", [["--key", "nobody"], ["--key", "a+b+c"], ["--older", "/nowhere/at-all"]])
def test_what_was_asked_wrongly_is_told(arguments):
    status, told = verified(RECEIPT, *arguments)
    assert status == 2
    assert told.startswith("This cannot be checked: ")


@pytest.mark.parametrize("kept", [b"", b"\xff", b"checkpoint", KEPT.encode()[:-1]])
def test_a_kept_checkpoint_that_is_none_is_never_taken_for_one(kept):
    status, told = verified(RECEIPT, older=kept)
    assert "your own checkpoint" not in told
    assert status == (2 if kept else 0)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 8 * len(TEXT.encode()) - 1))
def test_one_bit_changed_anywhere_is_not_accepted(at):
    content = bytearray(TEXT.encode())
    content[at // 8] ^= 1 << at % 8
    assert verified(bytes(content))[0] in {1, 2}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(PATH),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(MEMBERS, JSON)), st.booleans())
def test_members_of_any_kind_break_nothing(members, is_on_top):
    assert verified((MEMBERS if is_on_top else {}) | members)[0] in {0, 1, 2}


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_break_nothing(content, kept):
    assert verified(content)[0] == 2
    assert verified(RECEIPT, older=kept)[0] in {0, 1, 2}


@settings(max_examples=25, deadline=None)
@given(st.text(), st.text(st.sampled_from("\n— aA=+1/"), max_size=30))
def test_notes_and_entries_of_any_text_break_nothing(note, short):
    for name in ("checkpoint", "older_checkpoint", "entry_b64"):
        for text in (note, short, RECEIPT.checkpoint + short, short + RECEIPT.checkpoint):
            assert verified(MEMBERS | {name: text})[0] in {0, 1, 2}


# --- its own mathematics ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(1, 33))
def test_its_proofs_are_those_of_the_ledgers_own_tree(size):
    hashes = [merkle.leaf_hash(bytes([index])) for index in range(size)]
    subtree, root = merkle.over(hashes), merkle.root(hashes)
    for index in range(size):
        assert climb(index + 1, size, merkle.inclusion_proof(index, size, subtree), hashes[index], 1)[1] == root
    for old in range(1, size):
        path, old_root = merkle.consistency_proof(old, size, subtree), merkle.root(hashes[:old])
        start, *path = [old_root, *path] if old & (old - 1) == 0 else path
        assert climb(old, size, path, start, old & -old) == (old_root, root)


# RFC 8032, section 7.1: secret key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]


def public(key):
    return key.public_key().public_bytes_raw()


@pytest.mark.parametrize(("secret", "message", "signature"), RFC_8032)
def test_signatures_of_rfc_8032_are_true(secret, message, signature):
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    assert is_signed(bytes.fromhex(message), bytes.fromhex(signature), public(key))
    assert not is_signed(bytes.fromhex(message) + b"x", bytes.fromhex(signature), public(key))


def is_true_to_openssl(message, signature, key):
    try:
        key.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True


@settings(max_examples=12, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40), st.integers(0, 511) | st.none())
def test_it_finds_of_a_signature_what_openssl_finds(secret, message, bit):
    key = Ed25519PrivateKey.from_private_bytes(secret)
    signature = bytearray(key.sign(message))
    if bit is not None:
        signature[bit // 8] ^= 1 << bit % 8
    found = bool(is_signed(message, bytes(signature), public(key)))
    assert found == is_true_to_openssl(message, bytes(signature), key) == (bit is None)


SIGNED = KEY.sign(b"text")


def test_a_second_spelling_of_the_same_signature_is_refused():
    other = int.from_bytes(SIGNED[32:], "little") + L
    assert not is_signed(b"text", SIGNED[:32] + other.to_bytes(32, "little"), public(KEY))


@pytest.mark.parametrize("length", [0, 31, 32, 63, 65, 96])
def test_a_signature_of_another_length_is_refused(length):
    assert not is_signed(b"text", (SIGNED + bytes(64))[:length], public(KEY))


# The y of the points whose order divides 8, and what else writes them.
OF_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303021540
SMALL_Y = [0, 1, P - 1, OF_ORDER_8, P - OF_ORDER_8]


@pytest.mark.parametrize("y", [*SMALL_Y, P, P + 1])
@pytest.mark.parametrize("sign", [0, 2**255])
def test_a_key_of_small_order_signs_nothing(y, sign):
    key = (y + sign).to_bytes(32, "little")
    # Under such a key this would be true of one message in eight or of every one.
    assert not any(is_signed(bytes([n]), key + bytes(32), key) for n in range(2))
    assert not is_signed(b"text", SIGNED, key)
