from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from predictions import checkpoints


class Command(BaseCommand):
    help = "Sign the ledger as it stands, and print the checkpoint: keep it, or give it to somebody who will."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            checkpoint = checkpoints.sign(timezone.now())
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(checkpoint.note, ending="")
