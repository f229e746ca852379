"""Which forecasts of an import are recorded already."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from predictions.models import Forecast, Forecaster
from predictions.operations.forecast_import_staging import FORECAST

AT_ONCE = 2_000
NO_PROBABILITY = -1.0


def unrecorded(
    rows: NDArray[Any], keys: Sequence[int | None], names: Sequence[str], *, among: QuerySet[Forecast]
) -> NDArray[np.bool_] | None:
    """True for each of `rows` that is new `among` those; None where all are, since their predictions are new too.

    Row for row: where two equal forecasts are recorded, two equal rows are known and a third is new.
    `keys` and `names` are those of the predictions and forecasters that the rows number.
    """
    numbers = {key: number for number, key in enumerate(keys) if key is not None}
    if not numbers or not len(rows):
        return None
    is_new = np.ones(len(rows), bool)
    people = _numbers_by_key(names)
    ordered = sorted(numbers)
    for first in range(0, len(ordered), AT_ONCE):
        chosen = ordered[first : first + AT_ONCE]
        recorded = np.fromiter(_recorded(among, chosen, numbers, people), FORECAST)
        if len(recorded):
            about = np.flatnonzero(np.isin(rows["prediction"], [numbers[key] for key in chosen]))
            is_new[about] = _beyond(recorded, np.asarray(rows[about]))
    return is_new


def _numbers_by_key(names: Sequence[str]) -> dict[int, int]:
    known = dict(Forecaster.objects.values_list("name", "pk"))
    return {known[name]: number for number, name in enumerate(names) if name in known}


def _recorded(
    among: QuerySet[Forecast], keys: Sequence[int], numbers: dict[int, int], people: dict[int, int]
) -> Iterator[tuple[int, int, int, float]]:
    rows = among.filter(prediction__gte=keys[0], prediction__lte=keys[-1])
    values = rows.values_list("prediction_id", "forecaster_id", "issued_us", Coalesce("probability", NO_PROBABILITY))
    for prediction, forecaster, made, probability in values.order_by().iterator(chunk_size=10_000):
        if prediction in numbers and forecaster in people:
            yield numbers[prediction], people[forecaster], made, probability


def _beyond(recorded: NDArray[Any], rows: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of `rows` find no equal left among `recorded`, each of which answers for one."""
    both = np.concatenate([recorded, rows])
    is_row = np.arange(len(both)) >= len(recorded)
    order = np.lexsort([is_row, *(both[name] for name in FORECAST.names or ())])  # stable: rows in their own order
    ordered, own = both[order], is_row[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(both)])
    place = np.arange(len(both)) - np.repeat(starts, sizes)
    known = np.repeat(np.add.reduceat(~own, starts), sizes)
    is_new = np.empty(len(both), bool)
    is_new[order] = place >= 2 * known
    return is_new[len(recorded) :]
