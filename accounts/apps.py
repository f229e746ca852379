from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        for listening in ("signals", "sessions", "factors"):  # to the signals of Django and allauth, from the start on
            import_module(f"{self.name}.{listening}")
