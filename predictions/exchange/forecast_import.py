"""Predictions and forecasts of a data set, from two CSV files to plain rows and faults, in memory a few at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from itertools import chain, count
from typing import Any, BinaryIO, NamedTuple

from predictions.exchange import forecast_import_cells as cell
from predictions.exchange.forecast_import_records import (
    ALL_COLUMNS,
    COLUMNS,
    FORECASTS,
    LONGEST_RAW,
    PREDICTIONS,
    Fault,
    Records,
    Reject,
    Unreadable,
    records,
    reject_lines,
)

REMEMBERED = 1 << 15

__all__ = [
    "ALL_COLUMNS",
    "COLUMNS",
    "FORECASTS",
    "PREDICTIONS",
    "Fault",
    "PlainForecast",
    "PlainPrediction",
    "Reject",
    "Unreadable",
    "read_forecasts",
    "read_predictions",
    "reject_lines",
]


class PlainPrediction(NamedTuple):
    """A row of predictions; times in microseconds since 1970. `is_decided` without an outcome: annulled."""

    line: int
    external_id: str
    title: str
    opens_us: int | None
    closes_us: int | None
    known_us: int | None
    is_decided: bool
    outcome: float | None
    theme: str
    cells: Sequence[str]


class PlainForecast(NamedTuple):
    """A row of forecasts; `made_us` in microseconds since 1970."""

    line: int
    external_id: str
    forecaster: str
    probability: float
    made_us: int
    cells: Sequence[str]


def _trimmed(read: Callable[[str], Any], *, is_optional: bool = False) -> Callable[[str], Any]:
    """Reader of a cell without the blanks around it, which remembers: a file says the same things again and again."""

    @lru_cache(REMEMBERED)
    def read_cell(raw: str) -> Any:
        if len(raw) > LONGEST_RAW:  # what is refused is not remembered
            raise ValueError(f"is {len(raw):,} characters long")
        trimmed = raw.strip()
        return None if is_optional and not trimmed else read(trimmed)

    return read_cell


_optional_instant, _optional_outcome = (
    _trimmed(cell.instant, is_optional=True),
    _trimmed(cell.outcome, is_optional=True),
)
_id, _forecaster = _trimmed(cell.named(200)), _trimmed(cell.named(200))
_title, _theme = (_trimmed(cell.text(longest)) for longest in (500, 120))
_READERS: dict[str, Sequence[Callable[[str], Any]]] = {
    PREDICTIONS: (
        _id,
        _title,
        _optional_instant,
        _optional_instant,
        _optional_instant,
        _optional_outcome,
        _theme,
    ),
    FORECASTS: (_id, _forecaster, _trimmed(cell.share), _trimmed(cell.instant)),
}


def read_predictions(content: BinaryIO) -> Iterator[PlainPrediction | Reject]:
    """Every prediction of the file, or why it is none. Raises Unreadable for another header.

    Blanks around a cell are not part of it. A prediction without a title is called by its id; one without
    `opened_at`, `closed_at`, `resolved_at` or category has none.
    """
    for row in chain.from_iterable(map(partial(_each, PREDICTIONS), records(PREDICTIONS, content))):
        if isinstance(row, Reject):
            yield row
        else:
            line, cells, (name, title, opens, closes, known, outcome, theme) = row
            is_decided = bool(cells[5].strip())
            yield PlainPrediction(line, name, title or name, opens, closes, known, is_decided, outcome, theme, cells)


def read_forecasts(content: BinaryIO) -> Iterator[PlainForecast | Reject]:
    """Every forecast of the file, or why it is none. Raises Unreadable for another header."""
    return chain.from_iterable(map(_forecasts, records(FORECASTS, content)))


def _forecasts(found: Records | Reject) -> Iterable[PlainForecast | Reject]:
    """Column by column where nothing is wrong, which is quicker than row by row."""
    if isinstance(found, Records):
        ids, names, shares, times = zip(*found.rows, strict=True)
        read_id, read_name, read_share, read_time = _READERS[FORECASTS]
        with suppress(ValueError):
            made_us = cell.instants(times) or [*map(read_time, times)]
            columns = [*map(read_id, ids)], [*map(read_name, names)], [*map(read_share, shares)], made_us
            return map(PlainForecast._make, zip(count(found.line), *columns, found.rows, strict=False))
    rows = _each(FORECASTS, found)
    return (row if isinstance(row, Reject) else PlainForecast._make((row[0], *row[2], row[1])) for row in rows)


def _each(file: str, found: Records | Reject) -> Iterable[tuple[int, Sequence[str], list[Any]] | Reject]:
    if isinstance(found, Reject):
        return [found]
    read = (_read(file, line, cells) for line, cells in enumerate(found.rows, found.line))
    return (row for row in read if row is not None)


def _read(file: str, line: int, cells: Sequence[str]) -> tuple[int, Sequence[str], list[Any]] | Reject | None:
    """The cells' values; None for a row of nothing, such as a spreadsheet leaves behind."""
    readers = _READERS[file]
    try:
        return line, cells, [read(text) for read, text in zip(readers, cells, strict=True)]
    except ValueError:
        return _refused(file, line, cells) if any(text.strip() for text in cells) else None


def _refused(file: str, line: int, cells: Sequence[str]) -> Reject:
    """Every fault of the row, not the first alone."""
    faults = []
    for column, read, text in zip(COLUMNS[file], _READERS[file], cells, strict=True):
        try:
            read(text)
        except ValueError as fault:
            faults.append(Fault(file, line, column, str(fault)))
    return Reject(cells, faults)
