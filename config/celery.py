"""The Celery application: `celery -A config worker --beat`."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("forsooth")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_ready.connect
def _look_at_guards(**_: object) -> None:
    from config.startup import tell_of_missing_guards  # noqa: PLC0415 - the models are loaded only now

    tell_of_missing_guards()
