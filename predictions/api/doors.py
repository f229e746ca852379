"""What all endpoints do alike: read the clock once, show what the caller may see, and end in an operation."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from accounts.models import User
from predictions.api.bodies import Given
from predictions.api.filters import StrictFilters
from predictions.api.pages import Pages
from predictions.api.refusals import renamed
from predictions.policy import demand, seen_by


class Door(APIView):
    """Reads the clock once, tells times in the caller's zone, and lets nobody keep a copy of the answer."""

    http_method_names = ["get", "head", "post"]
    now: datetime
    caller: User

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.now, self.caller = timezone.now(), cast(User, request.user)
        if self.caller.zone:  # who comes with a token is unknown to the middleware, which also resets the zone
            timezone.activate(ZoneInfo(self.caller.zone))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response.headers.setdefault("Cache-Control", "no-store")
        return super().finalize_response(request, response, *args, **kwargs)


class Shelf(Door, ReadOnlyModelViewSet[Any]):
    """A list of rows and each row at its uuid. `ordering` names one unique field that readers see."""

    ordering: ClassVar[str] = "uuid"
    also_takes: ClassVar[Collection[str]] = ()
    """Parameters of an address of its own."""
    lookup_field = "uuid"
    filter_backends = [StrictFilters]
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Any]:
        return seen_by(self.caller, super().get_queryset())


class Recording(Door, GenericViewSet[Any]):
    """Adds to a shelf that new rows are put on record."""

    verb: ClassVar[str]
    given: ClassVar[type[Given]]
    operation: ClassVar[Callable[..., Any]]

    def create(self, request: Request) -> Response:
        """Put a new one on record; it is answered as it will be read."""
        demand(self.caller, self.verb)
        body = self.given(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        row = self._recorded(body)
        shown = self.get_serializer(self.get_queryset().get(pk=row.pk)).data
        return Response(shown, status=201, headers={"Location": f"{request.path}{row.uuid}/"})

    def _recorded(self, body: Given) -> Any:
        try:
            return type(self).operation(body.row(), **body.beside(), by=self.caller, at=self.now)
        except ValidationError as fault:
            raise renamed(fault, body.caller_names()) from fault


class Nowhere(Door):
    """An address that is not there, answered in JSON."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404("There is nothing at this address. Addresses end with a slash.")
