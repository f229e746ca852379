"""Every verb by which analysts say what they make of a prediction, ready to be done in a case (see `deeds`)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from predictions.models import Assumption, Case, Indicator, Rating
from predictions.operations import assumptions, ratings
from tests import builders as a


def rate(case: Case) -> Callable[..., Any]:
    row = Rating(evidence=a.evidence(a.prediction(case)), prediction=a.prediction(case), consistency="I")
    return partial(ratings.rate_evidence, row)


def rate_again(case: Case, consistency: str) -> Callable[..., Any]:
    first = a.rating(a.evidence(a.prediction(case)))
    row = Rating(evidence=first.evidence, prediction=first.prediction, consistency=consistency)
    row.supersedes, row.reason = first, "Misread."
    return partial(ratings.rate_evidence, row)


def assume(case: Case) -> Callable[..., Any]:
    row = Assumption(prediction=a.prediction(case), statement="Clouds bring rain.", status="supported")
    return partial(assumptions.note_assumption, row)


def indicate(case: Case) -> Callable[..., Any]:
    return partial(assumptions.note_indicator, Indicator(prediction=a.prediction(case), statement="The glass falls."))


def assume_again(case: Case) -> Callable[..., Any]:
    row = a.assumption(a.prediction(case))
    row.status = "unsupported"
    return partial(assumptions.amend_assumption, row)


def see(case: Case) -> Callable[..., Any]:
    row = a.indicator(a.prediction(case))
    row.observed_on = a.on_day(3).date()
    return partial(assumptions.amend_indicator, row)
