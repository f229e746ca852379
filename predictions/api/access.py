"""Who gets in: a token or a session, and a role."""

from typing import Any

from django.utils import timezone
from knox import auth
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.factors import token_stands
from accounts.models import ApiToken
from predictions.policy import can


class TokenAuthentication(auth.TokenAuthentication):
    def authenticate_credentials(self, token: bytes) -> Any:
        try:
            user, kept = super().authenticate_credentials(token)
        except ValueError as fault:  # bytes that are no text never were a token
            raise AuthenticationFailed("Invalid token.") from fault
        if not token_stands(user, kept.created):
            raise AuthenticationFailed("This token was made before your second factor. Make another.")
        _note_use(kept)
        return user, kept


def _note_use(token: ApiToken) -> None:
    """The day is enough to find tokens that nobody needs any more, and costs one write a day."""
    if token.last_used_on != (today := timezone.now().date()):
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)


class HasRole(BasePermission):
    """Whoever has no role sees nothing."""

    message = "You have no role here yet. Ask an administrator for one."

    def has_permission(self, request: Request, view: Any) -> bool:
        return can(request.user, "read")
