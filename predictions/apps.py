from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PredictionsConfig(AppConfig):
    name = "predictions"

    def ready(self) -> None:
        models: Any = self.models_module
        post_migrate.connect(models.guards.install_after_migration, sender=self, dispatch_uid="predictions.guards")
