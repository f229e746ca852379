"""Disputes: a decision is contested on one criterion with evidence, and answered by somebody who did not decide."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

from accounts.models import User
from predictions.models.coding_request import predictions_open_to
from predictions.models.evidence import Evidence
from predictions.models.prediction import Criterion, Prediction
from predictions.models.resolution import Resolution
from predictions.models.rows import AppendOnly, AppendOnlyQuerySet

LONGEST = 2000


class DisputeQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> "DisputeQuerySet":
        return self.filter(predictions_open_to(user, "prediction"))

    def unanswered(self) -> "DisputeQuerySet":
        return self.filter(answer__isnull=True)

    def for_show(self) -> "DisputeQuerySet":
        related = ("prediction__revision", "prediction__case", "criterion", "evidence__source", "raised_by")
        return self.select_related(*related, "resolution", "answer__answered_by")


class Dispute(AppendOnly):
    """That somebody contests how one criterion was judged, and the evidence they bring."""

    part_of = "prediction"

    prediction = models.ForeignKey(Prediction, models.PROTECT, related_name="disputes")
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="disputes", editable=False)
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="disputes")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="disputes")
    text = models.TextField("what is wrong with the decision", validators=[MaxLengthValidator(LONGEST)])
    raised_at = models.DateTimeField(editable=False)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects: ClassVar[Any] = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"dispute of criterion ({self.criterion.label}) of “{self.prediction}”"

    @property
    def is_answered(self) -> bool:
        answer: Any = getattr(self, "answer", None)
        return answer is not None and answer.pk is not None

    def clean(self) -> None:
        super().clean()
        faults = {}
        if self.criterion_id and self.criterion.revision_id != self.resolution.revision_id:
            faults["criterion"] = "The prediction was not decided by this criterion."
        if self.evidence_id and self.evidence.prediction_id != self.prediction_id:
            faults["evidence"] = "This evidence belongs to another prediction."
        if faults:
            raise ValidationError(faults)


class DisputeAnswer(AppendOnly):
    """What came of a dispute: upheld, so that the decision was replaced, or not, and why."""

    part_of = "dispute.prediction"

    dispute = models.OneToOneField(Dispute, models.PROTECT, related_name="answer")
    is_upheld = models.BooleanField("upheld")
    text = models.TextField("answer", validators=[MaxLengthValidator(LONGEST)])
    answered_at = models.DateTimeField(editable=False)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "answer to a dispute"
        verbose_name_plural = "answers to disputes"

    def __str__(self) -> str:
        return f"{'upheld' if self.is_upheld else 'not upheld'}: {self.text[:80]}"
