"""The tree over the leaves: grown anew, and compared with the head, the tiles and everything that was signed."""

from collections.abc import Iterator, Sequence

from predictions import merkle
from predictions.models import LedgerTile, LogHead
from predictions.queries.verification.findings import Findings
from predictions.queries.verification.reading import blocks
from predictions.queries.verification.signed import Signed, signed_in_order


class Tree:
    """Takes up the leaf hashes in their order and tells where another root is kept, or was signed, than they have."""

    def __init__(self, findings: Findings) -> None:
        self.findings, self.frontier = findings, merkle.Frontier()
        self._tiles: dict[int, Iterator[tuple[int, bytes]]] = {}
        self._signed = signed_in_order(findings)
        self._next = next(self._signed, None)
        self._compare_signed()

    def grow(self, leaf_hashes: Sequence[bytes]) -> None:
        """Take up the next leaves, resting at each size that was signed."""
        taken = 0
        while self._next is not None and self._next.size <= self.frontier.size + len(leaf_hashes) - taken:
            upto = taken + self._next.size - self.frontier.size
            self._grow(leaf_hashes[taken:upto])
            taken = upto
            self._compare_signed()
        self._grow(leaf_hashes[taken:])

    def _grow(self, leaf_hashes: Sequence[bytes]) -> None:
        tree, filled = self.frontier.grow(leaf_hashes)
        for level, hashes in filled.items():
            first = (tree.size >> level * merkle.TILE_HEIGHT) - len(hashes)
            for number, made in enumerate(hashes, first):
                self._compare_tile(level, number, made)
        self.frontier = tree

    def _compare_signed(self) -> None:
        while self._next is not None and self._next.size == self.frontier.size:
            if self._next.root != self.frontier.root:
                words = f"{self._next.name} is of another history: its root is not that of the first"
                self.findings.add("checkpoint", f"{words} {self._next.size:,} entries")
            self._next = next(self._signed, None)

    def _compare_tile(self, level: int, number: int, made: bytes) -> None:
        if level not in self._tiles:
            self._tiles[level] = _tiles(level)
        if next(self._tiles[level], None) != (number, made):
            first = number << level * merkle.TILE_HEIGHT
            words = f"the tile over the entries from {first:,} (level {level}) is not the root over them"
            self.findings.add("tree", words, first)

    def finish(self) -> None:
        """Compare the end, once all leaves were taken up."""
        size, head = self.frontier.size, LogHead.objects.filter(pk=1).first()
        self.findings.root = self.frontier.root
        self._tell_too_much(size)
        if head is None:
            if size:
                self.findings.add("head", "the row that says where the ledger ends is gone")
        elif head.next_seq != size:
            self.findings.add("head", f"the ledger has {size:,} entries, and its head says {head.next_seq:,}")
        elif bytes(head.frontier) != bytes(self.frontier):
            self.findings.add("head", f"the head holds another tree than the {size:,} entries make")

    def _tell_too_much(self, size: int) -> None:
        for level in {1, *self._tiles}:
            if next(self._tiles.get(level) or _tiles(level), None) is not None:
                self.findings.add("tree", f"there are more tiles of level {level} than entries fill")
        rest: Signed | None = self._next
        while rest is not None:
            self.findings.add("checkpoint", f"{rest.name} is of {rest.size:,} entries, and the ledger holds {size:,}")
            rest = next(self._signed, None)


def _tiles(level: int) -> Iterator[tuple[int, bytes]]:
    rows = LedgerTile.objects.filter(level=level).values_list("number", "hash")
    for block in blocks(rows, "number"):
        yield from ((number, bytes(content)) for number, content in block)
