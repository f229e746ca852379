"""How a source's text came here: what was asked, how far it has come, and the bytes that it was read from."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q

from accounts.models import User
from predictions.models.case import Case, cases_open_to
from predictions.models.rows import AppendOnly, AppendOnlyQuerySet, Row, plain
from predictions.models.source import Snapshot, Source

CLAIM_LASTS = timedelta(minutes=5)
"""Longer than any capture takes: who has not ended by then was killed."""
MESSAGE_TAKES = timedelta(minutes=1)
LONGEST_WORDS = 2000


class Way(models.TextChoices):
    ADDRESS = "address", "from its address"
    FILE = "file", "from a file"
    TEXT = "text", "from a pasted text"


class Stage(models.TextChoices):
    ASKED = "asked", "waiting for its turn"
    FETCHING = "fetching", "fetching the page"
    READING = "reading", "reading its text"
    ANCHORING = "anchoring", "looking for the quotes in it"
    DONE = "done", "done"
    FAILED = "failed", "failed"


ENDED = (Stage.DONE, Stage.FAILED)


class CaptureQuerySet(models.QuerySet["Capture"]):
    def visible_to(self, user: User) -> "CaptureQuerySet":
        return self.filter(cases_open_to(user, "case"))

    def in_flight(self) -> "CaptureQuerySet":
        return self.exclude(stage__in=ENDED)

    def claimable(self, at: datetime) -> "CaptureQuerySet":
        """Those in flight that nobody works on, or whose worker was killed."""
        return self.in_flight().filter(Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM_LASTS))

    def stale(self, at: datetime) -> "CaptureQuerySet":
        """Those whose message was lost or whose worker was killed."""
        return self.claimable(at).filter(asked_at__lt=at - MESSAGE_TAKES)


class Capture(Row):
    """That somebody asked for the text of something published, and how far that has come.

    Its stage is no record: the snapshot it ends in is. `source` is there from the start where one is captured again.
    """

    LOGGED = ("uuid", "case", "source", "way", "address", "file_name", "title")

    case = models.ForeignKey(Case, models.PROTECT, related_name="captures")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="captures")
    way = models.CharField(max_length=10, choices=Way, default=Way.ADDRESS, editable=False)
    address = models.URLField(max_length=1000, blank=True, validators=[URLValidator(schemes=["http", "https"])])
    file_name = models.CharField(max_length=200, blank=True, editable=False)
    title = models.CharField(
        max_length=300, blank=True, help_text="Left blank, it is what the page or file states. It can be mended later."
    )
    asked_at = models.DateTimeField(editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.ASKED, editable=False)
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    failure = models.CharField(max_length=LONGEST_WORDS, blank=True, editable=False)
    note = models.CharField(max_length=LONGEST_WORDS, blank=True, editable=False)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, editable=False, related_name="captures")
    is_unchanged = models.BooleanField(default=False, editable=False)

    objects = CaptureQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["asked_by"], condition=~Q(stage__in=["done", "failed"]), name="capture_in_flight_by_person"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(way="address") | ~Q(address=""),
                name="capture_of_an_address_has_one",
                violation_error_message="Give the address.",
            ),
            models.CheckConstraint(
                condition=~Q(stage="done") | Q(snapshot__isnull=False, source__isnull=False),
                name="capture_done_has_its_text",
                violation_error_message="What is done has its text.",
            ),
            models.CheckConstraint(
                condition=~Q(stage="failed") | ~Q(failure=""),
                name="capture_failed_says_why",
                violation_error_message="Say why it failed.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.address or self.file_name or "a pasted text"

    @property
    def has_ended(self) -> bool:
        return self.stage in ENDED

    @property
    def subject(self) -> Any:
        """Capturing again is part of the source's own history."""
        return self.source.uuid if self.source else self.uuid

    def logged(self) -> dict[str, Any]:
        return {name: plain(getattr(self, name)) for name in self.LOGGED}

    def clean(self) -> None:
        super().clean()
        if self.source is not None and self.source.case_id != self.case_id:
            raise ValidationError({"source": "That source belongs to another case."})


class CaptureContent(models.Model):
    """What was uploaded or pasted, until the capture has ended."""

    capture = models.OneToOneField(Capture, models.CASCADE, primary_key=True, related_name="content")
    content = models.BinaryField()


class OriginalQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> "OriginalQuerySet":
        return self.filter(cases_open_to(user, "snapshot__source__case"))


class Original(AppendOnly):
    """The bytes that a snapshot was read from, known by their SHA-256: a page as it came, or a file."""

    part_of = "snapshot.source"

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="original")
    sha256 = models.CharField("SHA-256", max_length=64)
    length = models.PositiveBigIntegerField(help_text="Bytes.")
    kind = models.CharField(max_length=20, help_text="What was read: html, pdf or text.")
    media_type = models.CharField(max_length=200, blank=True, help_text="As its server stated it.")
    address = models.URLField(max_length=2000, blank=True, help_text="Where it was found, after redirects.")
    file_name = models.CharField(max_length=200, blank=True)
    has_warc = models.BooleanField(default=False)

    objects: ClassVar[Any] = OriginalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind}, {self.length:,} bytes, SHA-256 {self.sha256[:12]}…"


class OriginalBytes(models.Model):
    """Apart, so that it can be erased while its SHA-256 stays. `warc`: the exchange with the server, as a WARC file."""

    original = models.OneToOneField(Original, models.PROTECT, primary_key=True, related_name="body")
    content = models.BinaryField()
    warc = models.BinaryField(null=True)

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()
