"""What a prediction is thought to hang on: assumptions and indicators, noted and amended, each change on record."""

from datetime import date, datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import Assumption, Indicator
from predictions.models.assumption import Premise
from predictions.models.times import day_in
from predictions.operations.predictions import held
from predictions.policy import demand

P = TypeVar("P", Assumption, Indicator)


@transaction.atomic
def note_assumption(assumption: Assumption, *, by: User, at: datetime) -> Assumption:
    return _note(assumption, "note_assumption", "assumption.noted", by=by, at=at)


@transaction.atomic
def amend_assumption(assumption: Assumption, *, by: User, at: datetime) -> Assumption:
    """Look at an assumption again. What it said before stays in the ledger."""
    return _amend(assumption, "amend_assumption", "assumption.amended", by=by, at=at)


@transaction.atomic
def note_indicator(indicator: Indicator, *, by: User, at: datetime) -> Indicator:
    return _note(indicator, "note_indicator", "indicator.noted", by=by, at=at)


@transaction.atomic
def amend_indicator(indicator: Indicator, *, by: User, at: datetime) -> Indicator:
    """Record that an indicator was seen, or look at it again. What it said before stays in the ledger."""
    return _amend(indicator, "amend_indicator", "indicator.amended", by=by, at=at)


def _note(premise: P, verb: str, kind: str, *, by: User, at: datetime) -> P:
    premise.prediction = held(premise.prediction)
    demand(by, verb, premise.prediction)
    premise.noted_at, premise.noted_by = at, by
    _require_sound(premise, before=None, today=day_in(by.zone, at))
    record.keep(premise, kind, by=by, at=at)
    return premise


def _amend(premise: P, verb: str, kind: str, *, by: User, at: datetime) -> P:
    stood = type(premise)._default_manager.get(pk=premise.pk)
    demand(by, verb, held(stood.prediction))
    before = type(premise)._default_manager.get(pk=premise.pk).review_on  # as it stands, now that it is held
    _require_sound(premise, before=before, today=day_in(by.zone, at))
    record.amend(premise, kind, by=by, at=at)
    return premise


def _require_sound(premise: Premise, *, before: date | None, today: date) -> None:
    """The days are days of whoever enters them. A day of review that has come stays until another is given."""
    premise.full_clean()
    faults = {}
    if premise.review_on and premise.review_on != before and premise.review_on < today:
        faults["review_on"] = "That day has passed. Give one that is still to come, or none."
    if isinstance(premise, Indicator) and premise.observed_on and premise.observed_on > today:
        faults["observed_on"] = "That day lies in the future. Record it when it was seen."
    if faults:
        raise ValidationError(faults)
