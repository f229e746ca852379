"""Tokens for programs. Only their digests are kept; each ends by itself, or when it is given back."""

from typing import Any, ClassVar, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, Throttled, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from accounts.attempts import WAIT, TooManyAttemptsError, person_by_password
from accounts.factors import needs_second_factor
from accounts.models import ApiToken, User
from accounts.scopes import Scope
from predictions.api.access import TokenAuthentication
from predictions.api.bodies import Given
from predictions.api.fields import Instant, Text
from predictions.api.filters import require_known
from predictions.api.idempotency import HEADER, key_of
from predictions.api.scopes import Scopes
from predictions.operations.tokens import LIFETIMES, USUAL_DAYS, make_token, new_token, revoke_token

ON_THE_PAGE = "A password alone makes no token of an account with a second factor. Make it on the page “API tokens”."
NEVER_AGAIN = "A token is shown once, so this reply cannot be given again. Send no key here."


class TokenGiven(Given):
    """Who asks, and what the token is for. Left out, it reads, and ends after 30 days."""

    username = Text(max_length=150)
    password = Text(max_length=4096, trim_whitespace=False)
    name = Text(max_length=80, required=False, default="Made with a password")
    scopes = serializers.MultipleChoiceField(choices=list(Scope), default={str(Scope.READ)}, allow_empty=False)
    days = serializers.ChoiceField(list(LIFETIMES), required=False, default=USUAL_DAYS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        named = {name: attrs.pop(name) for name in ("username", "password")}
        try:
            user = person_by_password(self.context["request"], **named)
        except TooManyAttemptsError as fault:
            raise Throttled(WAIT) from fault
        if user is None:
            raise serializers.ValidationError("This username and password do not go together.")
        return {**attrs, "user": user}

    def row(self) -> ApiToken:
        given = self.validated_data
        return new_token(given["name"], given["scopes"], int(given["days"]), at=self.context["now"])


class TokenShown(serializers.Serializer[Any]):
    """The token itself is told this once; `expiry` is when it ends."""

    token = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(list(Scope)))
    expiry = Instant()


class Tokens(APIView):
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "tokens"

    @extend_schema(request=TokenGiven, responses={201: TokenShown}, auth=[])
    def post(self, request: Request) -> Response:
        """A new token; send it as `Authorization: Token …`. Who has a second factor makes tokens on the site's page."""
        require_known(request, ())
        if key_of(request) is not None:
            raise ValidationError({HEADER: [NEVER_AGAIN]})
        now = timezone.now()
        body = TokenGiven(data=request.data, context={"request": request, "now": now})
        body.is_valid(raise_exception=True)
        user, token = body.validated_data["user"], body.row()
        if needs_second_factor(user):
            raise PermissionDenied(ON_THE_PAGE)
        secret = make_token(token, by=user, at=now)
        shown = TokenShown({"token": secret, "scopes": token.scope_names, "expiry": token.expiry}).data
        return Response(shown, status=201, headers={"Cache-Control": "no-store"})


class CurrentToken(APIView):
    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsAuthenticated,)
    scopes: ClassVar[Scopes] = {"DELETE": None}

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Give the token of this very request back."""
        require_known(request, ())
        revoke_token(cast(ApiToken, request.auth), by=cast(User, request.user), at=timezone.now())
        return Response(status=204)
