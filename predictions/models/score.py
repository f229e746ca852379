from typing import Any, ClassVar

from django.db import models
from django.db.models import F

from accounts.models import User
from predictions.models.case import Case
from predictions.models.coding_request import predictions_open_to
from predictions.models.forecast import Forecast
from predictions.models.forecaster import Forecaster
from predictions.models.prediction import Prediction


class ScoringRun(models.Model):
    """One computation of scores: by which kernel, on the ledger as it stood at `ledger_seq`."""

    kernel_version = models.CharField(max_length=20)
    ledger_seq = models.BigIntegerField(help_text="Last ledger entry that was read; -1 before the first.")
    started_at = models.DateTimeField()
    replaced_count = models.PositiveIntegerField(
        default=0, help_text="Predictions whose scores it has replaced so far; counted in the same transaction."
    )

    def __str__(self) -> str:
        return f"kernel {self.kernel_version} at ledger entry {self.ledger_seq}"


class ScoreQuerySet(models.QuerySet["Score"]):
    def visible_to(self, user: User) -> "ScoreQuerySet":
        return self.filter(predictions_open_to(user, "prediction", case="case"))

    def of_forecasters(self) -> "ScoreQuerySet":
        """Without our own consensus, which nobody forecast."""
        return self.exclude(forecaster__kind=Forecaster.Kind.CONSENSUS)

    def counting(self) -> "ScoreQuerySet":
        """Made from the resolution that stands now, and from at least one forecast that counts."""
        return self.filter(
            forecast_count__gt=0,
            prediction__resolution__outcome__isnull=False,
            prediction__scored_seq__gte=F("prediction__resolution__entry_id"),
        )


class Score(models.Model):
    """What one forecaster's forecasts on one resolved prediction came to. Computed, and computed again at will.

    Brier scores are 0–1 and logarithmic scores nats, both losses; peer points and the baseline are rewards.
    Null where there is nothing to compute it from. `…_us` are microseconds. A pair all of whose forecasts are left
    out has a row too, with `forecast_count` 0, so that what is left out can be counted.
    """

    # No key of its own: one index less to keep for rows that are written by the million.
    pk = models.CompositePrimaryKey("prediction_id", "forecaster_id")
    # The database does not look up again what was read under the prediction's lock, for rows written by the million.
    run = models.ForeignKey(ScoringRun, models.PROTECT, related_name="scores", db_index=False, db_constraint=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="scores", db_index=False, db_constraint=False)
    prediction = models.ForeignKey(
        Prediction, models.CASCADE, related_name="scores", db_index=False, db_constraint=False
    )
    forecaster = models.ForeignKey(Forecaster, models.CASCADE, related_name="scores", db_constraint=False)
    outcome = models.FloatField()
    known_us = models.BigIntegerField(null=True)

    # While a forecast stood, from the opening to the close: means weighted by time.
    brier = models.FloatField(null=True)
    brier_low = models.FloatField(null=True, help_text="If words are read at the low end of their range.")
    brier_high = models.FloatField(null=True, help_text="If words are read at the high end of their range.")
    logarithmic = models.FloatField(null=True, help_text="May be infinite.")
    logarithmic_clipped = models.FloatField(null=True, help_text="With probabilities clipped to 0.001 and 0.999.")
    standing_us = models.BigIntegerField()
    time_coverage = models.FloatField(null=True)
    lead_us = models.BigIntegerField(null=True, help_text="From the first forecast to the scheduled close.")

    # Against the others on the same prediction at the same instants, over the scheduled open time.
    peer_brier = models.FloatField(null=True, help_text="Peer Brier points, −100 to 100; 0 is as good as the peers.")
    peer_logarithmic = models.FloatField(null=True, help_text="Logarithmic peer points, after the same clip.")
    contested_us = models.BigIntegerField(default=0, help_text="While others stood too.")
    contested_brier = models.FloatField(null=True, help_text="Own mean Brier score while others stood too.")
    crowd_brier = models.FloatField(null=True, help_text="The others' mean Brier score at the same instants.")
    baseline = models.FloatField(null=True, help_text="Metaculus-style baseline score; 0 is always saying a half.")

    # The daily convention of Good Judgment, 0–2.
    daily_brier = models.FloatField(null=True)
    daily_median = models.FloatField(null=True)
    daily_accuracy = models.FloatField(null=True)

    # The probability that stood at a moment fixed by the schedule: half-way, or so many days before the close.
    spot_half = models.FloatField(null=True)
    spot_7 = models.FloatField(null=True)
    spot_30 = models.FloatField(null=True)
    spot_90 = models.FloatField(null=True)

    # Sums over single forecasts that were made before the outcome was known.
    forecast_count = models.PositiveIntegerField()
    brier_sum = models.FloatField()
    logarithmic_sum = models.FloatField(help_text="After the clip.")
    infinite_count = models.PositiveIntegerField()
    span_us = models.BigIntegerField(help_text="From the first forecast to the close, before the opening too.")
    span_brier = models.FloatField(null=True, help_text="Mean over that span.")

    # What the row rests on, and what was left out of it.
    late_count = models.PositiveIntegerField(help_text="Left out: made when the outcome was known.")
    after_close_count = models.PositiveIntegerField(help_text="Made after the close: never stood.")
    uncertain_count = models.PositiveIntegerField(help_text="Left out: may have come after the outcome.")
    replaced_count = models.PositiveIntegerField(help_text="Forecasts that replaced an earlier entry.")
    is_coded = models.BooleanField()
    is_implied = models.BooleanField()
    is_in_hindsight = models.BooleanField()
    has_one_hand = models.BooleanField(help_text="Who wrote a forecast down also decided the outcome.")

    objects: ClassVar[Any] = ScoreQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.forecaster} on {self.prediction_id}"


class CodedShare(models.Model):
    """How much of a score a forecast read out of a scale's words makes up: its part of the time that the pair stood.

    Computed with the scores, so that what the same words come to on another scale needs no history again.
    """

    forecast = models.OneToOneField(
        Forecast, models.CASCADE, primary_key=True, related_name="coded_share", db_constraint=False
    )
    prediction = models.ForeignKey(Prediction, models.CASCADE, related_name="coded_shares", db_constraint=False)
    share = models.FloatField()

    objects: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return f"{self.share:.3f} of forecast {self.forecast_id}"
