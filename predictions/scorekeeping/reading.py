"""What the kernel needs of the record, as numpy arrays; times are integer microseconds."""

from typing import Any

import numpy as np
from django.db import connection
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce
from numpy.typing import NDArray

from predictions.models import Forecast, Prediction, PredictionRevision
from predictions.models.prediction import NEVER
from predictions.models.times import microseconds

NO_PROBABILITY = -1.0
NOTHING = -1
DENSE = 4
"""Ids that fill at least a fourth of their range are read as a range."""

ARRAY_HEADER, ELEMENT = 20, 12  # bytes, in PostgreSQL's binary form of an array of 8-byte numbers
Array = NDArray[Any]

PREDICTIONS = np.dtype(
    [(name, "i8") for name in ("id", "case", "opens", "scheduled", "closes", "known", "resolver")]
    + [("outcome", "f8"), ("zone", "O")]
)
AS_STORED = np.dtype(
    [(name, "i8") for name in ("id", "prediction", "forecaster", "issued", "recorded", "by", "supersedes", "special")]
    + [("probability", "f8")]
)
FORECASTS = np.dtype(
    [(name, "i8") for name in ("id", "prediction", "forecaster", "issued", "until", "recorded", "by", "ends")]
    + [(name, "f8") for name in ("probability", "low", "high")]
    + [(name, "?") for name in ("coded", "implied", "replaces")]
)
INTERPRETED = [Forecast.Basis.CODED, Forecast.Basis.IMPLIED]
IS_SPECIAL = Q(issued_until_us__isnull=False) | Q(basis__in=INTERPRETED)


def among(ids: list[int], path: str) -> Q:
    """A condition that the row at `path` is one of `ids` (rising), or lies between them where they are dense."""
    if ids and ids[-1] - ids[0] < DENSE * len(ids) and _are_all(ids):
        return Q(**{f"{path}__gte": ids[0], f"{path}__lte": ids[-1]})
    return Q(**{f"{path}__in": ids})


def _are_all(ids: list[int]) -> bool:
    """Whether nothing decided lies between the first and the last of `ids` that is not one of them."""
    between = Prediction.objects.filter(pk__gte=ids[0], pk__lte=ids[-1], resolution__isnull=False)
    return between.count() == len(ids)


def predictions(ids: list[int]) -> Array:
    """The resolved ones among `ids`, in order of id."""
    known = Prediction.objects.with_close().filter(among(ids, "pk")).resolved().order_by("pk")
    rows = known.values_list(
        "pk",
        "case_id",
        "revision__opens_us",
        Coalesce("revision__closes_us", NEVER),
        "closing_us",
        Coalesce("trigger__occurrence__occurred_us", NEVER),
        Coalesce("resolution__known_us", NEVER),
        "resolution__resolved_by_id",
        "resolution__outcome",
        "revision__zone",
    )
    told = ((*row[:5], min(row[5], row[6]), *row[7:]) for row in rows)
    return np.fromiter(told, PREDICTIONS)


def forecasts(ids: list[int], resolved: Array) -> Array:
    """The standing forecasts of `ids` that are on `resolved`, in the order (prediction, forecaster, issued, id)."""
    stored = _as_stored(Forecast.objects.filter(among(ids, "prediction")))
    replaced = stored["supersedes"][stored["supersedes"] != NOTHING]
    stored = stored[~np.isin(stored["id"], replaced) & np.isin(stored["prediction"], resolved)]
    rows = np.zeros(len(stored), FORECASTS)
    for name in ("id", "prediction", "forecaster", "issued", "recorded", "by", "probability"):
        rows[name] = stored[name]
    rows["until"], rows["low"], rows["high"] = stored["issued"], stored["probability"], stored["probability"]
    rows["replaces"], rows["ends"] = stored["supersedes"] != NOTHING, NEVER
    if stored["special"].any():
        _fill_special(rows, ids)
    _end_by_amendment(rows)
    return rows


