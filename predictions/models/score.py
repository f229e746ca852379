from typing import Any, ClassVar

from django.db import models

from accounts.models import User
from predictions.models.case import cases_open_to
from predictions.models.forecaster import Forecaster
from predictions.models.prediction import Prediction


class ScoringRun(models.Model):
    """One computation of scores: by which kernel, on the ledger as it stood at `ledger_seq`."""

    kernel_version = models.CharField(max_length=20)
    ledger_seq = models.BigIntegerField(help_text="Last ledger entry that was read; -1 before the first.")
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"kernel {self.kernel_version} at ledger entry {self.ledger_seq}"


class ScoreQuerySet(models.QuerySet["Score"]):
    def visible_to(self, user: User) -> "ScoreQuerySet":
        return self.filter(cases_open_to(user, "prediction__case"))


class Score(models.Model):
    """What one forecaster's forecasts on one resolved prediction came to. Computed, and computed again at will.

    Brier scores are 0–1 and logarithmic scores nats, both losses, averaged over the time a forecast stood;
    null where none stood. `…_low` and `…_high` are what they come to if words are read at their low or high end.
    """

    run = models.ForeignKey(ScoringRun, models.PROTECT, related_name="scores")
    prediction = models.ForeignKey(Prediction, models.CASCADE, related_name="scores")
    forecaster = models.ForeignKey(Forecaster, models.CASCADE, related_name="scores")
    outcome = models.FloatField()
    brier = models.FloatField(null=True)
    brier_low = models.FloatField(null=True)
    brier_high = models.FloatField(null=True)
    logarithmic = models.FloatField(null=True)
    standing_us = models.BigIntegerField()
    time_coverage = models.FloatField(null=True)
    forecast_count = models.PositiveIntegerField()
    is_coded = models.BooleanField()
    is_implied = models.BooleanField()
    is_in_hindsight = models.BooleanField()

    objects: ClassVar[Any] = ScoreQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prediction", "forecaster"], name="score_once_per_pair")]

    def __str__(self) -> str:
        return f"{self.forecaster} on {self.prediction_id}"
