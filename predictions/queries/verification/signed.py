"""What was signed about the ledger: every checkpoint, its signature and what it says; and the guard file outside."""

from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple

from django.core.exceptions import ValidationError

from predictions.exchange.signed_note import NoteFault, VerifierKey, parse_checkpoint, verify
from predictions.models import Checkpoint, LedgerBreak, LedgerKey, restore_guard
from predictions.models.checkpoint import origin_of
from predictions.queries.verification.findings import Findings

AT_ONCE = 500


class Signed(NamedTuple):
    """That the first `size` entries have this root, and who says so."""

    size: int
    root: bytes
    name: str


def signed_in_order(findings: Findings) -> Iterator[Signed]:
    """What was signed, by growing size; told as a fault where the signature is not ours or the row is not the note's.

    Of a history that was lost, and named so by a break, only what is left of it is compared.
    """
    lost = list(LedgerBreak.objects.values_list("epoch", "size"))
    found = merge(_checkpoints(findings), _guard_file(findings), key=lambda each: each[1].size)
    for epoch, signed in found:
        if not any(epoch < later and signed.size > left for later, left in lost):
            yield signed


def _checkpoints(findings: Findings) -> Iterator[tuple[int, Signed]]:
    keys = [row.key for row in LedgerKey.objects.order_by("pk")]
    for row in Checkpoint.objects.order_by("size", "pk").iterator(chunk_size=AT_ONCE):
        findings.checkpoints += 1
        name = f"the checkpoint of {row.signed_at:%-d %B %Y, %H:%M:%S} UTC"
        if (why := _fault_of(row, keys)) is not None:
            findings.add("checkpoint", f"{name} {why}")
        yield row.epoch, Signed(row.size, bytes(row.root), name)


def _fault_of(row: Checkpoint, keys: list[VerifierKey]) -> str | None:
    """Why the note of a checkpoint is not what its row says, signed by one of ours."""
    try:
        text, signers = verify(row.note, keys)
        told = parse_checkpoint(text)
    except NoteFault as fault:
        return f"cannot be verified: {fault}"
    if not signers:
        return "bears no signature of a key of this ledger"
    if (told.origin, told.size, told.root) != (origin_of(row.epoch), row.size, bytes(row.root)):
        return "says something else than its row"
    return None


def _guard_file(findings: Findings) -> Iterator[tuple[int, Signed]]:
    try:
        signed = restore_guard.last_signed()
    except ValidationError as fault:
        findings.add("guard file", " ".join(fault.messages))
        return
    if signed is None and Checkpoint.objects.exists():
        findings.notes.append("There is no guard file: nothing outside the database says what was signed.")
    if signed is not None:
        yield signed.epoch, Signed(signed.size, signed.root, "what the guard file holds")
