"""What people are to be told, whether they have read it, and the mails that it went into.

A notice holds no text: what it says is made for its reader when it is shown or sent, from what they may see then.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.roles import Role
from predictions.models.assessment import Assignment
from predictions.models.case import cases_open_to
from predictions.models.coding_request import predictions_open_to
from predictions.models.dispute import Dispute, DisputeAnswer
from predictions.models.forecast import Forecast
from predictions.models.prediction import Prediction
from predictions.models.resolution import Resolution
from predictions.models.rows import Row
from predictions.models.trigger import TriggerOccurrence

DIGEST_HOUR = 7


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> "NoticeQuerySet":
        """One's own, on what one still sees."""
        if not user.is_active or not user.roles:
            return self.none()
        grounds = [Q(Exists(rows.filter(uuid=OuterRef("about"))), kind=kind) for kind, rows in _seen(user).items()]
        return self.filter(Q(*grounds, _connector=Q.OR), recipient=user)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)


class Notice(Row):
    """That one person is to be told one thing: `about` names the row it is about, `stamp` its turn with that row."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", "asked to assess"
        ASSESS_SOON = "assess_soon", "assessment due soon"
        ASSESS_OVERDUE = "assess_overdue", "assessment overdue"
        CLOSING = "closing", "closing soon"
        OVERDUE = "overdue", "overdue"
        OCCURRED = "occurred", "trigger"
        RESOLVED = "resolved", "decision"
        DISPUTED = "disputed", "dispute"
        ANSWERED = "answered", "answer to a dispute"
        SCORED = "scored", "score"
        GRANTED = "granted", "role taken"

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    about = models.UUIDField()
    stamp = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    awaits_mail = models.BooleanField(default=True)
    mail = models.ForeignKey("predictions.Mail", models.PROTECT, null=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["about", "kind", "recipient", "stamp"], name="notice_once"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_of_recipient"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["recipient"], condition=Q(awaits_mail=True), name="notice_awaiting_mail"),
        ]


def _seen(user: User) -> dict[str, QuerySet[Any]]:
    """The rows of each kind that `user` may be told of; assignments while they may act on them."""
    own = Forecast.objects.filter(prediction=OuterRef("pk"), forecaster__account=user)
    predictions = Prediction.objects.visible_to(user)
    forecast = Forecast.objects.filter(prediction=OuterRef("prediction"), forecaster__account=user)
    asked = Assignment.objects.visible_to(user).standing().filter(~Exists(forecast), resolver=user)
    asked = asked if Role.RESOLVER in user.roles else Assignment.objects.none()
    administrators = User.objects.all() if Role.ADMINISTRATOR in user.roles else User.objects.none()
    kind = Notice.Kind
    return {
        **dict.fromkeys((kind.ASSIGNED, kind.ASSESS_SOON, kind.ASSESS_OVERDUE), asked),
        **dict.fromkeys((kind.CLOSING, kind.SCORED), predictions.filter(Exists(own))),
        kind.OVERDUE: predictions,
        kind.OCCURRED: TriggerOccurrence.objects.filter(cases_open_to(user, "trigger__case")),
        kind.RESOLVED: Resolution.objects.visible_to(user),
        kind.DISPUTED: Dispute.objects.visible_to(user),
        kind.ANSWERED: DisputeAnswer.objects.filter(predictions_open_to(user, "dispute__prediction")),
        kind.GRANTED: administrators,
    }


class MailQuerySet(models.QuerySet["Mail"]):
    def open(self) -> "MailQuerySet":
        return self.filter(sent_at__isnull=True, dropped_at__isnull=True)


class Mail(Row):
    """One mail to one person, with all that they were to be told by then. `uuid` names it in its Message-ID.

    Nobody takes it up before `due_at`; whoever does first puts that off, so that it is theirs alone for the while.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mails")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempt_count = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at__isnull=True, dropped_at__isnull=True), name="mail_to_send"
            )
        ]


class NoticeChoice(models.Model):
    """How a person wants notices by e-mail. In the application they are always shown."""

    class ByMail(models.TextChoices):
        AT_ONCE = "at_once", "at once"
        DAILY = "daily", "once a day, in one mail"
        NONE = "none", "never"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choice")
    by_mail = models.CharField("notices by e-mail", max_length=10, choices=ByMail, default=ByMail.DAILY)
    digest_hour = models.PositiveSmallIntegerField(
        "hour of the daily mail", default=DIGEST_HOUR, validators=[MaxValueValidator(23)]
    )

    @classmethod
    def of(cls, user: User) -> "NoticeChoice":
        """What they chose; the default, unsaved, where they chose nothing."""
        kept = getattr(user, "notice_choice", None)
        return kept or cls(user=user)

    def mails_until(self, now: datetime) -> datetime | None:
        """What was to be told by then goes by e-mail now; None where nothing ever does."""
        if self.by_mail == self.ByMail.NONE:
            return None
        return now if self.by_mail == self.ByMail.AT_ONCE else self.last_digest(now)

    def last_digest(self, now: datetime) -> datetime:
        """The latest moment, once a day by the person's own clock, at which a daily mail goes.

        Where the clocks skip that hour it goes when they have, and where they repeat it, the first time.
        """
        zone = ZoneInfo(self.user.zone or settings.TIME_ZONE)
        there = now.astimezone(zone)
        today = there.replace(hour=self.digest_hour, minute=0, second=0, microsecond=0, fold=0)
        last, before = (day.astimezone(UTC) for day in (today, today - timedelta(days=1)))
        return last if last <= now else before


class NoticeMark(models.Model):
    """How far the record has been gone through for what is to be told."""

    told_seq = models.BigIntegerField(default=-1, help_text="Last ledger entry that was gone through.")
    scored = models.CharField(max_length=60, blank=True, help_text="The scoring runs as they were gone through.")
    scored_at = models.DateTimeField(null=True, help_text="When they were.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="noticemark_is_one")]
