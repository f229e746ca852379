"""Rows found sound, kept on disk until all of both files are: predictions as lines of JSON, forecasts as records."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.exchange.forecast_import import PlainPrediction

BLOCK = 20_000
FORECAST = np.dtype([("prediction", "i4"), ("forecaster", "i4"), ("made", "i8"), ("probability", "f8")])


class Stage:
    """Checked rows in temporary files, which go with it."""

    def __init__(self) -> None:
        self._predictions = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 -- closed with the stage
        self._forecasts = TemporaryFile()  # noqa: SIM115
        self.is_new: NDArray[np.bool_] | None = None
        """Which of the forecasts are not recorded yet; None for all of them."""

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        self._predictions.close()
        self._forecasts.close()

    def put_prediction(self, row: PlainPrediction, key: int | None) -> None:
        """`key` of the prediction if it is recorded already."""
        json.dump([*row._replace(cells=()), key], self._predictions)
        self._predictions.write("\n")

    def predictions(self) -> Iterator[tuple[PlainPrediction, int | None]]:
        self._predictions.seek(0)
        for line in self._predictions:
            *values, key = json.loads(line)
            yield PlainPrediction(*values), key

    def put_forecasts(self, rows: Iterable[tuple[int, int, int, float]]) -> None:
        """Rows as in FORECAST."""
        waiting = iter(rows)
        while block := list(islice(waiting, BLOCK)):
            self._forecasts.write(np.array(block, FORECAST).tobytes())

    def forecasts(self) -> NDArray[Any]:
        """All of them, in the order of the file, read from disk as they are looked at."""
        self._forecasts.flush()
        if not self._forecasts.tell():
            return np.empty(0, FORECAST)
        return np.memmap(self._forecasts, FORECAST, "r")

    def new_forecasts(self) -> Iterator[NDArray[Any]]:
        """Those that are not recorded yet, in blocks, in the order of the file."""
        rows = self.forecasts()
        for first in range(0, len(rows), BLOCK):
            block = rows[first : first + BLOCK]
            block = block if self.is_new is None else block[self.is_new[first : first + BLOCK]]
            if len(block):
                yield block
