"""Every verb of independent coding, ready to be done in a case (see `deeds`)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from accounts.models import User
from predictions.models import Case, Coding, CodingRequest, Forecast
from predictions.operations import cases, codings
from predictions.operations.forecasts import log_forecast
from tests import builders as a


def _another(case: Case) -> User:
    """An analyst besides some analyst, who sees the case."""
    other = User.objects.filter(username="another-coder").first() or a.person("another-coder", "analyst")
    if not case.memberships.filter(user=other).exists():
        cases.admit(case, other, by=a.a_person_with("analyst"), at=a.NOW)
    return other


def ask(case: Case) -> Callable[..., Any]:
    row = CodingRequest(forecast=a.coded(a.prediction(case)), coder=_another(case))
    return partial(codings.ask_coder, row)


def _asked(case: Case) -> CodingRequest:
    """Some analyst is asked to code what another logged."""
    prediction, first, coder = a.prediction(case), _another(case), a.a_person_with("analyst")
    row = Forecast(prediction=prediction, forecaster=a.forecaster(), words="likely", issued_at=a.on_day(1))
    row.quote = a.quote(a.source(case))
    log_forecast(row, by=first, at=a.NOW)
    return codings.ask_coder(CodingRequest(forecast=row, coder=coder), by=first, at=a.NOW)


def withdraw(case: Case) -> Callable[..., Any]:
    return partial(codings.withdraw_coding, _asked(case), reason="They are on leave.")


def decline(case: Case) -> Callable[..., Any]:
    return partial(codings.decline_coding, _asked(case), reason="I wrote the article.")


def submit(case: Case) -> Callable[..., Any]:
    return partial(codings.submit_coding, Coding(request=_asked(case), words="very likely", had_own_forecast=False))
