"""That somebody is asked to turn words into a probability on their own, and what they do not see meanwhile."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from accounts.models import User
from predictions.models.case import cases_open_to
from predictions.models.rows import Row
from predictions.models.worded import worded


def predictions_asked_of(user: User) -> QuerySet[Any]:
    """Keys of the predictions on which `user`, under whatever account of their e-mail address, is asked to code.

    They see nothing of these, neither a number nor the outcome, until they have entered theirs or declined.
    """
    person = Q(coder=user) | Q(coder__email__iexact=user.email) if user.email else Q(coder=user)
    return CodingRequest.objects.open().filter(person).order_by().values("prediction")


def predictions_open_to(user: User, path: str = "", *, case: str = "") -> Q:
    """Condition on rows whose prediction lies at `path`: of a case open to `user`, and not one they are asked to code.

    `case` is the way to the case, where there is a shorter one than through the prediction.
    """
    case = case or (f"{path}__case" if path else "case")
    # By keys that depend on no row: PostgreSQL looks for each among the few that it has read once.
    return cases_open_to(user, case) & ~Q(**{f"{path or 'pk'}__in": worded(predictions_asked_of, user, "prediction")})


class CodingRequestQuerySet(models.QuerySet["CodingRequest"]):
    def visible_to(self, user: User) -> "CodingRequestQuerySet":
        """One's own, and those on predictions that one sees."""
        is_hidden = Q(prediction__in=worded(predictions_asked_of, user, "prediction"))
        return self.filter(cases_open_to(user, "prediction__case"), Q(coder=user) | ~is_hidden)

    def open(self) -> "CodingRequestQuerySet":
        """Those that wait for their coder."""
        return self.filter(closed_at__isnull=True)

    def coded(self) -> "CodingRequestQuerySet":
        return self.filter(closing=CodingRequest.Closing.CODED)

    def coded_beside(self, user: User) -> "CodingRequestQuerySet":
        """Those of forecasts that `user` coded, before others or when asked."""
        return self.coded().filter(Q(coder=user) | Q(first__coder=user))

    def for_show(self) -> "CodingRequestQuerySet":
        related = ("prediction__revision", "prediction__case", "forecast__forecaster", "forecast__quote__source")
        return self.select_related(*related, "coder", "asked_by")


class CodingRequest(Row):
    """That an analyst is asked to code a forecast, until they have, decline, or are asked no longer.

    `forecast` is the one that stands: where codings or a mend replace it, the request goes along. `first` is the coding
    that it was first recorded with.
    """

    part_of = "prediction"

    class Closing(models.TextChoices):
        CODED = "coded", "coded"
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "withdrawn"

    prediction = models.ForeignKey("predictions.Prediction", models.PROTECT, related_name="coding_requests")
    forecast = models.ForeignKey("predictions.Forecast", models.PROTECT, related_name="coding_requests")
    first = models.ForeignKey("predictions.Coding", models.PROTECT, related_name="+", editable=False)
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="coding_requests")
    asked_at = models.DateTimeField(editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closing = models.CharField("what became of it", max_length=10, choices=Closing, blank=True, editable=False)
    reason = models.CharField(max_length=500, blank=True, editable=False)

    objects = CodingRequestQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["coder"], condition=Q(closed_at__isnull=True), name="codingrequest_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["forecast", "coder"],
                condition=Q(closed_at__isnull=True),
                name="codingrequest_once",
                violation_error_code="conflict",
                violation_error_message="This person is asked to code it already.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) ^ ~Q(closing=""),
                name="codingrequest_closed_somehow",
                violation_error_message="Say what became of the request.",
            ),
            models.CheckConstraint(
                condition=Q(closing__in=["", "coded"]) ^ ~Q(reason=""),
                name="codingrequest_ended_with_reason",
                violation_error_message="Say why.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coder.get_full_name() or self.coder.username}: {self.prediction}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
