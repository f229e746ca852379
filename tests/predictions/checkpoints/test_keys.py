"""Keys are made once, read by nobody else, replaced with two signatures, and never forgotten."""

import base64
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from predictions import checkpoints, record
from predictions.checkpoints import keys
from predictions.exchange.signed_note import NoteFault, verify
from predictions.models import LedgerKey
from tests import builders as a

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key_file(settings, tmp_path):
    settings.LEDGER_KEYS, settings.LEDGER_KEY_FILE = [], tmp_path / "var" / "ledger.key"
    return settings.LEDGER_KEY_FILE


def spelt(number):
    return base64.b64encode(bytes([number]) * 32).decode()


def write():
    record.append("test.made", {}, subject=None, case=None, by=a.a_person_with("analyst"), at=a.NOW)


def signed():
    write()
    return checkpoints.sign(a.NOW).note


def refused(deed=checkpoints.sign):
    with pytest.raises(ValidationError) as refusal:
        deed(a.NOW)
    assert refusal.value.code == "ledger_key"
    return refusal.value.messages[0]


def test_the_key_is_made_at_first_use_and_only_we_may_read_it(key_file):
    note = signed()
    assert key_file.stat().st_mode & 0o777 == 0o400
    assert len(base64.b64decode(key_file.read_text())) == 32
    assert [each.name for each in key_file.parent.iterdir()] == [key_file.name]
    verify(note, checkpoints.verifier_keys())


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644, 0o600 | 0o020])
def test_a_key_that_others_may_read_or_write_is_refused(key_file, mode):
    signed()
    key_file.chmod(mode)
    write()
    assert "chmod 400" in refused()


@pytest.mark.parametrize("content", ["", "short", spelt(1)[:-4], spelt(1) + "AAAA", "é" * 44])
def test_a_file_that_holds_no_key_is_refused(key_file, content):
    key_file.parent.mkdir()
    key_file.write_text(content)
    key_file.chmod(0o400)
    refused()


def test_a_key_may_come_from_the_environment(settings, key_file):
    settings.LEDGER_KEYS = [spelt(1)]
    signed()
    assert not key_file.exists()
    assert LedgerKey.objects.get().key.public == keys.signing_keys()[0].public_key().public_bytes_raw()


def test_two_keys_sign_while_one_takes_over_and_the_old_one_stays_known(settings):
    settings.LEDGER_KEYS = [spelt(1)]
    first = signed()
    settings.LEDGER_KEYS = [spelt(2), spelt(1)]
    between = signed()
    settings.LEDGER_KEYS = [spelt(2)]
    last = signed()
    old, new = checkpoints.verifier_keys()
    assert verify(first, [old, new])[1] == (old,)
    assert set(verify(between, [old, new])[1]) == {old, new}
    assert verify(between, [old])[1] == (old,)  # whoever knows the old key alone still believes it
    assert verify(last, [old, new])[1] == (new,)
    with pytest.raises(NoteFault):
        verify(last, [old])


def test_the_same_ledger_is_signed_again_when_a_key_joins(settings):
    settings.LEDGER_KEYS = [spelt(1)]
    first = checkpoints.sign(a.NOW)
    settings.LEDGER_KEYS = [spelt(2), spelt(1)]
    second = checkpoints.sign(a.NOW)
    assert (first.size, bytes(first.root)) == (second.size, bytes(second.root))
    assert first != second
    assert checkpoints.sign(a.NOW) == second


def test_a_key_that_nobody_vouches_for_does_not_sign(settings):
    """A lost key file, made anew, would go unnoticed by us and by nobody else."""
    settings.LEDGER_KEYS = [spelt(1)]
    signed()
    known = checkpoints.verifier_keys()
    settings.LEDGER_KEYS = [spelt(2)]
    write()
    assert known[0].id.hex() in refused()
    assert checkpoints.verifier_keys() == known


def test_no_key_is_ever_in_the_database_or_in_a_refusal(settings):
    settings.LEDGER_KEYS = [spelt(1), "nonsense"]
    assert spelt(1) not in refused()
    settings.LEDGER_KEYS = [spelt(1)]
    assert spelt(1) not in signed()
    assert all(spelt(1) not in row.verifier for row in LedgerKey.objects.all())


def test_a_folder_that_cannot_be_written_is_told(settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.LEDGER_KEY_FILE = Path(tmp_path / "file" / "ledger.key")
    assert "ledger.key" in refused()
