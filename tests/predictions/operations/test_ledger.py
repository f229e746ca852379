"""What an administrator does to the ledger as a whole is on record, and changes nothing that was signed."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from predictions import checkpoints
from predictions.exchange.signed_note import parse_checkpoint, read_note, verify
from predictions.models import LedgerBreak, LedgerEntry, LogHead, restore_guard
from predictions.operations.ledger import resume_ledger, retire_key, rotate_key
from tests import builders as a
from tests.predictions.models.test_restore_guard import refusal_of, restored, signed, write

WHY = "The disk died, and the newest backup is of noon."
DEEDS = {
    "resume": lambda by: resume_ledger(reason=WHY, by=by, at=a.NOW),
    "rotate": lambda by: rotate_key(reason=WHY, by=by, at=a.NOW),
    "retire": lambda by: retire_key(by=by, at=a.NOW),
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path):
    settings.LEDGER_KEY_FILE = tmp_path / "ledger.key"


@pytest.fixture
def broken():
    """Ten entries were signed, and seven are left."""
    lost = signed(10)
    restored(lost.size - 3)
    return lost


def recorded():
    entry = LedgerEntry.objects.first()
    return entry.kind, json.loads(entry.payload.text)


def conflict(deed):
    before = LedgerEntry.objects.count()
    with pytest.raises(ValidationError) as refusal:
        deed()
    assert LedgerEntry.objects.count() == before
    return refusal.value


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("role", ["viewer", "analyst", "resolver", "adjudicator", "nobody"])
def test_only_an_administrator_does_it(people, deed, role):
    signed()
    before = LedgerEntry.objects.count()
    with pytest.raises(PermissionDenied):
        DEEDS[deed](people[role])
    assert LedgerEntry.objects.count() == before


# --- going on where entries were lost ----------------------------------------------------------------------------


def test_a_ledger_goes_on_after_the_break_is_named(administrator, broken):
    row = resume_ledger(reason=WHY, by=administrator, at=a.NOW)
    assert (row.epoch, row.lost_size, row.size) == (2, broken.size, broken.size - 3)
    assert (row.lost_root, row.lost_note) == (bytes(broken.root).hex(), broken.note)
    kind, told = recorded()
    assert (kind, told["epoch"], told["reason"]) == ("ledger.resumed", 2, WHY)
    assert (told["lost_size"], told["lost_root"]) == (row.lost_size, row.lost_root)
    write()
    assert LedgerEntry.objects.count() == row.size + 2


def test_checkpoints_after_the_break_bear_another_name(settings, administrator, broken):
    resume_ledger(reason=WHY, by=administrator, at=a.NOW)
    made = checkpoints.sign(a.NOW)
    assert parse_checkpoint(read_note(made.note).text).origin == f"{settings.LEDGER_NAME}/epoch-2"
    assert verify(made.note, checkpoints.verifier_keys())
    assert verify(broken.note, checkpoints.verifier_keys())
    assert Path(settings.LEDGER_GUARD_FILE).read_text() == made.note
    write(5)
    assert checkpoints.sign(a.NOW).epoch == 2


def test_a_copy_from_before_the_break_is_noticed_too(administrator, broken):
    size = LogHead.objects.get().next_seq
    resume_ledger(reason=WHY, by=administrator, at=a.NOW)
    checkpoints.sign(a.NOW)
    LogHead.objects.update(epoch=1)
    assert "resume_ledger" in refusal_of(write)
    assert LogHead.objects.get().next_seq == size + 1


def test_a_second_break_counts_on_from_the_first(administrator, broken):
    resume_ledger(reason=WHY, by=administrator, at=a.NOW)
    signed(4)
    restored(broken.size - 2)
    assert resume_ledger(reason=WHY, by=administrator, at=a.NOW).epoch == 3
    assert list(LedgerBreak.objects.order_by("epoch").values_list("epoch", flat=True)) == [2, 3]


def test_a_whole_ledger_is_not_begun_anew(administrator):
    signed(3)
    assert conflict(lambda: resume_ledger(reason=WHY, by=administrator, at=a.NOW)).code == "conflict"
    assert LogHead.objects.get().epoch == 1


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "a\0b"])
def test_the_break_has_a_reason_that_can_be_kept(administrator, broken, reason):
    assert "reason" in conflict(lambda: resume_ledger(reason=reason, by=administrator, at=a.NOW)).message_dict
    assert LogHead.objects.get().epoch == 1
    refusal_of(write)


# --- keys --------------------------------------------------------------------------------------------------------


def test_a_new_key_signs_beside_the_old_until_that_is_retired(administrator):
    first = signed()
    new = rotate_key(reason="A year is over.", by=administrator, at=a.NOW)
    kind, told = recorded()
    assert (kind, told["verifier"], told["reason"]) == ("ledger.key_added", str(new), "A year is over.")
    both = verify(checkpoints.sign(a.NOW).note, checkpoints.verifier_keys())[1]
    assert len(both) == 2
    old = retire_key(by=administrator, at=a.NOW)
    assert recorded()[0] == "ledger.key_retired"
    assert set(both) == {old, new}
    assert verify(checkpoints.sign(a.NOW).note, checkpoints.verifier_keys())[1] == (new,)
    assert verify(first.note, checkpoints.verifier_keys())[1] == (old,)


def test_a_key_is_not_retired_before_both_have_signed(administrator):
    signed()
    assert conflict(lambda: retire_key(by=administrator, at=a.NOW)).code == "conflict"
    rotate_key(reason="A year is over.", by=administrator, at=a.NOW)
    assert "Sign one first" in conflict(lambda: retire_key(by=administrator, at=a.NOW)).messages[0]


def test_a_lost_key_is_replaced_on_record(settings, administrator):
    signed()
    Path(settings.LEDGER_KEY_FILE).unlink()
    write()
    with pytest.raises(ValidationError, match="rotate_ledger_key"):
        checkpoints.sign(a.NOW)
    Path(settings.LEDGER_KEY_FILE).unlink()
    new = rotate_key(reason="The old one was lost.", by=administrator, at=a.NOW)
    assert verify(checkpoints.sign(a.NOW).note, [new])[1] == (new,)


def test_a_key_of_the_environment_is_replaced_there(settings, administrator):
    settings.LEDGER_KEYS = ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
    refusal = conflict(lambda: rotate_key(reason="A year is over.", by=administrator, at=a.NOW))
    assert "LEDGER_KEY" in refusal.messages[0]


def test_a_key_is_not_replaced_without_a_reason(administrator):
    assert "reason" in conflict(lambda: rotate_key(reason=" ", by=administrator, at=a.NOW)).message_dict
    assert restore_guard.last_signed() is None
