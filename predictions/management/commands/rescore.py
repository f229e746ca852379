from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q, QuerySet
from django.utils import timezone

from predictions import scorekeeping
from predictions.management.lookup import is_named, unknown
from predictions.models import Prediction


class Command(BaseCommand):
    help = "Compute scores anew: of what changed since it was scored, of all, or of the predictions named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="*", metavar="ID", help="Short name in a casebook, or uuid, of a prediction.")
        parser.add_argument("--all", action="store_true", dest="everything", help="Every resolved prediction.")

    def handle(self, *args: Any, ids: list[str], everything: bool, **options: Any) -> None:
        if ids and everything:
            raise CommandError("Name predictions or say --all, not both.")
        count = scorekeeping.rescore(_chosen(ids, everything), at=timezone.now(), progress=self._tell_progress)
        if count:
            self.stdout.write(self.style.SUCCESS(f"Rescored {count:,} prediction{'' if count == 1 else 's'}."))
        else:
            self.stdout.write("Nothing of that is resolved." if ids or everything else "Every score is up to date.")

    def _tell_progress(self, done: int, of: int) -> None:
        self.stdout.write(f"  {done:,} of {of:,}")


def _chosen(ids: list[str], everything: bool) -> QuerySet[Prediction]:
    if ids:
        return Prediction.objects.filter(pk__in=[pk for name in ids for pk in _named(name)])
    return Prediction.objects.all() if everything else Prediction.objects.stale()


def _named(name: str) -> list[int]:
    """Keys of the predictions called `name`: several cases may have one of that short name."""
    found = list(Prediction.objects.filter(is_named(name) if name else Q(pk__in=[])).values_list("pk", flat=True))
    if not found:
        known = Prediction.objects.exclude(external_id="").values_list("external_id", flat=True)
        raise unknown("prediction", name, known)
    return found
