"""What shows offline that an entry stands in the ledger: as our own JSON and as C2SP writes it (c2sp.org/tlog-proof).

`verify_receipt.py` beside this file checks the JSON with the standard library alone.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MEDIA_TYPE = "application/json"
PROOF_MEDIA_TYPE = "text/plain; charset=utf-8"
TLOG_PROOF = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Receipt:
    """An entry's bytes and place, and hashes of 32 bytes each that lead from it to a signed checkpoint.

    `payload` and `salt` are empty where they are erased or not for whoever asks. `consistency` leads from
    `older_checkpoint`, another signed note, to `checkpoint`; both are empty where there is none. `keys` are the
    verifier keys, NAME+ID+KEY, of those that signed the two.
    """

    index: int
    entry: bytes
    inclusion: Sequence[bytes]
    checkpoint: str
    keys: Sequence[str]
    payload: bytes = b""
    salt: bytes = b""
    older_checkpoint: str = ""
    consistency: Sequence[bytes] = ()


def as_json(receipt: Receipt) -> dict[str, Any]:
    """The members of a receipt file. What is not there is left out."""
    told = {
        "index": receipt.index,
        "entry_b64": _spelt(receipt.entry),
        "payload_b64": _spelt(receipt.payload),
        "salt_b64": _spelt(receipt.salt),
        "inclusion": [_spelt(each) for each in receipt.inclusion],
        "checkpoint": receipt.checkpoint,
        "older_checkpoint": receipt.older_checkpoint,
        "consistency": [_spelt(each) for each in receipt.consistency],
        "keys": list(receipt.keys),
    }
    return {name: value for name, value in told.items() if value or name in {"index", "inclusion"}}


def written(receipt: Receipt) -> str:
    """The file itself."""
    return json.dumps(as_json(receipt), ensure_ascii=False, indent=1) + "\n"


def tlog_proof(receipt: Receipt) -> str:
    """The entry's place as other logs' verifiers read it; `extra` holds the entry's bytes, whose leaf hash it is."""
    hashes = [_spelt(each) for each in receipt.inclusion]
    lines = [TLOG_PROOF, f"extra {_spelt(receipt.entry)}", f"index {receipt.index}", *hashes, "", receipt.checkpoint]
    return "\n".join(lines)


def _spelt(content: bytes) -> str:
    return base64.b64encode(content).decode()
