from predictions.models import checks, guards
from predictions.models.case import Case, CaseMembership, Origin
from predictions.models.evidence import Credibility, Evidence
from predictions.models.forecast import Coding, Confidence, Forecast
from predictions.models.forecaster import Forecaster
from predictions.models.league import League
from predictions.models.ledger import LedgerEntry, LedgerPayload, LogHead, Rationale
from predictions.models.prediction import Criterion, Prediction, PredictionRevision, Status
from predictions.models.quote import Quote, QuoteAnchor
from predictions.models.resolution import CriterionVerdict, ReliedEvidence, Resolution, Verdict
from predictions.models.score import Score, ScoringRun
from predictions.models.source import Reliability, Snapshot, SnapshotText, Source
from predictions.models.times import Precision
from predictions.models.trigger import Trigger, TriggerOccurrence

__all__ = [
    "Case",
    "CaseMembership",
    "Coding",
    "Confidence",
    "Credibility",
    "Criterion",
    "CriterionVerdict",
    "Evidence",
    "Forecast",
    "Forecaster",
    "League",
    "LedgerEntry",
    "LedgerPayload",
    "LogHead",
    "Origin",
    "Precision",
    "Prediction",
    "PredictionRevision",
    "Quote",
    "QuoteAnchor",
    "Rationale",
    "Reliability",
    "ReliedEvidence",
    "Resolution",
    "Score",
    "ScoringRun",
    "Snapshot",
    "SnapshotText",
    "Source",
    "Status",
    "Trigger",
    "TriggerOccurrence",
    "Verdict",
    "checks",
    "guards",
]
