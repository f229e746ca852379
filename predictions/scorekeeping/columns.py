"""Columns of score rows: by name, one value per pair; and how they become rows of the table."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.models import Score, ScoringRun
from predictions.models.bulk import write_numbers

Columns = dict[str, list[Any]]


def plain(values: NDArray[Any]) -> list[Any]:
    """The column in Python's own types; NaN, which the kernel gives for what cannot be computed, as None."""
    listed: list[Any] = values.tolist()
    if values.dtype.kind != "f" or not np.isnan(values).any():
        return listed
    return [None if value != value else value for value in listed]  # noqa: PLR0124


def write_scores(columns: Columns, run: ScoringRun) -> None:
    rows = ((run.pk, *row) for row in zip(*columns.values(), strict=True))
    write_numbers(Score, ("run_id", *columns), rows)
