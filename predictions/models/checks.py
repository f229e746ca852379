"""What must hold of the database, asked by `manage.py check --database default` and by every `migrate`."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections

from accounts.events import Outcome, tell
from predictions.models import guards, restore_guard
from predictions.models.checkpoint import Checkpoint, LedgerKey

WAL_FAULT_ENDS = (3, 51, 3)
WAL_FAULT_MENDED_IN = {(3, 44): 6, (3, 50): 7}


@register(Tags.database)
def guards_stand(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    missing = [name for alias in databases or () for name in _missing_once_migrated(alias)]
    for name in missing:
        tell("guard.missing", Outcome.FAILED, guard=name.lower())
    return [
        Warning(
            f"The guard {name} is missing: rows that must stay could be changed.",
            hint="Run manage.py migrate; it puts every guard back.",
            id="predictions.W001",
        )
        for name in missing
    ]


def _missing_once_migrated(alias: str) -> list[str]:
    connection = connections[alias]
    tables = connection.introspection.table_names()
    return guards.missing(connection) if "predictions_ledgerentry" in tables else []


def has_wal_fault(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite can, rarely, lose commits in WAL mode with two connections (sqlite.org/wal.html)."""
    if version >= WAL_FAULT_ENDS:
        return False
    return version[2] < WAL_FAULT_MENDED_IN.get(version[:2], version[2] + 1)


@register(Tags.database)
def sqlite_is_sound(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    uses_sqlite = any(connections[alias].vendor == "sqlite" for alias in databases or ())
    if not uses_sqlite or not has_wal_fault(sqlite3.sqlite_version_info):
        return []
    return [
        Info(
            f"SQLite {sqlite3.sqlite_version} can, rarely, lose commits when two processes write.",
            hint="Use SQLite 3.51.3 or newer, or PostgreSQL, before several people write at once.",
            id="predictions.I001",
        )
    ]


@register(Tags.database)
def ledger_is_whole(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """No entry is missing that was signed: the database is not an older copy of itself."""
    if DEFAULT_DB_ALIAS not in (databases or ()) or not _has_tree():
        return []
    try:
        restore_guard.look()
    except ValidationError as refusal:
        hint = "Where the database must be migrated before that, manage.py migrate --skip-checks does it."
        return [Error(" ".join(refusal.messages), hint=hint, id="predictions.E001")]
    return _guard_file_is_there()


def _has_tree() -> bool:
    """Not so in the midst of the migrations that make it."""
    connection = connections[DEFAULT_DB_ALIAS]
    return LedgerKey._meta.db_table in connection.introspection.table_names()


def _guard_file_is_there() -> list[CheckMessage]:
    if restore_guard.last_signed() is not None or not Checkpoint.objects.exists():
        return []
    return [
        Warning(
            f"The ledger was signed, and its guard file {settings.LEDGER_GUARD_FILE} is missing.",
            hint="Put it back from its backup: without it nobody notices a database restored from an older backup. "
            "The next checkpoint makes it anew.",
            id="predictions.W003",
        )
    ]


@register(Tags.security)
def captures_stay_outside(**_: Any) -> list[CheckMessage]:
    """Whoever may capture could read what answers at these places inside."""
    return [
        Warning(
            f"Captures may reach {ip}:{port}, an address inside.",
            hint="Unset CAPTURE_ALLOW_ENDPOINTS, unless this is a test or an archive of your own.",
            id="predictions.W002",
        )
        for ip, port in sorted(settings.CAPTURE_ALLOW_ENDPOINTS)
    ]
