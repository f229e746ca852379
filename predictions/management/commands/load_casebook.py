from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from predictions.exchange.casebook import MAX_BYTES, Casebook, CasebookFaults, parse_casebook
from predictions.operations.accounts import command_line_account
from predictions.operations.casebooks import Loading, load_casebook


class Command(BaseCommand):
    help = "Load a casebook: all of it, or nothing. What is recorded already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="A YAML file as described in the README.")
        parser.add_argument("--dry-run", action="store_true", help="Check everything, write nothing.")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        at = timezone.now()
        try:
            book = read_casebook(file)
            loading = load_casebook(
                book, by=command_line_account(at=at), at=at, dry_run=dry_run, progress=self._tell_progress
            )
        except CasebookFaults as faults:
            raise CommandError(f"{file} was not loaded:\n{faults}") from faults
        self._tell(loading, dry_run=dry_run)

    def _tell_progress(self, step: str, count: int) -> None:
        self.stdout.write(f"  {step}: {count}")

    def _tell(self, loading: Loading, *, dry_run: bool) -> None:
        for notice in loading.notices:
            self.stdout.write(self.style.WARNING(notice))
        made = ", ".join(f"{section} {count}" for section, count in loading.created.items())
        if dry_run:
            self.stdout.write(f"Dry run, nothing was written. It would create: {made or 'nothing'}.")
        else:
            self.stdout.write(self.style.SUCCESS(f"Created: {made}." if made else "Everything is recorded already."))


def read_casebook(file: Path) -> Casebook:
    """Read and check a casebook file. Raises CasebookFaults for its faults, CommandError if it cannot be read."""
    try:
        with file.open("rb") as opened:
            return parse_casebook(opened.read(MAX_BYTES + 1))
    except OSError as fault:
        raise CommandError(f"{file} cannot be read: {fault.strerror}.") from fault
