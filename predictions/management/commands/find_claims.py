import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from predictions.language.claim_rules import RULES, UnknownLanguage
from predictions.language.claims import Claim, find_claims
from predictions.management.terminal import paragraph, terminal_width
from predictions.management.text_files import read_text

KINDS = {"forecast": "Forecast", "conditional": "Conditional", "reported": "Reported", "call_to_act": "Call to act"}


class Command(BaseCommand):
    help = "Print the sentences of a text that foretell something, the firmest first, each with the words that show it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="Plain text in UTF-8.")
        parser.add_argument("--language", default="en", help=f"Whose rules to read by: {', '.join(RULES)}.")
        parser.add_argument("--json", action="store_true", dest="as_json", help="All of it, for another program.")

    def handle(self, *args: Any, file: Path, language: str, as_json: bool, **options: Any) -> None:
        text = read_text(file)
        if not text.strip("\ufeff \t\r\n"):
            raise CommandError(f"{file} is empty: there is no sentence to read.")
        try:
            claims = find_claims(text, language)
        except UnknownLanguage as fault:
            raise CommandError(str(fault)) from fault
        if as_json:
            self.stdout.write(json.dumps([asdict(claim) for claim in claims], ensure_ascii=False, indent=2))
        else:
            self._tell(claims)

    def _tell(self, claims: tuple[Claim, ...]) -> None:
        width = terminal_width()
        for rank, claim in enumerate(claims, 1):
            self.stdout.write(paragraph(claim.text, width, indent=f"{rank:>4}  "))
            where = f"{KINDS[claim.kind]} at {claim.start}–{claim.end}: {claim.reason}."
            self.stdout.write(paragraph(where, width, indent=" " * 6) + "\n")
        count = f"{len(claims):,} sentence{'' if len(claims) == 1 else 's'}" if claims else "No sentence"
        self.stdout.write(f"{count} proposed; places count the characters of the file, end exclusive.")
