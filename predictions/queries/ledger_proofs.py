"""Proofs about the ledger from its rows, in milliseconds at a million entries: one question for each level of tiles.

Each raises ValidationError (code "ledger_broken") where rows are missing, and ValueError where no such proof can be.
Whether a proof holds is for `merkle.verify_inclusion` and `verify_consistency` to say.
"""

from predictions import merkle
from predictions.models.ledger_tree import root_at, subtrees, tile_hashes

__all__ = ["consistency", "inclusion", "root_at", "tile_hashes"]


def inclusion(seq: int, size: int) -> list[bytes]:
    """What leads from entry `seq` to the root over the first `size` entries."""
    return merkle.inclusion_proof(seq, size, subtrees(seq, size))


def consistency(old_size: int, size: int) -> list[bytes]:
    """What shows that the first `old_size` of the first `size` entries are what they were."""
    return merkle.consistency_proof(old_size, size, subtrees(max(old_size - 1, 0), size))
