from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.language import scales
from predictions.language.scales import Scale
from predictions.models import Coding, Forecast, Forecaster, Origin, Resolution
from predictions.models.forecast import READ_OUT_OF_WORDS, as_percent
from predictions.models.live_bounds import kept_shares, shares_of
from predictions.models.scale import enabled_scale
from predictions.models.times import microseconds
from predictions.operations.coders import are_several, dismiss, follow
from predictions.operations.predictions import held
from predictions.policy import demand, has_judged
from predictions.tasks import rescore_later

SEVERAL = "Several people coded these words, and their median counts. Ask another coder, or replace it by other words."


@transaction.atomic
def log_forecast(forecast: Forecast, *, by: User, at: datetime) -> Forecast:
    """Put a forecast on record: a number, words read on a scale, a withdrawal, or words without a probability."""
    forecast.prediction = prediction = held(forecast.prediction)
    demand(by, "log_forecast", prediction)
    forecast.forecaster = Forecaster.objects.select_for_update().get(pk=forecast.forecaster_id)
    _require_issuing(forecast.forecaster)
    demand(by, "log_forecast", forecast.forecaster)
    _require_own_part(forecast, by, at)
    if forecast.issued_at is None:
        raise ValidationError({"issued_at": "Say when the forecast was issued."})
    forecast.revision = prediction.revision_for(forecast.issued_at)
    forecast.recorded_at, forecast.recorded_by = at, by
    is_mend = _is_mend(forecast)
    codings = [] if is_mend else _codings(forecast, by)
    _require_no_judge(forecast, by, is_read=bool(codings))
    if forecast.probability is not None and forecast.origin != Origin.IMPORTED:
        require_live(forecast.probability)
    _require_time(forecast, at)
    forecast.full_clean()
    for coding in codings:
        coding.full_clean(exclude={"forecast"})
    record.keep(forecast, _kind(forecast), by=by, at=at, parts=codings)
    _tell_coders(forecast, is_mend=is_mend, by=by, at=at)
    rescore_later(prediction)
    return forecast


def _require_issuing(forecaster: Forecaster) -> None:
    if forecaster.kind == Forecaster.Kind.CONSENSUS:
        raise ValidationError({"forecaster": f"“{forecaster}” is computed here: nobody logs forecasts in its name."})


def _require_own_part(forecast: Forecast, by: User, at: datetime) -> None:
    """In one's own name: who resolved does not forecast afterwards, and what was said stands once it is closed."""
    speakers = forecast.forecaster.speakers()
    if by not in speakers:
        return
    if Resolution.objects.filter(prediction=forecast.prediction, resolved_by__in=speakers).exists():
        who = "One of the team" if forecast.forecaster.team_id else "You"
        raise ValidationError({"forecaster": f"{who} resolved this prediction, so you cannot forecast it yourself."})
    closing_at = forecast.prediction.closing_at
    if forecast.supersedes and closing_at is not None and closing_at <= at:
        raise ValidationError({"supersedes": "The prediction is closed: your own forecast stands as you made it."})


def _require_no_judge(forecast: Forecast, by: User, *, is_read: bool) -> None:
    """Who is asked to judge a prediction, or did, neither forecasts it nor turns words about it into a number."""
    is_own = any(has_judged(each, forecast.prediction) for each in forecast.forecaster.speakers())
    if is_own or (is_read and has_judged(by, forecast.prediction)):
        raise ValidationError({"forecaster": "Who is asked to judge this prediction can neither forecast nor code it."})


def _kind(forecast: Forecast) -> str:
    if forecast.kind == Forecast.Kind.WITHDRAWN:
        return "forecast.withdrawn"
    return "forecast.superseded" if forecast.supersedes else "forecast.created"


def _tell_coders(forecast: Forecast, *, is_mend: bool, by: User, at: datetime) -> None:
    """Who codes what was replaced goes on with what keeps its words and codings, and is asked no longer otherwise."""
    earlier: Any = forecast.supersedes
    if is_mend:
        follow(earlier, forecast)
    elif earlier:
        dismiss(earlier, by=by, at=at)


def _is_mend(forecast: Forecast) -> bool:
    """Whether it replaces one whose words several people coded, and keeps these: then it keeps their median too."""
    earlier: Any = forecast.supersedes
    is_of_words = forecast.kind == Forecast.Kind.PROBABILITY and earlier and earlier.basis in READ_OUT_OF_WORDS
    if not is_of_words or forecast.words.strip() != earlier.words.strip() or not are_several(earlier):
        return False
    for name in ("scale", "basis", "low", "probability", "high"):
        given, kept = getattr(forecast, name), getattr(earlier, name)
        if given not in {None, ""} and not _is_same(given, kept):
            raise ValidationError({name: SEVERAL})
        setattr(forecast, name, kept)
    return True


def _is_same(given: str | float, kept: str | float) -> bool:
    """Numbers as far as they are shown, six decimal places."""
    return given == kept if isinstance(kept, str) else round(float(given), 6) == round(kept, 6)


def _is_read(forecast: Forecast, scale: Scale) -> bool:
    """Take the number out of the words; True where a person's reading of words made it."""
    if forecast.kind != Forecast.Kind.PROBABILITY:
        _require_no_number(forecast, scale)
        forecast.basis, forecast.scale = "", ""
        return False
    if reading := _reading(forecast, scale):
        _take(forecast, reading)
    forecast.basis = forecast.basis or Forecast.Basis.STATED
    if forecast.basis == Forecast.Basis.IMPLIED and (forecast.low is None or forecast.high is None):
        raise ValidationError({"low": "Words without a probability word need a low and a high reading."})
    return forecast.basis != Forecast.Basis.STATED


