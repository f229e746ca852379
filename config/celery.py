"""The Celery application: `celery -A config worker --beat`."""

import os

from celery import Celery, signals

from config.startup import tell_of_missing_guards

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("forsooth")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_ready.connect
def _look_at_guards(**_: object) -> None:
    tell_of_missing_guards()
