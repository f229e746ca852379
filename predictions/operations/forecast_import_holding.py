"""What an import locks before it writes, in the order of every other operation: first the rows, the ledger's head last.

On PostgreSQL a new row locks what it refers to. Whoever held the head by then and met a person who logs one forecast,
and holds its prediction while waiting for the head, would wait for them for ever.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.db import OperationalError

from accounts.models import User
from predictions.models import Case, Forecaster, LogHead, Prediction
from predictions.operations.forecast_import_reading import Reading

AT_ONCE = 2_000
POSTGRES_DEADLOCK = "40P01"
CONFLICT = "Something was recorded in this case while the files were read. Nothing was saved: import them again."


def hold(reading: Reading) -> None:
    """Lock until the end of the transaction who imports, the case, what is written about, and the ledger's head."""
    _lock(User, [reading.by.pk])
    _lock(Case, [reading.case.pk] if reading.case else [])
    _lock(Prediction, sorted(_touched(reading)))
    named = set(reading.people)
    _lock(
        Forecaster, [key for key, name in Forecaster.objects.order_by("pk").values_list("pk", "name") if name in named]
    )
    list(LogHead.objects.select_for_update().filter(pk=1))


def _touched(reading: Reading) -> set[int]:
    """Keys of the recorded predictions that get a forecast or an outcome."""
    stage, keys = reading.stage, reading.keys
    numbers = {number for block in stage.new_forecasts() for number in np.unique(block["prediction"]).tolist()}
    decided = {key for row, key in stage.predictions() if row.is_decided and key is not None}
    return decided | {key for key in map(keys.__getitem__, numbers) if key is not None}


def _lock(model: Any, keys: Iterable[int]) -> None:
    waiting = iter(keys)
    while block := list(islice(waiting, AT_ONCE)):
        rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=block).order_by("pk")
        list(rows.values_list("pk"))


def conflict_of(fault: OperationalError) -> ValidationError:
    """What is told of two who waited for each other. Whatever else the database has is raised again."""
    if getattr(fault.__cause__, "sqlstate", None) != POSTGRES_DEADLOCK:
        raise fault
    return ValidationError(CONFLICT, code="conflict")
