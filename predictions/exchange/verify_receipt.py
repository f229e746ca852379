"""Check a receipt of a Forsooth ledger offline, with Python 3.9 or newer and nothing else.

    python3 -I verify_receipt.py receipt.json [--key NAME+ID+KEY] [--older checkpoint.txt]

Says what it proves and what it does not. Exit status: 0 all true, 1 something is false, 2 nothing that can be checked.
Proofs: RFC 6962, section 2.1. Signatures: RFC 8032. Checkpoints: c2sp.org/tlog-checkpoint.
"""

import argparse
import json
import os
import sys
from base64 import b64decode, b64encode
from hashlib import sha256, sha512

RECEIPT = dict.fromkeys(("entry_b64", "payload_b64", "salt_b64", "checkpoint", "older_checkpoint"), "")
RECEIPT.update(index=0, inclusion=[], consistency=[], keys=[])
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519: the field, the order of the base point
D, ROOT_OF_MINUS_1 = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
NO_KEY = "that the key is the log's: it came with the receipt. Give one that you have from elsewhere with --key."
NO_PAYLOAD = "what was recorded: it was erased, or is not shown to whoever asked for this receipt."
NO_CLOCK = "that the time is true: it is the operator's, unless somebody else has stamped a checkpoint over the entry."
NO_WITNESS = "that all are shown one history: the operator, who has the key, could rewrite what nobody else had seen."

def demand(holds, words, fault=SystemExit):
    if not holds:
        raise fault(f"FALSE. {words}" if fault is SystemExit else words)

def add(one, two):  # on the curve -x² + y² = 1 + Dx²y²
    (x, y), (u, v) = one, two
    t = D * x * y * u * v
    return (x * v + y * u) * pow(1 + t, -1, P) % P, (y * v + x * u) * pow(1 - t, -1, P) % P

