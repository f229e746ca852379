"""The ledger's tree as its rows hold it: any subtree from the leaves and tiles beside the places that are asked for."""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db.models import Q

from predictions.merkle import EMPTY_ROOT, TILE_HEIGHT, TILE_WIDTH, Frontier, Subtree
from predictions.models.ledger import LedgerEntry, LedgerTile

Hashes = dict[int, bytes]


def subtrees(*places: int) -> Subtree:
    """What proofs about the leaves before or at `places` are made of: one question a level, of 256 rows a place.

    The subtree asked for must lie beside the way from one of these places to the root, or be a part of the tree that
    ends there. Raises ValidationError (code "ledger_broken") where a row is missing.
    """
    levels = _levels(places)

    def hashes(level: int, start: int, stop: int) -> tuple[bytes, ...]:
        full = stop // TILE_WIDTH
        if stop - start < TILE_WIDTH:
            return Frontier().extend(_taken(levels, level, start, stop)).hashes
        rest = Frontier().extend(_taken(levels, level, full * TILE_WIDTH, stop))
        return hashes(level + 1, start // TILE_WIDTH, full) + rest.hashes

    return lambda start, stop: Frontier(stop - start, hashes(0, start, stop)).root


def root_at(size: int) -> bytes:
    """The root over the first `size` entries, as the rows tell it. Raises as `subtrees` does."""
    return subtrees(size)(0, size) if size else EMPTY_ROOT


def _levels(places: Iterable[int]) -> list[Hashes]:
    """By level, the hashes of the tiles that the places lie in, up to the level at which one tile holds them all."""
    numbers, levels = set(places), list[Hashes]()
    while not levels or max(numbers) > 0:
        numbers = {number // TILE_WIDTH for number in numbers}
        levels.append(_tiles(len(levels), numbers))
    return levels


def _tiles(level: int, numbers: Iterable[int]) -> Hashes:
    """What the tiles of these numbers hold."""
    return dict(_hashes(level, [(number * TILE_WIDTH, (number + 1) * TILE_WIDTH) for number in numbers]))


def tile_hashes(level: int, start: int, stop: int) -> list[bytes]:
    """The hashes from `start` to `stop`: of leaves at level 0, above it of tiles of the level below."""
    return [content for _, content in _hashes(level, [(start, stop)])]


def _hashes(level: int, ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, bytes]]:
    rows, place = (LedgerTile.objects.filter(level=level), "number") if level else (LedgerEntry.objects.all(), "seq")
    within = reduce(or_, (Q(**{f"{place}__gte": start, f"{place}__lt": stop}) for start, stop in ranges))
    found = rows.filter(within).order_by(place).values_list(place, "hash" if level else "leaf_hash")
    return ((number, bytes(content)) for number, content in found)


def _taken(levels: list[Hashes], level: int, start: int, stop: int) -> list[bytes]:
    try:
        return [levels[level][number] for number in range(start, stop)]
    except (IndexError, KeyError):
        width = TILE_HEIGHT * level
        told = f"Of the entries {start << width} to {(stop << width) - 1} the ledger holds not all."
        raise ValidationError(told, code="ledger_broken") from None
