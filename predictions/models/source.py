from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, RegexValidator, URLValidator
from django.db import models

from accounts.models import User
from accounts.zones import require_zone
from predictions.merkle import LARGEST_INTEGER
from predictions.models.case import CasePart, cases_open_to
from predictions.models.rows import AppendOnly, AppendOnlyQuerySet
from predictions.models.times import HALF_A_PERIOD, Precision, in_words, period_is_whole


class Reliability(models.TextChoices):
    """Admiralty grade of a source. F says that nothing is known, not that it is worst."""

    A = "A", "A – completely reliable"
    B = "B", "B – usually reliable"
    C = "C", "C – fairly reliable"
    D = "D", "D – not usually reliable"
    E = "E", "E – unreliable"
    F = "F", "F – cannot be judged"


class SourceQuerySet(models.QuerySet["Source"]):
    def visible_to(self, user: User) -> "SourceQuerySet":
        return self.filter(cases_open_to(user, "case"))


class Source(CasePart):
    """Something published: an article, a strategy paper, a statement."""

    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    url = models.URLField("address", max_length=1000, blank=True, validators=[URLValidator(schemes=["http", "https"])])
    language = models.CharField(max_length=35, blank=True, help_text="Such as en or ja.")
    published_at = models.DateTimeField("published", null=True, blank=True)
    published_precision = models.CharField(max_length=10, choices=Precision, default=Precision.INSTANT)
    published_until = models.DateTimeField(null=True, blank=True, editable=False)
    zone = models.CharField("time zone of dates", max_length=64, default="UTC", validators=[require_zone])
    reliability = models.CharField(max_length=1, choices=Reliability, default=Reliability.F)
    note = models.TextField(blank=True, validators=[MaxLengthValidator(5000)])
    text_sha256 = models.CharField(
        "SHA-256 of its text",
        max_length=64,
        blank=True,
        validators=[RegexValidator(r"^[0-9a-f]{64}\Z")],
        help_text="Of a text that is known and not held here.",
    )
    text_length = models.PositiveBigIntegerField(
        "length of its text",
        null=True,
        blank=True,
        validators=[MaxValueValidator(LARGEST_INTEGER)],
        help_text="Code points.",
    )

    objects = SourceQuerySet.as_manager()

    class Meta(CasePart.Meta):
        ordering = ["title", "id"]
        constraints = [
            *CasePart.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True) | period_is_whole("published"),
                name="source_published_whole",
                violation_error_message=HALF_A_PERIOD,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}" if self.publisher else self.title

    def published_in_words(self) -> str:
        if self.published_at is None:
            return "date unknown"
        return in_words(self.published_at, self.published_precision, self.published_until, self.zone)


class SnapshotQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> "SnapshotQuerySet":
        return self.filter(cases_open_to(user, "source__case"))


class Snapshot(AppendOnly):
    """The text of a source as it stood when we took it, known by its SHA-256."""

    part_of = "source"

    source = models.ForeignKey(Source, models.PROTECT, related_name="snapshots")
    sha256 = models.CharField("SHA-256", max_length=64)
    length = models.PositiveBigIntegerField(help_text="Code points.")
    captured_at = models.DateTimeField("taken")
    captured_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-captured_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "sha256"],
                name="snapshot_text_once_per_source",
                violation_error_message="This source already holds exactly that text.",
            )
        ]

    def __str__(self) -> str:
        return f"text of {self.length:,} characters, {self.sha256[:12]}…"

    def has_orphans(self) -> bool:
        return self.standings.filter(standing="orphaned").exists()

    def found_in_words(self) -> str:
        """What became of the quotes of its source in it; empty where there are none."""
        found = self.anchors.count()
        lost = self.standings.filter(standing="orphaned").count()
        if not found + lost:
            return ""
        whole = "its quote was" if found == 1 else f"all {found} quotes were"
        if not lost:
            return f"{whole} found in it"
        return f"{lost} of {found + lost} quotes {'was' if lost == 1 else 'were'} not found again"


class SnapshotText(models.Model):
    snapshot = models.OneToOneField(Snapshot, models.PROTECT, primary_key=True, related_name="body")
    text = models.TextField()

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()
