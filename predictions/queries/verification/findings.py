"""What a verification found: every fault counted by its kind, the first of each told in words."""

from collections import Counter
from dataclasses import dataclass, field

EXAMPLES = 3
"""Faults of one kind that are told; the others are counted."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is not as it must be; `seq` is the entry it was found at, if it was found at one."""

    seq: int | None
    kind: str
    words: str


@dataclass
class Findings:
    """`entries`, `rows` and `erased` count what was looked at; `notes` tell what could not be compared, and why."""

    entries: int = 0
    rows: int = 0
    erased: int = 0
    checkpoints: int = 0
    root: bytes = b""
    counts: Counter[str] = field(default_factory=Counter)
    told: dict[str, list[Fault]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    first: Fault | None = None

    def add(self, kind: str, words: str, seq: int | None = None) -> None:
        fault = Fault(seq, kind, words)
        self.counts[kind] += 1
        examples = self.told.setdefault(kind, [])
        if len(examples) < EXAMPLES:
            examples.append(fault)
        if self.first is None or _place(fault) < _place(self.first):
            self.first = fault

    @property
    def is_sound(self) -> bool:
        return not self.counts


def _place(fault: Fault) -> tuple[bool, int]:
    """Faults found at an entry come first, in the order of the ledger."""
    return fault.seq is None, fault.seq or 0
