"""A ledger in memory, its receipts, and the verifier as a program in this process."""

import ast
import contextlib
import io
import json
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from predictions import merkle
from predictions.exchange import verify_receipt
from predictions.exchange.receipts import Receipt, as_json
from predictions.exchange.signed_note import VerifierKey, checkpoint_text, sign

VERIFIER = Path(verify_receipt.__file__)
LOG = "example.org/forsooth"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
TRUSTED = str(VerifierKey.of(LOG, KEY))


class Ledger:
    """Entries of forecasts, all alike but for their place; `changed` gives another payload to an entry.

    `signed_as` names the checkpoints where that is not the name in the entries.
    """

    def __init__(self, size, *, name=LOG, keys=(KEY,), changed=None, signed_as=""):
        self.name, self.keys, self.origin = name, keys, signed_as or name
        texts = ["たぶん" if index == 2 else (changed or {}).get(index, "likely") for index in range(size)]
        self.payloads = [merkle.canonical({"p": "0.7", "seq": k, "words": text}) for k, text in enumerate(texts)]
        self.salts = [index.to_bytes(32) for index in range(size)]
        self.leaves = [self._leaf(*each) for each in zip(range(size), self.payloads, self.salts, strict=True)]
        self.hashes = [merkle.leaf_hash(leaf) for leaf in self.leaves]
        self.subtree = merkle.over(self.hashes)

    def _leaf(self, index, payload, salt):
        told = {"seq": index, "at": "2026-11-22T05:19:03.123456Z", "kind": "forecast.created", "log": self.name}
        return merkle.leaf(**told, commit=merkle.commitment(payload, salt))

    def checkpoint(self, size=None):
        size = len(self.hashes) if size is None else size
        return sign(checkpoint_text(self.origin, size, merkle.root(self.hashes[:size])), self.origin, *self.keys)

    def receipt(self, index, *, older=None, size=None):
        size = len(self.hashes) if size is None else size
        receipt = Receipt(
            index=index,
            entry=self.leaves[index],
            inclusion=merkle.inclusion_proof(index, size, self.subtree),
            checkpoint=self.checkpoint(size),
            keys=[str(VerifierKey.of(self.origin, key)) for key in self.keys],
            payload=self.payloads[index],
            salt=self.salts[index],
        )
        if older is None:
            return receipt
        path = merkle.consistency_proof(older, size, self.subtree)
        return replace(receipt, older_checkpoint=self.checkpoint(older), consistency=path)


def _program():
    """The verifier's functions, its check of signatures remembering what it found, and what runs as its main part."""
    *functions, main = ast.parse(VERIFIER.read_text()).body
    names = {"__name__": "__main__"}
    exec(compile(ast.Module(functions, []), VERIFIER, "exec"), names)
    names["is_signed"] = cache(names["is_signed"])
    return compile(ast.Module([main], []), VERIFIER, "exec"), names


MAIN, NAMES = _program()


def verified(content, *arguments, older=None):
    """Exit status and words of the verifier, given a file of these bytes or the members of a receipt."""
    if isinstance(content, Receipt):
        content = as_json(content)
    if isinstance(content, dict):
        content = json.dumps(content).encode()
    with TemporaryDirectory() as folder:
        path, kept = Path(folder, "receipt.json"), Path(folder, "older.txt")
        path.write_bytes(content)
        if older is not None:
            kept.write_bytes(older if isinstance(older, bytes) else older.encode())
            arguments = (*arguments, "--older", str(kept))
        return _run([str(path), *arguments])


def _run(arguments):
    told, status = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), 0
    called = patch.object(sys, "argv", [VERIFIER.name, *arguments])
    with called, contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        try:
            exec(MAIN, NAMES)
        except SystemExit as end:
            status = end.code
    if isinstance(status, str):  # as the interpreter does with words
        print(status, file=told)
        status = 1
    told.flush()
    return status, told.buffer.getvalue().decode()
