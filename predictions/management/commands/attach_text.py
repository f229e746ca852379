import hashlib
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from predictions.management.lookup import one_source
from predictions.management.terminal import printable
from predictions.management.text_files import read_text
from predictions.models import Snapshot, Source, Standing
from predictions.operations.accounts import command_line_account
from predictions.operations.sources import attach_text


class Command(BaseCommand):
    help = "Keep a text of a source, and find its quotes in it; the first text must hold them all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="SOURCE", help="Its short name in the casebook, or its uuid.")
        parser.add_argument("file", type=Path, metavar="FILE", help="Plain text in UTF-8.")

    def handle(self, *args: Any, source: str, file: Path, **options: Any) -> None:
        at = timezone.now()
        user = command_line_account(at=at)
        chosen, text = one_source(source, user), read_text(file)
        digest = hashlib.sha256(text.encode()).hexdigest()
        snapshot = Snapshot.objects.filter(source=chosen, sha256=digest).first()
        if snapshot:
            self.stdout.write("This text is attached already; nothing was changed.")
        else:
            self._compare(chosen, digest)
            snapshot = _attached(chosen, text, by=user, at=at)
            self.stdout.write(self.style.SUCCESS(f"Attached to {printable(str(chosen))}."))
        self._tell(snapshot)

    def _compare(self, source: Source, digest: str) -> None:
        """Say how the text stands to the one the source's record speaks of."""
        if not source.text_sha256:
            return
        if source.text_sha256 == digest:
            self.stdout.write("It is the text whose SHA-256 is on record.")
        else:
            told = f"The record speaks of another text, of SHA-256 {source.text_sha256}."
            self.stdout.write(self.style.WARNING(f"{told} Its quotes are looked for in this one."))

    def _tell(self, snapshot: Snapshot) -> None:
        self.stdout.write(f"SHA-256  {snapshot.sha256}\nLength   {snapshot.length:,} characters")
        anchors = list(snapshot.anchors.select_related("quote").order_by("start"))
        self.stdout.write(f"Quotes   {len(anchors)}, by the characters they stand at (end exclusive):")
        for anchor in anchors:
            name = anchor.quote.external_id or "–"
            self.stdout.write(f"  {anchor.start:>9}–{anchor.end:<9} {printable(f'{name}: {anchor.quote}')}")
        lost = snapshot.standings.filter(standing=Standing.ORPHANED).select_related("quote").order_by("id")
        for standing in lost:
            name = f"{standing.quote.external_id or '–'}: {standing.quote}"
            self.stdout.write(self.style.WARNING(f"  not found again: {printable(name)}"))


def _attached(source: Source, text: str, **who_and_when: Any) -> Snapshot:
    try:
        return attach_text(source, text, **who_and_when)
    except ValidationError as fault:
        refusals = "\n".join(printable(message) for message in fault.messages)
        raise CommandError(f"Nothing was attached.\n{refusals}") from fault
