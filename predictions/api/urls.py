from django.urls import include, path, re_path
from rest_framework.routers import DefaultRouter
from rest_framework.viewsets import ViewSetMixin

from predictions.api.assessments import Assessments
from predictions.api.assignments import Assignments
from predictions.api.captures import Captures
from predictions.api.cases import Cases
from predictions.api.codings import CodingRequests, Codings
from predictions.api.disputes import Disputes
from predictions.api.documentation import Documentation, Schema
from predictions.api.doors import Nowhere, Root
from predictions.api.evidence import EvidenceShelf
from predictions.api.forecasters import Forecasters
from predictions.api.forecasts import Forecasts
from predictions.api.predictions import Predictions
from predictions.api.quotes import Quotes
from predictions.api.ratings import Ratings
from predictions.api.receipts import ProofOf, ReceiptOf
from predictions.api.resolutions import Resolutions
from predictions.api.scorecards import Scorecards
from predictions.api.snapshots import Snapshots
from predictions.api.sources import Sources
from predictions.api.tokens import CurrentToken, Tokens

app_name = "api"

router = DefaultRouter()
router.APIRootView = Root
router.include_format_suffixes = False
shelves: dict[str, type[ViewSetMixin]] = {
    "cases": Cases,
    "sources": Sources,
    "snapshots": Snapshots,
    "captures": Captures,
    "quotes": Quotes,
    "forecasters": Forecasters,
    "predictions": Predictions,
    "forecasts": Forecasts,
    "coding-requests": CodingRequests,
    "codings": Codings,
    "evidence": EvidenceShelf,
    "ratings": Ratings,
    "assignments": Assignments,
    "assessments": Assessments,
    "resolutions": Resolutions,
    "disputes": Disputes,
    "scorecards": Scorecards,
}
for name, shelf in shelves.items():
    router.register(name, shelf, basename=name)

urlpatterns = [
    path("", include(router.urls)),
    path("receipts/<int:seq>/", ReceiptOf.as_view(), name="receipt"),
    path("receipts/<int:seq>/tlog-proof/", ProofOf.as_view(), name="tlog-proof"),
    path("tokens/", Tokens.as_view(), name="tokens"),
    path("tokens/current/", CurrentToken.as_view(), name="current-token"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Documentation.as_view(), name="docs"),
    re_path("", Nowhere.as_view(), name="nowhere"),
]
