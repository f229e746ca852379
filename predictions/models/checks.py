"""What must hold of the database, asked by `manage.py check --database default` and by every `migrate`."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Tags, Warning, register
from django.db import connections

from predictions.models import guards

WAL_FAULT_ENDS = (3, 51, 3)
WAL_FAULT_MENDED_IN = {(3, 44): 6, (3, 50): 7}


@register(Tags.database)
def guards_stand(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    return [
        Warning(
            f"The guard {name} is missing: rows that must stay could be changed.",
            hint="Run manage.py migrate; it puts every guard back.",
            id="predictions.W001",
        )
        for alias in databases or ()
        for name in _missing_once_migrated(alias)
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
