from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from predictions.api.doors import Door
from predictions.api.filters import require_known
from predictions.queries.scorecard_address import NAMES, named_selection
from predictions.queries.scorecard_selection import Horizon
from predictions.queries.scorecards import ROWS_IN_JSON, as_json, scorecard


class Scorecards(Door, ViewSet):
    """How well forecasts did."""

    is_export = True

    @extend_schema(
        operation_id="scorecard",
        parameters=[
            OpenApiParameter("forecaster", OpenApiTypes.UUID),
            OpenApiParameter("source", OpenApiTypes.UUID),
            OpenApiParameter("publisher", OpenApiTypes.STR),
            OpenApiParameter("theme", OpenApiTypes.STR),
            OpenApiParameter("case", OpenApiTypes.UUID),
            OpenApiParameter("since", OpenApiTypes.DATE, description="First day (UTC) on which an outcome was known."),
            OpenApiParameter("until", OpenApiTypes.DATE, description="Last such day."),
            OpenApiParameter(
                "horizon",
                OpenApiTypes.STR,
                enum=[str(each) for each in Horizon],
                description="Days from a forecaster’s first forecast to the scheduled close.",
            ),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def list(self, request: Request) -> Response:
        """The scorecard of what is asked for, or of everything; `conventions` says how to read it.

        It lists 2,000 rows at most; `has_more_rows` says whether there are others.
        """
        require_known(request, NAMES)
        try:
            selection = named_selection(request.query_params, self.caller)
        except ObjectDoesNotExist as fault:
            raise Http404 from fault
        card = scorecard(selection, user=self.caller, now=self.now, limit=ROWS_IN_JSON)
        return Response(as_json(card))
