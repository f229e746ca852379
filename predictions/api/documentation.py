"""The API's own description: OpenAPI 3.1 with every refusal, and a page to read it on that asks nobody outside."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from predictions.api.doors import Door
from predictions.api.filters import require_known

REFUSED = {
    "type": "object",
    "description": "Messages by field; `non_field_errors` for what belongs to none.",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
}
TURNED_AWAY = {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]}
ANSWERS = {
    "400": ("Refused", "Something in the request cannot be accepted."),
    "401": ("TurnedAway", "No valid token or session came with the request."),
    "403": ("TurnedAway", "The caller's roles do not allow this."),
    "404": ("TurnedAway", "There is no such thing, or the caller may not see it."),
    "409": ("Refused", "The state has moved on: look again."),
    "413": ("TurnedAway", "The body is longer than 1 MB."),
    "415": ("TurnedAway", "The body is not application/json."),
    "422": ("Refused", "The Idempotency-Key came with another request before."),
    "429": ("TurnedAway", "Too many attempts: wait as long as Retry-After says."),
    "503": ("Refused", "The server's clock lags behind its ledger: try again after Retry-After."),
}
SIGN_IN, SIGN_OUT = "/api/tokens/", "/api/tokens/current/"


class Schema(Door, SpectacularJSONAPIView):
    """The description itself."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require_known(request, ())


class Documentation(Door, SpectacularSwaggerSplitView):
    """The page, whose script comes by an address of its own (`?script`); who is not signed in is sent to do so."""

    url_name = "api:schema"
    template_name = "predictions/api.html"

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, NotAuthenticated):
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(exc)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response.headers.pop("Cross-Origin-Opener-Policy", None)  # asked for by a sign-in that we do not offer
        response._csp_update = {"img-src": ["data:"]}  # arrows and locks stand in swagger-ui's style
        return super().finalize_response(request, response, *args, **kwargs)


def with_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Hook of drf-spectacular: adds to each operation its refusals, and that no parameter of it is blank."""
    schemas = result["components"]["schemas"]
    schemas["Refused"], schemas["TurnedAway"] = REFUSED, TURNED_AWAY
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                _never_blank(parameter)
            for code in _codes(path, method):
                operation["responses"].setdefault(code, _answer(code))
    return result


def _never_blank(parameter: dict[str, Any]) -> None:
    if parameter["in"] == "query" and parameter["schema"] == {"type": "string"}:
        parameter["schema"]["pattern"] = r"\S"


def _codes(path: str, method: str) -> tuple[str, ...]:
    if path == SIGN_IN:
        return ("400", "403", "413", "415", "429")
    if path == SIGN_OUT:
        return ("401",)
    if method == "post":
        return ("400", "401", "403", "409", "413", "415", "422", "429", "503")
    if "scorecards" in path:
        return ("400", "401", "403", "404", "429")
    return ("400", "401", "403", "404") if "{" in path else ("400", "401", "403")


def _answer(code: str) -> dict[str, Any]:
    schema, description = ANSWERS[code]
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}
