"""What the address of a scorecard names, for the page and for the API; and the address of a selection."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import QuerySet

from accounts.models import User
from predictions.models import Case, Forecaster, Prediction, Source
from predictions.queries.scorecard_selection import Horizon, Selection

NAMES = ("forecaster", "source", "publisher", "theme", "case", "since", "until", "horizon")


def named_selection(asked: Mapping[str, str], user: User) -> Selection:
    """The selection that an address asks for; what is blank or left out narrows nothing.

    `forecaster`, `source` and `case` are uuids, `publisher` and `theme` texts, `since` and `until` days such as
    2026-01-31, `horizon` one of Horizon. Raises ObjectDoesNotExist for what is not there, or not for this reader, and
    ValidationError, under its name, for what cannot be read.
    """
    selection = Selection(
        forecaster=_row("forecaster", Forecaster.objects.all(), asked),
        source=_row("source", Source.objects.visible_to(user), asked),
        theme=_text("theme", Prediction.objects.visible_to(user), asked),
        publisher=_text("publisher", Source.objects.visible_to(user), asked),
        case=_row("case", Case.objects.visible_to(user), asked),
        since=_read("since", date.fromisoformat, "Enter a day, such as 2026-01-31.", asked),
        until=_read("until", date.fromisoformat, "Enter a day, such as 2026-01-31.", asked),
        horizon=_read("horizon", Horizon, f"Enter one of: {', '.join(Horizon)}.", asked),
    )
    if selection.since and selection.until and selection.since > selection.until:
        raise ValidationError({"until": "The period ends before it begins."})
    return selection


def address_of(selection: Selection) -> dict[str, str]:
    """What an address must ask for to get this selection, by name; nothing for everything."""
    found = {name: getattr(selection, name) for name in NAMES}
    return {name: str(getattr(value, "uuid", value)) for name, value in found.items() if value}


def _row(name: str, rows: QuerySet[Any], asked: Mapping[str, str]) -> Any:
    uuid = _read(name, UUID, "Enter a uuid.", asked)
    return rows.get(uuid=uuid) if uuid else None


def _read(name: str, reading: Callable[[str], Any], refusal: str, asked: Mapping[str, str]) -> Any:
    text = asked.get(name, "")
    try:
        return reading(text) if text else None
    except ValueError as fault:
        raise ValidationError({name: refusal}) from fault


def _text(name: str, rows: QuerySet[Any], asked: Mapping[str, str]) -> str:
    """A text that one of `rows` bears under this name. PostgreSQL refuses NUL in a text instead of not finding it."""
    text = asked.get(name, "")
    if text and ("\x00" in text or not rows.filter(**{name: text}).exists()):
        raise ObjectDoesNotExist(f"There is no {name} of that name.")
    return text
