"""What the address of a scorecard names, for the page and for the API."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import User
from predictions.models import Forecaster, Prediction, Source
from predictions.queries.scorecards import Selection


def named_selection(asked: Mapping[str, str], user: User) -> Selection:
    """The selection that `forecaster` and `source` (uuids) and `theme` ask for; blank or left out: everything.

    Raises ObjectDoesNotExist for what is not there, or not for this reader, and ValidationError for what is no uuid.
    """
    return Selection(
        forecaster=_named("forecaster", Forecaster.objects.all(), asked),
        source=_named("source", Source.objects.visible_to(user), asked),
        theme=_theme(asked.get("theme", ""), user),
    )


def _named(name: str, rows: QuerySet[Any], asked: Mapping[str, str]) -> Any:
    text = asked.get(name, "")
    if not text:
        return None
    try:
        uuid = UUID(text)
    except ValueError as fault:
        raise ValidationError({name: "Enter a uuid."}) from fault
    return rows.get(uuid=uuid)


def _theme(name: str, user: User) -> str:
    # PostgreSQL refuses NUL in a text instead of not finding it.
    if name and ("\x00" in name or not Prediction.objects.visible_to(user).filter(theme=name).exists()):
        raise Prediction.DoesNotExist("There is no prediction on that theme.")
    return name
