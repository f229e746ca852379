from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.models import User
from predictions.api.doors import Door
from predictions.api.fields import seen_by
from predictions.api.filters import require_known
from predictions.models import Forecaster, Prediction, Source
from predictions.queries.scorecards import Selection, as_json, scorecard

ROWS = {"forecaster": Forecaster.objects, "source": Source.objects}


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
        require_known(request, {*ROWS, "theme"})
        rows = {name: _row(name, request.query_params.get(name), self.caller) for name in ROWS}
        selection = Selection(**rows, theme=_theme(request.query_params.get("theme", ""), self.caller))
        return Response(as_json(scorecard(selection, user=self.caller, now=self.now)))


def _row(name: str, text: str | None, caller: User) -> Any:
    if text is None:
        return None
    try:
        return seen_by(caller, ROWS[name]).get(uuid=UUID(text))
    except ValueError as fault:
        raise ValidationError({name: ["Enter a uuid."]}) from fault
    except ObjectDoesNotExist as fault:
        raise Http404 from fault


def _theme(theme: str, caller: User) -> str:
    if theme and not Prediction.objects.visible_to(caller).filter(theme=theme).exists():
        raise Http404
    return theme
