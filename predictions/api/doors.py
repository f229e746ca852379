"""What all endpoints do alike: read the clock once, show what the caller may see, and end in an operation."""

import json
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import APIRootView
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from accounts.models import User
from predictions.api.bodies import Given
from predictions.api.filters import StrictFilters, require_known
from predictions.api.idempotency import digest_of, key_of
from predictions.api.pages import Pages
from predictions.api.refusals import renamed
from predictions.api.scopes import READING, SCOPE_BY_VERB, Scopes
from predictions.operations.kept_replies import Made, answer_once
from predictions.policy import demand, seen_by


class Door(APIView):
    """Reads the clock once, tells times in the caller's zone, and lets nobody keep a copy of the answer."""

    http_method_names = ["get", "head", "post"]
    scopes: ClassVar[Scopes] = READING
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

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "verb" in cls.__dict__:
            cls.scopes = {**READING, "POST": SCOPE_BY_VERB[cls.verb]}

    def create(self, request: Request) -> Response:
        """Put a new one on record; it is answered as it will be read."""
        demand(self.caller, self.verb)
        require_known(request, ())
        key = key_of(request)
        if key is None:
            return self._answered(self._made(request))
        made = answer_once(key, digest_of(request), lambda: self._made(request), by=self.caller, at=self.now)
        if not self.get_queryset().filter(uuid=made.row).exists():
            raise Http404  # what the caller no longer sees is not told again
        return self._answered(made)

    def _answered(self, made: Made) -> Response:
        location = f"{self.request.path}{made.row}/"
        body = made.body or self._told(uuid=made.row)
        return Response(json.loads(body), status=201, headers={"Location": location})

    def _made(self, request: Request) -> Made:
        body = self.given(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        row = self._recorded(body)
        return Made(row.uuid, self._told(pk=row.pk))

    def _told(self, **key: Any) -> str:
        shown = self.get_serializer(self.get_queryset().get(**key)).data
        return JSONRenderer().render(shown).decode()

    def _recorded(self, body: Given) -> Any:
        try:
            return type(self).operation(body.row(), **body.beside(), by=self.caller, at=self.now)
        except ValidationError as fault:
            raise renamed(fault, body.caller_names()) from fault


class Root(Door, APIRootView):
    """The addresses of all lists."""


class Nowhere(Door):
    """An address that is not there, answered in JSON."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404("There is nothing at this address. Addresses end with a slash.")
