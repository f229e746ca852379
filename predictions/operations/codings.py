"""Independent coding: others are asked what the words of a forecast mean, and the median of all counts."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from predictions import record
from predictions.models import Coding, CodingRequest, Forecast
from predictions.models.coding import median_reading
from predictions.models.forecast import READ_OUT_OF_WORDS
from predictions.operations.coders import CLOSED, end, follow
from predictions.operations.forecasts import reading_of, require_live
from predictions.operations.predictions import held
from predictions.policy import demand, selves, uncodable_because
from predictions.tasks import rescore_later

KEPT = (
    *("prediction", "revision", "forecaster", "kind", "words", "scale", "basis", "confidence", "quote"),
    *("issued_at", "issued_precision", "issued_until"),
)
A_NUMBER = "That is a number. Enter a word of a scale, or your own reading: low, point and high."


@transaction.atomic
def ask_coder(request: CodingRequest, *, by: User, at: datetime) -> CodingRequest:
    """Ask another analyst what the words of a forecast mean. They see none of its numbers until they have said."""
    request.prediction = held(request.forecast.prediction)
    request.forecast = forecast = Forecast.objects.for_show().get(pk=request.forecast.pk)
    demand(by, "ask_coder", forecast)
    _require_words(forecast)
    if selves(by).filter(pk=request.coder.pk).exists():
        raise ValidationError({"coder": "You see what it was taken for: ask somebody else."})
    if why := uncodable_because(request.coder, forecast):
        raise ValidationError({"coder": f"This person {why}."})
    request.first = Coding.objects.of(forecast)[0]
    request.asked_at, request.asked_by = at, by
    request.full_clean()
    record.keep(request, "coding.asked", by=by, at=at)
    return request


def eligible_coders(forecast: Forecast, by: User) -> list[User]:
    """Whom `by` may ask to code `forecast`."""
    people = User.objects.filter(groups__name=Role.ANALYST, is_active=True).exclude(pk__in=selves(by)).order_by("pk")
    return [user for user in people if uncodable_because(user, forecast) is None]


def _require_words(forecast: Forecast) -> None:
    if forecast.is_superseded:
        raise ValidationError({"forecast": ValidationError("It was replaced. Ask about the newest.", code="conflict")})
    if forecast.basis not in READ_OUT_OF_WORDS:
        raise ValidationError({"forecast": "Its number was not read out of words: there is nothing to code."})
    if forecast.quote is None:
        raise ValidationError({"forecast": "It has no quote, which another would have to read. Add one first."})


@transaction.atomic
def withdraw_coding(request: CodingRequest, *, reason: str, by: User, at: datetime) -> CodingRequest:
    """Ask a coder no longer, before they have entered anything."""
    request = _held(request)
    demand(by, "withdraw_coding", request)
    return end(request, CodingRequest.Closing.WITHDRAWN, reason=reason, by=by, at=at)


@transaction.atomic
def decline_coding(request: CodingRequest, *, reason: str, by: User, at: datetime) -> CodingRequest:
    """Not code what one was asked to; with that, nothing is hidden any longer."""
    request = _held(request)
    demand(by, "decline_coding", request)
    return end(request, CodingRequest.Closing.DECLINED, reason=reason, by=by, at=at)


@transaction.atomic
def submit_coding(coding: Coding, *, by: User, at: datetime) -> Coding:
    """Record what one coder, who was asked, makes of the words: a term of a scale, or low, point and high.

    The forecast is replaced by one that holds the median of all codings; all else about it stays.
    """
    coding.request = request = _held(coding.request)  # type: ignore[arg-type]
    demand(by, "submit_coding", request)
    if not request.is_open:
        raise ValidationError(CLOSED, code="conflict")
    _read(coding, by)
    earlier = Forecast.objects.for_show().get(pk=request.forecast_id)
    others = list(Coding.objects.of(earlier))
    coding.number = len(others) + 1
    coding.full_clean(exclude={"forecast"})
    coding.forecast = forecast = _successor(earlier, [*others, coding], by=by, at=at)
    forecast.full_clean()
    record.keep(forecast, "forecast.coded", by=by, at=at, parts=[coding])
    follow(earlier, forecast)
    request.closed_at, request.closing = at, CodingRequest.Closing.CODED
    request.save(update_fields=["closed_at", "closing"])
    rescore_later(request.prediction)
    return coding


def _held(request: CodingRequest) -> CodingRequest:
    """The request as it stands, with its prediction, which is locked until the transaction ends."""
    prediction = held(request.prediction)
    request = CodingRequest.objects.select_related("coder").get(pk=request.pk)
    request.prediction = prediction
    return request


def _read(coding: Coding, coder: User) -> None:
    """Fill in what the words mean on their scale; the coder's own numbers stand where they gave them."""
    found = reading_of(coding, coder)
    if found is None:
        raise ValidationError({"words": A_NUMBER})
    for name in ("coder", "words", "term", "scale", "scale_name", "method", "low", "point", "high"):
        setattr(coding, name, getattr(found, name))
    if not coding.term:
        require_live(coding.point)
    if coding.had_own_forecast is None:
        raise ValidationError({"had_own_forecast": "Say whether you had a forecast of your own."})
    request: Any = coding.request
    own = request.prediction.forecasts.filter(forecaster__account__in=selves(coder))
    coding.own_forecast_on_record = own.exists()


def _successor(earlier: Forecast, codings: list[Coding], *, by: User, at: datetime) -> Forecast:
    kept = {name: getattr(earlier, name) for name in KEPT}
    forecast = Forecast(**kept, **median_reading(codings), supersedes=earlier, recorded_by=by, recorded_at=at)
    forecast.reason = f"Coded by another: the median of {len(codings)} codings counts."
    forecast.rationale = earlier.rationale
    return forecast
