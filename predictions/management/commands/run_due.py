from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from predictions import tasks


class Command(BaseCommand):
    help = (
        "Do what is due: scores gone stale, notices, mails, captures left lying. For cron, where no Celery beat runs; "
        "running it twice, or beside a beat, does no harm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for line in tasks.run_due(at=timezone.now()):
            self.stdout.write(line)
