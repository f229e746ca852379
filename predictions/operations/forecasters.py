from datetime import datetime

from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import Forecaster
from predictions.policy import demand


@transaction.atomic
def name_forecaster(forecaster: Forecaster, *, by: User, at: datetime) -> Forecaster:
    demand(by, "name_forecaster")
    forecaster.full_clean()
    record.keep(forecaster, "forecaster.named", by=by, at=at)
    return forecaster


@transaction.atomic
def amend_forecaster(forecaster: Forecaster, *, by: User, at: datetime) -> Forecaster:
    demand(by, "amend_forecaster", forecaster)
    forecaster.full_clean()
    record.amend(forecaster, "forecaster.amended", by=by, at=at)
    return forecaster
