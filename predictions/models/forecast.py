from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from predictions.language.scales import decimal_text
from predictions.models.case import Origin
from predictions.models.coding_request import CodingRequest, predictions_open_to
from predictions.models.forecaster import Forecaster
from predictions.models.live_bounds import as_percent, kept_beside
from predictions.models.prediction import Prediction, PredictionQuerySet, PredictionRevision
from predictions.models.quote import Quote
from predictions.models.rows import Reasoned, Superseding, SupersedingQuerySet, plain
from predictions.models.times import HALF_A_PERIOD, MicrosecondsField, Precision, in_words, period_is_whole
from predictions.models.worded import worded


def require_share(value: float) -> None:
    """Refuse what is no share of one or cannot stand in the ledger: NaN, −0, more than 25 decimal places."""
    try:
        decimal_text(value)
    except ValueError as fault:
        raise ValidationError("Give a number from 0 to 1.") from fault


SHARE = [require_share]
READ_OUT_OF_WORDS = ("coded", "implied")
"""Bases of a forecast whose number a person made of words."""
MOST_BY_INDEX = 200
"""Forecasts on so many predictions are sorted sooner than they are come upon among all the others."""
LOGGED_AS = {
    "uuid": "forecast",
    "probability": "p",
    "revision": "prediction_revision_sha256",
    "forecaster": "on_behalf_of",
    "recorded_by": "actor",
}


class Confidence(models.TextChoices):
    """Analytic confidence: how well founded the judgement is, which is not how likely the event is."""

    LOW = "low", "low"
    MODERATE = "moderate", "moderate"
    HIGH = "high", "high"


def predictions_hiding_from(user: User) -> PredictionQuerySet:
    """Undecided predictions on which `user` is shown nobody else's forecast, and no consensus.

    - Open ones, by the database's clock, where the case has it so, before they have put their own. A withdrawal alone
      is no forecast; what is withdrawn later was one.
    - Those that they are asked to judge, open or closed, in any case, before they have submitted: what was expected
      must not colour what they find.
    """
    own: Any = Forecast.objects.standing().filter(kind=Forecast.Kind.PROBABILITY, forecaster__account=user)
    to_forecast = Q(
        Q(revision__closes_at__isnull=True) | Q(revision__closes_at__gt=Now()),
        ~Exists(own.filter(prediction=OuterRef("pk"))),
        case__hides_forecasts=True,
        trigger__occurrence__isnull=True,
    )
    to_judge = Q(pk__in=Prediction.objects.to_be_judged_by(user).values("pk"))
    return Prediction.objects.filter(to_forecast | to_judge, resolution__isnull=True).order_by()


def _forecasting_as(user: User) -> QuerySet[Forecaster]:
    """The forecaster that is `user`."""
    return Forecaster.objects.filter(account=user)


class ForecastQuerySet(SupersedingQuerySet):
    def visible_to(self, user: User) -> "ForecastQuerySet":
        """Those on predictions open to `user`, but for what others say of one that hides it from them.

        Who coded a forecast sees it as it stands.
        """
        is_own = Q(recorded_by=user) | Q(forecaster__in=worded(_forecasting_as, user, "pk"))
        is_own |= Q(pk__in=worded(CodingRequest.objects.coded_beside, user, "forecast"))
        is_hidden = Q(prediction__in=worded(predictions_hiding_from, user, "pk"))
        return self.filter(predictions_open_to(user, "prediction"), is_own | ~is_hidden)

    def on(self, predictions: PredictionQuerySet) -> "ForecastQuerySet":
        """Those on `predictions`: found by index where these are few, else picked out in the order of the list."""
        few = list(predictions.values_list("pk", flat=True)[: MOST_BY_INDEX + 1])
        if len(few) <= MOST_BY_INDEX:
            return self.filter(prediction__in=few)
        return self.filter(Exists(predictions.filter(pk=OuterRef("prediction")).order_by()))

    def for_show(self) -> "ForecastQuerySet":
        loaded = self.select_related(
            "prediction__revision",
            "prediction__trigger__occurrence",
            "prediction__resolution",
            "prediction__case",
            "forecaster",
            "revision",
            "quote__source",
            "superseded_by",
        )
        return loaded.prefetch_related("codings")


