from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class PredictionsConfig(AppConfig):
    name = "predictions"

    def ready(self) -> None:
        models: Any = self.models_module
        guards = models.guards
        pre_migrate.connect(guards.lift_before_migration, sender=self, dispatch_uid="predictions.guards before")
        post_migrate.connect(guards.install_after_migration, sender=self, dispatch_uid="predictions.guards")
