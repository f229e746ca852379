"""Single cells of an import: each reader turns text into a value, or says by ValueError what is wrong with it."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np

from predictions.exchange.casebook_faults import shown
from predictions.exchange.moments import FIRST_YEAR, LAST_YEAR

_NUMBER = re.compile(r"(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:?\d\d)?)?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_AT_ZERO = "1970-01-01T00:00:00"
_HEADS = re.compile(r"(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\n)+", re.ASCII)
_FIRST_US, _END_US = ((datetime(y, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND for y in (FIRST_YEAR, LAST_YEAR + 1))
LONGEST_NUMBER = 100
LEDGER_PLACES = 25
SURELY_WITHIN = 1e-8  # a float has at most 17 digits, so from here up none has more than 25 places
ANNULLED = "annulled"


def text(longest: int) -> Callable[[str], str]:
    """Reader of text of at most `longest` characters, which no database refuses."""

    def read(cell: str) -> str:
        if "\x00" in cell:
            raise ValueError("holds a NUL character: take it out")
        if not cell.isascii() and any("\ud800" <= sign <= "\udfff" for sign in cell):
            raise ValueError("is not UTF-8: save the file as UTF-8")
        if len(cell) > longest:
            raise ValueError(f"is {len(cell)} characters long: at most {longest} are kept")
        return cell

    return read


def named(longest: int) -> Callable[[str], str]:
    """Reader of text that must not be empty."""
    read = text(longest)

    def read_name(cell: str) -> str:
        if not cell:
            raise ValueError("is empty")
        return read(cell)

    return read_name


def share(cell: str) -> float:
    """A decimal from 0 to 1, with or without an exponent: the nearest float.

    Only what the ledger can write is read: above 0 and below 1e-25 it has no places left.
    """
    if not cell:
        raise ValueError("is empty: give a number from 0 to 1")
    if len(cell) <= LONGEST_NUMBER and cell[0] == "-" and _NUMBER.fullmatch(cell[1:]):
        raise ValueError(f"{shown(cell)} lies outside 0 to 1")
    if len(cell) > LONGEST_NUMBER or not _NUMBER.fullmatch(cell):
        raise ValueError(f"{shown(cell)} is no number: write a decimal from 0 to 1, such as 0.7 or 5e-05")
    value = float(cell)
    if not 0 <= value <= 1:
        raise ValueError(f"{shown(cell)} lies outside 0 to 1")
    if value < SURELY_WITHIN and not _fits_the_ledger(cell, value):
        raise ValueError(f"{shown(cell)} has more than {LEDGER_PLACES} decimal places")
    return value


def _fits_the_ledger(cell: str, value: float) -> bool:
    places = Decimal(repr(value)).as_tuple().exponent
    return -int(places) <= LEDGER_PLACES if value else not Decimal(cell)


def outcome(cell: str) -> float | None:
    """A share, or None for `annulled`."""
    if cell.lower() == ANNULLED:
        return None
    try:
        return share(cell)
    except ValueError as fault:
        raise ValueError(f"{fault}; or {ANNULLED}, or leave it empty") from None


def instant(cell: str) -> int:
    """Microseconds since 1970 in UTC of an ISO 8601 time with its offset, such as 2022-12-16T09:00:00+09:00."""
    if not cell:
        raise ValueError("is empty: give a time such as 2022-12-16T09:00:00Z")
    match = _INSTANT.fullmatch(cell)
    if match is None:
        raise ValueError(f"{shown(cell)} is no time: write 2022-12-16T09:00:00Z, to the microsecond at most")
    if match[3] is None:
        raise ValueError(f"{shown(cell)} has no offset: add one such as +09:00, or Z for UTC")
    try:
        moment = datetime.fromisoformat(cell).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{shown(cell)} is no time that a clock shows") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"{shown(cell)} lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return (moment - _EPOCH) // _MICROSECOND


def instants(cells: Sequence[str]) -> list[int] | None:
    """What `instant` makes of each, if all are to the second, sound, and end alike, as in Z or +09:00; else None."""
    end = cells[0][len(_AT_ZERO) :]
    heads = [cell.removesuffix(end) for cell in cells]
    if not _HEADS.fullmatch("\n".join([*heads, ""])) or not all(cell.endswith(end) for cell in cells):
        return None
    try:
        us = np.array(heads, "M8[us]").astype("i8") + instant(_AT_ZERO + end)
    except ValueError:
        return None
    return us.tolist() if us.min() >= _FIRST_US and us.max() < _END_US else None
