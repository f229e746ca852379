"""Which scope a token needs, by verb and by method. A view that states none for a method is closed to every token."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken
from accounts.scopes import Scope

Scopes = Mapping[str, Scope | None]
"""By method; None: any token will do."""

SCOPE_BY_VERB: Mapping[str, Scope] = MappingProxyType(
    {
        "capture_source": Scope.FORECAST,
        "log_forecast": Scope.FORECAST,
        "link_evidence": Scope.FORECAST,
        "rate_evidence": Scope.FORECAST,
        "ask_coder": Scope.FORECAST,
        "submit_coding": Scope.FORECAST,
        "assign_resolver": Scope.ASSESS,
        "assess": Scope.ASSESS,
        "dispute": Scope.ASSESS,
    }
)
READING: Scopes = MappingProxyType({"GET": Scope.READ, "HEAD": Scope.READ})


class HasScope(BasePermission):
    """A token opens what it was made for. A session is its person's own hand."""

    def has_permission(self, request: Request, view: Any) -> bool:
        token, scopes = request.auth, getattr(view, "scopes", {})
        if not isinstance(token, ApiToken) or request.method not in view.allowed_methods:
            return True  # a method that is not there is answered as such
        needed = scopes.get(request.method, "")
        self.message = f"This token was not made for that: it would need the scope “{needed}”."
        return needed is None or needed in token.scope_names
