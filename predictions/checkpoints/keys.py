"""The keys that sign the ledger. They are never in the database: from LEDGER_KEY, or in a file that only we may read.

Each is 32 bytes in Base64, the newest first: it signs, and while a key is replaced the one before signs beside it.
"""

import base64
import binascii
import os
import secrets
import stat
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ValidationError

from predictions.exchange.signed_note import VerifierKey
from predictions.models import LedgerKey
from predictions.models.checkpoint import origin_of

SEED_LENGTH = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def signing_keys() -> list[Ed25519PrivateKey]:
    """The newest first. Makes the file at first use. Raises ValidationError (code "ledger_key")."""
    spellings = settings.LEDGER_KEYS or _of_file(Path(settings.LEDGER_KEY_FILE)) or [""]
    return [_key(spelling) for spelling in spellings]


def verifiers(keys: Sequence[Ed25519PrivateKey], epoch: int) -> list[VerifierKey]:
    return [VerifierKey.of(origin_of(epoch), key) for key in keys]


def verifier_keys() -> list[VerifierKey]:
    """Every key that ever signed this ledger, the oldest first, so that older checkpoints verify too."""
    return [row.key for row in LedgerKey.objects.order_by("pk")]


def admit(signers: Sequence[VerifierKey], *, at: datetime) -> None:
    """Let these keys be known. Raises ValidationError where none of them is known and others are.

    A key file that was lost and made anew would otherwise go unnoticed, and nobody could trust the new key.
    """
    known = verifier_keys()
    if known and not {key.public for key in known} & {key.public for key in signers}:
        told = f"The ledger was signed by key {known[-1].id.hex()}, and that key is not at hand ({_place()})."
        raise _refusal(f"{told} Put it back, or begin with a new key: manage.py rotate_ledger_key.")
    for key in signers:
        if key not in known:
            LedgerKey.objects.create(verifier=str(key), added_at=at)


def own_file() -> Path:
    """Where keys can be changed by us. Raises ValidationError where they come from the environment."""
    if settings.LEDGER_KEYS:
        raise _refusal("The keys come from LEDGER_KEY. Put a new one before the old there, with a comma between.")
    return Path(settings.LEDGER_KEY_FILE)


def add_key(fresh: Ed25519PrivateKey) -> None:
    """Put a new key before the one that signs, which goes on signing beside it."""
    path = own_file()
    standing = _of_file(path)[:1] if path.exists() else []
    _write(path, [_spelt(fresh.private_bytes_raw()), *standing])


def drop_old_keys() -> None:
    """Let the newest key sign alone."""
    path = own_file()
    _write(path, _of_file(path)[:1])


def _of_file(path: Path) -> list[str]:
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & OTHERS:
            raise _refusal(f"The key file {path} may be read by others. Let its owner alone read it: chmod 400.")
        return path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as fault:
        raise _refusal(f"The key file {path} can be neither read nor made.") from fault


def _make(path: Path) -> None:
    """Linked into place: of several processes that make one at once, all read the first."""
    fresh = _written_beside(path, [_spelt(secrets.token_bytes(SEED_LENGTH))])
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _write(path: Path, spellings: Sequence[str]) -> None:
    _written_beside(path, spellings).replace(path)


def _written_beside(path: Path, spellings: Sequence[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(opened, "w", encoding="ascii") as file:
        file.write("".join(f"{each}\n" for each in spellings))
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _key(spelling: str) -> Ed25519PrivateKey:
    try:
        seed = base64.b64decode(spelling, validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != SEED_LENGTH:
        raise _refusal(f"A ledger key is {SEED_LENGTH} random bytes in Base64 ({_place()}).")
    return Ed25519PrivateKey.from_private_bytes(seed)


def _spelt(seed: bytes) -> str:
    return base64.b64encode(seed).decode()


def _place() -> str:
    return "LEDGER_KEY" if settings.LEDGER_KEYS else str(settings.LEDGER_KEY_FILE)


def _refusal(told: str) -> ValidationError:
    return ValidationError(told, code="ledger_key")