class Forecast(Reasoned, Superseding):
    """A probability that a forecaster put on a prediction at a moment, and the words it was put in."""

    part_of = "prediction"

    class Kind(models.TextChoices):
        PROBABILITY = "probability", "a probability"
        WITHDRAWN = "withdrawn", "withdrawn"
        UNQUANTIFIABLE = "unquantifiable", "words without a probability"

    class Basis(models.TextChoices):
        STATED = "stated", "stated: the number stood there"
        CODED = "coded", "coded: words read on a scale"
        IMPLIED = "implied", "implied: no probability word, our reading"

    # No index of their own where one below begins with the column, or where nobody looks rows up by it. No check by the
    # database, which takes longer than writing the row, where what is meant cannot vanish: revisions and ledger
    # entries are append-only, predictions, forecasters and accounts are never deleted.
    prediction = models.ForeignKey(
        Prediction, models.PROTECT, related_name="forecasts", db_index=False, db_constraint=False
    )
    revision = models.ForeignKey(
        PredictionRevision,
        models.PROTECT,
        related_name="forecasts",
        editable=False,
        db_index=False,
        db_constraint=False,
    )
    forecaster = models.ForeignKey(Forecaster, models.PROTECT, related_name="forecasts", db_constraint=False)
    external_id = models.CharField("short name", max_length=80, blank=True)
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.PROBABILITY)
    words = models.CharField("probability, in numbers or words", max_length=300, blank=True)
    scale = models.CharField("scale of words", max_length=40, blank=True)
    basis = models.CharField(max_length=10, choices=Basis, blank=True)
    probability = models.FloatField(null=True, blank=True, validators=SHARE)
    low = models.FloatField(null=True, blank=True, validators=SHARE)
    high = models.FloatField(null=True, blank=True, validators=SHARE)
    confidence = models.CharField("analytic confidence", max_length=10, choices=Confidence, blank=True)
    quote = models.ForeignKey(Quote, models.PROTECT, null=True, blank=True, related_name="forecasts", db_index=False)
    issued_at = models.DateTimeField("issued")
    issued_us = MicrosecondsField(of="issued_at")
    issued_precision = models.CharField(max_length=10, choices=Precision, default=Precision.INSTANT)
    issued_until = models.DateTimeField(null=True, blank=True, editable=False)
    issued_until_us = MicrosecondsField(of="issued_until", null=True)
    recorded_at = models.DateTimeField(editable=False)
    recorded_us = MicrosecondsField(of="recorded_at")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, db_index=False, db_constraint=False
    )
    entry = models.ForeignKey(
        "predictions.LedgerEntry",
        models.PROTECT,
        db_column="seq",
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ENTERED, editable=False)

    objects: ClassVar[Any] = ForecastQuerySet.as_manager()

    class Meta(Superseding.Meta):
        ordering = ["-issued_at", "-id"]
        indexes = [
            models.Index(fields=["prediction", "forecaster", "issued_us"], name="forecast_as_the_kernel_reads"),
            models.Index(fields=["prediction", "entry"], name="forecast_newest_of_prediction"),
            models.Index(fields=["quote"], condition=Q(quote__isnull=False), name="forecast_quoted"),
        ]
        constraints = [
            *Superseding.Meta.constraints,
            models.UniqueConstraint(
                fields=["prediction", "external_id"],
                condition=~Q(external_id=""),
                name="forecast_external_id_once",
                violation_error_message="This prediction already has a forecast of that short name.",
            ),
            models.CheckConstraint(
                condition=(Q(kind="probability", probability__isnull=False) & ~Q(basis=""))
                | (~Q(kind="probability") & Q(probability__isnull=True, low__isnull=True, high__isnull=True)),
                name="forecast_probability_with_its_basis",
                violation_error_message="A probability needs a number and its basis; a withdrawal has neither.",
            ),
            models.CheckConstraint(
                condition=Q(probability__isnull=True)
                | Q(probability__gt=0, probability__lt=1)
                | Q(origin=Origin.IMPORTED, probability__gte=0, probability__lte=1),
                name="forecast_probability_in_bounds",
                violation_error_message="The probability must lie above 0 and below 1.",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True, high__isnull=True)
                | Q(
                    low__isnull=False,
                    high__isnull=False,
                    low__gte=0,
                    high__lte=1,
                    low__lte=F("probability"),
                    high__gte=F("probability"),
                ),
                name="forecast_low_point_high",
                violation_error_message="Give low and high together, around the probability, from 0 to 1.",
            ),
            models.CheckConstraint(
                condition=period_is_whole("issued"),
                name="forecast_issued_whole",
                violation_error_message=HALF_A_PERIOD,
            ),
            models.CheckConstraint(
                condition=Q(issued_at__lte=F("recorded_at")) | Q(origin=Origin.IMPORTED),
                name="forecast_issued_before_recorded",
                violation_error_message="The time of issue lies in the future.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.forecaster}: {self.in_words()}"

    def in_words(self) -> str:
        """The forecast as it was put: "likely (55–80%), taken as 67.5% (ICD 203)", "70%", "withdrawn"."""
        if self.kind != self.Kind.PROBABILITY:
            return self.get_kind_display()
        coding = next(iter(self.codings.all()), None) if self.pk else None
        spread = "" if self.low is None else f" ({as_percent(self.low)[:-1]}–{as_percent(self.high)})"
        if coding is None and self.pk and self.basis in READ_OUT_OF_WORDS:
            return f"{self._quoted()}{spread}, taken as {as_percent(self.probability)} (median of several codings)"
        if coding is None:
            return f"{as_percent(self.probability)}{spread}"
        if coding.number > 1:
            median = f"median of {coding.number} codings"
            return f"{self._quoted()}{spread}, taken as {as_percent(self.probability)} ({median})"
        return f"{coding.in_words()}{kept_beside(coding.point, self.probability)}"

    def _quoted(self) -> str:
        return f"“{self.words}”" if self.words else "words"

    def issued_in_words(self) -> str:
        return in_words(self.issued_at, self.issued_precision, self.issued_until, self.revision.zone)

    @property
    def is_in_hindsight(self) -> bool:
        """Written down when the outcome could already be known."""
        return self.recorded_us >= self.prediction.known_us

    @property
    def is_order_uncertain(self) -> bool:
        """Known only to a period within which the outcome became known: left out of scoring."""
        return self.issued_until_us is not None and self.issued_us < self.prediction.known_us < self.issued_until_us

    def logged(self) -> dict[str, Any]:
        fields = {LOGGED_AS.get(name, name): value for name, value in super().logged().items()}
        fields["prediction_revision_sha256"] = self.revision.sha256
        fields["horizon"] = plain(self.revision.closes_at)
        fields["supersedes"] = self.supersedes.entry_id if self.supersedes else None
        return {**fields, "rationale_sha256": self.rationale_sha256(), "client_at": None, "evidence": []}

    def clean(self) -> None:
        super().clean()
        faults = {}
        earlier: Any = self.supersedes
        if earlier and (earlier.prediction_id, earlier.forecaster_id) != (self.prediction_id, self.forecaster_id):
            faults["supersedes"] = "A forecast can replace only one of the same forecaster and prediction."
        if self.quote and self.prediction_id and self.quote.source.case_id != self.prediction.case_id:
            faults["quote"] = "These words stand in a source of another case."
        ends = [end for end in (self.low, self.probability, self.high) if end is not None]
        if ends != sorted(ends):
            faults["low"] = "Low, probability and high must come in this order."
        if faults:
            raise ValidationError(faults)
