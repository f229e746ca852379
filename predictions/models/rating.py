"""The evidence matrix: how well one piece of evidence agrees with one prediction, as one person judges it."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from predictions.models.coding_request import predictions_open_to
from predictions.models.evidence import Evidence
from predictions.models.prediction import Prediction
from predictions.models.rows import Superseding, SupersedingQuerySet


class Consistency(models.TextChoices):
    """What the evidence would be if the prediction came true: to be expected, or in its way."""

    VERY_CONSISTENT = "CC", "very consistent"
    CONSISTENT = "C", "consistent"
    NOT_APPLICABLE = "NA", "not applicable"
    INCONSISTENT = "I", "inconsistent"
    VERY_INCONSISTENT = "II", "very inconsistent"

    @property
    def sign(self) -> str:
        return "N/A" if self is Consistency.NOT_APPLICABLE else str(self.value)


class RatingQuerySet(SupersedingQuerySet):
    def visible_to(self, user: User) -> "RatingQuerySet":
        """One's own; others' but for those on a prediction that `user` is asked to judge and has not judged."""
        asked = Prediction.objects.to_be_judged_by(user).filter(pk=OuterRef("prediction"))
        return self.filter(predictions_open_to(user, "prediction"), Q(rater=user) | ~Exists(asked))

    def for_show(self) -> "RatingQuerySet":
        return self.select_related("prediction__case", "evidence", "rater")


class Rating(Superseding):
    """One cell of the matrix by one rater. Left blank, it takes the earlier one back."""

    part_of = "prediction"

    prediction = models.ForeignKey(Prediction, models.PROTECT, related_name="ratings")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="ratings")
    consistency = models.CharField("rating", max_length=2, choices=Consistency, blank=True)
    note = models.CharField(max_length=500, blank=True)
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    rated_at = models.DateTimeField(editable=False)

    objects: ClassVar[Any] = RatingQuerySet.as_manager()

    class Meta(Superseding.Meta):
        ordering = ["id"]
        constraints = [
            *Superseding.Meta.constraints,
            models.UniqueConstraint(
                fields=["evidence", "prediction", "rater"],
                condition=Q(supersedes__isnull=True),
                name="rating_one_first",
                violation_error_code="conflict",
                violation_error_message="You have rated this already. Replace your rating, with a reason.",
            ),
            models.CheckConstraint(
                condition=~Q(consistency="") | Q(supersedes__isnull=False),
                name="rating_blank_takes_back",
                violation_error_message="Choose a rating; only an earlier one can be taken back.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.in_words()}: {self.evidence.note[:80]}"

    def in_words(self) -> str:
        if not self.consistency:
            return "taken back"
        told = Consistency(self.consistency)
        return f"{told.label} ({told.sign})"

    def clean(self) -> None:
        super().clean()
        faults: dict[str, Any] = {}
        if self.evidence_id and self.prediction_id and self.evidence.prediction.case_id != self.prediction.case_id:
            faults["evidence"] = "This evidence belongs to another case."
        elif self.evidence_id and self.evidence.is_superseded:
            faults["evidence"] = ValidationError("This evidence was replaced. Rate the newest.", code="conflict")
        earlier: Any = self.supersedes
        if earlier and self._cell() != earlier._cell():
            faults["supersedes"] = "That rating is another's, or of another cell."
        if faults:
            raise ValidationError(faults)

    def _cell(self) -> tuple[Any, ...]:
        return self.evidence_id, self.prediction_id, self.rater_id
