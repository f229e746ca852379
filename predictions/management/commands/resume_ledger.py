from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from predictions import checkpoints
from predictions.operations.accounts import COMMAND_LINE
from predictions.operations.ledger import resume_ledger


class Command(BaseCommand):
    help = (
        "Go on without signed entries that no backup holds any more. The ledger itself names the break, and its "
        "checkpoints bear another name from here on. First try to restore a newer backup."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", required=True, metavar="WORDS", help="What happened; it stands in the ledger.")
        parser.add_argument("--by", default=COMMAND_LINE, metavar="NAME", help="An administrator who answers for it.")

    def handle(self, *args: Any, reason: str, by: str, **options: Any) -> None:
        person = User.objects.filter(username=by).first()
        if person is None:
            raise CommandError(f"There is no account {by} here. Name an administrator: --by NAME.")
        try:
            row = resume_ledger(reason=reason, by=person, at=timezone.now())
            note = checkpoints.sign(timezone.now()).note
        except (ValidationError, PermissionDenied) as refusal:
            raise CommandError(" ".join(getattr(refusal, "messages", [str(refusal)]))) from refusal
        self.stdout.write(
            f"Epoch {row.epoch} begins after {row.size:,} entries; {row.lost_size:,} were signed before the break."
        )
        self.stdout.write(note, ending="")
