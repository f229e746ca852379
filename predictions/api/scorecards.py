from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from predictions.api.doors import Door
from predictions.api.filters import require_known
from predictions.queries.scorecard_address import named_selection
from predictions.queries.scorecards import as_json, scorecard


class Scorecards(Door, ViewSet):
    """How well forecasts did."""

    @extend_schema(
        operation_id="scorecard",
        parameters=[
            OpenApiParameter("forecaster", OpenApiTypes.UUID),
            OpenApiParameter("source", OpenApiTypes.UUID),
            OpenApiParameter("theme", OpenApiTypes.STR),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def list(self, request: Request) -> Response:
        """The scorecard of a forecaster, a source, a theme, or of everything; `conventions` says how to read it."""
        require_known(request, {"forecaster", "source", "theme"})
        try:
            selection = named_selection(request.query_params, self.caller)
        except ObjectDoesNotExist as fault:
            raise Http404 from fault
        return Response(as_json(scorecard(selection, user=self.caller, now=self.now)))
