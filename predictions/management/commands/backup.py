import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from predictions.models import guards

ON_POSTGRES = "PostgreSQL is copied by its own tool: pg_dump --format=custom --file={file} (DATABASE_URL says of what)."


class Command(BaseCommand):
    help = (
        "Copy the SQLite database to FILE while the site runs, and check the copy. Copying the file itself (cp) can "
        "tear it, and leaves out what stands in its -wal file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="Where to; nothing may be there yet.")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(ON_POSTGRES.format(file=file))
        if file.exists():
            raise CommandError(f"{file} is there already. Name another file.")
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}.")
        unfinished = file.with_name(f"{file.name}.unfinished")
        try:
            count = _copied(unfinished)
        except sqlite3.Error as fault:
            unfinished.unlink(missing_ok=True)
            raise CommandError(f"Nothing was copied: {fault}.") from fault
        unfinished.rename(file)  # what bears the name is whole
        self.stdout.write(self.style.SUCCESS(f"{file} holds {count:,} ledger entries and every guard."))


def _copied(file: Path) -> int:
    """Copy, check, and have it on the disk for good; the number of its ledger entries."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        count = _entries_once_checked(copy)
    with file.open("rb") as written:
        os.fsync(written.fileno())
    return count


def _entries_once_checked(copy: sqlite3.Connection) -> int:
    (fault,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if fault != "ok":
        raise CommandError(f"The copy is damaged, and so may be the database: {fault}")
    standing = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    if missing := sorted(guards.triggers(connection).keys() - standing):
        raise CommandError(f"The copy lacks guards ({', '.join(missing)}). Run manage.py migrate, then copy again.")
    (count,) = copy.execute("SELECT count(*) FROM predictions_ledgerentry").fetchone()
    return int(count)
