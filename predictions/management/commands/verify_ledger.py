import sys
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from predictions.management.collector import rested_collector
from predictions.management.terminal import paragraph, terminal_width
from predictions.queries.verification import Findings, verify

EVERY_SECONDS = 2
AS_LOGGED = "Everything is as it was logged."
WHOLE = "Hashes, order, root, checkpoints and guards are whole. No row was compared."


class Command(BaseCommand):
    help = (
        "Go through the whole ledger and every row that it recorded, and tell what is not as it must be. "
        "Ends with exit status 1 on any fault."
    )
    requires_system_checks: list[str] = []  # it tells itself what is missing

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fast", action="store_true", help="Hashes, order, root, checkpoints and guards alone; no row is read."
        )

    def handle(self, *args: Any, fast: bool, **options: Any) -> None:
        began = self._told = monotonic()
        with rested_collector():
            findings = verify(fast=fast, progress=self._tell_progress)
        self._tell(findings, monotonic() - began, fast=fast)
        if not findings.is_sound:
            sys.exit(1)

    def _tell_progress(self, step: str, count: int) -> None:
        if monotonic() - self._told >= EVERY_SECONDS:
            self._told = monotonic()
            self.stderr.write(f"  {count:,} entries: {step}")

    def _tell(self, findings: Findings, seconds: float, *, fast: bool) -> None:
        pace = f"{findings.entries / max(seconds, 0.001):,.0f} a second"
        self._say(f"{findings.entries:,} entries and {findings.rows:,} rows in {seconds:.1f} s, {pace}.")
        self._say(f"Root: {findings.root.hex()}")
        if findings.erased:
            self._say(f"{findings.erased:,} erased: their proof stands, their content cannot be compared.")
        for note in findings.notes:
            self._say(note)
        if findings.first is None:
            self._say(WHOLE if fast else AS_LOGGED, self.style.SUCCESS)
            return
        self._say(f"First fault: {findings.first.words}.", self.style.ERROR)
        for kind, number in sorted(findings.counts.items()):
            self._say(f"{kind}: {number:,}", self.style.ERROR)
            for fault in findings.told[kind]:
                self._say(f"  {fault.words}")

    def _say(self, words: str, style: Any = str) -> None:
        self.stdout.write(style(paragraph(words, terminal_width())))
