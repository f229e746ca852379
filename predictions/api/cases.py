from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from predictions.api.bodies import Shown
from predictions.api.doors import Shelf
from predictions.api.filters import require_known
from predictions.models import Case
from predictions.queries.matrix import as_json, evidence_matrix


class CaseShown(Shown):
    """A dossier, and how its sentences were chosen."""

    class Meta:
        model = Case
        fields = (
            "uuid",
            "external_id",
            "title",
            "description",
            "selection",
            "zone",
            "is_private",
            "embargoed_until",
            "hides_forecasts",
            "resolvers_asked",
            "notice_hours",
        )


class Cases(Shelf):
    """The dossiers that sources and predictions belong to, by short name."""

    queryset = Case.objects.all()
    serializer_class = CaseShown
    ordering = "external_id"

    @extend_schema(
        operation_id="matrix",
        parameters=[OpenApiParameter("theme", OpenApiTypes.STR)],
        responses=OpenApiTypes.OBJECT,
        filters=False,
    )
    @action(detail=True, filter_backends=[], pagination_class=None)
    def matrix(self, request: Request, uuid: Any = None) -> Response:
        """What all ratings of its evidence matrix come to, as far as the caller sees them; `conventions` tell how."""
        require_known(request, {"theme"})
        theme = request.query_params.get("theme", "")
        shown = evidence_matrix(self.get_object(), user=self.caller, is_own=False, theme=theme)
        return Response(as_json(shown))
