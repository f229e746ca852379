"""The ledger's one pen: writes a row, what belongs to it, and the entry that says so, in one transaction."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts.events import Outcome, tell
from accounts.models import User
from predictions import merkle
from predictions.models import Case, LedgerEntry, LedgerPayload, LedgerTile, LogHead, Rationale, restore_guard
from predictions.models.bulk import as_time, as_uuid, save_together, write_rows
from predictions.models.rows import AppendOnly, Reasoned, Row
from predictions.models.times import iso_utc

OF_RIGHTS = ("role.", "account.", "token.", "case.member_", "payload.")
"""Kinds of entries that whoever guards the site hears of as well."""


def append(
    kind: str,
    payload: dict[str, Any],
    *,
    subject: UUID | None,
    case: Case | None,
    by: User,
    at: datetime,
    row: AppendOnly | None = None,
) -> LedgerEntry:
    """Add one entry to the ledger, and with it the new `row` that it records.

    Must run inside the transaction that writes what it speaks of.
    """
    head = _held_head(at)
    at = max(at, head.last_at or at)
    salt, text = secrets.token_bytes(merkle.SALT_LENGTH), merkle.canonical({**payload, "actor": str(by.uuid)})
    commit = merkle.commitment(text, salt)
    leaf = merkle.leaf(seq=head.next_seq, at=iso_utc(at), kind=kind, commit=commit, log=settings.LEDGER_NAME)
    entry = LedgerEntry(seq=head.next_seq, at=at, kind=kind, commit=commit, leaf=leaf, subject=subject)
    entry.leaf_hash = merkle.leaf_hash(leaf)
    _move(head, [entry.leaf_hash], at)
    committed = LedgerPayload(entry=entry, text=text.decode(), salt=salt, actor=by, case=case)
    if row is None:
        save_together(entry, committed, head)
    else:
        row.entry = entry
        save_together(entry, committed, head, row)
    if kind.startswith(OF_RIGHTS):
        transaction.on_commit(lambda: tell(kind, Outcome.OK, actor=by.uuid, subject=subject), robust=True)
    return entry


def _held_head(at: datetime) -> LogHead:
    if not connection.in_atomic_block:
        raise RuntimeError("A ledger entry is written in the transaction of what it records.")
    head = LogHead.held()
    if head is None:
        LogHead.objects.get_or_create(pk=1)
        head = LogHead.objects.select_for_update().get(pk=1)
    if head.outruns(at):
        tell("ledger.refused", Outcome.FAILED, reason="clock_behind")
        raise ValidationError("The server's clock runs behind its own ledger. Nothing was saved.", code="clock_behind")
    try:
        restore_guard.require_whole(head)
    except ValidationError:
        tell("ledger.refused", Outcome.FAILED, reason="restored")
        raise
    return head


def _move(head: LogHead, leaf_hashes: list[bytes], at: datetime) -> None:
    """Let `head`, which is yet to be saved, end after these leaves; what tiles they fill are kept."""
    tree, filled = head.tree.grow(leaf_hashes)
    for level, hashes in filled.items():
        first = (tree.size >> level * merkle.TILE_HEIGHT) - len(hashes)
        rows = ((level, number, each) for number, each in enumerate(hashes, first))
        write_rows(LedgerTile, ("level", "number", "hash"), rows)
    head.next_seq, head.frontier, head.last_at = tree.size, bytes(tree), at


Said = tuple[bytes | str, str]


class Sealed(NamedTuple):
    """Entries and payloads made ready for the places `seqs` of the ledger."""

    seqs: range
    at: datetime
    entries: list[tuple[Any, ...]]
    payloads: list[tuple[Any, ...]]
    common: tuple[dict[str, Any], dict[str, Any]]


def append_many(kind: str, said: Sequence[Said], *, case: Case | None, by: User, at: datetime) -> range:
    """Add one entry for each pair of a subject (by `as_uuid`) and a payload, spelled by `spelled` or a `form`.

    Returns their positions. Must run inside the transaction that writes what the entries speak of.
    """
    first, at = next_place(at)
    return append_sealed(seal(kind, said, first=first, case=case, by=by, at=at))


def next_place(at: datetime) -> tuple[int, datetime]:
    """Where the next entry will stand and the time it will bear; nobody else appends before this transaction ends."""
    head = _held_head(at)
    return head.next_seq, max(at, head.last_at or at)


def seal(kind: str, said: Sequence[Said], *, first: int, case: Case | None, by: User, at: datetime) -> Sealed:
    """Make entries ready for the places from `first` on. Asks nothing of the database, so that it may run aside."""
    salts = secrets.token_bytes(merkle.SALT_LENGTH * len(said))
    leaf = form({"at": iso_utc(at), "kind": kind, "log": settings.LEDGER_NAME, "v": 1}, {"commit", "seq"})
    entries, payloads = [], []
    for k, (subject, text) in enumerate(said):
        salt = salts[k * merkle.SALT_LENGTH : (k + 1) * merkle.SALT_LENGTH]
        commit = merkle.commitment(text.encode(), salt)
        content = (leaf % (f'"{commit}"', first + k)).encode()
        entries.append((first + k, commit, content, merkle.leaf_hash(content), subject))
        payloads.append((first + k, text, salt))
    common = {"at": as_time(at), "kind": kind}, {"actor_id": by.pk, "case_id": case and case.pk}
    return Sealed(range(first, first + len(said)), at, entries, payloads, common)


def append_sealed(sealed: Sealed) -> range:
    """Write what was made ready for the end of the ledger. Raises RuntimeError where that is no longer its end."""
    head = _held_head(sealed.at)
    if head.next_seq != sealed.seqs.start or (head.last_at and sealed.at < head.last_at):
        raise RuntimeError("The ledger does not end where these entries were to begin.")
    of_entries, of_payloads = sealed.common
    write_rows(LedgerEntry, ("seq", "commit", "leaf", "leaf_hash", "subject"), sealed.entries, common=of_entries)
    write_rows(LedgerPayload, ("entry_id", "text", "salt"), sealed.payloads, common=of_payloads)
    _move(head, [leaf_hash for _, _, _, leaf_hash, _ in sealed.entries], sealed.at)
    save_together(head)
    return sealed.seqs


def form(payload: dict[str, Any], blanks: Collection[str]) -> str:
    """What many payloads have in common: their canonical text with `%s` for the members named in `blanks`.

    Filled with canonical values in the order of the names, it is what `merkle.canonical` makes of the whole.
    """
    members = {name: _spelling({name: value})[1:-1].replace("%", "%%") for name, value in payload.items()}
    members |= {name: _spelling({name: 0})[1:-2].replace("%", "%%") + "%s" for name in blanks}
    return "{" + ",".join(members[name] for name in sorted(members)) + "}"


def _spelling(value: Any) -> str:
    return merkle.canonical(value).decode()


def keep(
    row: Row, kind: str, *, by: User, at: datetime, parts: Iterable[AppendOnly] = (), **details: Any
) -> LedgerEntry:
    """Write a new `row` and its `parts`, and the entry that records them all.

    The rows must have been found sound (`full_clean`). A rationale goes to its side table.
    """
    parts = list(parts)
    payload = _payload(row, parts, details)
    stays = row if isinstance(row, AppendOnly) else None
    if stays is None:
        row.save(force_insert=True)
    entry = append(kind, payload, subject=row.subject, case=row.dossier, by=by, at=at, row=stays)
    for part in parts:
        part.entry = entry
        part.save()
    if isinstance(row, Reasoned) and row.rationale:
        Rationale(entry=entry, text=row.rationale).save(force_insert=True)
    return entry


def spelled(row: Row, *, by: User, parts: Iterable[AppendOnly] = (), **details: Any) -> Said:
    """Subject and payload of a new row, for `append_many`: what `keep` would write of it."""
    payload = {**_payload(row, list(parts), details), "actor": str(by.uuid)}
    return as_uuid(row.subject), _spelling(payload)


def _payload(row: Row, parts: Sequence[AppendOnly], details: dict[str, Any]) -> dict[str, Any]:
    payload = {**row.logged(), **details}
    if parts:
        payload["parts"] = [{"table": part._meta.model_name, **part.logged()} for part in parts]
    return payload


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
