"""Tokens for programs. Only their digests are kept; each ends by itself, or when it is given back."""

from typing import Any

from drf_spectacular.utils import extend_schema
from knox.views import LoginView
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, Throttled
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from accounts.attempts import WAIT, TooManyAttemptsError, person_by_password
from accounts.factors import needs_second_factor
from predictions.api.access import TokenAuthentication
from predictions.api.bodies import Given


class SignIn(Given):
    username = serializers.CharField()
    password = serializers.CharField(trim_whitespace=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            user = person_by_password(self.context["request"], **attrs)
        except TooManyAttemptsError as fault:
            raise Throttled(WAIT) from fault
        if user is None:
            raise serializers.ValidationError("This username and password do not go together.")
        return {"user": user}


class TokenShown(serializers.Serializer[Any]):
    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class Tokens(LoginView):
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "tokens"

    @extend_schema(request=SignIn, responses={201: TokenShown}, auth=[])
    def post(self, request: Request, format: None = None) -> Response:
        """A new token; send it as `Authorization: Token …`."""
        body = SignIn(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        request.user = user = body.validated_data["user"]
        if needs_second_factor(user):
            raise PermissionDenied("A password alone makes no token for who has a second factor, or owes one.")
        return super().post(request)

    def get_post_response(self, request: Request, token: str, instance: Any) -> Response:
        shown = self.get_post_response_data(request, token, instance)
        return Response(shown, status=201, headers={"Cache-Control": "no-store"})


class CurrentToken(APIView):
    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Give the token of this very request back."""
        request.auth.delete()
        return Response(status=204)
