"""The ledger's bytes, format v1 (canonical JSON, salted commitments), and the RFC 6962 tree over them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

COMMITMENT_PREFIX = b"forsooth/payload/v1\n"
LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"
LARGEST_INTEGER = 2**53 - 1
SALT_LENGTH = 32
HASH_LENGTH = 32
EMPTY_ROOT = hashlib.sha256().digest()
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
"""So many leaves, or roots of lower tiles, make a tile; its root is the hash of a node eight levels up."""

Subtree = Callable[[int, int], bytes]
"""`subtree(start, stop)` is the RFC 6962 hash of the leaves from `start` on, up to `stop` exclusive; never of none."""


def canonical(value: Any) -> bytes:
    """UTF-8 JSON in the one spelling that RFC 8785 allows, for values without floats and with ASCII keys.

    Raises ValueError for what has no such spelling: a float, an integer beyond 2^53 - 1, a key that is not
    ASCII text, a lone surrogate.
    """
    _require_canonical(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _require_canonical(value: Any) -> None:
    match value:
        case None | bool() | str():
            return
        case int() if abs(value) <= LARGEST_INTEGER:
            return
        case list() | tuple():
            for item in value:
                _require_canonical(item)
        case dict() if all(isinstance(key, str) and key.isascii() for key in value):
            for item in value.values():
                _require_canonical(item)
        case _:
            raise ValueError(f"{value!r} cannot stand in a ledger payload")


def commitment(payload: bytes, salt: bytes) -> str:
    """Hex SHA-256 that binds to `payload` and, through 32 bytes of salt, gives nothing of it away.

    Raises ValueError for another length of salt: what the salt lost or gained, the payload could gain or lose.
    """
    if len(salt) != SALT_LENGTH:
        raise ValueError(f"a salt has {SALT_LENGTH} bytes, not {len(salt)}")
    return hashlib.sha256(COMMITMENT_PREFIX + salt + payload).hexdigest()


def leaf(*, seq: int, at: str, kind: str, commit: str, log: str) -> bytes:
    """The bytes of entry `seq`; `at` is UTC in microseconds, such as 2026-11-22T05:19:03.123456Z."""
    return canonical({"at": at, "commit": commit, "kind": kind, "log": log, "seq": seq, "v": 1})


def leaf_hash(content: bytes) -> bytes:
    """RFC 6962, section 2.1: SHA-256(0x00 || leaf)."""
    return hashlib.sha256(LEAF_PREFIX + content).digest()


# --- the tree ----------------------------------------------------------------------------------------------------


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962, section 2.1: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """RFC 6962, section 2.1: the Merkle tree hash; that of no leaves is the SHA-256 of nothing."""
    return Frontier().extend(leaf_hashes).root


@dataclass(frozen=True, slots=True)
class Frontier:
    """What must be known of `size` leaves so that more can follow: the roots of the full subtrees, from the left.

    There is one for each bit of `size`, the largest first. Raises ValueError where the two do not fit.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count() or not _are_hashes(self.hashes):
            raise ValueError(f"{len(self.hashes)} hashes are no frontier of {self.size} leaves")

    @classmethod
    def read(cls, size: int, content: bytes) -> "Frontier":
        """From its bytes: 32 for each bit of `size`."""
        return cls(size, tuple(content[k : k + HASH_LENGTH] for k in range(0, len(content), HASH_LENGTH)))

    def __bytes__(self) -> bytes:
        return b"".join(self.hashes)

    @property
    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        return reduce(lambda right, left: node_hash(left, right), reversed(self.hashes))

    def append(self, leaf_hash: bytes) -> "Frontier":
        return self.extend([leaf_hash])

    def extend(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        return self.grow(leaf_hashes)[0]

    def grow(self, leaf_hashes: Iterable[bytes]) -> tuple["Frontier", dict[int, list[bytes]]]:
        """The frontier after these leaves, and the roots of the tiles that they filled, by level from 1 on.

        One hash for each leaf added, level by level.
        """
        nodes, standing, kept = list(leaf_hashes), list(self.hashes), list[bytes]()
        size, filled, height = self.size + len(nodes), dict[int, list[bytes]](), 0
        while nodes:
            if height and height % TILE_HEIGHT == 0:
                filled[height // TILE_HEIGHT] = nodes.copy()
            if self.size >> height & 1:
                nodes.insert(0, standing.pop())
            if len(nodes) % 2:
                kept.append(nodes.pop())
            nodes = list(map(node_hash, nodes[::2], nodes[1::2]))
            height += 1
        return Frontier(size, (*standing, *reversed(kept))), filled


def over(leaf_hashes: Sequence[bytes]) -> Subtree:
    """The subtrees over leaves that are all at hand; each node is hashed once."""

    @cache
    def subtree(start: int, stop: int) -> bytes:
        if stop - start == 1:
            return leaf_hashes[start]
        middle = _middle(start, stop)
        return node_hash(subtree(start, middle), subtree(middle, stop))

    return subtree


# --- proofs ------------------------------------------------------------------------------------------------------


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """RFC 6962, section 2.1.1: what leads from leaf `index` to the root of `size` leaves, from the leaf upwards.

    Raises ValueError where there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"{size} leaves have none of number {index}")
    return [subtree(start, stop) for start, stop in _beside(index, index + 1, size)]


def verify_inclusion(index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that the tree of `size` leaves with this `root` holds `leaf_hash` at `index`."""
    if not 0 <= index < size or not _are_hashes([leaf_hash, *proof, root]):
        return False
    beside = list(_beside(index, index + 1, size))
    if len(beside) != len(proof):
        return False
    found = leaf_hash
    for (start, _), other in zip(beside, proof, strict=True):
        found = node_hash(other, found) if start < index else node_hash(found, other)
    return found == root


def consistency_proof(old_size: int, size: int, subtree: Subtree) -> list[bytes]:
    """RFC 6962, section 2.1.2: what shows that the first `old_size` of `size` leaves are those of the older tree.

    Raises ValueError where the older tree is the larger.
    """
    if not 0 <= old_size <= size:
        raise ValueError(f"{old_size} leaves do not precede {size}")
    return [subtree(start, stop) for start, stop in _between(old_size, size)]


def verify_consistency(old_size: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether `proof` shows that the tree with `root` begins with all leaves of the tree with `old_root`.

    Every tree begins with the empty one.
    """
    if not 0 <= old_size <= size or not _are_hashes([*proof, old_root, root]):
        return False
    between = list(_between(old_size, size))
    if len(between) != len(proof):
        return False
    if old_size in {0, size}:
        return old_root == (root if old_size else EMPTY_ROOT)
    has_seed = between[0][1] == old_size
    old = new = proof[0] if has_seed else old_root
    for (start, _), other in list(zip(between, proof, strict=True))[has_seed:]:
        if start < old_size:
            old, new = node_hash(other, old), node_hash(other, new)
        else:
            new = node_hash(new, other)
    return (old, new) == (old_root, root)


def _between(old_size: int, size: int) -> Iterator[tuple[int, int]]:
    """The subtrees of a consistency proof: the last full one of the old tree, unless that is the whole; its way up."""
    if old_size in {0, size}:
        return
    width = old_size & -old_size
    if width < old_size:
        yield old_size - width, old_size
    yield from _beside(old_size - width, old_size, size)


def _beside(start: int, stop: int, size: int) -> list[tuple[int, int]]:
    """The subtrees beside the way from the subtree start..stop up to the root."""
    beside, low, high = list[tuple[int, int]](), 0, size
    while (low, high) != (start, stop):
        middle = _middle(low, high)
        if stop <= middle:
            beside.append((middle, high))
            high = middle
        else:
            beside.append((low, middle))
            low = middle
    return beside[::-1]


def _middle(start: int, stop: int) -> int:
    """Where a tree of these leaves divides: its left part is the largest full one that leaves something over."""
    return start + (1 << (stop - start - 1).bit_length() - 1)


def _are_hashes(given: Iterable[bytes]) -> bool:
    return all(len(each) == HASH_LENGTH for each in given)
