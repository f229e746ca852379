"""Columns of score rows: by name, one value per pair; and how they become rows of the table."""

from collections.abc import Container
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.models import Score, ScoringRun
from predictions.models.bulk import write_rows

Columns = dict[str, list[Any]]


def plain(values: NDArray[Any]) -> list[Any]:
    """The column in Python's own types; NaN, which the kernel gives for what cannot be computed, as None."""
    listed: list[Any] = values.tolist()
    if values.dtype.kind != "f" or not np.isnan(values).any():
        return listed
    return [None if value != value else value for value in listed]  # noqa: PLR0124


def of_predictions(columns: Columns, ids: Container[int]) -> Columns:
    """The rows that are about one of `ids`."""
    chosen = [pk in ids for pk in columns["prediction_id"]]
    return {name: list(compress(values, chosen)) for name, values in columns.items()}


def write_scores(columns: Columns, run: ScoringRun) -> None:
    rows = zip(*columns.values(), [run.pk] * len(columns["prediction_id"]), strict=True)
    write_rows(Score, (*columns, "run_id"), rows)
