from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import Forecaster
from predictions.policy import demand


@transaction.atomic
def name_forecaster(forecaster: Forecaster, *, by: User, at: datetime) -> Forecaster:
    demand(by, "name_forecaster")
    _require_issuing(forecaster)
    forecaster.full_clean()
    record.keep(forecaster, "forecaster.named", by=by, at=at)
    return forecaster


@transaction.atomic
def amend_forecaster(forecaster: Forecaster, *, by: User, at: datetime) -> Forecaster:
    """Mend what is said of a forecaster. Whose name it is stays, once forecasts have been logged in it."""
    stands = Forecaster.objects.select_for_update().get(pk=forecaster.pk)
    demand(by, "amend_forecaster", stands)
    _require_same_owner(forecaster, stands)
    _require_issuing(forecaster)
    forecaster.full_clean()
    record.amend(forecaster, "forecaster.amended", by=by, at=at)
    return forecaster


def _require_same_owner(forecaster: Forecaster, stands: Forecaster) -> None:
    for name in ("account", "team"):
        if getattr(forecaster, name) != getattr(stands, name) and stands.forecasts.exists():
            told = "Forecasts were logged in this name. Whose name it is can no longer change."
            raise ValidationError({name: told})


def _require_issuing(forecaster: Forecaster) -> None:
    if forecaster.kind == Forecaster.Kind.CONSENSUS:
        raise ValidationError({"kind": "A consensus is computed here: nobody names one. Choose another kind."})
