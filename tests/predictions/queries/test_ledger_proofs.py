"""Proofs from the ledger's rows are those of the tree over its leaves, and a row that is missing is told."""

from importlib import import_module
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from predictions import merkle, record
from predictions.models import LedgerEntry, LedgerTile, LogHead
from predictions.models.bulk import as_time, as_uuid, write_rows
from predictions.queries import ledger_proofs
from tests import builders as a
from tests.unguarded import unguarded

MANY = 66_000  # more than a tile of tiles
migration = import_module("predictions.migrations.0016_ledger_is_a_tree")

pytestmark = pytest.mark.django_db


def said(count):
    return [(as_uuid(UUID(int=k)), f'{{"n":{k}}}') for k in range(count)]


def leaves():
    return [bytes(each) for each in LedgerEntry.objects.order_by("seq").values_list("leaf_hash", flat=True)]


def tiles():
    found = LedgerTile.objects.order_by("level", "number").values_list("level", "number", "hash")
    return [(level, number, bytes(content)) for level, number, content in found]


def a_ledger_of(count):
    """As it stood before there was a tree over it: its entries alone."""
    rows = ((k, "ab" * 32, b"leaf", merkle.leaf_hash(str(k).encode()), None) for k in range(count))
    common = {"at": as_time(a.NOW), "kind": "test.made"}
    write_rows(LedgerEntry, ("seq", "commit", "leaf", "leaf_hash", "subject"), rows, common=common)
    LogHead.objects.update_or_create(pk=1, defaults={"next_seq": count, "last_at": a.NOW, "frontier": b""})


def migrate():
    migration.grow(apps, SimpleNamespace(connection=connection))


def test_whatever_the_batches_the_head_holds_the_tree_over_all_leaves():
    by = a.a_person_with("analyst")
    for count in (1, 254, 1, 0, 258, 3):
        record.append_many("test.made", said(count), case=None, by=by, at=a.NOW)
    record.append("test.made", {}, subject=None, case=None, by=by, at=a.NOW)
    head, hashes = LogHead.objects.get(), leaves()
    assert (head.next_seq, head.tree.root) == (len(hashes), merkle.root(hashes))
    assert tiles() == [(1, k, merkle.root(hashes[k * 256 : (k + 1) * 256])) for k in range(len(hashes) // 256)]


def test_a_tile_is_kept_by_the_very_entry_that_fills_it():
    by = a.a_person_with("analyst")
    missing = 255 - LedgerEntry.objects.count()
    record.append_many("test.made", said(missing), case=None, by=by, at=a.NOW)
    assert tiles() == []
    record.append("test.made", {}, subject=None, case=None, by=by, at=a.NOW)
    assert tiles() == [(1, 0, merkle.root(leaves()))]


def test_an_entry_that_fails_moves_no_frontier():
    by = a.a_person_with("analyst")
    record.append("test.made", {}, subject=None, case=None, by=by, at=a.NOW)
    before = LogHead.objects.get()
    with transaction.atomic():
        record.append_many("test.made", said(300), case=None, by=by, at=a.NOW)
        assert LogHead.objects.get().next_seq == before.next_seq + 300
        transaction.set_rollback(True)
    head = LogHead.objects.get()
    assert (head.next_seq, bytes(head.frontier), tiles()) == (before.next_seq, bytes(before.frontier), [])


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 1000])
def test_a_ledger_from_before_gets_its_tree(count):
    a_ledger_of(count)
    migrate()
    assert LogHead.objects.get().tree.root == ledger_proofs.root_at(count) == merkle.root(leaves())
    assert len(tiles()) == count // 256


def test_a_new_site_without_a_ledger_needs_none():
    migrate()
    assert not LogHead.objects.exists()


def test_a_ledger_that_lacks_entries_gets_no_tree():
    a_ledger_of(5)
    LogHead.objects.update(next_seq=6)
    with pytest.raises(RuntimeError, match="lacks entries"):
        migrate()


@pytest.fixture
def thousand():
    a_ledger_of(1000)
    migrate()
    return merkle.over(leaves())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 1000), st.data())
def test_proofs_are_those_of_the_tree_over_all_leaves(thousand, size, data):
    seq, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    assert ledger_proofs.root_at(size) == thousand(0, size)
    assert ledger_proofs.inclusion(seq, size) == merkle.inclusion_proof(seq, size, thousand)
    assert ledger_proofs.consistency(old, size) == merkle.consistency_proof(old, size, thousand)


def test_proofs_about_a_large_ledger_ask_three_questions_each(django_assert_num_queries):
    a_ledger_of(MANY)
    migrate()
    over = merkle.over(leaves())
    root = LogHead.objects.get().tree.root
    assert root == over(0, MANY)
    for place in (0, 255, 256, 65_535, 65_536, 65_999):
        with django_assert_num_queries(3):
            proof = ledger_proofs.inclusion(place, MANY)
        assert merkle.verify_inclusion(place, MANY, over(place, place + 1), proof, root)
        with django_assert_num_queries(3):
            proof = ledger_proofs.consistency(place + 1, MANY)
        assert merkle.verify_consistency(place + 1, MANY, proof, over(0, place + 1), root)
        with django_assert_num_queries(1 if place < 255 else 2 if place < 65_535 else 3):
            assert ledger_proofs.root_at(place + 1) == over(0, place + 1)


def test_the_empty_ledger_has_the_empty_root():
    assert ledger_proofs.root_at(0) == merkle.EMPTY_ROOT
    assert ledger_proofs.consistency(0, 0) == []


def test_more_than_there_is_cannot_be_proved(thousand):
    for ask in (lambda: ledger_proofs.root_at(1001), lambda: ledger_proofs.inclusion(3, 1001)):
        with pytest.raises(ValidationError) as refusal:
            ask()
        assert refusal.value.code == "ledger_broken"
    with pytest.raises(ValueError, match="none of number"):
        ledger_proofs.inclusion(1000, 1000)


@pytest.mark.parametrize(
    ("model", "where"), [(LedgerEntry, {"seq": 998}), (LedgerTile, {"number": 1})], ids=["entry", "tile"]
)
def test_a_row_that_is_missing_is_told_by_its_place(thousand, model, where):
    with unguarded():
        model._base_manager.filter(**where)._raw_delete("default")
        with pytest.raises(ValidationError, match=r"Of the entries \d+ to \d+ the ledger holds not all"):
            ledger_proofs.inclusion(3, 1000)
