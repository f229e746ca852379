"""The coders of a forecast taken together. Whoever calls holds its prediction."""

from datetime import datetime

from django.core.exceptions import ValidationError

from accounts.models import User
from predictions import record
from predictions.models import CodingRequest, Forecast

CLOSED = "This request is closed already."
REPLACED = "The forecast was replaced, and with it what was to be coded."


def are_several(forecast: Forecast) -> bool:
    """Whether its number is the median of several codings."""
    return CodingRequest.objects.coded().filter(forecast=forecast).exists()


def follow(earlier: Forecast, later: Forecast) -> None:
    """`later` stands in the place of `earlier` for all who coded it or are asked to."""
    CodingRequest.objects.filter(forecast=earlier).update(forecast=later)


def end(request: CodingRequest, closing: str, *, reason: str, by: User, at: datetime) -> CodingRequest:
    """Close `request` without a coding: its coder is asked no longer, and sees again what others see."""
    if not request.is_open:
        raise ValidationError(CLOSED, code="conflict")
    if not reason.strip():
        raise ValidationError({"reason": "Say why."})
    request.closed_at, request.closing, request.reason = at, closing, reason
    request.full_clean()
    record.amend(request, f"coding.{closing}", by=by, at=at)
    return request


def dismiss(earlier: Forecast, *, by: User, at: datetime) -> None:
    """`earlier` was replaced by something else than its words: nobody is asked any longer to code these."""
    for request in CodingRequest.objects.open().filter(forecast=earlier):
        end(request, CodingRequest.Closing.WITHDRAWN, reason=REPLACED, by=by, at=at)
