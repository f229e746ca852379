from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from predictions import checkpoints
from predictions.operations.accounts import command_line_account
from predictions.operations.ledger import retire_key, rotate_key


class Command(BaseCommand):
    help = (
        "Let a new key sign the ledger, with the one before beside it; later --retire lets it sign alone. "
        "Older checkpoints go on being verified by the keys they were signed with."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--reason", metavar="WORDS", help="Why the key is replaced; it stands in the ledger.")
        way.add_argument("--retire", action="store_true", help="End the time of two signatures.")

    def handle(self, *args: Any, reason: str | None, retire: bool, **options: Any) -> None:
        at = timezone.now()
        try:
            by = command_line_account(at=at)
            if retire:
                self.stdout.write(f"Retired {retire_key(by=by, at=at)}")
            else:
                self.stdout.write(f"Added {rotate_key(reason=reason or '', by=by, at=at)}")
            self.stdout.write(checkpoints.sign(timezone.now()).note, ending="")
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