def times(n, point):
    half = times(n // 2, add(point, point)) if n else (0, 1)
    return add(half, point) if n % 2 else half

def point_of(content):
    """The point that 32 bytes write, in its one spelling; None for any other bytes and for points of small order."""
    is_odd, y = divmod(int.from_bytes(content, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * ROOT_OF_MINUS_1 % P
    x = x if x % 2 == is_odd else P - x
    return (x, y) if x < P > y and x * x % P == square and times(8, (x, y)) != (0, 1) else None

def is_signed(message, signature, key):
    base, r, a = map(point_of, (b"\x58" + 31 * b"\x66", signature[:32], key))
    s, k = (int.from_bytes(n, "little") for n in (signature[32:], sha512(signature[:32] + key + message).digest()))
    return len(signature) == 64 and r and a and s < L and times(s, base) == add(r, times(k % L, a))

def climb(old, size, proof, start, step):
    """The roots over the first `old` and over all `size` leaves: `start` is that over the last `step` of the old ones,
    and `proof` stands beside the way up from there. Inclusion is the way up from a single leaf."""
    demand(bool(proof) == (size > step), "A proof is longer or shorter than its place asks for.")
    if size == step:
        return start, start
    left = 1 << (size - 1).bit_length() - 1  # so many leaves: the largest power of two below the size
    if old <= left:
        older, newer = climb(old, left, proof[:-1], start, step)
        return older, sha256(b"\x01" + newer + proof[-1]).digest()
    roots = climb(old - left, size - left, proof[:-1], start, step)
    return tuple(sha256(b"\x01" + proof[-1] + root).digest() for root in roots)

def bytes_of(text, length=None):
    content = b64decode(text, validate=True)
    is_it = b64encode(content).decode() == text and len(content) == (length or len(content))
    demand(is_it, "Base64 is misspelt or of another length.", ValueError)
    return content

def json_of(content, blank):
    """The object that `content` writes, with members as in `blank` or, where that is empty, in canonical spelling."""
    once = lambda pairs: dict(pairs) if len(dict(pairs)) == len(pairs) else None  # noqa: E731 - no member twice
    found = {**json.loads(content.decode(), object_pairs_hook=once, parse_float=int, parse_constant=int)}
    spelt = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    is_it = all(type(found[name]) is type(blank[name]) for name in found) if blank else spelt == content
    demand(is_it and len(content) <= 4_000_000, "JSON is too long, of other types, or not canonical.", ValueError)
    return {**blank, **found}

def key_of(text):
    name, key_id, spelling = text.split("+", 2)
    key = bytes_of(spelling, 33)
    is_it = key[0] == 1 and key_id == sha256(f"{name}\n".encode() + key).hexdigest()[:8]
    demand(is_it, "A verifier key is not of Ed25519, or has another ID.", ValueError)
    return (name, key_id), (text, key[1:])

def checkpoint_of(note, keys):
    """The name of a log, its size and root, and those of `keys`, each of that name, that signed them."""
    text, _, under = note.rpartition("\n\n")
    (log, size, root, *more), (*lines, end) = text.split("\n"), under.split("\n")
    is_text = all((log, *more)) and str(int(size)) == size > "0" and min(note.replace("\n", " ")) == " "
    demand(is_text and 0 < len(lines) <= 100 and not end, "A checkpoint is misspelt.", ValueError)
    signers = []
    for dash, name, spelling in (line.split(" ") for line in lines):
        key = name, (signature := bytes_of(spelling))[:4].hex()
        demand(dash == "—" and name and len(signature) > 4, "A signature line is misspelt.", ValueError)
        if name == log and key in keys:
            is_true = is_signed(f"{text}\n".encode(), signature[4:], keys[key][1])
            demand(is_true, "A checkpoint is not signed as it says.")
            signers.append(keys[key][0])
    demand(signers, "A checkpoint is not signed with any key that is trusted.")
    return log, int(size), bytes_of(root, 32), " and ".join(signers)

def check(receipt, trusted=None, own=""):
    """What is proved and what is not, in sentences. Whatever is false ends the program."""
    keys = dict(map(key_of, trusted or receipt["keys"]))
    log, size, root, signers = checkpoint_of(receipt["checkpoint"], keys)
    index, content, payload = receipt["index"], bytes_of(receipt["entry_b64"]), bytes_of(receipt["payload_b64"])
    entry, inclusion = json_of(content, {}), [bytes_of(each, 32) for each in receipt["inclusion"]]
    is_its = entry["log"] in (log, log.rpartition("/epoch-")[0]) and (entry["seq"], entry["v"]) == (index, 1)
    demand(is_its, "The entry is of another log or place.")
    is_in = 0 <= index < size and climb(index + 1, size, inclusion, sha256(b"\x00" + content).digest(), 1)[1] == root
    demand(is_in, "The entry does not stand at this place under this checkpoint.")
    told = [f"this is entry {index}, counted from 0, of the log {log}: {entry['kind']} at {entry['at']} by its clock."]
    told += [f"it stands under a checkpoint of {size} entries, signed with {signers}."]
    if payload:
        salted = b"forsooth/payload/v1\n" + bytes_of(receipt["salt_b64"], 32) + payload
        demand(entry["commit"] == sha256(salted).hexdigest(), "The entry records another payload or salt.")
        told += ["it records " + json.dumps(json_of(payload, {}), ensure_ascii=False, indent=2)]
    roots = {size: root}
    if receipt["older_checkpoint"]:
        its_log, old, old_root, its_signers = checkpoint_of(receipt["older_checkpoint"], keys)
        path = [bytes_of(each, 32) for each in receipt["consistency"]]
        start, *path = [old_root, *path] if old & old - 1 == 0 else path or [b""]  # a power of two is on the way up
        is_first = its_log == log and old < size and climb(old, size, path, start, old & -old) == (old_root, root)
        demand(is_first, "The entries under the older checkpoint are not the first ones under the newer.")
        told += [f"its first {old} entries are those under an older checkpoint, signed with {its_signers}."]
        roots[old] = old_root
    if own:
        its_log, old, old_root, _ = checkpoint_of(own, keys)
        demand(old in roots, "The receipt leads from no checkpoint of your size. Ask for one that does.", ValueError)
        demand((its_log, old_root) == (log, roots[old]), "Your checkpoint has another root: keep both.")
        told += ["your own checkpoint is one of these."]
    return told, [*[NO_KEY] * (not trusted), *[NO_PAYLOAD] * (not payload), NO_CLOCK, NO_WITNESS]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("receipt")
    parser.add_argument("--key", action="append", help="one that you trust; more than once for several")
    parser.add_argument("--older", default=os.devnull, help="a checkpoint that you have kept")
    given = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        with open(given.receipt, "rb") as receipt, open(given.older, "rb") as older:
            proved, unproved = check(json_of(receipt.read(4_000_001), RECEIPT), given.key, older.read(100_000).decode())
    except (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as fault:
        parser.exit(2, f"This cannot be checked: {type(fault).__name__}: {fault}\n")
    for heading, sentences in (("Proved:", proved), ("Not proved:", unproved)):
        text = "\n- ".join([heading, *sentences])
        print("".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text))
