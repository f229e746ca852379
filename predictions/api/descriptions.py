"""How each operation describes itself. Stands apart from the views, which are described by it from the start."""

from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.openapi import AutoSchema

from predictions.api import idempotency


class TokenScheme(KnoxTokenScheme):
    target_class = "predictions.api.access.TokenAuthentication"
    name = "token"

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """The scope that a token needs, as OpenAPI 3.1 lets any scheme name roles."""
        scope = auto_schema.view.scopes[auto_schema.method]
        return {self.name: [str(scope)] if scope else []}


class Described(AutoSchema):
    """Says of each operation which scope a token needs, and of what puts something on record how to ask again."""

    def get_description(self) -> str:  # type: ignore[override]
        scopes = getattr(self.view, "scopes", {})
        scope = scopes.get(self.method)
        told = f"A token needs the scope `{scope}`." if scope else ""
        return "\n\n".join(each for each in (super().get_description(), told) if each)

    def get_override_parameters(self) -> list[Any]:
        return [idempotency.PARAMETER] if self._is_create_operation() else []
