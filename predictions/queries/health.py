"""Whether this site can do its work just now. Nothing that is told here says anything about the record."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.recorder import MigrationRecorder

from predictions.models import LogHead, guards, restore_guard


@dataclass(frozen=True)
class Health:
    """What is asked, and whether it is well. While what is `needed` is not, nothing can be recorded."""

    needed: dict[str, bool]
    useful: dict[str, bool]

    @property
    def is_ready(self) -> bool:
        return all(self.needed.values())

    @property
    def is_whole(self) -> bool:
        return self.is_ready and all(self.useful.values())


def health(*, at: datetime, broker_answers: bool | None) -> Health:
    """`broker_answers`: None where no broker is set up."""
    useful = {"disk": _has_room()}
    return Health(_of_the_record(at), useful if broker_answers is None else useful | {"broker": broker_answers})


def _of_the_record(at: datetime) -> dict[str, bool]:
    try:
        if not _is_migrated():
            return {"database": True, "migrations": False}
        head = LogHead.objects.first() or LogHead()
        stands, is_on_time = not guards.missing(connection), not head.outruns(at)
        sound = {"database": True, "migrations": True, "guards": stands, "clock": is_on_time}
        return {**sound, "ledger": _is_whole()}
    except (DatabaseError, InterfaceError):
        return {"database": False}


def _is_whole() -> bool:
    """Whether nothing that was signed is missing, as where an older copy was restored."""
    try:
        restore_guard.look()
    except ValidationError:
        return False
    return True


def _is_migrated() -> bool:
    return _migrations() <= MigrationRecorder(connection).applied_migrations().keys()


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Application and name of each, by the files alone: to import them all takes longer than whoever asks will wait."""
    specs = {each.label: find_spec(f"{each.name}.migrations") for each in apps.get_app_configs()}
    folders = {label: spec.submodule_search_locations for label, spec in specs.items() if spec}
    return frozenset((label, file.name) for label, folder in folders.items() for file in iter_modules(folder))


def _has_room() -> bool:
    """On the disk of what we write ourselves. How full a database server's own disk is, it does not tell."""
    return shutil.disk_usage(settings.DISK_WATCHED).free >= settings.DISK_LEAST_FREE
