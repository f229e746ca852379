"""The figures of a comparison of two documents that a piece of evidence rests on."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q

from predictions.models.evidence import Evidence
from predictions.models.rows import AppendOnly
from predictions.models.source import Snapshot


class DocumentComparison(AppendOnly):
    """How often one term stands in a reference text and in a revised one, and by which method it was counted.

    Whoever holds the two texts can count again: `parameters` and the two SHA-256s say all that it takes.
    """

    class Unit(models.TextChoices):
        WORDS = "words", "words"
        CHARACTERS = "characters", "characters"

    part_of = "evidence.prediction"

    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="comparison")
    reference = models.ForeignKey(Snapshot, models.PROTECT, related_name="+", verbose_name="reference text")
    revised = models.ForeignKey(Snapshot, models.PROTECT, related_name="+", verbose_name="revised text")
    term = models.CharField(max_length=100)
    unit = models.CharField(max_length=10, choices=Unit)
    reference_count = models.PositiveBigIntegerField()
    reference_total = models.PositiveBigIntegerField()
    reference_first = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Code points before its first occurrence."
    )
    reference_headings = models.PositiveBigIntegerField(help_text="Headings that name it.")
    revised_count = models.PositiveBigIntegerField()
    revised_total = models.PositiveBigIntegerField()
    revised_first = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Code points before its first occurrence."
    )
    revised_headings = models.PositiveBigIntegerField(help_text="Headings that name it.")
    log_likelihood = models.FloatField(null=True, blank=True)
    log_ratio = models.FloatField(null=True, blank=True)
    log_ratio_low = models.FloatField(null=True, blank=True)
    log_ratio_high = models.FloatField(null=True, blank=True)
    method = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    parameters = models.TextField(help_text="Canonical JSON.", validators=[MaxLengthValidator(2000)])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reference_total__gte=1, revised_total__gte=1),
                name="documentcomparison_of_texts",
                violation_error_message="There is nothing to count in one of the texts.",
            ),
            models.CheckConstraint(
                condition=~Q(reference=F("revised")),
                name="documentcomparison_of_two_texts",
                violation_error_message="Choose two different texts.",
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.term}”: {self.reference_count} and {self.revised_count}"

    @property
    def reference_rate(self) -> float:
        """Occurrences per 1,000 words or characters."""
        return 1000 * self.reference_count / self.reference_total

    @property
    def revised_rate(self) -> float:
        return 1000 * self.revised_count / self.revised_total

    @property
    def address(self) -> str:
        """The query of the page that compares these very texts by this term."""
        reference, revised = self.reference, self.revised
        told = {"reference": reference.source.uuid, "reference_text": reference.sha256, "terms": self.term}
        return urlencode({**told, "revised": revised.source.uuid, "revised_text": revised.sha256})

    def clean(self) -> None:
        super().clean()
        faults = {}
        case_id = self.evidence.prediction.case_id
        for name in ("reference", "revised"):
            if getattr(self, name).source.case_id != case_id:
                faults[name] = "This text belongs to another case."
        if self.evidence.source_id not in {self.reference.source_id, self.revised.source_id}:
            faults["source"] = "The evidence names neither of the two sources that are compared."
        if faults:
            raise ValidationError(faults)

    def logged(self) -> dict[str, Any]:
        """With the SHA-256 of both texts, so that the entry says of what it speaks."""
        texts = {"reference_sha256": self.reference.sha256, "revised_sha256": self.revised.sha256}
        return {**super().logged(), **texts}
