from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from accounts.models import User
from predictions.models.case import cases_open_to
from predictions.models.rows import AppendOnly, Superseding, SupersedingQuerySet
from predictions.models.source import Snapshot, Source

LONGEST_QUOTE = 500


class QuoteQuerySet(SupersedingQuerySet):
    def visible_to(self, user: User) -> "QuoteQuerySet":
        return self.filter(cases_open_to(user, "source__case"))

    def orphaned(self) -> "QuoteQuerySet":
        """Those that were not found again in the newest text of their source, until a person decides."""
        newest = Snapshot.objects.filter(source=OuterRef("source")).order_by("-captured_at", "-id").values("pk")[:1]
        of_newest = QuoteStanding.objects.filter(quote=OuterRef("pk"), snapshot=OuterRef("newest"))
        lost = QuoteStanding.objects.filter(standing=Standing.ORPHANED).values("quote")
        rows = self.standing().filter(pk__in=lost).annotate(newest=Subquery(newest))
        is_decided = Exists(of_newest.exclude(standing=Standing.ORPHANED))
        return rows.filter(Exists(of_newest.filter(standing=Standing.ORPHANED)), ~is_decided)


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


class Standing(models.TextChoices):
    ORPHANED = "orphaned", "not found again"
    MOVED = "moved", "stands at the place chosen"
    GONE = "gone", "stands only in the older text"


class QuoteStanding(AppendOnly):
    """What is known of a quote in a later text: that it was not found there again, and what a person then decided.

    A quote that was found again has an anchor there and no such row.
    """

    part_of = "quote.source"

    quote = models.ForeignKey(Quote, models.PROTECT, related_name="standings")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="standings")
    standing = models.CharField(max_length=10, choices=Standing)
    words = models.TextField("words there", blank=True, validators=[MaxLengthValidator(2 * LONGEST_QUOTE)])
    reason = models.CharField(max_length=500, blank=True)
    noted_at = models.DateTimeField(editable=False)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quote", "snapshot", "standing"],
                name="quotestanding_once_each",
                violation_error_message="That was decided already.",
            ),
            models.CheckConstraint(
                condition=Q(standing="orphaned") | ~Q(reason=""),
                name="quotestanding_decided_with_reason",
                violation_error_message="Say why.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_standing_display())

    def clean(self) -> None:
        super().clean()
        if self.standing != Standing.ORPHANED and not self.reason.strip():
            raise ValidationError({"reason": "Say why."})
