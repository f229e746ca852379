"""The cases whose surface does not exist yet: each with the name of an address, command, task or column that would
bring it into being. When one appears, `test_not_there_yet` fails: write the case's test and strike it off here."""

import re
from dataclasses import dataclass
from pathlib import Path

from celery import current_app
from django.apps import apps
from django.core.management import get_commands

from tests.journeys.test_role_matrix import addresses

LAST = 62
OURS = ("accounts", "predictions")


@dataclass(frozen=True)
class NotThereYet:
    """`sign` is a pattern for any of the names that `names_of_the_site` gives."""

    case: int
    what: str
    sign: str


NOT_THERE_YET = (
    NotThereYet(24, "payloads of webhooks", r"webhook|callback"),
    NotThereYet(38, "deputies and delegation", r"deput|delegat|impersonat|hijack|stand_?in\b"),
)


def names_of_the_site() -> set[str]:
    """Every address, management command, task, and column of our tables, in small letters."""
    commands = {f"command {name}" for name, app in get_commands().items() if app in OURS}
    tasks = {f"task {name}" for name in current_app.tasks if name.startswith(OURS)}
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    columns = {
        f"column {model._meta.model_name}.{field.name}" for model in models for field in model._meta.get_fields()
    }
    return {name.lower() for name in ({f"address {each}" for each in addresses()} | commands | tasks | columns)}


def appeared(surface: NotThereYet, names: set[str]) -> set[str]:
    return {name for name in names if re.search(surface.sign, name)}


def cases_tested() -> set[int]:
    """The numbers that the tests of this room bear in their names."""
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_*.py")]
    return {int(number) for text in texts for number in re.findall(r"^def test_case_(\d\d)_", text, re.MULTILINE)}
