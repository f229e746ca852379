from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from predictions.exchange.casebook import MAX_BYTES, Casebook, CasebookFaults, parse_casebook
from predictions.operations.accounts import command_line_account
from predictions.operations.casebook_loading import Judges, Loading
from predictions.operations.casebooks import load_casebook


class Command(BaseCommand):
    help = "Load a casebook: all of it, or nothing. What is recorded already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="A YAML file as described in the README.")
        parser.add_argument(
            "--admit", nargs="+", default=[], metavar="NAME", help="Who sees the case if it is private."
        )
        parser.add_argument(
            "--resolver",
            action="append",
            default=[],
            metavar="NAME=USERNAME",
            help="Whose verdicts those of a resolver of the file are; once for each.",
        )
        parser.add_argument("--adjudicator", metavar="USERNAME", help="Who asks the resolvers, and decides.")
        parser.add_argument("--dry-run", action="store_true", help="Check everything, write nothing.")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        at = timezone.now()
        try:
            book = read_casebook(file)
            people: dict[str, Any] = {
                "admit": [person_named(name) for name in options["admit"]],
                "judges": judges_named(options["resolver"], options["adjudicator"]),
            }
            shell, tell = command_line_account(at=at), self._tell_progress
            loading = load_casebook(book, by=shell, at=at, **people, dry_run=dry_run, progress=tell)
        except CasebookFaults as faults:
            raise CommandError(f"{file} was not loaded:\n{faults}") from faults
        except PermissionDenied as refusal:
            raise CommandError(
                f"{file} was not loaded: the case is private, and not open to the command line."
            ) from refusal
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
            differing = f" Where the file differs, the record was left as it is: {len(loading.notices)}."
            told = f"Created: {made}." if made else "Everything is recorded already."
            self.stdout.write(self.style.SUCCESS(told + (differing if loading.notices else "")))


def judges_named(resolvers: list[str], adjudicator: str | None) -> Judges:
    """The accounts that judge, of `NAME=USERNAME` for each resolver of the file."""
    named = {}
    for pair in resolvers:
        name, equals, username = pair.partition("=")
        if not equals:
            raise CommandError(f"Write --resolver NAME=USERNAME, with the name in the file, not “{pair}”.")
        named[name] = person_named(username)
    return Judges(named, person_named(adjudicator) if adjudicator else None)


def person_named(name: str) -> User:
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist as fault:
        raise CommandError(f"There is no account “{name}”.") from fault


def read_casebook(file: Path) -> Casebook:
    """Read and check a casebook file. Raises CasebookFaults for its faults, CommandError if it cannot be read."""
    try:
        with file.open("rb") as opened:
            return parse_casebook(opened.read(MAX_BYTES + 1))
    except OSError as fault:
        raise CommandError(f"{file} cannot be read: {fault.strerror}.") from fault
