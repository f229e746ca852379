"""What a prediction is thought to hang on, and the signs to look out for; each may be looked at again on a day."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models import User
from predictions.models.coding_request import predictions_open_to
from predictions.models.prediction import Prediction
from predictions.models.rows import Row

LONGEST = 1000
REVIEW_HELP = "On this day it comes up on the worklist; blank for never."


class PremiseQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> "PremiseQuerySet":
        """Hidden from whoever is asked to judge the prediction, until they have: it tells how others read it."""
        asked = Prediction.objects.to_be_judged_by(user).filter(pk=OuterRef("prediction"))
        return self.filter(predictions_open_to(user, "prediction"), ~Exists(asked))


class Premise(Row):
    """What an assumption and an indicator have in common."""

    part_of = "prediction"

    prediction = models.ForeignKey(Prediction, models.PROTECT, related_name="%(class)ss")
    statement = models.TextField(validators=[MaxLengthValidator(LONGEST)])
    review_on = models.DateField("to review on", null=True, blank=True, db_index=True, help_text=REVIEW_HELP)
    noted_at = models.DateTimeField(editable=False)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects: ClassVar[Any] = PremiseQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return self.statement

    def clean(self) -> None:
        super().clean()
        kept = type(self)._default_manager.filter(pk=self.pk, prediction=self.prediction_id)
        if not self._state.adding and not kept.exists():
            raise ValidationError({"prediction": "What belongs to a prediction stays with it."})


class Assumption(Premise):
    """A premise that the prediction rests on, how well it is supported, and what would change that."""

    class Status(models.TextChoices):
        SUPPORTED = "supported", "supported"
        CAVEATS = "caveats", "supported with caveats"
        UNSUPPORTED = "unsupported", "unsupported"

    status = models.CharField(max_length=12, choices=Status)
    would_change_if = models.TextField("it would change if", blank=True, validators=[MaxLengthValidator(LONGEST)])


class Indicator(Premise):
    """Something that would be seen early if the prediction were to come true, or not; and whether it was seen."""

    observed_on = models.DateField("seen on", null=True, blank=True, help_text="Blank: not seen so far.")
    observation = models.TextField("what was seen", blank=True, validators=[MaxLengthValidator(LONGEST)])

    def clean(self) -> None:
        super().clean()
        if self.observation.strip() and self.observed_on is None:
            raise ValidationError({"observed_on": "Say on which day that was seen."})
