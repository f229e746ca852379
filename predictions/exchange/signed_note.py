"""Signed notes and checkpoints as C2SP writes them, with Ed25519 (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).

A note is a text that ends in a newline, an empty line, and one signature a line. A checkpoint is a note whose text
names a log, its size and its root: whoever holds one can be shown no other tree of that size. What is wrong with a
note or a key is a NoteFault, in words.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
KEY_LENGTH = ROOT_LENGTH = 32
KEY_ID_LENGTH = 4
LONGEST_NOTE = 1_000_000
MOST_SIGNATURES = 100
LARGEST_SIZE = 2**53 - 1
DASH = "\N{EM DASH} "

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


class NoteFault(ValueError):  # noqa: N818 - it says what is wrong with it
    """Why a note, a checkpoint or a verifier key is none."""


@dataclass(frozen=True)
class VerifierKey:
    """Whom a signature is believed: a name, such as example.org/forsooth, and 32 bytes of an Ed25519 public key.

    `str` of it is the text to hand round, NAME+ID+KEY.
    """

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _require_name(self.name)
        if len(self.public) != KEY_LENGTH:
            raise NoteFault(f"an Ed25519 key has {KEY_LENGTH} bytes, not {len(self.public)}")

    @property
    def id(self) -> bytes:
        """The four bytes by which signatures name the key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_LENGTH]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_spelt(ED25519 + self.public)}"

    @classmethod
    def of(cls, name: str, key: Ed25519PrivateKey) -> "VerifierKey":
        return cls(name, key.public_key().public_bytes_raw())

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """The key that NAME+ID+KEY writes."""
        name, *rest = text.split("+", 2)
        if len(rest) < 2:
            raise NoteFault("a verifier key is written NAME+ID+KEY")
        material = _bytes(rest[1], "the key")
        if material[:1] != ED25519:
            raise NoteFault("only Ed25519 keys are known here")
        key = cls(name, material[1:])
        if rest[0] != key.id.hex():
            raise NoteFault("this key's name and bytes have another ID")
        return key

    def is_true(self, signature: bytes, text: str) -> bool:
        """Whether `signature`, 64 bytes, is this key's under `text`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


class Signature(NamedTuple):
    """One line under a note: who is said to have signed, with which key, and the bytes."""

    name: str
    key_id: bytes
    content: bytes


class Note(NamedTuple):
    """A text, its last newline with it, and the signatures that stand under it, believed or not."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class Checkpoint:
    """A log's name, how many entries it has, and the RFC 6962 root over them, 32 bytes."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = field(default=())


def sign(text: str, name: str, *keys: Ed25519PrivateKey) -> str:
    """The note of `text` with a signature of each of `keys`, all of one name: two keys while one takes over."""
    _require_text(text)
    lines = [_line(VerifierKey.of(name, key), key.sign(text.encode())) for key in keys]
    if not 0 < len(lines) <= MOST_SIGNATURES:
        raise NoteFault("a note bears from one to a hundred signatures")
    return f"{text}\n{''.join(lines)}"


def read_note(note: str) -> Note:
    """The parts of `note`. Nobody vouches for them yet: see `verify`."""
    if len(note) > LONGEST_NOTE:
        raise NoteFault(f"a note has at most {LONGEST_NOTE:,} characters")
    text, gap, under = note.rpartition("\n\n")
    if not gap:
        raise NoteFault("a note has an empty line before its signatures")
    _require_text(text := text + "\n")
    if not under.endswith("\n"):
        raise NoteFault("a note has signatures, each a line of its own")
    lines = under[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteFault(f"a note bears at most {MOST_SIGNATURES} signatures")
    return Note(text, tuple(map(_signature, lines)))


def verify(note: str, keys: Iterable[VerifierKey]) -> tuple[str, tuple[VerifierKey, ...]]:
    """The text of `note` and those of `keys` that signed it, at least one.

    Raises NoteFault also where a known key's signature is false, whoever else signed.
    """
    known = {(key.name, key.id): key for key in keys}
    text, signatures = read_note(note)
    signed_by: dict[VerifierKey, None] = {}
    for name, key_id, content in signatures:
        key = known.get((name, key_id))
        if key is None:
            continue
        if not key.is_true(content, text):
            raise NoteFault(f"the signature of {name} is not that of its key {key_id.hex()} under this text")
        signed_by[key] = None
    if not signed_by:
        raise NoteFault("none of the known keys signed this note")
    return text, tuple(signed_by)


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """What to sign of a log of `size` entries. Raises NoteFault for what has no such text."""
    text = f"{origin}\n{size}\n{_spelt(root)}\n"
    parse_checkpoint(text)
    return text


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that the text of a note writes."""
    _require_text(text)
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise NoteFault("a checkpoint has three lines or more, none of them empty")
    origin, size, root, *extensions = lines
    if not _SIZE.fullmatch(size) or int(size) > LARGEST_SIZE:
        raise NoteFault("the second line of a checkpoint is its size, a whole number without leading zeros")
    content = _bytes(root, "the third line of a checkpoint, its root,")
    if len(content) != ROOT_LENGTH:
        raise NoteFault(f"the root of a checkpoint has {ROOT_LENGTH} bytes, not {len(content)}")
    return Checkpoint(origin, int(size), content, tuple(extensions))


def _line(key: VerifierKey, content: bytes) -> str:
    return f"{DASH}{key.name} {_spelt(key.id + content)}\n"


def _signature(line: str) -> Signature:
    name, _, spelling = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not spelling:
        raise NoteFault("a signature is written: em dash, space, name, space, signature")
    _require_name(name)
    content = _bytes(spelling, "a signature")
    if len(content) <= KEY_ID_LENGTH:
        raise NoteFault(f"a signature has more than {KEY_ID_LENGTH} bytes")
    return Signature(name, content[:KEY_ID_LENGTH], content[KEY_ID_LENGTH:])


def _require_name(name: str) -> None:
    if not name or "+" in name or any(map(str.isspace, name)):
        raise NoteFault("the name of a key is not empty and has neither spaces nor +")
    _require_characters(name + "\n")


def _require_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteFault("the text of a note ends in a newline")
    _require_characters(text)


def _require_characters(text: str) -> None:
    if _CONTROL.search(text):
        raise NoteFault("a note has no control characters but newlines")
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise NoteFault("a note is UTF-8")


def _spelt(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(spelling: str, what: str) -> bytes:
    """What `spelling` writes in standard Base64, in the one spelling there is of it."""
    try:
        content = base64.b64decode(spelling.encode(), validate=True)
    except (UnicodeEncodeError, binascii.Error) as fault:
        raise NoteFault(f"{what} is no Base64") from fault
    if _spelt(content) != spelling:
        raise NoteFault(f"{what} is no Base64 as it is written")
    return content
