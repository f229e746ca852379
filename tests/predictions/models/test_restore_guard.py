"""A database that lacks what was signed takes no entry, signs nothing and says so: by the file outside of it."""

from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from predictions import checkpoints, record
from predictions.merkle import Frontier
from predictions.models import Checkpoint, LedgerEntry, LedgerPayload, LedgerTile, LogHead, guards, restore_guard
from predictions.models.bulk import as_uuid
from predictions.models.checks import ledger_is_whole
from tests import builders as a

pytestmark = pytest.mark.django_db


def write(count=1):
    said = [(as_uuid(UUID(int=k)), f'{{"n":{k}}}') for k in range(count)]
    record.append_many("test.made", said, case=None, by=a.a_person_with("analyst"), at=a.NOW)


def signed(count=1):
    write(count)
    return checkpoints.sign(a.NOW)


def restored(size):
    """The database as a backup of `size` entries would give it back."""
    guards.lift(connection)
    for model, key in ((LedgerPayload, "pk"), (LedgerEntry, "pk"), (Checkpoint, "size")):
        model._base_manager.filter(**{f"{key}__gte": size + (model is Checkpoint)})._raw_delete("default")
    LedgerTile._base_manager.filter(number__gte=size // 256)._raw_delete("default")
    leaves = LedgerEntry.objects.order_by("seq").values_list("leaf_hash", flat=True)
    tree = Frontier().extend(bytes(each) for each in leaves)
    LogHead.objects.update(next_seq=tree.size, frontier=bytes(tree))
    assert tree.size == size


def refusal_of(deed):
    entries = LedgerEntry.objects.count()
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        deed()
    assert LedgerEntry.objects.count() == entries
    assert refusal.value.code == "restored"
    return refusal.value.messages[0]


def problems():
    return [told.id for told in ledger_is_whole(databases=["default"])]


@pytest.mark.parametrize("deed", [write, lambda: signed(0), lambda: a.case(external_id="another")])
def test_an_older_copy_takes_no_entry_and_signs_nothing(deed):
    a.case()
    write(4)
    signed()
    restored(LedgerEntry.objects.count() - 1)
    told = refusal_of(deed)
    assert f"{LedgerEntry.objects.count() + 1} entries were signed" in told
    assert "resume_ledger" in told
    assert problems() == ["predictions.E001"]


def test_what_was_written_after_the_last_checkpoint_may_be_lost_unnoticed():
    """The guard remembers what was signed, no more: that is why signing is not left for long."""
    size = signed().size
    write(5)
    restored(size)
    write()
    assert problems() == []


def test_a_copy_that_went_another_way_is_refused_however_long_it_is():
    signed(3)
    guards.lift(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE predictions_ledgerentry SET leaf_hash = %s WHERE seq = 0", [bytes(32)])
    restore_guard._SEEN_WHOLE.clear()  # as in a process that has just begun
    tree = LogHead.objects.get().tree.append(bytes(32))
    LogHead.objects.update(next_seq=tree.size, frontier=bytes(tree))
    assert "are not those that were signed" in refusal_of(write)
    assert problems() == ["predictions.E001"]


def test_a_whole_ledger_is_asked_for_its_root_once_and_then_only_for_its_size(django_assert_num_queries):
    signed(2)
    write()
    restore_guard._SEEN_WHOLE.clear()
    head = LogHead.objects.get()
    with django_assert_num_queries(1):
        restore_guard.require_whole(head)
    with django_assert_num_queries(0):
        restore_guard.require_whole(head)


def test_another_process_that_signed_is_heard_of(settings):
    """The file is read anew when it changes."""
    first = signed(2)
    second = signed(2)
    assert restore_guard.last_signed().size == second.size
    restore_guard.remember(first.note)
    assert restore_guard.last_signed().size == first.size


@contextmanager
def signed_meanwhile():
    """Another writes and signs just after the head was read."""
    done = []

    def answer(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if "loghead" in sql and not done:
            done.append(True)
            signed()
        return result

    with connection.execute_wrapper(answer):
        yield
    assert done


def test_who_only_looks_is_not_alarmed_by_a_signature_made_meanwhile(settings):
    signed(2)
    with signed_meanwhile():
        assert problems() == []
    with signed_meanwhile():
        restore_guard.look()


def test_who_only_looks_moves_no_file(settings):
    note = signed(3).note
    restored(0)
    settings.DEBUG = True
    restore_guard.look()
    assert Path(settings.LEDGER_GUARD_FILE).read_text() == note


def test_without_a_file_nothing_is_known_and_the_check_says_so(settings):
    write()
    assert problems() == []
    checkpoints.sign(a.NOW)
    assert problems() == []
    Path(settings.LEDGER_GUARD_FILE).unlink()
    write()
    assert problems() == ["predictions.W003"]
    checkpoints.sign(a.NOW)
    assert problems() == []


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\xfe", b"forsooth\n1\n\n", b"other\n1\n"])
def test_a_file_that_cannot_be_read_closes_the_ledger(settings, content):
    write()
    Path(settings.LEDGER_GUARD_FILE).write_bytes(content)
    assert "guard file" in refusal_of(write)


def test_the_file_of_another_ledger_closes_this_one(settings):
    signed()
    settings.LEDGER_NAME = "example.org/other"
    assert "example.org/other" in refusal_of(write)


def test_on_a_real_site_an_empty_database_is_one_that_lost_everything(settings):
    note = signed(3).note
    restored(0)
    assert settings.DEBUG is False
    assert "holds 0" in refusal_of(write)
    assert Path(settings.LEDGER_GUARD_FILE).read_text() == note


def test_while_trying_out_an_empty_database_is_a_new_ledger(settings):
    note = signed(3).note
    restored(0)
    settings.DEBUG = True
    assert problems() == []
    write()
    path = Path(settings.LEDGER_GUARD_FILE)
    assert not path.exists()
    assert path.with_name(f"{path.name}.earlier").read_text() == note


def test_nothing_is_asked_where_there_are_no_tables_yet():
    assert ledger_is_whole(databases=None) == []
