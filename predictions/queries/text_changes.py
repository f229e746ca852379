"""What changed between two texts of a source, ready to show: what stayed the same is folded away."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from predictions.language.changes import Change, Changes, changes
from predictions.models import Snapshot, Source

BESIDE = 1
"""So many paragraphs that stayed the same are shown on either side of a change."""
MOST_SHOWN = 400


@dataclass(frozen=True)
class Stretch:
    """Paragraphs to show, or, where there are none, how many that stayed the same are left out."""

    shown: tuple[Change, ...]
    left_out: int = 0


@dataclass(frozen=True)
class TextChanges:
    older: Snapshot
    newer: Snapshot
    stretches: tuple[Stretch, ...]
    counts: dict[str, int]
    is_cut: bool


def text_changes(older: Snapshot, newer: Snapshot) -> TextChanges:
    found = changes(older.body.text, newer.body.text)
    stretches, is_cut = _cut(_stretches(found))
    counts = {kind: found.count(kind) for kind in ("changed", "added", "removed", "same")}
    return TextChanges(older, newer, tuple(stretches), counts, is_cut)


def two_texts(source: Source, older: str, newer: str) -> tuple[Snapshot, Snapshot] | None:
    """The two snapshots that are named by their uuids, in the order in which they were taken; by default the newest.

    None where there are no two, or a name is wrong.
    """
    snapshots = list(source.snapshots.all())[::-1]
    by_uuid = {str(each.uuid): each for each in snapshots}
    if len(snapshots) < 2 or not {older, newer} <= {"", *by_uuid}:
        return None
    last = by_uuid.get(newer, snapshots[-1])
    before = snapshots[: snapshots.index(last)] or snapshots
    first = by_uuid.get(older, before[-1])
    return (first, last) if first != last else None


def _stretches(found: Changes) -> Iterator[Stretch]:
    runs = [(kind == "same", list(run)) for kind, run in groupby(found.paragraphs, key=lambda each: each.kind)]
    for number, (is_same, run) in enumerate(runs):
        if not is_same:
            yield Stretch(tuple(run))
            continue
        head = BESIDE if number > 0 else 0
        tail = BESIDE if number < len(runs) - 1 else 0
        if len(run) <= head + tail + 1:
            yield Stretch(tuple(run))
            continue
        yield Stretch(tuple(run[:head]))
        yield Stretch((), len(run) - head - tail)
        yield Stretch(tuple(run[len(run) - tail :]))


def _cut(stretches: Iterator[Stretch]) -> tuple[list[Stretch], bool]:
    kept: list[Stretch] = []
    room = MOST_SHOWN
    for stretch in stretches:
        if len(stretch.shown) > room:
            return [*kept, Stretch(stretch.shown[:room])], True
        room -= len(stretch.shown)
        kept.append(stretch)
    return kept, False
