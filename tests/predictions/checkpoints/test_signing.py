"""A checkpoint says how many entries there are and what they are; none ever contradicts an earlier one."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from predictions import checkpoints, merkle, record
from predictions.exchange.signed_note import parse_checkpoint, verify
from predictions.models import Checkpoint, LedgerEntry, LogHead, guards, restore_guard
from predictions.models.bulk import as_uuid
from tests import builders as a

pytestmark = pytest.mark.django_db


def write(count=1):
    said = [(as_uuid(UUID(int=k)), f'{{"n":{k}}}') for k in range(count)]
    return record.append_many("test.made", said, case=None, by=a.a_person_with("analyst"), at=a.NOW)


def hashes():
    return [bytes(each) for each in LedgerEntry.objects.order_by("seq").values_list("leaf_hash", flat=True)]


def refused(deed=lambda: checkpoints.sign(a.NOW)):
    count = Checkpoint.objects.count()
    with pytest.raises(ValidationError) as refusal:
        deed()
    assert Checkpoint.objects.count() == count
    return refusal.value.code


def test_a_checkpoint_is_a_signed_note_of_the_whole_ledger(settings):
    write(300)
    made = checkpoints.sign(a.NOW)
    text, [key] = verify(made.note, checkpoints.verifier_keys())
    told, leaves = parse_checkpoint(text), hashes()
    assert (told.origin, told.size, told.root) == (settings.LEDGER_NAME, len(leaves), merkle.root(leaves))
    assert (made.size, bytes(made.root), made.signed_at) == (told.size, told.root, a.NOW)
    assert key.name == settings.LEDGER_NAME


def test_the_checkpoint_stands_in_a_file_outside_the_database_too(settings):
    write()
    made = checkpoints.sign(a.NOW)
    assert Path(settings.LEDGER_GUARD_FILE).read_text() == made.note


def test_an_empty_ledger_can_be_signed():
    made = checkpoints.sign(a.NOW)
    assert (made.size, bytes(made.root)) == (0, merkle.EMPTY_ROOT)


def test_what_is_signed_already_is_not_signed_again():
    write()
    first = checkpoints.sign(a.NOW)
    assert checkpoints.sign(a.NOW + timedelta(days=1)) == first
    write()
    assert checkpoints.sign(a.NOW + timedelta(days=1)) != first


def test_a_checkpoint_is_made_by_schedule_after_a_minute_or_256_entries():
    assert checkpoints.sign_due(at=a.NOW) is None
    write()
    assert checkpoints.sign_due(at=a.NOW).signed_at == a.NOW
    assert checkpoints.sign_due(at=a.NOW + timedelta(days=1)) is None
    write(255)
    assert checkpoints.sign_due(at=a.NOW + timedelta(seconds=59)) is None
    assert checkpoints.is_due(at=a.NOW + timedelta(seconds=60))
    write()
    size = LedgerEntry.objects.count()
    assert checkpoints.sign_due(at=a.NOW + timedelta(seconds=1)).size == size


@pytest.mark.django_db(transaction=True)
def test_nothing_is_signed_within_a_transaction_that_may_yet_be_undone():
    with transaction.atomic():
        write()
        with pytest.raises(RuntimeError, match="durable"):
            checkpoints.sign(a.NOW)
    assert not Checkpoint.objects.exists()


# --- what is not signed ------------------------------------------------------------------------------------------


def tampered(statement, *values):
    guards.lift(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_ledger_with_other_entries_than_were_signed_is_not_signed():
    write(3)
    checkpoints.sign(a.NOW)
    write(3)
    tampered("UPDATE predictions_ledgerentry SET leaf_hash = %s WHERE seq = 1", bytes(32))
    assert refused() == "ledger_broken"


def test_a_ledger_whose_head_tells_another_tree_is_not_signed(settings):
    write(2)
    checkpoints.sign(a.NOW)
    write(1)
    LogHead.objects.update(
        frontier=b"".join(map(merkle.leaf_hash, [b"a"] * LogHead.objects.get().next_seq.bit_count()))
    )
    assert refused() == "ledger_broken"


def test_without_the_file_the_checkpoints_of_the_database_are_not_contradicted_either(settings):
    write(3)
    checkpoints.sign(a.NOW)
    Path(settings.LEDGER_GUARD_FILE).unlink()
    LogHead.objects.update(next_seq=1, frontier=hashes()[0])
    assert refused() == "ledger_broken"


def test_a_file_that_cannot_be_written_leaves_nothing_signed(settings, tmp_path):
    note = checkpoints.sign(a.NOW).note
    settings.LEDGER_GUARD_FILE = tmp_path / "a file" / "guard"
    (tmp_path / "a file").write_text("")
    assert refused() == "restored"
    assert refused(lambda: restore_guard.remember(note)) == "ledger_broken"


def test_signing_proves_what_was_signed_before_in_few_questions(django_assert_max_num_queries):
    for _ in range(2):
        write(300)
        with django_assert_max_num_queries(16):
            checkpoints.sign(a.NOW)
    assert restore_guard.last_signed().size == LedgerEntry.objects.count()
