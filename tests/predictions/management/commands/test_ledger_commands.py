"""The ledger as a whole, from the shell: sign, replace the key, go on after a loss."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from predictions import checkpoints
from predictions.exchange.signed_note import verify
from predictions.models import LedgerBreak, LedgerEntry, LogHead
from predictions.operations.accounts import command_line_account
from tests import builders as a
from tests.predictions.models.test_restore_guard import restored, signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path):
    settings.LEDGER_KEY_FILE = tmp_path / "ledger.key"


def run(*words, **named):
    out = StringIO()
    call_command(*words, stdout=out, **named)
    return out.getvalue()


def test_a_checkpoint_is_signed_and_printed():
    a.case()
    assert run("sign_checkpoint") == checkpoints.sign(a.NOW).note


def test_a_key_is_replaced_and_the_old_one_retired():
    first = run("sign_checkpoint")
    told = run("rotate_ledger_key", "--reason", "A year is over.")
    old, new = checkpoints.verifier_keys()
    assert str(new) in told
    assert set(verify(told.partition("\n")[2], [old, new])[1]) == {old, new}
    assert str(old) in run("rotate_ledger_key", "--retire")
    assert verify(first, [old, new])[1] == (old,)
    with pytest.raises(CommandError, match="One key signs alone"):
        run("rotate_ledger_key", "--retire")


def test_the_command_wants_a_reason_or_the_end_of_it():
    with pytest.raises(CommandError):
        run("rotate_ledger_key")
    with pytest.raises(CommandError, match="Say why"):
        run("rotate_ledger_key", "--reason", " ")


def test_a_ledger_that_lost_entries_goes_on_when_somebody_answers_for_it():
    command_line_account(at=a.NOW)
    lost = signed(5)
    restored(lost.size - 2)
    with pytest.raises(CommandError, match="resume_ledger"):
        run("sign_checkpoint")
    told = run("resume_ledger", "--reason", "The disk died.")
    assert f"Epoch 2 begins after {lost.size - 2} entries; {lost.size} were signed" in told
    assert verify(told.partition("\n")[2], checkpoints.verifier_keys())
    assert LedgerBreak.objects.get().reason == "The disk died."
    assert LedgerEntry.objects.first().payload.actor.username == "command-line"


def test_of_an_empty_database_an_administrator_is_named(administrator):
    lost = signed(1)
    restored(0)
    with pytest.raises(CommandError, match="--by"):
        run("resume_ledger", "--reason", "All is lost.")
    assert "Epoch 2 begins after 0 entries" in run("resume_ledger", "--reason", "All is lost.", "--by", "administrator")
    assert (LogHead.objects.get().epoch, lost.epoch) == (2, 1)


def test_nobody_else_and_no_whole_ledger_is_begun_anew(people):
    signed(1)
    with pytest.raises(CommandError, match="nothing to resume"):
        run("resume_ledger", "--reason", "So.", "--by", "administrator")
    restored(0)
    with pytest.raises(CommandError, match="roles"):
        run("resume_ledger", "--reason", "So.", "--by", "analyst")
