"""What an analyst puts on record from the reading page: several verbs in one transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from accounts.models import User
from predictions.models import Criterion, Forecast, Prediction, PredictionRevision, Quote
from predictions.operations.forecasters import name_forecaster
from predictions.operations.forecasts import log_forecast
from predictions.operations.predictions import pose_prediction
from predictions.operations.quotes import quoted


@transaction.atomic
def pose_from_quote(
    prediction: Prediction,
    revision: PredictionRevision,
    criteria: Sequence[Criterion],
    *,
    quote: Quote,
    forecast: Forecast,
    by: User,
    at: datetime,
) -> Prediction:
    """Put on record what a passage foretells: its words, the prediction that they make, and what its author thereby
    forecast; all of it or nothing.

    Each goes through its own verb and gets its own ledger entry. A forecaster that is not known yet is named. What the
    verbs refuse is told together, as far as one can be tried without the other.
    """
    faults: dict[str, list[ValidationError]] = {}
    with _gathered(faults):
        quote, _ = quoted(quote, by=by, at=at)
        for criterion in criteria:
            criterion.quote = quote
    with _gathered(faults, name="forecaster"):
        if forecast.forecaster.pk is None:
            name_forecaster(forecast.forecaster, by=by, at=at)
    with _gathered(faults):
        pose_prediction(prediction, revision, criteria, by=by, at=at)
    if faults:
        raise ValidationError(faults)
    # Set anew: a relation takes the key that its row has when it is set.
    forecast.prediction, forecast.forecaster, forecast.quote = prediction, forecast.forecaster, quote
    log_forecast(forecast, by=by, at=at)
    return prediction


@contextmanager
def _gathered(faults: dict[str, list[ValidationError]], **renamed: str) -> Iterator[None]:
    """Keep what is refused within, by field; `renamed` says what a field of that verb is called here."""
    try:
        yield
    except ValidationError as refusal:
        by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
        for field, found in by_field.items():
            faults.setdefault(renamed.get(field, field), []).extend(found)
