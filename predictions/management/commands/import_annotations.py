from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from predictions.exchange.json_lines import LARGEST_BYTES
from predictions.management.lookup import one_source
from predictions.management.terminal import printable
from predictions.operations.accounts import command_line_account
from predictions.operations.annotations import import_annotations


class Command(BaseCommand):
    help = "Add the quotes of a file of W3C annotations to a source: all of them, or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="SOURCE", help="Its short name in the casebook, or its uuid.")
        parser.add_argument("file", type=Path, metavar="FILE", help="Web Annotation JSON-LD in UTF-8.")

    def handle(self, *args: Any, source: str, file: Path, **options: Any) -> None:
        at = timezone.now()
        user = command_line_account(at=at)
        chosen = one_source(source, user)
        try:
            with file.open("rb") as opened:
                content = opened.read(LARGEST_BYTES + 1)
        except OSError as fault:
            raise CommandError(f"{file} cannot be read: {fault.strerror}.") from fault
        try:
            found = import_annotations(chosen, content, by=user, at=at)
        except ValidationError as fault:
            faults = "\n".join(f"  {printable(message)}" for message in fault.messages)
            raise CommandError(f"Nothing was imported from {file}.\n{faults}") from fault
        self.stdout.write(self.style.SUCCESS(f"{printable(str(chosen))}: {found.added} added, {found.known} known."))
