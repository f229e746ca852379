from django.conf import settings
from django.db import models

from predictions.models.rows import Row


class Forecaster(Row):
    """A person, outlet, crowd or model that issues forecasts; it may have no account."""

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        OUTLET = "outlet", "outlet"
        CROWD = "crowd", "crowd"
        MODEL = "model", "model"

    name = models.CharField(
        max_length=200, unique=True, error_messages={"unique": "There is a forecaster of that name already."}
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    description = models.TextField(blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forecaster",
        help_text="Only this person may log forecasts in this name. Blank for those we merely quote.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
