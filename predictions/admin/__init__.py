"""The admin, one module per aggregate; importing them registers their pages."""

from predictions.admin import (
    accounts,
    assessments,
    captures,
    cases,
    disputes,
    evidence,
    forecasters,
    forecasts,
    home,
    ledger,
    predictions,
    quotes,
    resolutions,
    scales,
    sources,
    triggers,
)

__all__ = [
    "accounts",
    "assessments",
    "captures",
    "cases",
    "disputes",
    "evidence",
    "forecasters",
    "forecasts",
    "home",
    "ledger",
    "predictions",
    "quotes",
    "resolutions",
    "scales",
    "sources",
    "triggers",
]
