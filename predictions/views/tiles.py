"""A number as a page shows it: with its n, its interval and how that was made, and its convention."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from predictions.charts.plot import plain
from predictions.queries.scorecard_cautions import FEW

MISSING = "–"
HOW = {"t": "t interval", "bootstrap": "cluster bootstrap"}


@dataclass(frozen=True)
class Tile:
    """`value` is a dash where it cannot be computed, and `why` then says why. `note` counts the convention on paper."""

    name: str
    value: str
    convention: str = ""
    n: str = ""
    interval: str = ""
    why: str = ""
    is_few: bool = False
    is_key: bool = False
    note: int = 0


class Ranged(Protocol):
    """An interval of the kernel, or anything with its ends."""

    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def clusters(self) -> int: ...


def number(value: float | None, places: int = 4) -> str:
    return MISSING if value is None else plain(value, places)


def signed(value: float | None, places: int = 2) -> str:
    """A number that says on which side of 0 it lies."""
    if value is None:
        return MISSING
    return f"+{plain(value, places)}" if round(value, places) > 0 else plain(value, places)


def whole(value: int | None) -> str:
    return MISSING if value is None else f"{value:,}"


def percent(value: float | None) -> str:
    return MISSING if value is None else f"{value:.1%}"


def count(number_: int, noun: str) -> str:
    """A number with its noun: "1 event", "1,412 events"."""
    return f"{number_:,} {noun}{'' if number_ == 1 else 's'}"


def sample(n: int, noun: str = "prediction") -> str:
    """The n that stands beside a number; its two parts are not torn apart."""
    return f"n\xa0=\xa0{n:,} {noun}{'' if n == 1 else 's'}"


def interval(found: Ranged, write: "Writer", method: str = "") -> str:
    """The 95% interval and how it was made, or why there is none."""
    events = count(found.clusters, "independent event")
    if found.low is None or found.high is None:
        return f"no interval: {events}, and it takes five"
    how = HOW.get(method or getattr(found, "method", ""), "")
    return f"95% interval {write(found.low)} to {write(found.high)} ({how}, {events})"


class Writer(Protocol):
    def __call__(self, value: float | None) -> str: ...


def few(*counts: int) -> bool:
    """Whether the least of what a number rests on is too little to tell skill."""
    return min(counts) < FEW


def shared(tiles: tuple[Tile, ...]) -> tuple[str, tuple[Tile, ...]]:
    """The one convention that all of these follow, to be said once, and the tiles without it; else as they are."""
    conventions = {tile.convention for tile in tiles}
    if len(tiles) < 2 or len(conventions) > 1:
        return "", tiles
    return conventions.pop(), tuple(replace(tile, convention="") for tile in tiles)


def noted(groups: Iterable[tuple[Tile, ...]]) -> tuple[list[tuple[Tile, ...]], tuple[str, ...]]:
    """The same tiles with their conventions numbered as footnotes, each convention once."""
    notes: dict[str, int] = {}
    numbered = [
        tuple(
            replace(tile, note=notes.setdefault(tile.convention, len(notes) + 1)) if tile.convention else tile
            for tile in group
        )
        for group in groups
    ]
    return numbered, tuple(notes)
