"""Rows written past the ORM are the rows that the ORM would have written."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.models import Forecaster, LedgerEntry, LogHead, Rationale, Source
from predictions.models.bulk import as_time, as_times, as_uuid, room_to_write, write_instances, write_rows
from tests import builders as a

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 5_203])
def test_every_row_is_written_once_in_order(count):
    names = [f"Forecaster “{k}”\t\\N" for k in range(count)]
    rows = ((as_uuid(uuid4()), name, "outlet", "", None) for name in names)
    write_rows(Forecaster, ("uuid", "name", "kind", "description", "account_id"), rows)
    assert list(Forecaster.objects.order_by("pk").values_list("name", flat=True)) == names


def test_what_all_rows_have_in_common_is_said_once():
    rows = [(as_uuid(uuid4()), name) for name in ("Ann", "Bo")]
    write_rows(Forecaster, ("uuid", "name"), rows, common={"kind": "outlet", "description": "“d”"})
    assert set(Forecaster.objects.values_list("name", "kind", "description")) == {
        ("Ann", "outlet", "“d”"),
        ("Bo", "outlet", "“d”"),
    }


def test_instances_are_written_as_the_orm_writes_them():
    case = a.case()
    one, other = (
        Source(case=case, title="T", external_id=name, published_at=datetime(2020, 1, 1, 0, 0, 0, 5, UTC))
        for name in ("one", "other")
    )
    one.save()
    write_instances(Source, [other])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {Source._meta.db_table} ORDER BY id")
        names = [column[0] for column in cursor.description]
        kept = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    own = {"id", "uuid", "external_id"}
    assert [{k: v for k, v in row.items() if k not in own} for row in kept[:1]] == [
        {k: v for k, v in row.items() if k not in own} for row in kept[1:]
    ]


@settings(max_examples=60, deadline=None)
@given(st.integers(-(10**16), 3 * 10**16))
def test_a_time_is_written_as_the_orm_writes_it(us):
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
    LogHead.objects.all().delete()
    write_rows(LogHead, ("id", "next_seq", "last_at"), [(1, 0, as_time(moment))])
    assert LogHead.objects.get().last_at == moment
    assert as_times(np.array([us])) == [as_time(moment)]
    if connection.vendor == "sqlite":
        assert as_time(moment) == connection.ops.adapt_datetimefield_value(moment)


def test_numbers_are_numbers():
    write_rows(LogHead, ("id", "next_seq"), [(1, 2**53)])
    assert LogHead.objects.get().next_seq == 2**53


def test_constraints_and_guards_hold():
    with pytest.raises(IntegrityError), transaction.atomic():
        write_rows(LogHead, ("id", "next_seq"), [(2, 0)])
    entry = a.forecast(rationale="Clouds.").entry
    with pytest.raises(DatabaseError), transaction.atomic():
        write_rows(Rationale, ("entry_id", "text"), [(entry.pk, "Sun.")])
    with pytest.raises(DatabaseError), transaction.atomic():
        write_rows(
            LedgerEntry, ("seq", "at", "kind", "commit", "leaf", "leaf_hash"), [(0, as_time(a.NOW), "", "", b"", b"")]
        )
    assert Rationale.objects.get().text == "Clouds."


def test_room_is_given_back():
    def pages():
        with connection.cursor() as cursor:
            return cursor.execute("PRAGMA cache_size").fetchone()[0]

    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own setting")
    before = pages()
    with room_to_write():
        assert pages() != before
    assert pages() == before
