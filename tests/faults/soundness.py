"""Whether a record is whole, asked of the database itself: the ledger, and each row beside what it says of it."""

import json
from collections import Counter
from uuid import UUID

from predictions import merkle
from tests.faults.served import Place
from tests.faults.writers import Told

ENTRIES = """SELECT e.seq, e."commit", e.leaf, e.leaf_hash, e.kind, e.subject, p.text, p.salt
FROM predictions_ledgerentry e JOIN predictions_ledgerpayload p ON p.seq = e.seq
WHERE e.seq >= {start} AND e.seq < {stop} ORDER BY e.seq"""
TOGETHER = 20_000
FORECASTS = """SELECT r.text, f.uuid, f.seq, f.probability FROM predictions_forecast f
JOIN predictions_rationale r ON r.seq = f.seq"""


def require_whole(place: Place, *, since: int = 0) -> int:
    """Fails where an entry from `since` on is not what it was written as; gives the number of entries."""
    ((size, last),) = place.rows("SELECT count(*), max(seq) FROM predictions_ledgerentry")
    ((head,),) = place.rows("SELECT next_seq FROM predictions_loghead")
    assert size == last + 1 == head
    for start in range(since, size, TOGETHER):
        stop = min(start + TOGETHER, size)
        entries = place.rows(ENTRIES.format(start=start, stop=stop))
        assert [seq for seq, *_ in entries] == list(range(start, stop))
        for entry in entries:
            _require_sound(*entry)
    _require_rows_beside_entries(place)
    return size


def _require_sound(seq: int, commit: str, leaf: bytes, leaf_hash: bytes, kind: str, subject, text: str, salt: bytes):
    told = json.loads(bytes(leaf))
    assert merkle.canonical(told) == bytes(leaf)
    assert merkle.leaf_hash(bytes(leaf)) == bytes(leaf_hash)
    assert merkle.commitment(text.encode(), bytes(salt)) == commit == told["commit"]
    assert (told["seq"], told["kind"]) == (seq, kind)


def _require_rows_beside_entries(place: Place) -> None:
    """Every forecast has one entry, and every such entry its forecast."""
    of_rows = {seq for (seq,) in place.rows("SELECT seq FROM predictions_forecast")}
    kinds = "('forecast.created', 'forecast.superseded', 'forecast.withdrawn')"
    of_entries = {seq for (seq,) in place.rows(f"SELECT seq FROM predictions_ledgerentry WHERE kind IN {kinds}")}
    assert of_rows == of_entries


def found(place: Place) -> dict[str, list[str]]:
    """What is on record, by mark: the uuid of each forecast that bears it."""
    rows: dict[str, list[str]] = {}
    for mark, uuid, _, _ in place.rows(FORECASTS):
        rows.setdefault(mark, []).append(str(UUID(str(uuid))))
    return rows


def require_kept(told: Told, place: Place) -> Counter[str]:
    """Each acknowledged forecast stands once, each refused one nowhere; what had no answer stands once or nowhere."""
    rows = found(place)
    lost = [mark for mark, uuid in told.acknowledged.items() if uuid not in rows.get(mark, [])]
    doubled = [mark for mark, uuids in rows.items() if len(uuids) > 1]
    unasked = [mark for mark in told.refused if mark in rows]
    assert (lost, doubled, unasked) == ([], [], [])
    counts = {name: len(getattr(told, name)) for name in ("acknowledged", "sent_again", "ambiguous")}
    return Counter({**counts, "ambiguous_kept": sum(mark in rows for mark in told.ambiguous)})


def require_verified(place: Place) -> None:
    """By the operator's own command, in full: leaves, tree, checkpoints, guards, and every row beside its entry."""
    done = place.command("verify_ledger")
    assert done.returncode == 0, done.stdout + done.stderr


def guards_of(place: Place) -> set[str]:
    """Names of the triggers that stand, on PostgreSQL of those alone that always fire."""
    of_sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    of_postgres = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
    return {name for (name,) in place.rows(of_sqlite if place.url.startswith("sqlite") else of_postgres)}
