from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from predictions.models.case import cases_open_to
from predictions.models.rows import AppendOnly, Superseding, SupersedingQuerySet
from predictions.models.source import Snapshot, Source

LONGEST_QUOTE = 500


class QuoteQuerySet(SupersedingQuerySet):
    def visible_to(self, user: User) -> "QuoteQuerySet":
        return self.filter(cases_open_to(user, "source__case"))


class Quote(Superseding):
    """The exact words of a source that say something: a W3C TextQuoteSelector."""

    part_of = "source"

    source = models.ForeignKey(Source, models.PROTECT, related_name="quotes")
    external_id = models.CharField("short name", max_length=80, blank=True)
    exact = models.TextField("exact words", validators=[MaxLengthValidator(LONGEST_QUOTE)])
    prefix = models.CharField("words just before", max_length=200, blank=True)
    suffix = models.CharField("words just after", max_length=200, blank=True)

    objects: ClassVar[Any] = QuoteQuerySet.as_manager()

    class Meta(Superseding.Meta):
        ordering = ["source", "id"]
        constraints = [
            *Superseding.Meta.constraints,
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="quote_external_id_once_per_source",
                violation_error_message="This source already has a quote of that short name.",
            ),
            models.CheckConstraint(
                condition=~Q(exact=""),
                name="quote_not_empty",
                violation_error_message="Give the words of the quote: it is empty.",
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.exact}”" if len(self.exact) <= 90 else f"“{self.exact[:88].rstrip()}…”"

    def clean(self) -> None:
        super().clean()
        if not self.exact.strip():
            raise ValidationError({"exact": "Give the words of the quote: it is empty."})
        earlier: Any = self.supersedes
        if earlier and earlier.source_id != self.source_id:
            raise ValidationError({"supersedes": "That quote stands in another source."})


class QuoteAnchor(AppendOnly):
    """Where a quote stands in a snapshot: code points, start inclusive, end exclusive."""

    part_of = "snapshot.source"

    quote = models.ForeignKey(Quote, models.PROTECT, related_name="anchors")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="anchors")
    start = models.PositiveBigIntegerField()
    end = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quote", "snapshot"], name="quoteanchor_once_per_snapshot"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="quoteanchor_not_empty"),
        ]

    def __str__(self) -> str:
        return f"characters {self.start}–{self.end}"
