"""The ledger's bytes, format v1: canonical JSON, salted commitments, RFC 6962 leaf hashes.

The tree over the leaves (root, proofs, checkpoints) is still to come; nothing here will change when it does.
"""

import hashlib
import json
from typing import Any

COMMITMENT_PREFIX = b"forsooth/payload/v1\n"
LEAF_PREFIX = b"\x00"
LARGEST_INTEGER = 2**53 - 1
SALT_LENGTH = 32


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