def _as_stored(rows: QuerySet[Forecast]) -> Array:
    values = rows.order_by().values_list(
        "pk",
        "prediction_id",
        "forecaster_id",
        "issued_us",
        "recorded_us",
        "recorded_by_id",
        Coalesce("supersedes_id", Value(NOTHING)),
        Cast(Case(When(IS_SPECIAL, then=1), default=0), BigIntegerField()),
        Coalesce("probability", Value(NO_PROBABILITY)),
    )
    stored = _straight(values, AS_STORED)
    # Sorted here: numpy takes a tenth of the time that PostgreSQL does, which would sort so many on disk.
    return stored[np.lexsort([stored[name] for name in ("id", "issued", "forecaster", "prediction")])]


def _straight(values: QuerySet[Any, Any], columns: np.dtype[Any]) -> Array:
    """What the database hands out, without the ORM's converters, which take longer than the reading itself."""
    asked, parameters = values.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _in_columns(cursor, asked, parameters, columns)
        cursor.execute(asked, parameters)
        with connection.wrap_database_errors:
            return np.fromiter(cursor.cursor, columns)  # past Django's wrapper, which would be entered for each row


def _in_columns(cursor: Any, asked: str, parameters: Any, columns: np.dtype[Any]) -> Array:
    """The same from PostgreSQL: one array a column, in its binary form, instead of a message a row."""
    names = [f"c{k}" for k in range(len(columns.names or ()))]
    aggregates = ", ".join(f"array_agg({name})" for name in names)
    statement = f"SELECT {aggregates} FROM ({asked}) AS asked ({', '.join(names)})"  # noqa: S608
    with cursor.cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT BINARY)", parameters) as copy:
        (arrays,) = copy.rows()
    count = 0 if arrays[0] is None else (len(arrays[0]) - ARRAY_HEADER) // ELEMENT
    told = np.empty(count, columns)
    for name, array in zip(columns.names or (), arrays, strict=True):
        element = np.dtype([("size", ">i4"), ("value", columns[name].str.replace("<", ">"))])
        told[name] = np.frombuffer(array, element, count, ARRAY_HEADER)["value"] if count else 0
    return told


def _fill_special(rows: Array, ids: list[int]) -> None:
    """What few forecasts have: a period instead of an instant, and words that were read, with their two ends."""
    special = Forecast.objects.filter(IS_SPECIAL, among(ids, "prediction")).values_list(
        "pk", Coalesce("issued_until_us", "issued_us"), "basis", Coalesce("low", F("probability")), "high"
    )
    order = np.argsort(rows["id"])
    for pk, until, basis, low, high in special:
        place = np.searchsorted(rows["id"], pk, sorter=order)
        if place == len(order) or rows["id"][order[place]] != pk:
            continue
        row = rows[order[place]]
        row["until"] = until
        row["coded"], row["implied"] = basis == Forecast.Basis.CODED, basis == Forecast.Basis.IMPLIED
        if basis in INTERPRETED:
            row["low"], row["high"] = low, row["probability"] if high is None else high


def _end_by_amendment(rows: Array) -> None:
    """Forecasts on an earlier wording end when their prediction is changed in substance."""
    changes = PredictionRevision.objects.filter(kind=PredictionRevision.Kind.MATERIAL)
    touched = changes.filter(prediction__in=_few(rows, changes)).order_by("number")
    for change in touched:
        own = np.flatnonzero(rows["prediction"] == change.prediction_id)
        numbers = dict(Forecast.objects.filter(prediction=change.prediction_id).values_list("pk", "revision__number"))
        earlier = own[[numbers[pk] < change.number for pk in rows["id"][own].tolist()]]
        rows["ends"][earlier] = np.minimum(rows["ends"][earlier], microseconds(change.recorded_at))


def _few(rows: Array, changes: QuerySet[PredictionRevision]) -> list[int]:
    """Which of the predictions at hand were ever changed in substance: next to none."""
    if not len(rows):
        return []
    low, high = int(rows["prediction"].min()), int(rows["prediction"].max())
    changed = changes.filter(prediction__gte=low, prediction__lte=high).values_list("prediction", flat=True)
    return sorted(set(changed.order_by()) & set(np.unique(rows["prediction"]).tolist()))
