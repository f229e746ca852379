from predictions.models import checks, guards, restore_guard
from predictions.models.assessment import AssessedCriterion, AssessedEvidence, Assessment, Assignment
from predictions.models.assumption import Assumption, Indicator
from predictions.models.calendar_address import CalendarAddress
from predictions.models.capture import Capture, CaptureContent, Original, OriginalBytes, Stage, Way
from predictions.models.case import Case, CaseMembership, CaseTeam, Origin
from predictions.models.checkpoint import Checkpoint, CheckpointAnchor, LedgerBreak, LedgerKey
from predictions.models.coding import Coding
from predictions.models.coding_request import CodingRequest
from predictions.models.dispute import Dispute, DisputeAnswer
from predictions.models.document_comparison import DocumentComparison
from predictions.models.erasure import Erasure
from predictions.models.evidence import Credibility, Evidence
from predictions.models.forecast import Confidence, Forecast
from predictions.models.forecaster import Forecaster
from predictions.models.judgement import Judgement, judgement, version_of
from predictions.models.kept_reply import KeptReply
from predictions.models.league import League
from predictions.models.ledger import LedgerEntry, LedgerPayload, LedgerTile, LogHead, Rationale
from predictions.models.notice import Mail, Notice, NoticeChoice, NoticeMark
from predictions.models.prediction import Criterion, Panel, Prediction, PredictionRevision, Status
from predictions.models.quote import Quote, QuoteAnchor, QuoteStanding, Standing
from predictions.models.rating import Consistency, Rating
from predictions.models.resolution import CriterionVerdict, ReliedEvidence, Resolution
from predictions.models.scale import HouseScale, ScaleSwitch
from predictions.models.score import CodedShare, Score, ScoringRun
from predictions.models.source import Reliability, Snapshot, SnapshotText, Source
from predictions.models.team import Team, TeamMembership
from predictions.models.times import Precision
from predictions.models.trigger import Trigger, TriggerOccurrence, Watch
from predictions.models.verdict import Verdict

__all__ = [
    "AssessedCriterion",
    "AssessedEvidence",
    "Assessment",
    "Assignment",
    "Assumption",
    "CalendarAddress",
    "Capture",
    "CaptureContent",
    "Case",
    "CaseMembership",
    "CaseTeam",
    "Checkpoint",
    "CheckpointAnchor",
    "CodedShare",
    "Coding",
    "CodingRequest",
    "Confidence",
    "Consistency",
    "Credibility",
    "Criterion",
    "CriterionVerdict",
    "Dispute",
    "DisputeAnswer",
    "DocumentComparison",
    "Erasure",
    "Evidence",
    "Forecast",
    "Forecaster",
    "HouseScale",
    "Indicator",
    "Judgement",
    "KeptReply",
    "League",
    "LedgerBreak",
    "LedgerEntry",
    "LedgerKey",
    "LedgerPayload",
    "LedgerTile",
    "LogHead",
    "Mail",
    "Notice",
    "NoticeChoice",
    "NoticeMark",
    "Origin",
    "Original",
    "OriginalBytes",
    "Panel",
    "Precision",
    "Prediction",
    "PredictionRevision",
    "Quote",
    "QuoteAnchor",
    "QuoteStanding",
    "Rating",
    "Rationale",
    "Reliability",
    "ReliedEvidence",
    "Resolution",
    "ScaleSwitch",
    "Score",
    "ScoringRun",
    "Snapshot",
    "SnapshotText",
    "Source",
    "Stage",
    "Standing",
    "Status",
    "Team",
    "TeamMembership",
    "Trigger",
    "TriggerOccurrence",
    "Verdict",
    "Watch",
    "Way",
    "checks",
    "guards",
    "judgement",
    "restore_guard",
    "version_of",
]
