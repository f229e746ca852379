"""The ledger's one pen: writes a row, what belongs to it, and the entry that says so, in one transaction."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import User
from predictions import merkle
from predictions.models import Case, LedgerEntry, LedgerPayload, LogHead, Rationale
from predictions.models.rows import AppendOnly, Reasoned, Row
from predictions.models.times import iso_utc

LARGEST_STEP_BACK = timedelta(seconds=60)


def append(
    kind: str, payload: dict[str, Any], *, subject: UUID | None, case: Case | None, by: User, at: datetime
) -> LedgerEntry:
    """Add one entry to the ledger. Must run inside the transaction that writes what it speaks of."""
    if not connection.in_atomic_block:
        raise RuntimeError("A ledger entry is written in the transaction of what it records.")
    head = _held_head(at)
    at = max(at, head.last_at or at)
    salt, text = secrets.token_bytes(merkle.SALT_LENGTH), merkle.canonical({**payload, "actor": str(by.uuid)})
    commit = merkle.commitment(text, salt)
    leaf = merkle.leaf(seq=head.next_seq, at=iso_utc(at), kind=kind, commit=commit, log=settings.LEDGER_NAME)
    entry = LedgerEntry(seq=head.next_seq, at=at, kind=kind, commit=commit, leaf=leaf, subject=subject)
    entry.leaf_hash = merkle.leaf_hash(leaf)
    entry.save(force_insert=True)
    LedgerPayload(entry=entry, text=text.decode(), salt=salt, actor=by, case=case).save(force_insert=True)
    head.next_seq, head.last_at = head.next_seq + 1, at
    head.save()
    return entry


def _held_head(at: datetime) -> LogHead:
    LogHead.objects.get_or_create(pk=1)
    head = LogHead.objects.select_for_update().get(pk=1)
    if head.last_at and at < head.last_at - LARGEST_STEP_BACK:
        raise ValidationError("The server's clock runs behind its own ledger. Nothing was saved.", code="clock_behind")
    return head


def keep(
    row: Row, kind: str, *, by: User, at: datetime, parts: Iterable[AppendOnly] = (), **details: Any
) -> LedgerEntry:
    """Write a new `row` and its `parts`, and the entry that records them all.

    The rows must have been found sound (`full_clean`). A rationale goes to its side table.
    """
    parts = list(parts)
    payload = {**row.logged(), **details}
    if parts:
        payload["parts"] = [{"table": part._meta.model_name, **part.logged()} for part in parts]
    rows: list[Any] = [row, *parts]
    if not isinstance(row, AppendOnly):
        rows.pop(0).save(force_insert=True)
    entry = append(kind, payload, subject=row.subject, case=row.dossier, by=by, at=at)
    for each in rows:
        each.entry = entry
        each.save()
    if isinstance(row, Reasoned) and row.rationale:
        Rationale(entry=entry, text=row.rationale).save(force_insert=True)
    return entry


def amend(row: Row, kind: str, *, by: User, at: datetime, **details: Any) -> LedgerEntry | None:
    """Write the changed fields of a changeable `row`, each with its old and new value; None where nothing changed.

    The stored row must be held. What the row at hand does not log is left as it stands there.
    """
    before, now = type(row)._default_manager.get(pk=row.pk).logged(), row.logged()
    changes = {name: [before[name], now[name]] for name in now if before[name] != now[name]}
    if not changes:
        return None
    payload = {"uuid": str(row.uuid), "changes": changes, **details}
    entry = append(kind, payload, subject=row.subject, case=row.dossier, by=by, at=at)
    row.save(update_fields=list(changes))
    return entry
