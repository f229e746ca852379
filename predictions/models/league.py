from typing import Any, ClassVar

from django.db import models

from predictions.models.rows import Row


class League(Row):
    """The one row that says whether the league table may name people who have an account here."""

    names_staff = models.BooleanField("names staff", default=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1),
                name="league_is_one",
                violation_error_message="There is one league table, and its settings are on record already.",
            )
        ]

    def __str__(self) -> str:
        return "the league table"

    @classmethod
    def names_staff_now(cls) -> bool:
        """Whether the table may name them; not before an administrator has said so."""
        return cls.objects.filter(names_staff=True).exists()

    @property
    def dossier(self) -> Any:
        return None
