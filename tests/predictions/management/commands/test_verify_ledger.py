"""`manage.py verify_ledger`."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from predictions.models import Forecast, LedgerEntry, LogHead, guards
from tests import builders as a
from tests.unguarded import lift, unguarded

pytestmark = pytest.mark.django_db


def told(*args):
    """What it says, and its exit status."""
    out = StringIO()
    try:
        call_command("verify_ledger", *args, stdout=out, stderr=StringIO())
    except SystemExit as ended:
        return " ".join(out.getvalue().split()), ended.code
    return " ".join(out.getvalue().split()), 0


def test_a_whole_ledger_is_told_with_its_root_and_ends_with_status_0():
    a.forecast()
    words, status = told()
    assert status == 0
    assert f"{LedgerEntry.objects.count()} entries and" in words
    assert f"Root: {LogHead.objects.get().tree.root.hex()}" in words
    assert "Everything is as it was logged." in words


def test_the_first_fault_is_named_and_every_kind_counted_with_status_1():
    forecast = a.forecast()
    lift()
    Forecast._base_manager.update(probability=0.9)
    words, status = told()
    assert status == 1
    assert (
        f"First fault: entry {forecast.entry_id} (forecast.created): of the forecast {forecast.uuid} p is “0.9”"
        in words
    )
    assert "and the ledger says “0.7”" in words
    assert "row: 1" in words
    assert f"guard: {len(guards.missing(connection))}" in words


def test_fast_reads_no_row():
    a.forecast()
    with unguarded():
        Forecast._base_manager.update(probability=0.9)
    words, status = told("--fast")
    assert (status, "and 0 rows" in words) == (0, True)
    assert "Hashes, order, root, checkpoints and guards are whole" in words


def test_what_was_erased_is_counted():
    a.erasure(a.evidence())
    words, status = told()
    assert status == 0
    assert "1 erased: their proof stands, their content cannot be compared." in words
