"""How coders turned the words of a forecast into a probability, and the median of what several made of them."""

from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from predictions.language.scales import decimal_text
from predictions.models.coding_request import CodingRequest, predictions_open_to
from predictions.models.forecast import SHARE, Confidence, Forecast
from predictions.models.live_bounds import as_percent, within_live_bounds
from predictions.models.rows import AppendOnly, AppendOnlyQuerySet


class CodingQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> "CodingQuerySet":
        """Those of forecasts that `user` sees: as logged, or as they stand now."""
        seen = Forecast.objects.visible_to(user)
        of_seen = CodingRequest.objects.filter(Exists(seen.filter(pk=OuterRef("forecast")))).order_by()
        is_seen = Q(Exists(seen.filter(pk=OuterRef("forecast"))))
        is_seen |= Q(request__in=of_seen.values("pk")) | Q(pk__in=of_seen.coded().values("first"))
        return self.filter(predictions_open_to(user, "forecast__prediction"), is_seen)

    def of(self, forecast: Forecast) -> "CodingQuerySet":
        """All that the number of `forecast`, which stands, rests on; the first coder's first."""
        asked = CodingRequest.objects.coded().filter(forecast=forecast).order_by()
        together = Q(request__forecast=forecast) | Q(pk__in=asked.values("first"))
        found: CodingQuerySet = self.filter(Q(forecast=forecast) | together).order_by("number", "pk")
        return found


class Coding(AppendOnly):
    """How one coder turned words into a probability: the term, the scale and its version, low, point and high.

    The first coder logs the forecast; others are asked (`request`), and do not see what it was taken for. The number
    of the forecast is then the median of all. `number` counts them: it is the n of the median that was taken with it.
    """

    part_of = "forecast.prediction"

    forecast = models.ForeignKey(Forecast, models.PROTECT, related_name="codings")
    request = models.OneToOneField(CodingRequest, models.PROTECT, null=True, blank=True, related_name="coding")
    number = models.PositiveSmallIntegerField(default=1, editable=False)
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = models.CharField(max_length=300)
    term = models.CharField(max_length=80, blank=True)
    scale = models.CharField(max_length=40, blank=True, help_text="With its version; blank for our own reading.")
    scale_name = models.CharField(max_length=80, blank=True)
    method = models.CharField(max_length=40)
    low = models.FloatField(validators=SHARE)
    point = models.FloatField(validators=SHARE)
    high = models.FloatField(validators=SHARE)
    confidence = models.CharField("how sure the coder is of the reading", max_length=10, choices=Confidence, blank=True)
    had_own_forecast = models.BooleanField(
        "had a forecast of their own", null=True, blank=True, help_text="As the coder says."
    )
    own_forecast_on_record = models.BooleanField(null=True, editable=False, help_text="When they coded.")

    objects: ClassVar[Any] = CodingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(low__gte=0, low__lte=F("point"), high__gte=F("point"), high__lte=1),
                name="coding_low_point_high",
                violation_error_message="Low, probability and high must come in this order, from 0 to 1.",
            ),
            models.CheckConstraint(
                condition=Q(request__isnull=True) | Q(had_own_forecast__isnull=False),
                name="coding_says_own_forecast",
                violation_error_message="Say whether you had a forecast of your own.",
            ),
        ]

    def __str__(self) -> str:
        return self.in_words()

    def clean(self) -> None:
        super().clean()
        ends = [end for end in (self.low, self.point, self.high) if end is not None]
        if ends != sorted(ends):
            raise ValidationError({"low": "Low, point and high must come in this order."})

    def in_words(self) -> str:
        spread = f"({as_percent(self.low)[:-1]}–{as_percent(self.high)}), taken as {as_percent(self.point)}"
        if self.term:
            return f"{self.term} {spread} ({self.scale_name})"
        return f"“{self.words}” {spread} (our reading)"


def median_reading(codings: Sequence[Coding]) -> dict[str, float]:
    """The medians of the lows, points and highs of these: in order, for those of each coding are. Exact decimals.

    A point beyond what a live forecast may be is kept at the bound, as that of one coding is.
    """

    def middle(name: str) -> float:
        return float(median(Decimal(decimal_text(getattr(coding, name))) for coding in codings))

    kept = within_live_bounds(middle("point"))
    return {"low": min(middle("low"), kept), "probability": kept, "high": max(middle("high"), kept)}
