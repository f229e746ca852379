from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

from accounts.models import User
from predictions.models.coding_request import predictions_open_to
from predictions.models.prediction import Criterion, Prediction
from predictions.models.quote import Quote
from predictions.models.rows import Superseding, SupersedingQuerySet
from predictions.models.source import Reliability, Source


class Credibility(models.IntegerChoices):
    """Admiralty grade of one item of information. 6 says that nothing is known, not that it is worst."""

    CONFIRMED = 1, "1 – confirmed by other sources"
    PROBABLE = 2, "2 – probably true"
    POSSIBLE = 3, "3 – possibly true"
    DOUBTFUL = 4, "4 – doubtful"
    IMPROBABLE = 5, "5 – improbable"
    UNKNOWN = 6, "6 – cannot be judged"


class EvidenceQuerySet(SupersedingQuerySet):
    def visible_to(self, user: User) -> "EvidenceQuerySet":
        return self.filter(predictions_open_to(user, "prediction"))

    def for_show(self) -> "EvidenceQuerySet":
        related = ("prediction__revision", "prediction__case", "criterion", "source", "quote__source")
        return self.select_related(*related, "comparison__reference__source", "comparison__revised__source")


class Evidence(Superseding):
    """A fact that speaks for or against a prediction, where it was read, and how far it can be trusted."""

    part_of = "prediction"

    class Stance(models.TextChoices):
        SUPPORTS = "supports", "for"
        CONTRADICTS = "contradicts", "against"
        CONTEXT = "context", "context"

    prediction = models.ForeignKey(Prediction, models.PROTECT, related_name="evidence")
    criterion = models.ForeignKey(Criterion, models.PROTECT, null=True, blank=True, related_name="evidence")
    external_id = models.CharField("short name", max_length=80, blank=True)
    stance = models.CharField(max_length=12, choices=Stance)
    note = models.TextField("what it says, in our own words", validators=[MaxLengthValidator(2000)])
    source = models.ForeignKey(Source, models.PROTECT, related_name="evidence")
    quote = models.ForeignKey(Quote, models.PROTECT, null=True, blank=True, related_name="evidence")
    reliability = models.CharField(
        "reliability of the source",
        max_length=1,
        choices=Reliability,
        blank=True,
        help_text="Blank: as the source is graded.",
    )
    credibility = models.PositiveSmallIntegerField("credibility of the item", choices=Credibility)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects: ClassVar[Any] = EvidenceQuerySet.as_manager()

    class Meta(Superseding.Meta):
        ordering = ["prediction", "id"]
        verbose_name_plural = "evidence"
        constraints = [
            *Superseding.Meta.constraints,
            models.UniqueConstraint(
                fields=["prediction", "external_id"],
                condition=~Q(external_id=""),
                name="evidence_external_id_once",
                violation_error_message="This prediction already has evidence of that short name.",
            ),
            models.CheckConstraint(
                condition=~Q(reliability=""),
                name="evidence_graded",
                violation_error_message="Grade the reliability of the source, A to F.",
            ),
            models.CheckConstraint(
                condition=Q(credibility__gte=1, credibility__lte=6),
                name="evidence_credibility_1_to_6",
                violation_error_message="Grade the credibility of the item, 1 to 6.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grade} {self.get_stance_display()}: {self.note[:80]}"

    @property
    def grade(self) -> str:
        """Admiralty grade, such as "B2"."""
        return f"{self.reliability}{self.credibility}"

    def clean(self) -> None:
        super().clean()
        faults = {}
        if self.quote and self.source_id and self.quote.source_id != self.source_id:
            faults["quote"] = "These words stand in another source."
        if self.criterion and self.prediction_id and self.criterion.revision.prediction_id != self.prediction_id:
            faults["criterion"] = "This criterion belongs to another prediction."
        if self.source_id and self.prediction_id and self.source.case_id != self.prediction.case_id:
            faults["source"] = "This source belongs to another case."
        earlier: Any = self.supersedes
        if earlier and earlier.prediction_id != self.prediction_id:
            faults["supersedes"] = "That evidence belongs to another prediction."
        if faults:
            raise ValidationError(faults)