def _scale_of(forecast: Forecast) -> Scale:
    """The scale that it names, or the default; only those in use."""
    try:
        return enabled_scale(forecast.scale)
    except scales.UnreadableProbability as fault:
        raise ValidationError({"scale": str(fault)}) from fault


def _require_no_number(forecast: Forecast, scale: Scale) -> None:
    """What is withdrawn, or said without a probability, may keep its words, but not words that give one."""
    if forecast.kind not in set(Forecast.Kind):
        return
    try:
        scales.read(forecast.words, scale)
    except scales.UnreadableProbability:
        return
    raise ValidationError(
        {"words": f"“{forecast.words.strip()}” is a probability. Log it as one, or clear this field."}
    )


def _reading(forecast: Forecast, scale: Scale) -> scales.Reading | None:
    """What the words say; None where a number stands beside them and they are the passage it was read from."""
    is_given = forecast.probability is not None
    if is_given and forecast.basis == Forecast.Basis.IMPLIED:
        return None
    try:
        return _read(forecast, scale)
    except ValidationError:
        if is_given and forecast.basis != Forecast.Basis.CODED:
            return None
        raise


def _read(forecast: Forecast, scale: Scale) -> scales.Reading:
    if not forecast.words.strip():
        raise ValidationError({"words": "Enter a probability, such as 70%, 0.7, 7 in 10 or likely."})
    try:
        return scales.read(forecast.words, scale)
    except scales.UnreadableProbability as fault:
        raise ValidationError({"words": str(fault)}) from fault


def _take(forecast: Forecast, reading: scales.Reading) -> None:
    """Fill the row from what its words were read as; a number given beside them must be the same."""
    if reading.is_coded and forecast.basis not in {"", Forecast.Basis.CODED}:
        raise ValidationError({"basis": f"“{forecast.words.strip()}” is a word of a scale, so its basis is coded."})
    if not reading.is_coded and forecast.basis == Forecast.Basis.CODED:
        raise ValidationError(
            {"basis": "A number is stated, or implied where it is our reading of a passage; not coded."}
        )
    forecast.scale = reading.scale
    forecast.basis = Forecast.Basis.CODED if reading.is_coded else forecast.basis
    shares = kept_shares(reading)
    faults = {
        name: f"“{forecast.words.strip()}” is read as {as_percent(share)}. Leave this blank, or enter other words."
        for name, share in shares.items()
        if getattr(forecast, name) is not None and float(getattr(forecast, name)) != share
    }
    if faults:
        raise ValidationError(faults)
    for name, share in shares.items():
        setattr(forecast, name, share)


def reading_of(coding: Coding, coder: User) -> Coding | None:
    """What `coder` takes the words for: by a scale, or as they say themselves. None where the words are a number."""
    given = {"words": coding.words, "scale": coding.scale, "low": coding.low, "high": coding.high}
    basis = "" if coding.point is None else Forecast.Basis.IMPLIED
    return next(iter(_codings(Forecast(**given, probability=coding.point, basis=basis), coder)), None)


def _codings(forecast: Forecast, coder: User) -> list[Coding]:
    """The coder's reading, where it is their reading of words that makes the number; the forecast is filled from it."""
    scale = _scale_of(forecast)
    return [_coding(forecast, scale, coder)] if _is_read(forecast, scale) else []


def _coding(forecast: Forecast, scale: Scale, coder: User) -> Coding:
    """A word's own values are kept here, also where the forecast had to stay off certainty."""
    read = {"low": forecast.low, "point": forecast.probability, "high": forecast.high}
    coding = Coding(forecast=forecast, coder=coder, words=forecast.words or "(none)", method="our reading", **read)
    if forecast.basis == Forecast.Basis.CODED:
        reading = _read(forecast, scale)
        coding.term, coding.method = reading.term, reading.method
        coding.scale, coding.scale_name = reading.scale, reading.scale_name
        own = shares_of(reading)
        coding.low, coding.point, coding.high = own["low"], own["probability"], own["high"]
    return coding


def require_live(probability: float) -> None:
    """Certainty is not for the living: what is entered keeps off 0 and 1. Imported rows say what they say."""
    lowest, highest = (float(bound) for bound in settings.FORECAST_BOUNDS)
    if not lowest <= probability <= highest:
        allowed = f"{as_percent(lowest)} to {as_percent(highest)}"
        raise ValidationError({"words": f"Enter a probability from {allowed}. Nothing is quite certain."})


def _require_time(forecast: Forecast, at: datetime) -> None:
    if forecast.issued_at is None or forecast.origin == Origin.IMPORTED:
        return
    if forecast.issued_at > at:
        raise ValidationError({"issued_at": "That lies in the future. Enter when the forecast was issued."})
    issued_us, prediction = microseconds(forecast.issued_at), forecast.prediction
    if issued_us >= prediction.known_us:
        raise ValidationError({"issued_at": "The outcome could be known by then. Only earlier forecasts count."})
    if prediction.closing_at is not None and forecast.issued_at >= prediction.closing_at:
        raise ValidationError({"issued_at": "The prediction had closed by then. Only earlier forecasts count."})
