"""The restore guard: the last signed checkpoint, in a file outside the database.

A database that was restored from an older backup looks whole to itself. The file remembers what was signed, so that
nothing is appended to or signed over a history that others hold more of. Cheap enough to ask at every append.
"""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.exceptions import ValidationError

from predictions.exchange.signed_note import NoteFault, parse_checkpoint, read_note
from predictions.models.checkpoint import origin_of
from predictions.models.ledger import LogHead
from predictions.models.ledger_tree import root_at

LAST_EPOCH = 1000
BEGIN_ANEW = "Restore the newest backup; if there is none, manage.py resume_ledger names the break and goes on."
PUT_BACK = "Put back the file, or LEDGER_NAME and LEDGER_GUARD_FILE as they were."


@dataclass(frozen=True)
class Signed:
    """The newest checkpoint that left this ledger."""

    epoch: int
    size: int
    root: bytes
    note: str


def last_signed() -> Signed | None:
    """What the file says; None where there is no file. Raises ValidationError where it cannot be read."""
    path = Path(settings.LEDGER_GUARD_FILE)
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise _refusal(f"Its guard file {path} cannot be read ({fault.strerror}).", PUT_BACK) from fault
    return _read(path, stat.st_ino, stat.st_mtime_ns, settings.LEDGER_NAME)


@lru_cache(maxsize=8)
def _read(path: Path, _inode: int, _changed: int, _name: str) -> Signed:
    try:
        note = path.read_text(encoding="utf-8")
        told = parse_checkpoint(read_note(note).text)
    except (OSError, UnicodeDecodeError, NoteFault) as fault:
        raise _refusal(f"Its guard file {path} cannot be read ({fault}).", PUT_BACK) from fault
    for epoch in range(1, LAST_EPOCH):
        if told.origin == origin_of(epoch):
            return Signed(epoch, told.size, told.root, note)
    raise _refusal(f"Its guard file {path} is about {told.origin}, and this is {settings.LEDGER_NAME}.", PUT_BACK)


def require_whole(head: LogHead) -> None:
    """Raise ValidationError (code "restored") where signed entries are missing from the ledger that ends at `head`.

    For whoever holds the head and is about to write. By the sizes; by the root as well whenever this process sees a
    checkpoint for the first time. While trying out, an empty database is a new ledger.
    """
    signed = last_signed()
    if signed is not None and _is_new_trial(head):
        _set_aside()
    elif signed is not None:
        _require(signed, head)


def look() -> None:
    """As `require_whole`, for whoever holds nothing and writes nothing."""
    signed = last_signed()  # before the head, which only moves on: one that is older than the file would alarm
    head = LogHead.objects.filter(pk=1).first() or LogHead()
    if signed is not None and not _is_new_trial(head):
        _require(signed, head)


def _is_new_trial(head: LogHead) -> bool:
    return settings.DEBUG and not head.next_seq


def _require(signed: Signed, head: LogHead) -> None:
    if signed.epoch < head.epoch:
        return
    if signed.epoch > head.epoch or signed.size > head.next_seq:
        raise _refusal(
            f"{signed.size:,} entries were signed, and this database holds {head.next_seq:,}: it is an older copy."
        )
    if signed not in _SEEN_WHOLE:
        _require_root(signed, head)


_SEEN_WHOLE: set[Signed] = set()


def _require_root(signed: Signed, head: LogHead) -> None:
    """Raise ValidationError unless the ledger begins with the very entries that were signed."""
    root = head.tree.root if signed.size == head.next_seq else root_at(signed.size)
    if root != signed.root:
        raise _refusal(f"The first {signed.size:,} entries are not those that were signed.")
    _SEEN_WHOLE.clear()
    _SEEN_WHOLE.add(signed)


def remember(note: str) -> None:
    """Put a checkpoint in the file, whole or not at all, and on the disk before this returns."""
    path = Path(settings.LEDGER_GUARD_FILE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False, encoding="utf-8") as fresh:
            fresh.write(note)
            fresh.flush()
            os.fsync(fresh.fileno())
        Path(fresh.name).replace(path)
        _sync_folder(path.parent)
    except OSError as fault:
        told = f"The ledger's guard file {path} cannot be written ({fault.strerror}). Nothing was signed."
        raise ValidationError(told, code="ledger_broken") from fault


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _set_aside() -> None:
    """What was signed about another ledger is kept beside."""
    path = Path(settings.LEDGER_GUARD_FILE)
    path.replace(path.with_name(f"{path.name}.earlier"))


def _refusal(told: str, way_on: str = BEGIN_ANEW) -> ValidationError:
    return ValidationError(f"The ledger is closed. {told} Nothing was saved. {way_on}", code="restored")
