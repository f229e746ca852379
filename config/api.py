"""How the API describes itself: settings of drf-spectacular."""

from typing import Any

DESCRIPTION: dict[str, Any] = {
    "TITLE": "Forsooth",
    "DESCRIPTION": "What articles foretold, by their words, and how it turned out.\n\n"
    "A token is made on the page “API tokens” of the site, or by `/api/tokens/`; a program sends it as "
    "`Authorization: Token …`. It opens what its scopes say: `read` whatever is asked for, `forecast` what is recorded "
    "besides judgements, `assess` judgements. A session does as well. "
    "Times are UTC; a list shows a hundred rows and names its next page.",
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["predictions.api.access.HasRole", "predictions.api.scopes.HasScope"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "predictions.api.documentation.with_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ForecastKind": "predictions.models.Forecast.Kind",
        "ForecasterKind": "predictions.models.Forecaster.Kind",
        "RevisionKind": "predictions.models.PredictionRevision.Kind",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},  # no validator outside reads our schema
}
