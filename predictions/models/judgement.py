"""How far the judging of a prediction has come: asked of the rows that stand and the clock, stored nowhere."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Max

from predictions.models.case import Origin
from predictions.models.prediction import Prediction, Status


class Judgement(models.TextChoices):
    WAITING = "waiting", "not due yet"
    DIRECT = "direct", "to be resolved"
    ASSESSING = "assessing", "being assessed"
    AGREED = "agreed", "assessed alike: to be confirmed"
    DISAGREED = "disagreed", "not settled: to be adjudicated"
    CANNOT_TELL = "cannot_tell", "cannot be told: to be annulled or adjudicated"
    PROVISIONAL = "provisional", "decided, not final yet"
    DISPUTED = "disputed", "decided and disputed"
    FINAL = "final", "final"


def version_of(prediction: Prediction) -> int:
    """Ledger position of the newest that a decision goes by: the wording, what resolvers found, decisions, disputes."""
    rows: Any = (prediction.revisions, prediction.assessments, prediction.resolutions, prediction.disputes)
    return max(seq or 0 for each in rows for seq in each.aggregate(newest=Max("entry")).values())


def judgement(prediction: Prediction, now: datetime) -> Judgement:
    """The state of `prediction` at `now`. Ask with its case, revision, trigger and resolution loaded."""
    resolution = prediction.resolution
    if resolution is not None:
        if prediction.disputes.unanswered().filter(resolution=resolution).exists():
            return Judgement.DISPUTED
        return Judgement.FINAL if resolution.is_final(now) else Judgement.PROVISIONAL
    if prediction.panel:  # also before the close: the verdicts are together, and have been read
        return Judgement(prediction.panel)
    if prediction.case.resolvers_asked == 0 or prediction.origin == Origin.IMPORTED:
        return Judgement.DIRECT  # what was imported has no criteria to judge
    return Judgement.ASSESSING if prediction.status(now) == Status.DUE else Judgement.WAITING
