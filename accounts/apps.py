from importlib import import_module

from django.apps import AppConfig

from accounts import signals


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        signals.listen()
        for listening in ("sessions", "factors"):  # to the signals of Django and allauth, from the start on
            import_module(f"{self.name}.{listening}")
